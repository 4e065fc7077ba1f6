/** Records as lines of text for the command `queue`. It only words what it is given. */
import { beijingTime } from '../log.ts';
import type { Attempt, OutboxRecord } from '../store/types.ts';
import { whyText } from '../text/cloud.ts';
import { NO_PICTURE_TEXT, queueText, STATE_TEXT } from '../text/store.ts';
import type { Language } from '../text/text.ts';

/** One line: number, state, time, lane, plate, what, and what is the matter. */
export function recordLine(record: OutboxRecord, language: Language): string {
  return [
    String(record.id).padStart(6),
    STATE_TEXT[record.state][language],
    beijingTime(record.releaseWallMs).slice(0, 19),
    record.gateName,
    record.release.plate?.text ?? queueText.noPlate[language],
    record.methodDesc,
    ...(record.lastWhy === undefined || record.state === 'delivered' ? [] : [whyText(record.lastWhy)[language]]),
  ].join('  ');
}

/** Everything a person may need to know of one record, without a newline at its end. */
export function recordDetail(
  { record, attempts }: { readonly record: OutboxRecord; readonly attempts: readonly Attempt[] },
  language: Language,
): string {
  const picture =
    record.picture === 'attached'
      ? queueText.withPicture[language]
      : queueText.withoutPicture(pictureWhy(record, language))[language];
  return [
    recordLine(record, language),
    `  parking_serial  ${record.serial}`,
    `  reason          ${record.reason}`,
    ...(record.seqno === undefined ? [] : [`  seqno           ${record.seqno}`]),
    ...(record.warning === undefined ? [] : [`  ${whyText(record.warning)[language]}`]),
    `  ${picture}`,
    ...(record.beside ?? []).map(({ offsetMs }) => `  ${queueText.besidePicture(offsetMs / 1_000)[language]}`),
    `  ${queueText.attempts(record.attempts)[language]}`,
    ...attempts.map(
      ({ atWallMs, why, answer }) =>
        `    ${beijingTime(atWallMs).slice(0, 19)}  ${whyText(why)[language]}${answer?.status === undefined ? '' : `  HTTP ${answer.status}`}`,
    ),
  ].join('\n');
}

function pictureWhy({ picture, pictureWhy: why }: OutboxRecord, language: Language): string {
  if (picture === 'pending' || why === undefined) return '…';
  return NO_PICTURE_TEXT[why]?.[language] ?? why;
}
