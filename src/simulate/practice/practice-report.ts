/** The result of a practice, as a table and as JSON. It knows no story. */
import { practiceText as text } from '../../text/commands/practice.ts';
import type { Language, Text } from '../../text/text.ts';
import { padded } from '../demo/demo-line.ts';

export interface PracticeRow {
  readonly number: number;
  readonly title: Text;
  readonly expected: Text;
  /** What was seen instead; undefined: passed. */
  readonly seen: Text | undefined;
}

const TITLE_COLUMNS = 34;
const RESULT_COLUMNS = 8;

export function rowLine({ number, title, expected, seen }: PracticeRow, language: Language): string {
  const result = (seen === undefined ? text.passed : text.failed)[language];
  const why = seen === undefined ? expected : text.instead(expected, seen);
  return `${String(number).padStart(2)}  ${padded(title[language], TITLE_COLUMNS)} ${padded(result, RESULT_COLUMNS)} ${why[language]}\n`;
}

export function practiceTable(rows: readonly PracticeRow[], seconds: number, language: Language): string {
  const { number, title, result, seen } = text.heading;
  const head = `${padded(number[language], 2)}  ${padded(title[language], TITLE_COLUMNS)} ${padded(result[language], RESULT_COLUMNS)} ${seen[language]}\n`;
  const passed = rows.filter((row) => row.seen === undefined).length;
  const total = text.total(passed, rows.length, Math.round(seconds));
  return `${head}${rows.map((row) => rowLine(row, language)).join('')}${total[language]}\n`;
}

export function practiceJson(rows: readonly PracticeRow[], seconds: number): string {
  const stories = rows.map(({ number, title, expected, seen }) => ({
    ...{ number, title, expected, passed: seen === undefined },
    ...(seen !== undefined && { seen }),
  }));
  const passed = stories.filter((row) => row.passed).length;
  return `${JSON.stringify({ passed, of: rows.length, seconds: Math.round(seconds), stories }, undefined, 2)}\n`;
}
