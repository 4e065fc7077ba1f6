/** The signature of a request by one of three recipes. Pure; the secret is an input and appears in no output but the digest. */
import { createHmac, hash } from 'node:crypto';
import type { SignatureForm } from './profile-form.ts';

/** A pair as it is signed: the value is the text that is sent. */
export type SignedPair = readonly [name: string, value: string];

/** What of a request can be signed. */
export interface Signable {
  readonly fields: readonly SignedPair[];
  readonly data: readonly SignedPair[];
  /** The group `data` as it is sent. */
  readonly dataText: string;
  readonly query: readonly SignedPair[];
  readonly headers: readonly SignedPair[];
  readonly method: string;
  readonly path: string;
  readonly body: () => Uint8Array;
}

/** Before the hash. `bytes` differ from the text only when the body is signed and is none. */
export function textToSign(form: SignatureForm, request: Signable, secret: string): Buffer {
  const tail = form.tail === undefined ? '' : form.tail + secret;
  if (form.over === 'body' && form.recipe === 'text-and-key') return Buffer.concat([request.body(), Buffer.from(tail)]);
  const text = form.recipe === 'sorted-pairs' ? pairsText(form, request) : partsOrText(form, request, secret);
  // A tail that begins as a pair goes without its `&` when nothing stands before it.
  const whole = text === '' ? tail.replace(/^&/, '') : text + tail;
  return Buffer.from(cased(whole, form.textCase));
}

export function requestSignature(form: SignatureForm, text: Uint8Array, secret: string): string {
  const algorithm = form.hash.replace(/^hmac-/, '');
  const bytes = form.hash.startsWith('hmac-')
    ? createHmac(algorithm, secret).update(text).digest()
    : hash(algorithm, text, 'buffer');
  return cased(bytes.toString(form.digest), form.case);
}

/** The signature of fields alone, and what was signed for it. */
export function fieldsSignature(form: SignatureForm, fields: readonly SignedPair[], secret: string) {
  const none = { data: [], dataText: '', query: [], headers: [], method: '', path: '', body: () => Buffer.alloc(0) };
  const text = textToSign(form, { fields, ...none }, secret);
  return { text: text.toString('utf8'), signature: requestSignature(form, text, secret) };
}

/** What is compared with a text of the platform, pair by pair: of recipe `sorted-pairs` only. */
export function signedPairs(form: SignatureForm, request: Signable): readonly SignedPair[] {
  const pairs = { fields: request.fields, data: request.data, query: request.query, body: [] }[form.over];
  return sorted(pairs.filter(([name, value]) => value !== '' && !form.except.includes(name)));
}

/** By code unit: a locale would put capitals and underscores elsewhere. */
function sorted(pairs: readonly SignedPair[]): readonly SignedPair[] {
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function joined(pairs: readonly SignedPair[], separator: string): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(separator);
}

function pairsText(form: SignatureForm, request: Signable): string {
  return joined(signedPairs(form, request), form.separator ?? '&');
}

function partsOrText(form: SignatureForm, request: Signable, secret: string): string {
  if (form.recipe === 'text-and-key') return request.dataText;
  const own: Readonly<Record<string, () => string>> = {
    data: () => normalData(form, request),
    body: () => Buffer.from(request.body()).toString('utf8'),
    secret: () => secret,
    method: () => request.method,
    path: () => request.path,
  };
  const named = new Map([...request.headers, ...request.query, ...request.fields]);
  const parts = (form.parts ?? []).map((part): SignedPair => [part, own[part]?.() ?? named.get(part) ?? '']);
  return form.names ? joined(parts, form.separator ?? '&') : parts.map(([, value]) => value).join(form.separator ?? '');
}

function normalData({ normal, except }: SignatureForm, request: Signable): string {
  if (normal === 'text') return request.dataText;
  const own = request.data.length > 0 ? request.data : request.fields;
  const pairs = sorted(own.filter(([name]) => !except.includes(name)));
  return normal === 'sorted-pairs' ? joined(pairs, '&') : JSON.stringify(Object.fromEntries(pairs));
}

function cased(text: string, letters: 'upper' | 'lower' | undefined): string {
  if (letters === undefined) return text;
  return letters === 'upper' ? text.toUpperCase() : text.toLowerCase();
}
