/** The signature comparison of any platform: its text aligned with ours, field by field where both are pairs, else as texts. Pure. */

import type { SignatureForm } from './profile-form.ts';
import type { SignedRequest } from './request.ts';
import { compareSignatures, type SignatureComparison } from './signature-comparison.ts';

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
