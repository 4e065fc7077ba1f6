/**
 * From a request form of a profile and the facts of a record to the exact request: the same inputs give the same bytes. Pure; it sends
 * nothing.
 */
import { hash } from 'node:crypto';
import { type FilePart, multipart, urlEncoded } from './multipart.ts';
import type { PlatformProfile, RequestForm, ValueSource } from './profile-form.ts';
import { requestSignature, type Signable, type SignedPair, signedPairs, textToSign } from './signature.ts';
import { type LateValue, type ValueInputs, valuesOf, type WireValue } from './values.ts';

export interface WireRequest {
  readonly method: string;
  /** With its query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signature?: string;
}

/** A request with what was signed for it. It holds the secret: for tests and for `masked` inputs only. */
export interface SignedRequest extends WireRequest {
  readonly signedText?: string;
  readonly picture?: FilePart;
  /** Of the body, in the order of the profile. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of recipe `sorted-pairs`. */
  readonly pairs?: Readonly<Record<string, string>>;
}

type Pairs = readonly (readonly [name: string, value: WireValue])[];

/** Values that a destination left out are as the profile says. */
export function withDefaults(
  profile: Pick<PlatformProfile, 'values'>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const usual = Object.entries(profile.values).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(usual), ...given };
}

export function platformRequest(form: RequestForm, inputs: ValueInputs, picture?: FilePart): SignedRequest {
  const none = () => undefined;
  const data = valuesOf(form.data ?? {}, inputs, none);
  const dataText = form.data === undefined ? '' : jsonText(data);
  const withData = (kind: LateValue, { data: as }: ValueSource): WireValue | undefined =>
    kind === 'data' ? { text: dataText, type: as === 'object' ? 'json' : 'text' } : undefined;
  const plain = {
    fields: valuesOf(form.fields, inputs, withData),
    query: valuesOf(form.query, inputs, none),
    headers: valuesOf(form.headers, inputs, none),
  };
  const signable: Signable = {
    fields: pairsOf(plain.fields),
    data: pairsOf(data),
    dataText,
    query: pairsOf(plain.query),
    headers: pairsOf(plain.headers),
    method: form.method,
    path: form.path,
    // A signature over the body stands outside it.
    body: () => encoded(form, plain.fields, '', picture).bytes,
  };
  const signed = form.signature && signedBy(form.signature, signable, inputs.secrets[form.signature.secret] ?? '');
  const late = (kind: LateValue, source: ValueSource): WireValue | undefined =>
    withData(kind, source) ?? { text: signed?.signature ?? '', type: 'text' };
  const fields = valuesOf(form.fields, inputs, late);
  const { bytes, contentType } = encoded(form, fields, signed?.signature ?? '', picture);
  const query = new URLSearchParams(Object.fromEntries(pairsOf(valuesOf(form.query, inputs, late))));
  return {
    method: form.method,
    path: query.size === 0 ? form.path : `${form.path}?${query.toString()}`,
    headers: headersOf(pairsOf(valuesOf(form.headers, inputs, late)), contentType),
    body: bytes,
    fields: Object.fromEntries(pairsOf(fields)),
    ...(picture && { picture }),
    ...signed,
  };
}

function signedBy(form: NonNullable<RequestForm['signature']>, signable: Signable, secret: string) {
  const text = textToSign(form, signable, secret);
  return {
    signature: requestSignature(form, text, secret),
    signedText: text.toString('utf8'),
    ...(form.recipe === 'sorted-pairs' && { pairs: Object.fromEntries(signedPairs(form, signable)) }),
  };
}

const pairsOf = (values: Pairs): readonly SignedPair[] => values.map(([name, { text }]) => [name, text]);

function encoded(
  form: RequestForm,
  fields: Pairs,
  signature: string,
  picture: FilePart | undefined,
): { readonly contentType: string; readonly bytes: Buffer } {
  if (form.encoding === 'json')
    return { contentType: 'application/json; charset=utf-8', bytes: Buffer.from(jsonText(fields)) };
  const texts = Object.fromEntries(pairsOf(fields));
  if (form.encoding === 'form' && picture === undefined) return urlEncoded(texts);
  return multipart(texts, boundaryDigest(signature, texts, picture), picture);
}

/** Of a signature only letters and digits may stand in a boundary; without one a digest of all that is sent. */
function boundaryDigest(
  signature: string,
  texts: Readonly<Record<string, string>>,
  picture: FilePart | undefined,
): string {
  const letters = signature.replaceAll(/[^A-Za-z0-9]/g, '');
  if (letters.length >= 16) return letters;
  return hash('sha256', Buffer.concat([Buffer.from(JSON.stringify(texts)), picture?.bytes ?? Buffer.alloc(0)])).slice(
    0,
    32,
  );
}

/** In the order of the profile, without spaces: a signature over this text holds for exactly these bytes. */
function jsonText(members: Pairs): string {
  const texts = members.map(
    ([name, { text, type }]) => `${JSON.stringify(name)}:${type === 'text' ? JSON.stringify(text) : text}`,
  );
  return `{${texts.join(',')}}`;
}

/** The profile's own Content-Type and Accept win. A header carries ASCII only: everything else is percent-encoded. */
function headersOf(own: readonly SignedPair[], contentType: string): Readonly<Record<string, string>> {
  const named = new Set(own.map(([name]) => name.toLowerCase()));
  const usual: readonly SignedPair[] = [
    ['content-type', contentType],
    ['accept', 'application/json'],
  ];
  const ascii = (value: string): string => value.replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent);
  return Object.fromEntries(
    [...usual.filter(([name]) => !named.has(name.toLowerCase())), ...own].map(([name, value]) => [name, ascii(value)]),
  );
}
