/**
 * The signature comparison of a kept record: the text that the platform signed at its last hint, lined up with what is sent for the record.
 * Pure. The secret is not needed for it, and one that the platform should show is masked.
 */
import type { Attempt, OutboxRecord } from '../store/record-types.ts';
import { compareSignatures, maskedHint, type SignatureComparison } from './compare.ts';
import { type FieldSettings, fieldsOf } from './fields.ts';

export interface HintedComparison {
  readonly atWallMs: number;
  /** What the platform said, masked. */
  readonly hint: string;
  readonly comparison: SignatureComparison;
}

/**
 * undefined: no try had a hint with a text in it, or the record was corrected since. `picture`: as it is sent (`preparePicture`); only
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
  const hasText = (said: string | undefined) => said !== undefined && compareSignatures(fields, said).kind !== 'noText';
  // Where the platform says it in the message, that is the hint.
  const hintOf = ({ why, answer: { hint, message } = {} }: Attempt) =>
    why.startsWith('signature') && hasText(message) && !hasText(hint) ? message : hint;
  const last = attempts.findLast((attempt) => hintOf(attempt) !== undefined);
  const hint = last && hintOf(last);
  if (last === undefined || hint === undefined) return undefined;
  if ((record.corrections?.at(-1)?.atWallMs ?? Number.NEGATIVE_INFINITY) >= last.atWallMs) return undefined;
  const comparison = compareSignatures(fields, hint);
  // Other refusals have hints as well, about anything.
  if (comparison.kind === 'noText' && !last.why.startsWith('signature')) return undefined;
  return { atWallMs: last.atWallMs, hint: maskedHint(hint), comparison };
}
