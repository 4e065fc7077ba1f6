/** Parses what cameras write: text in one of two encodings, JSON and forms with text or numeric fields. Pure; knows no maker. */

import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import { jsonStructure, VALUES_MAX } from '../../src/limits.ts';
import { jpegOrNone } from './jpeg.ts';

export type ReadColor = NonNullable<Extract<CameraEvent, { kind: 'read' }>['color']>;

/** UTF-8, else GBK (a superset of GB2312): makers do not declare the encoding. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gbk').decode(bytes);
  }
}

/** Throws SyntaxError. */
function parsed(text: string): unknown {
  if (jsonStructure(text).values > VALUES_MAX) throw new SyntaxError('too many values');
  return JSON.parse(text);
}

/** Throws ProtocolError `frame`. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parsed(decodeText(bytes));
  } catch {
    throw new ProtocolError('frame', 'the body is not JSON');
  }
}

/** Throws ProtocolError `frame`. */
export function objectOf(bytes: Uint8Array): object {
  const message = jsonOf(bytes);
  if (typeof message !== 'object' || message === null) throw new ProtocolError('frame', 'the body is no JSON object');
  return message;
}

export function jsonOrNone(text: string): unknown {
  try {
    return parsed(text);
  } catch {
    return undefined;
  }
}

/** The value at a path such as `data.plates[0].text`; undefined when absent. Own properties only. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split(/[.[\]]+/).filter((name) => name !== '')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** Some devices write a list of one where others write the one. */
export const single = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : value);

/** Text of at most `most` characters; numbers become text. */
export function boundedText(value: unknown, most = 200): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.length <= most ? value.trim() : undefined;
}

export function figure(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flag(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** Larger numbers are milliseconds; as seconds this is the year 5138. */
export const MILLISECONDS_FROM = 1e11;
/** Of a plate on a screen or on paper, as the camera flags it: it names a car, and contradicts nothing. */
export const FAKE_CONFIDENCE = 0.3;
/** For reads without a confidence. */
const USUAL_CONFIDENCE = 0.9;

/** Scales 0…`whole` to 0…1; undefined when the camera gives none. */
export function confidenceOf(value: unknown, whole: number): number | undefined {
  const amount = figure(value);
  return amount === undefined ? undefined : Math.min(1, Math.max(0, amount / whole));
}

/** Without a zone, cameras write Chinese local time: `2026-05-01 12:00:00.250`, `2026-05-01T12:00:00+08:00`, `20260501120000`. */
export function stampOf(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '0', zone = '+08:00'] =
    /^(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)(?:[.:](\d{1,6}))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text ?? '') ??
    [];
  if (year === undefined) return undefined;
  const offset = zone === 'Z' ? zone : zone.replace(/^(...):?(..)$/, '$1:$2');
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(ms) ? undefined : ms;
}

/** Decodes base64, with or without a `data:image/jpeg;base64,` prefix; undefined unless it is a whole JPEG. */
export function decodePicture(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length < 16) return undefined;
  return jpegOrNone(Buffer.from(value.slice(value.startsWith('data:') ? value.indexOf(',') + 1 : 0), 'base64'));
}

export function pictureEvents(
  bytes: Uint8Array | undefined,
  of: { readonly stampedMs?: number; readonly replayed: boolean },
): readonly CameraEvent[] {
  const { stampedMs, replayed } = of;
  return bytes === undefined
    ? []
    : [{ kind: 'picture', bytes, replayed, ...(stampedMs === undefined ? {} : { stampedMs }) }];
}

/** A vehicle with plates of several places (Guangdong, Hong Kong, Macao) is known by the first: `粤ZJ068澳|MX7742|ZM127`. */
const firstPlate = (text: string): string => text.split('|').find((plate) => plate.trim() !== '') ?? text;

/** Omits unknown fields. */
export function readEvent(read: {
  readonly plate: string;
  readonly confidence: number | undefined;
  readonly color: ReadColor | undefined;
  readonly stampedMs: number | undefined;
  readonly id: string | undefined;
  readonly replayed: boolean;
}): Extract<CameraEvent, { kind: 'read' }> {
  const { plate, confidence, color, stampedMs, id, replayed } = read;
  return {
    kind: 'read',
    plate: firstPlate(plate),
    ...(confidence === undefined ? { confidence: USUAL_CONFIDENCE, unrated: true as const } : { confidence }),
    replayed,
    ...(color === undefined ? {} : { color }),
    ...(stampedMs === undefined ? {} : { stampedMs }),
    ...(id === undefined || id === '' ? {} : { id }),
  };
}
