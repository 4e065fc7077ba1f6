/** The request with which a list is polled: always a GET, made of what its profile says; and what its answer holds. Pure; it sends nothing. */

import { requestSignature, type SignedPair, textToSign } from '../../delivery/request/signature.ts';
import { timeText } from '../../delivery/request/values.ts';
import { VALUES_MAX } from '../../limits.ts';
import { jsonContent, memberAt, paymentItems, textAt } from '../message.ts';
import type { RestForm } from '../profile-form.ts';

export interface PollInputs {
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly nowWallMs: number;
  readonly sinceWallMs: number;
  /** From 0. */
  readonly page: number;
}

export interface PollRequest {
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function pollRequest(form: RestForm, inputs: PollInputs): PollRequest {
  const plain = { query: pairsOf(form.query, inputs, ''), headers: pairsOf(form.headers, inputs, '') };
  const { signature } = form;
  const secret = signature && (inputs.secrets[signature.secret] ?? '');
  const signable = {
    ...plain,
    fields: plain.query,
    data: [],
    dataText: '',
    method: 'GET',
    path: form.path,
    body: () => Buffer.alloc(0),
  };
  const signed =
    signature === undefined || secret === undefined
      ? ''
      : requestSignature(signature, textToSign(signature, signable, secret), secret);
  const query = pairsOf(form.query, inputs, signed).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return {
    path: query.length === 0 ? form.path : `${form.path}?${query.join('&')}`,
    headers: Object.fromEntries([['accept', 'application/json'], ...pairsOf(form.headers, inputs, signed)]),
  };
}

function pairsOf(group: RestForm['query'], inputs: PollInputs, signature: string): readonly SignedPair[] {
  return Object.entries(group).flatMap(
    ([name, { value, constant, secret, since, now, page, signature: isSignature }]): SignedPair[] => {
      const text =
        constant ??
        (value === undefined ? undefined : inputs.values[value]) ??
        (secret === undefined ? undefined : inputs.secrets[secret]) ??
        (since && timeText(inputs.sinceWallMs, since)) ??
        (now && timeText(inputs.nowWallMs, now)) ??
        (page === undefined ? undefined : String(page + inputs.page)) ??
        (isSignature ? signature : '');
      return text === '' ? [] : [[name, text]];
    },
  );
}

/** A list of a megabyte has some 30,000 values; to refuse it would stop the reading for good. */
const POLLED_MOST = 2 * VALUES_MAX;

/** The payments of an answer; or why it has none. */
export function pollItems(
  form: RestForm,
  answer: string,
): { readonly items: readonly unknown[] } | { readonly fault: string } {
  const content = jsonContent(answer, POLLED_MOST);
  if (content === undefined) return { fault: `not JSON, or more than ${POLLED_MOST} values` };
  for (const [place, texts] of Object.entries(form.good)) {
    const text = textAt(content, place) ?? '';
    if (!texts.includes(text)) return { fault: `${place}: ${text.slice(0, 40)}` };
  }
  if (form.items !== undefined && memberAt(content, form.items) === undefined) return { items: [] };
  return { items: paymentItems(content, form.items) };
}
