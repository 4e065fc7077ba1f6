/**
 * The signature comparison of a stored record: the text the platform signed at its last hint, aligned with what is sent for the record.
 * Pure. It does not need the secret, and masks one that the platform shows.
 */
import type { Attempt, OutboxRecord } from '../../store/record-types.ts';
import { type FieldSettings, fieldsOf } from './request-fields.ts';
import { compareSignatures, maskedHint, type SignatureComparison } from './signature-comparison.ts';

export interface HintedComparison {
  readonly atWallMs: number;
  /** The platform's text, masked. */
  readonly hint: string;
  readonly comparison: SignatureComparison;
}

/**
 * undefined: no attempt had a hint with a text in it, or the record was corrected since. `picture`: as sent (`preparePicture`); only
 * `file-and-hash` signs something of it.
 */
export function hintedComparison(
  record: OutboxRecord,
  attempts: readonly Attempt[],
  settings: FieldSettings,
  picture: Uint8Array | undefined,
): HintedComparison | undefined {
  if (!attempts.some(({ answer }) => answer !== undefined)) return undefined;
  const fields = fieldsOf(record, settings, picture);
  const hasText = (hint: string | undefined) => hint !== undefined && compareSignatures(fields, hint).kind !== 'noText';
  // Some answers carry the hint in the message.
  const hintOf = ({ why, answer: { hint, message } = {} }: Attempt) =>
    why.startsWith('signature') && hasText(message) && !hasText(hint) ? message : hint;
  const last = attempts.findLast((attempt) => hintOf(attempt) !== undefined);
  const hint = last && hintOf(last);
  if (last === undefined || hint === undefined) return undefined;
  if ((record.corrections?.at(-1)?.atWallMs ?? Number.NEGATIVE_INFINITY) >= last.atWallMs) return undefined;
  const comparison = compareSignatures(fields, hint);
  // Other refusals have hints as well, on any subject.
  if (comparison.kind === 'noText' && !last.why.startsWith('signature')) return undefined;
  return { atWallMs: last.atWallMs, hint: maskedHint(hint), comparison };
}
