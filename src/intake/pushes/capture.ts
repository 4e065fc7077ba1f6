/**
 * A push given away as a capture, to be played again in a test: plates, pictures, addresses and passwords replaced, everything else of its bytes as it
 * came. Pure. It knows no maker: it looks for plates and pictures in each encoding that cameras use.
 */

export interface CapturedPush {
  /** Below the camera's own path, with its slash. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** As it lies in a folder of captures. `body`: base64. `plate: null`: no read, and no error. */
export interface PushCapture {
  readonly name: string;
  readonly kind: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expect: { readonly plate: string | null };
  readonly source: string;
}

/** A whole JPEG of one grey pixel. */
const PICTURE = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
);
const LETTER = 'A-HJ-NP-Z';
/** Of a plate of this country, with a separator as some cameras write it. */
const PLATE = new RegExp(`[\\u4e00-\\u9fa5][A-Z][·.\\- ]?[${LETTER}\\d]{4,6}[挂学警港澳领使]?`, 'gi');
const BASE64 = String.raw`(?:[A-Za-z0-9+=_.-]|\\?\/|%2B|%2F|%3D|\s)`;
const JPEG_TEXT = new RegExp(String.raw`(?:\\?\/9j\\?\/|_9j_|%2F9j%2F)${BASE64}{100,}`, 'gi');
/** Another picture, or what a recogniser made of one, where it is of LONG: as a whole word, for no letter of it is to be a begin of its own. */
const LONG_TEXT = new RegExp(`${BASE64.replace('|\\s', '')}{20,}`, 'g');
const LONG = 2_000;
/** More than any message names. Each is looked for in eighteen forms, in all that is no picture, and the lanes wait. */
const PLATES_MAX = 50;
/** Of what is no picture: some twenty fields, and what a camera says of itself, are a tenth of it. */
const TEXT_BYTES_MAX = 100_000;
/** Of a form. */
const PARTS_MAX = 102;
/** Words that may be a plate in base64. */
const WORDS_MAX = 2_000;
const NAMED_SECRET =
  /((?:password|passwd|pwd|secret|token|authorization)(?:["']?\s*[:=]\s*["']?|>))(?!["'<&,}])([^"'<&,}\s]+)/gi;
const IP = /\b(?!192\.0\.2\.)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/g;
const MAC = /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi;

/** `plate`: what was read of it, in whatever script; `null` none. */
export function captureOf(
  pushed: CapturedPush,
  of: { readonly kind: string; readonly plate: string | null },
): PushCapture {
  const { path, contentType } = pushed;
  const text = withEach(Buffer.from(pushed.body).toString('latin1'), contentType, withoutPictures);
  const plates = text === undefined || text.length > TEXT_BYTES_MAX ? undefined : platesOf(text, of.plate);
  if (text === undefined || plates === undefined) return withoutContent(contentType, of.kind);
  const body =
    withEach(text, contentType, (content, head) => (isSecret(head) ? 'x' : replacedIn(content, plates))) ?? '';
  return {
    name: `${of.kind}-capture`,
    kind: of.kind,
    path: replacedIn(path, plates),
    headers: { 'Content-Type': contentType },
    body: Buffer.from(body, 'latin1').toString('base64'),
    expect: { plate: of.plate === null ? null : standIn(of.plate) },
    source: 'a push to lanewarden; plates, pictures, addresses and passwords replaced',
  };
}

const withoutContent = (contentType: string, kind: string): PushCapture => ({
  ...{ name: `${kind}-capture`, kind, path: '/', headers: { 'Content-Type': contentType }, body: '' },
  expect: { plate: null },
  source: 'a push to lanewarden that has too much text or too many plates to replace: path and body are left out',
});

/** Another plate of the same form: a green one stays green. */
export function standIn(plate: string): string {
  const other = numbered(plate, 1);
  return other === plate ? numbered(plate, 5) : other;
}

function numbered(plate: string, first: number): string {
  let digit = first - 1;
  const next = (): string => {
    digit += 1;
    return String(digit % 10);
  };
  const letter = (one: string, index: number): string => (index === 1 ? 'A' : /[DF]/i.test(one) ? one : 'K');
  return [...plate]
    .map((one, index) => (/\d/.test(one) ? next() : /[A-Za-z]/.test(one) ? letter(one, index) : one))
    .join('');
}

/** Those that stand in it, in any of its encodings, and the one that was read. undefined: not all of them could be found and replaced. */
function platesOf(latin: string, read: string | null): readonly string[] | undefined {
  const body = Buffer.from(latin, 'latin1');
  const percent = latin.includes('%') ? [Buffer.from(unescaped(latin), 'latin1')] : [];
  const words = [...latin.matchAll(/[A-Za-z0-9+/_-]{8,28}[=.]{0,2}/g)];
  if (words.length > WORDS_MAX) return undefined;
  const packed = words.map(([token]) => bytesOf(token));
  const texts = [body, ...percent, ...packed].flatMap(decodings);
  const json = decodings(body).map((text) =>
    text.replaceAll(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
  const asRead =
    (read ?? '').length < 5 ? [] : [new RegExp([...(read as string)].map(literal).join('[·.\\- ]?'), 'gi')];
  const found = [...texts, ...json].flatMap((each) =>
    [PLATE, ...asRead].flatMap((form) => [...each.matchAll(form)].map(([plate]) => plate)),
  );
  const plates = new Set(found);
  // The longest first: one may be part of another.
  return plates.size > PLATES_MAX ? undefined : [...plates].sort((a, b) => b.length - a.length);
}

const bytesOf = (token: string): Buffer => Buffer.from(token.replaceAll('-', '+').replaceAll('_', '/'), 'base64');
const unescaped = (text: string): string =>
  text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const literal = (one: string): string => one.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');

/** Both ways: a form may have text in one and bytes of a picture that are text in neither. */
const decodings = (bytes: Uint8Array): readonly string[] => [
  new TextDecoder('utf-8').decode(bytes),
  new TextDecoder('gbk').decode(bytes),
];

type Redact = (content: string, head: string) => string;

/** The whole, or each part of a form with its head. Bytes as latin1, so that what is no text stays as it is. undefined: of too many parts. */
function withEach(text: string, contentType: string, redact: Redact): string | undefined {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return redact(text, '');
  const parts = text.split(`--${boundary}`, PARTS_MAX + 1);
  return parts.length > PARTS_MAX ? undefined : parts.map((part) => redactedPart(part, redact)).join(`--${boundary}`);
}

function redactedPart(part: string, redact: Redact): string {
  const at = part.indexOf('\r\n\r\n');
  if (at === -1) return part;
  const head = redact(part.slice(0, at), '');
  const rest = part.slice(at + 4);
  const end = rest.endsWith('\r\n') ? '\r\n' : '';
  const content = rest.slice(0, rest.length - end.length);
  const now = redact(content, head);
  return `${head.replace(/(content-length:\s*)\d+/i, `$1${now.length}`)}\r\n\r\n${now}${end}`;
}

const isJpeg = (latin: string): boolean => latin.startsWith('\xff\xd8\xff');
const isSecret = (head: string): boolean => /name="?[\w-]*(?:password|passwd|pwd|secret|token)/i.test(head);

function replacedIn(latin: string, plates: readonly string[]): string {
  // A picture stands as it is already, and what looks like an address in it is none.
  if (isJpeg(latin)) return latin;
  let text = withoutPictures(latin);
  for (const plate of plates) {
    const [was, now] = [formsOf(plate), formsOf(standIn(plate))];
    was.forEach((form, index) => {
      text = text.replaceAll(form, now[index] as string);
    });
  }
  return text
    .replaceAll(NAMED_SECRET, (_, name: string) => `${name}x`)
    .replaceAll(IP, '192.0.2.1')
    .replaceAll(MAC, '00:00:5e:00:53:01');
}

const withoutPictures = (latin: string): string =>
  isJpeg(latin)
    ? PICTURE.toString('latin1')
    : latin.replaceAll(JPEG_TEXT, pictureLike).replaceAll(LONG_TEXT, (was) => (was.length < LONG ? was : 'AAAA'));

/** The picture, in the alphabet of the one that stood there. */
function pictureLike(was: string): string {
  const text = PICTURE.toString('base64');
  if (was.startsWith('%')) return encodeURIComponent(text);
  if (was.startsWith('_'))
    return text
      .replaceAll('/', '_')
      .replaceAll('+', '-')
      .replaceAll('=', was.includes('.') ? '.' : '=');
  return was.startsWith('\\') ? text.replaceAll('/', '\\/') : text;
}

/** A plate in each encoding in which it may stand, as latin1; the same places of two plates belong together. */
function formsOf(plate: string): readonly string[] {
  const encodings = [Buffer.from(plate), gbkOf(plate)];
  const percent = (bytes: Buffer, digits: (hex: string) => string): string =>
    [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `%${digits(byte.toString(16))}`)).join('');
  const escaped = (digits: (hex: string) => string): string =>
    [...plate]
      .map((one) => (one < '\x80' ? one : `\\u${digits(one.charCodeAt(0).toString(16).padStart(4, '0'))}`))
      .join('');
  const [upper, lower] = [(hex: string) => hex.toUpperCase(), (hex: string) => hex];
  const packed = encodings.flatMap((bytes) => {
    const text = bytes.toString('base64');
    const safe = text.replaceAll('+', '-').replaceAll('/', '_');
    return [text, safe, safe.replaceAll('=', '.'), encodeURIComponent(text)];
  });
  return [
    ...packed,
    ...encodings.map((bytes) => bytes.toString('latin1')),
    ...encodings.flatMap((bytes) => [percent(bytes, upper), percent(bytes, lower)]),
    ...[escaped(upper), escaped(lower)],
  ];
}

let gbk: ReadonlyMap<string, readonly [number, number]> | undefined;
/** Node reads GBK and does not write it: the two bytes of each character of its first two levels. */
function gbkOf(text: string): Buffer {
  gbk ??= new Map(
    Array.from({ length: 0x48 }, (_, row) => 0xb0 + row).flatMap((high) =>
      Array.from({ length: 0x5e }, (_, column) => {
        const bytes = [high, 0xa1 + column] as const;
        return [new TextDecoder('gbk').decode(Uint8Array.from(bytes)), bytes] as const;
      }),
    ),
  );
  return Buffer.from([...text].flatMap((one) => [...(gbk?.get(one) ?? Buffer.from(one))]));
}
