/** Records as lines of text for the command `queue`. It only words what it is given. */
import { maskedHint } from '../../cloud/compare.ts';
import type { HintedComparison } from '../../cloud/hint-comparison.ts';
import { beijingTime } from '../../log.ts';
import type { Correction, OutboxRecord } from '../../store/record-types.ts';
import type { Reviewed } from '../../store/types.ts';
import { comparisonText, whyText } from '../../text/cloud.ts';
import { descText, reasonText } from '../../text/lane.ts';
import { NO_PICTURE_TEXT, queueText, STATE_TEXT } from '../../text/store.ts';
import type { Language } from '../../text/text.ts';

/** One line: number, state, time, lane, plate, what, and what is the matter. */
export function recordLine(record: OutboxRecord, language: Language): string {
  return [
    String(record.id).padStart(6),
    STATE_TEXT[record.state][language],
    ...whatHappened(record, language),
    ...(record.lastWhy === undefined || record.state === 'delivered' ? [] : [said(record.lastWhy, language)]),
  ].join('  ');
}

/** When, where, which car and what; of a damaged record its serial, so that the others of a list can be read. */
function whatHappened(record: OutboxRecord, language: Language): readonly string[] {
  const { releaseWallMs, gateName, release, methodDesc, serial } = record;
  try {
    const plate = release.plate?.text ?? queueText.noPlate[language];
    const what = language === 'zh' ? methodDesc : descText(release.desc).en;
    return [beijingTime(releaseWallMs).slice(0, 19), gateName, plate, what];
  } catch {
    return [serial];
  }
}

/** What was sent is Chinese; of a damaged record only that is left. */
function reasonOf({ reason, release }: OutboxRecord, language: Language): string {
  try {
    return language === 'zh' ? reason : reasonText(release).en;
  } catch {
    return reason ?? '';
  }
}

/** The number is how many of 100 verdicts on such evidence were right in the simulator. */
function confidenceLines({ release }: OutboxRecord): readonly string[] {
  if (release?.confidence === undefined) return [];
  return [`  confidence      ${release.confidence}${release.score === undefined ? '' : ` ${release.score}/100`}`];
}

/** A platform that forgets to mask the secret must not make us show it. */
const said = (why: string, language: Language): string => whyText(maskedHint(why))[language];

/** Everything a person may need to know of one record, without a newline at its end. */
export function recordDetail({ record, attempts, droppedBy }: Reviewed, language: Language): string {
  return [
    recordLine(record, language),
    `  parking_serial  ${record.serial}`,
    `  reason          ${reasonOf(record, language)}`,
    ...confidenceLines(record),
    ...(record.seqno === undefined ? [] : [`  seqno           ${record.seqno}`]),
    ...(record.warning === undefined ? [] : [`  ${said(record.warning, language)}`]),
    `  picture         ${pictureLine(record, language)}`,
    ...(record.beside ?? []).map(({ offsetMs }) => `  ${queueText.besidePicture(offsetMs / 1_000)[language]}`),
    ...(droppedBy === undefined ? [] : [`  ${queueText.droppedBy(droppedBy)[language]}`]),
    ...(record.corrections ?? []).map((correction) => `  ${correctionLine(correction, language)}`),
    `  ${queueText.attempts(record.attempts)[language]}`,
    ...attempts.map(
      ({ atWallMs, why, answer }) =>
        `    ${beijingTime(atWallMs).slice(0, 19)}  ${said(why, language)}${answer?.status === undefined ? '' : `  HTTP ${answer.status}`}`,
    ),
  ].join('\n');
}

/** Who, why, and what it was before. */
function correctionLine({ atWallMs, who, why, was }: Correction, language: Language): string {
  const before = [was.plate?.text, was.desc && descText(was.desc)[language], was.reason].filter(
    (each) => each !== undefined,
  );
  return [beijingTime(atWallMs).slice(0, 19), queueText.corrected(who, why, before.join(' / '))[language]].join('  ');
}

/** What the platform's last hint comes to, for a person; nothing when there was none. */
export function comparisonLines(compared: HintedComparison | undefined, language: Language): readonly string[] {
  if (compared === undefined) return [];
  return [
    `  ${queueText.compared[language]}`,
    `    ${compared.hint}`,
    ...comparisonText(compared.comparison).map((line) => `    ${line[language]}`),
  ];
}

/** Its name among the frames, or why there is none. */
function pictureLine({ picture, pictureFile, pictureWhy: why = '' }: OutboxRecord, language: Language): string {
  if (picture === 'attached') return `frames/${pictureFile ?? ''}`;
  if (picture === 'pending') return queueText.pendingPicture[language];
  return queueText.withoutPicture(NO_PICTURE_TEXT[why]?.[language] ?? why)[language];
}
