/** Plate reads of any camera that posts JSON, by a mapping from the configuration. Pure; knows no maker. devices.md 6.5. */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  decodeText,
  figure,
  flag,
  MILLISECONDS_FROM,
  objectOf,
  pictureEvents,
  type ReadColor,
  readEvent,
  stampOf,
} from '../camera-http/content.ts';
import { beginsJpeg, jpegOrNone } from '../camera-http/jpeg.ts';
import { partsOf } from '../camera-http/push.ts';

/** Path of a field in the message: `data.plate`, `plates[0].text`; of several the first that has something. */
type Place = string | readonly string[] | undefined;

export interface Mapping {
  readonly plate: NonNullable<Place>;
  readonly confidence?: Place;
  readonly color?: Place;
  /** Seconds or milliseconds since 1970, or a written time (Beijing time without a zone). */
  readonly time?: Place;
  /** The same id again with a better plate is the same vehicle, read better. */
  readonly id?: Place;
  /** True, 1 or "true": stored by the camera and sent late. */
  readonly replayed?: Place;
  /** A JPEG in base64. */
  readonly picture?: Place;
}

export interface MappingOptions {
  readonly fields: Mapping;
  /** Where the message has a list of vehicles: a read each, whose fields begin with `item.`. */
  readonly list?: string;
  /** The highest confidence the camera writes: 1, 100, 255. */
  readonly confidenceMax: number;
  /** The camera's colour words → colours. */
  readonly colors: Readonly<Record<string, ReadColor>>;
}

type ReadEvent = Extract<CameraEvent, { kind: 'read' }>;

/** Vehicles of one message. */
const ITEMS_MAX = 8;
/** Of a form. */
const FIELDS_MAX = 100;

/** The message alone, or a form of it and its picture. None when the mapped place has no plate. Throws ProtocolError `frame`. */
export function readMessage(
  body: Uint8Array,
  mapping: MappingOptions,
  contentType = 'application/json',
): readonly CameraEvent[] {
  const { json, jpeg } = contentOf(body, contentType);
  const message = objectOf(json);
  const { fields, list } = mapping;
  const items = list === undefined ? [undefined] : [at(message, list)].flat().slice(0, ITEMS_MAX);
  const reads = items.flatMap((item) => readOf(item === undefined ? message : { ...message, item }, mapping) ?? []);
  const [first] = reads;
  if (first === undefined) return [];
  const picture = decodePicture(valueAt(message, fields.picture)) ?? (jpeg && jpegOrNone(jpeg));
  return [...reads, ...pictureEvents(picture, first)];
}

function readOf(message: object, { fields, confidenceMax, colors }: MappingOptions): ReadEvent | undefined {
  const value = (place: Place): unknown => valueAt(message, place);
  const plate = boundedText(value(fields.plate));
  if (plate === undefined) return undefined;
  const color = boundedText(value(fields.color)) ?? '';
  const read = readEvent({
    plate,
    confidence: confidenceOf(value(fields.confidence), confidenceMax),
    color: Object.hasOwn(colors, color) ? colors[color] : undefined,
    stampedMs: timeOf(value(fields.time)),
    id: boundedText(value(fields.id)),
    replayed: flag(value(fields.replayed)),
  });
  return read.id === undefined ? read : { ...read, refines: true };
}

const valueAt = (message: object, place: Place): unknown =>
  [place ?? []]
    .flat()
    .map((path) => at(message, path))
    .find((found) => typeof found !== 'object' && found !== undefined && found !== '');

/** In a form the part that begins as an object is the message, and the first JPEG its picture, whatever their names. */
function contentOf(body: Uint8Array, contentType: string): { readonly json: Uint8Array; readonly jpeg?: Uint8Array } {
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    return { json: formField(body, 'json=') ?? body };
  }
  const parts = partsOf(body, contentType);
  if (parts === undefined) return { json: body };
  const json = parts.find((part) => /^\s*\{/.test(decodeText(part.body.subarray(0, 64))))?.body;
  if (json === undefined) throw new ProtocolError('frame', 'no part of the form is a JSON object');
  const jpeg = parts.find((part) => beginsJpeg(part.body))?.body;
  return { json, ...(jpeg && { jpeg }) };
}

/** Decoded. By bytes: Node takes minutes for a million fields without a value, and ten times as long for a text of `+`. */
function formField(form: Uint8Array, begin: string): Uint8Array | undefined {
  const bytes = Buffer.from(form.buffer, form.byteOffset, form.length);
  let from = 0;
  for (let field = 0; field < FIELDS_MAX; field += 1) {
    const next = bytes.indexOf('&', from);
    const end = next === -1 ? bytes.length : next;
    if (bytes.toString('latin1', from, from + begin.length) === begin)
      return unescaped(bytes.subarray(from + begin.length, end));
    if (next === -1) return undefined;
    from = next + 1;
  }
  return undefined;
}

const [PERCENT, PLUS, SPACE] = [0x25, 0x2b, 0x20];

function unescaped(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  for (let from = 0; from < bytes.length; from += 1) {
    const byte = bytes[from] ?? 0;
    const code = byte === PERCENT ? hexDigit(bytes[from + 1]) * 16 + hexDigit(bytes[from + 2]) : Number.NaN;
    if (!Number.isNaN(code)) from += 2;
    plain[length] = Number.isNaN(code) ? (byte === PLUS ? SPACE : byte) : code;
    length += 1;
  }
  return plain.subarray(0, length);
}

function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | SPACE) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : Number.NaN;
}

function timeOf(value: unknown): number | undefined {
  const number = figure(value);
  // 20260501120000 is a written time; as milliseconds it would be the year 2612.
  if (number === undefined || String(value).length === 14) return stampOf(boundedText(value));
  return number >= MILLISECONDS_FROM ? number : number * 1_000;
}
