/** One event as one line of the demonstration's terminal: time, lane, plate, what happened and why. It knows nothing of events. */

import type { EventLine } from '../../app/event-text.ts';
import { beijingTime, type Language } from '../../text/text.ts';

const PLATE_COLUMNS = 10;

export function demoLine(line: EventLine, wallMs: number, language: Language): string {
  const time = beijingTime(wallMs).slice(11, 23);
  const why = line.why === undefined ? '' : `  — ${line.why[language]}`;
  const mark = line.level === 'warn' || line.level === 'error' ? '!' : ' ';
  return `${time} ${mark} ${padded(line.lane ?? '', 6)} ${padded(line.plate ?? '', PLATE_COLUMNS)} ${line.what[language]}${why}\n`;
}

/** Padded for a terminal, where a Chinese character takes two columns. */
export function padded(text: string, columns: number): string {
  const width = [...text].reduce(
    (sum, character) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  );
  return text + ' '.repeat(Math.max(0, columns - width));
}
