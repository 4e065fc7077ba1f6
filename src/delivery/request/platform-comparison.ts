/** The signature comparison of any platform: its text aligned with ours, field by field where both are pairs, else as texts. Pure. */
import type { Attempt, OutboxRecord } from '../../store/record-types.ts';
import type { SignatureForm } from './profile-form.ts';
import type { SignedRequest } from './request.ts';
import { compareSignatures, maskedHint, type SignatureComparison } from './signature-comparison.ts';

/** The beginning of a text is found by so many characters of it. */
const START_LENGTH = 8;
const SHOWN_BEFORE = 12;
const SHOWN_LENGTH = 40;

/** `request`: made with a mask in place of the secret. */
export function platformComparison(
  form: SignatureForm | undefined,
  { pairs, signedText = '' }: SignedRequest,
  hint: string,
  mask: string,
): SignatureComparison {
  if (form === undefined) return { kind: 'noText' };
  if (pairs !== undefined && (form.separator ?? '&') === '&') {
    const [, secretName = ''] = /^&?(\w+)=$/.exec(form.tail ?? '') ?? [];
    return compareSignatures(pairs, hint, secretName);
  }
  return textComparison(signedText.split(mask)[0] ?? '', hint);
}

function textComparison(ours: string, hint: string): SignatureComparison {
  const start = hint.indexOf(ours.slice(0, START_LENGTH));
  if (start < 0 || ours === '') return { kind: 'noText' };
  const theirs = hint.slice(start);
  if (theirs.startsWith(ours)) return { kind: 'equal' };
  let same = 0;
  while (ours[same] === theirs[same]) same += 1;
  const from = Math.max(0, same - SHOWN_BEFORE);
  const shown = (text: string): string => text.slice(from, from + SHOWN_LENGTH);
  return { kind: 'different', differences: [{ kind: 'text', at: same + 1, ours: shown(ours), theirs: shown(theirs) }] };
}

/** The text that the platform signed at its last hint, against what is sent for a stored record. */
export interface HintedComparison {
  readonly atWallMs: number;
  /** The platform's text, masked. */
  readonly hint: string;
  readonly comparison: SignatureComparison;
}

/**
 * undefined: no attempt had a hint with a text in it, or the record was corrected since. `sign`: makes the
 * request as it is sent, with `mask` in place of the secret.
 */
export async function hintedComparison(
  record: OutboxRecord,
  attempts: readonly Attempt[],
  form: SignatureForm | undefined,
  sign: () => Promise<SignedRequest>,
  mask: string,
): Promise<HintedComparison | undefined> {
  if (!attempts.some(({ answer }) => answer !== undefined)) return undefined;
  const signed = await sign();
  const compare = (hint: string) => platformComparison(form, signed, hint, mask);
  const hasText = (hint: string | undefined) => hint !== undefined && compare(hint).kind !== 'noText';
  // Some answers carry the hint in the message.
  const hintOf = ({ why, answer: { hint, message } = {} }: Attempt) =>
    why.startsWith('signature') && hasText(message) && !hasText(hint) ? message : hint;
  const last = attempts.findLast((attempt) => hintOf(attempt) !== undefined);
  const hint = last && hintOf(last);
  if (last === undefined || hint === undefined) return undefined;
  if ((record.corrections?.at(-1)?.atWallMs ?? Number.NEGATIVE_INFINITY) >= last.atWallMs) return undefined;
  const comparison = compare(hint);
  // Other refusals have hints as well, on any subject.
  if (comparison.kind === 'noText' && !last.why.startsWith('signature')) return undefined;
  return { atWallMs: last.atWallMs, hint: maskedHint(hint), comparison };
}
