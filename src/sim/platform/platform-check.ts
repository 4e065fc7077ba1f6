/**
 * What the platform checks of a record before it keeps it: required fields, signature, picture.
 * Written from the platform's public pages with its own canonical text; it must not know the program's signature code.
 */
import { createHash } from 'node:crypto';
import type { ReleaseForm } from './platform-form.ts';

/** The answer that refuses a record. */
export interface Refusal {
  readonly code: '1400' | '1401';
  readonly message: string;
  readonly hint: string;
}

const REQUIRED = ['release_type', 'park_uuid', 'parking_serial', 'plate'];
const KNOWN = new Set([
  ...['app_id', 'sign', 'sign_type', 'timestamp', 'release_type', 'park_uuid', 'parking_serial', 'plate'],
  ...['plate_color', 'release_time', 'capture_image', 'capture_image_hash', 'gate_name', 'gate_id'],
  ...['car_type', 'car_desc', 'operator', 'reason', 'release_method', 'release_method_desc'],
]);
const FORMS: Readonly<Record<string, RegExp>> = {
  release_type: /^[12]$/,
  release_time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  release_method: /^[0-3]$/,
  plate_color: /^(-1|[1-5])$/,
  car_type: /^[0-4]$/,
};

/**
 * The text that is signed, without its secret: every field but `sign` and files, none empty, in ASCII order of the names.
 * (cloud-release-api, Signature.)
 */
export function signedText(fields: ReadonlyMap<string, string>): string {
  const names = [...fields.keys()].filter((name) => name !== 'sign' && fields.get(name) !== '');
  names.sort((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')));
  return names.map((name) => `${name}=${fields.get(name)}`).join('&');
}

/** Upper-case MD5 over the UTF-8 of the text and the secret. */
export function signatureOf(fields: ReadonlyMap<string, string>, secret: string): string {
  return createHash('md5')
    .update(`${signedText(fields)}&app_secret=${secret}`, 'utf8')
    .digest('hex')
    .toUpperCase();
}

/** The hint of a 401: what the platform signed, the secret masked. */
export function signatureHint(form: ReleaseForm): string {
  return `${signedText(form.fields)}&app_secret=***`;
}

/** @returns undefined when the record is good */
export function refusalOf(form: ReleaseForm, secret: string): Refusal | undefined {
  const sign = form.fields.get('sign');
  if (!sign) return badRequest('sign: required');
  const missing = REQUIRED.find((name) => !form.fields.get(name));
  if (missing) return badRequest(`${missing}: required`);
  if (sign !== signatureOf(form.fields, secret)) {
    return { code: '1401', message: 'Unauthorized', hint: signatureHint(form) };
  }
  for (const [name, value] of form.fields) {
    if (!KNOWN.has(name)) return badRequest(`${name}: unknown`);
    if (value !== '' && FORMS[name]?.test(value) === false) return badRequest(`${name}: ${value}`);
  }
  return pictureRefusal(form);
}

function pictureRefusal(form: ReleaseForm): Refusal | undefined {
  const [name, picture] = [...form.files][0] ?? [];
  if (!name || !picture) return undefined;
  if (form.files.size > 1) return badRequest('more than one file');
  if (picture.mediaType !== 'image/jpeg' || picture.filename === '') return badRequest(`${name}: not an image/jpeg`);
  if (!endsLikeJpeg(picture.bytes)) return badRequest(`${name}: not a whole JPEG`);
  const hash = form.fields.get('capture_image_hash');
  const expected = createHash('md5').update(picture.bytes).digest('hex').toUpperCase();
  if (name === 'capture_image_file' && hash !== expected)
    return badRequest('capture_image_hash: does not fit the file');
  if (name !== 'capture_image' && name !== 'capture_image_file') return badRequest(`${name}: unknown file`);
  return undefined;
}

const badRequest = (hint: string): Refusal => ({ code: '1400', message: 'Bad Request', hint });

/**
 * Walks the segments from SOI to SOS and asks that the data end with EOI:
 * ```
 * FF D8 | FF marker | length hi lo | … | FF DA length … entropy-coded data | FF D9        ITU-T T.81, annex B
 * ```
 */
export function endsLikeJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== 0xd9) return false;
  let at = 2;
  let sized = false;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xda) return sized;
    if (marker >= 0xc0 && marker <= 0xc2) sized = true;
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return false;
}
