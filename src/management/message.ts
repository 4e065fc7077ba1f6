/** A message of a management system, read by the form of its profile: what stands where, as text. Pure. */
import { jsonStructure, VALUES_MAX, xmlValues } from '../limits.ts';
import { decoded } from './charset.ts';
import type { Charset, PushForm } from './profile-form.ts';
import { xmlContent } from './xml.ts';

export interface WireMessage {
  readonly method: string;
  /** Below the system's own path, with its slash. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface MessageContent {
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The field `data` as it was sent. */
  readonly dataText?: string;
}

/** Values of one name are put together, and a message has at most so many. */
const PAIRS_MAX = 500;

/** Why nothing is read of a message. `unreadable`: it is not in the form of the profile. */
export type Unread = 'unreadable' | 'tooManyValues';

export function messageContent(form: PushForm, message: WireMessage): MessageContent | Unread {
  const { charset, encoding, data } = form;
  const query = pairsOf(message.query, charset);
  const head = { query, headers: message.headers };
  if (encoding === 'query') return { ...head, body: query };
  const text = decoded(message.body, charset);
  if ((encoding === 'xml' ? xmlValues(text) : jsonStructure(text).values) > VALUES_MAX) return 'tooManyValues';
  const body = bodyOf(form, message, text);
  if (body === undefined) return 'unreadable';
  return { ...head, ...(data === undefined ? { body } : withData(body, data, text)) };
}

function bodyOf({ encoding, charset }: PushForm, message: WireMessage, text: string): object | undefined {
  if (encoding === 'form') return pairsOf(Buffer.from(message.body).toString('latin1'), charset);
  if (encoding === 'multipart') return partsOf(message, charset);
  return encoding === 'xml' ? xmlContent(text) : jsonContent(text);
}

/** A text in quotes. One without an end is taken to the end: else each of its quotes would be looked at again from there. */
const QUOTED = String.raw`"[^"\\]*(?:\\[^][^"\\]*)*"?`;
const TEXTS_AND_NUMBERS = new RegExp(String.raw`${QUOTED}|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`, 'g');
/** As it is, or with an escape in it. */
const MAY_NAME_PROTOTYPE = /__proto__|\\u00/;
const TEXTS_AND_BRACKETS = new RegExp(String.raw`${QUOTED}|[{}[\]]`, 'g');

/**
 * A JSON object or list; undefined: it is none, or has more than `most` values. Numbers stay as they are written: an order of twenty digits is no number
 * to us, and `5.00` is signed as such.
 */
export function jsonContent(text: string, most = VALUES_MAX): object | undefined {
  if (jsonStructure(text).values > most) return undefined;
  let tokens = 0;
  try {
    const quoted = text.replaceAll(TEXTS_AND_NUMBERS, (token) => {
      // JSON has two for each of its values; what is none may have as many as bytes.
      tokens += 1;
      if (tokens > 2 * most + 1) throw new RangeError();
      if (!token.startsWith('"')) return `"${token}"`;
      // It would replace the prototype of an object made of it. A reviver takes as long as all the rest.
      return MAY_NAME_PROTOTYPE.test(token) && JSON.parse(token) === '__proto__' ? '""' : token;
    });
    const content: unknown = JSON.parse(quoted);
    return typeof content === 'object' && content !== null ? content : undefined;
  } catch {
    return undefined;
  }
}

/** `a=b&c=d`, percent-encoded in the character set of the profile. */
export function pairsOf(text: string, charset: Charset): Readonly<Record<string, string>> {
  const pairs = text.split('&', PAIRS_MAX).filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [unescaped(name, charset), unescaped(value, charset)] as const;
    }),
  );
}

const [PERCENT, PLUS, SPACE] = [0x25, 0x2b, 0x20];
const HEX = new Map([...'0123456789abcdefABCDEF'].map((digit) => [digit.charCodeAt(0), Number.parseInt(digit, 16)]));

function unescaped(text: string, charset: Charset): string {
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const code = bytes[at] as number;
    const [high, low] = code === PERCENT ? [HEX.get(bytes[at + 1] ?? 0), HEX.get(bytes[at + 2] ?? 0)] : [];
    const isEscape = high !== undefined && low !== undefined;
    bytes[length++] = isEscape ? high * 16 + low : code === PLUS ? SPACE : code;
    if (isEscape) at += 2;
  }
  return decoded(bytes.subarray(0, length), charset);
}

/** The texts of a multipart body; files are passed over. */
function partsOf({ headers, body }: WireMessage, charset: Charset): Readonly<Record<string, string>> | undefined {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(headers['content-type'] ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  const parts = Buffer.from(body).toString('latin1').split(`--${boundary}`, PAIRS_MAX).slice(1, -1);
  return Object.fromEntries(
    parts.flatMap((part) => {
      const end = part.indexOf('\r\n\r\n');
      const head = decoded(Buffer.from(part.slice(0, Math.max(0, end)), 'latin1'), charset);
      const [, name] = /;\s*name="([^"]*)"/i.exec(head) ?? [];
      if (end < 0 || name === undefined || /;\s*filename=/i.test(head)) return [];
      return [[name, decoded(Buffer.from(part.slice(end + 4, -2), 'latin1'), charset)] as const];
    }),
  );
}

/** The text of the field is read as JSON, where it is one. */
function withData(body: object, data: string, whole: string): Pick<MessageContent, 'body' | 'dataText'> {
  const text = textAt(body, data);
  if (text === undefined) return { body, dataText: rawMember(whole, data) };
  const content = jsonContent(text);
  return { body: content === undefined ? body : { ...body, [data]: content }, dataText: text };
}

/** An object of a JSON text as it was sent. */
function rawMember(json: string, name: string): string {
  const start = json.search(new RegExp(`"${name.replaceAll(/[^\p{L}\p{N}_]/gu, '\\$&')}"\\s*:\\s*[{[]`, 'u'));
  if (start < 0) return '';
  const text = json.slice(json.slice(start).search(/[{[]/) + start);
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TEXTS_AND_BRACKETS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth === 0) return text.slice(0, index + 1);
  }
  return '';
}

/** `data.list`: a member of a member. */
export function memberAt(content: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>(
      (at, step) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, step)
          ? (at as Readonly<Record<string, unknown>>)[step]
          : undefined,
      content,
    );
}

/** The text at a place; undefined: there is none. */
export function textAt(content: unknown, place: string): string | undefined {
  const found = memberAt(content, place);
  if (typeof found === 'string') return found.trim();
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}

/** Each a payment. An element that occurs once in XML is no list. */
export function paymentItems(body: unknown, items: string | undefined): readonly unknown[] {
  if (items === undefined) return Array.isArray(body) ? body : [body];
  const found = memberAt(body, items);
  if (found === undefined || found === '') return [];
  return Array.isArray(found) ? found : [found];
}
