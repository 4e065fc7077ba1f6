/** Records as text for the command `queue`. It only formats. */
import type { HintedComparison } from '../../delivery/request/platform-comparison.ts';
import { comparisonText } from '../../delivery/request/receipt-text.ts';
import { maskedHint } from '../../delivery/request/signature-comparison.ts';
import type { Correction, OutboxRecord } from '../../store/record-types.ts';
import type { Reviewed } from '../../store/types.ts';
import { whyText } from '../../text/cloud.ts';
import { descText, reasonText } from '../../text/lanes/lane.ts';
import { noPictureText, queueText, STATE_TEXT } from '../../text/store.ts';
import { beijingTime, type Language } from '../../text/text.ts';

/** One line: number, state, time, lane, plate, release, problem. */
export function recordLine(record: OutboxRecord, language: Language): string {
  return [
    String(record.id).padStart(6),
    STATE_TEXT[record.state][language],
    ...whatHappened(record, language),
    ...(record.lastWhy === undefined || record.state === 'delivered' ? [] : [said(record.lastWhy, language)]),
  ].join('  ');
}

/** Time, lane, vehicle and release; of a damaged record its serial, so that the list stays readable. */
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

/** The sent reason is Chinese; a damaged record has nothing else. */
function reasonOf({ reason, release }: OutboxRecord, language: Language): string {
  try {
    return language === 'zh' ? reason : reasonText(release).en;
  } catch {
    return reason ?? '';
  }
}

/** The number is the share of right verdicts on such evidence in the simulator, in per cent. */
function confidenceLines({ release }: OutboxRecord): readonly string[] {
  if (release?.confidence === undefined) return [];
  return [`  confidence      ${release.confidence}${release.score === undefined ? '' : ` ${release.score}/100`}`];
}

/** Masks a secret that the platform forgot to mask. */
const said = (why: string, language: Language): string => whyText(maskedHint(why))[language];

/** All details of one record, without a newline at its end. */
export function recordDetail({ record, attempts, droppedBy }: Reviewed, language: Language): string {
  return [
    recordLine(record, language),
    `  parking_serial  ${record.serial}`,
    `  reason          ${reasonOf(record, language)}`,
    ...confidenceLines(record),
    ...(record.seqno === undefined ? [] : [`  seqno           ${record.seqno}`]),
    ...(record.warning === undefined ? [] : [`  ${said(record.warning, language)}`]),
    `  picture         ${pictureLine(record, language)}`,
    ...(record.beside ?? []).map(
      ({ place, offsetMs }) =>
        `  ${place === 'second' ? queueText.secondPicture[language] : queueText.besidePicture(offsetMs < 0, Math.abs(offsetMs))[language]}`,
    ),
    ...(droppedBy === undefined ? [] : [`  ${queueText.droppedBy(droppedBy)[language]}`]),
    ...(record.corrections ?? []).map((correction) => `  ${correctionLine(correction, language)}`),
    `  ${queueText.attempts(record.attempts)[language]}`,
    ...attempts.map(
      ({ atWallMs, why, answer }) =>
        `    ${beijingTime(atWallMs).slice(0, 19)}  ${said(why, language)}${answer?.status === undefined ? '' : `  HTTP ${answer.status}`}`,
    ),
  ].join('\n');
}

/** Who, why, and the former value. */
function correctionLine({ atWallMs, who, why, was, turnedOut }: Correction, language: Language): string {
  const before = [was.plate?.text, was.desc && descText(was.desc)[language], was.reason].filter(
    (each) => each !== undefined,
  );
  return [
    beijingTime(atWallMs).slice(0, 19),
    queueText.corrected(who, turnedOut ? said(why, language) : why, before.join(' / '))[language],
  ].join('  ');
}

/** Result of the comparison with the platform's last hint; nothing without a hint. */
export function comparisonLines(compared: HintedComparison | undefined, language: Language): readonly string[] {
  if (compared === undefined) return [];
  return [
    `  ${queueText.compared[language]}`,
    `    ${compared.hint}`,
    ...comparisonText(compared.comparison).map((line) => `    ${line[language]}`),
  ];
}

/** Its file among the frames, or the reason for its absence. */
function pictureLine({ picture, pictureFile, pictureWhy }: OutboxRecord, language: Language): string {
  if (picture === 'attached') return `frames/${pictureFile ?? ''}`;
  if (picture === 'pending') return queueText.pendingPicture[language];
  return queueText.withoutPicture(noPictureText(pictureWhy)[language])[language];
}
