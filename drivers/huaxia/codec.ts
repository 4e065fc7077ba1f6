/**
 * Plate reads of 华夏智信 (Huaxia) cameras: the form of HTTP mode 5. Pure; sends nothing. Maker's "HTTP POST 功能模式 5" V1.12 as printed at
 * blog.sdlinka.com/4550, and public receivers; by paper:
 *
 *   type=online|offline&plate_num=…&plate_color=…&plate_val=true|false&confidence=…&start_time=seconds&cam_id=…&picture=…&closeup_pic=…
 *
 * Mode 2 has `car_plate` in place of `plate_num`. Text is UTF-8 or GBK, percent-escaped or not. Pictures are in base64 with `-` `_` `.` in place of `+` `/` `=`. `type` of anything else
 * (heartbeat, io, rs485) is no read.
 */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import {
  confidenceOf,
  decodePicture,
  decodeText,
  FAKE_CONFIDENCE,
  figure,
  jsonOf,
  MILLISECONDS_FROM,
  pictureEvents,
  type ReadColor,
  readEvent,
} from '../camera-http/content.ts';
import { partName } from '../camera-http/multipart.ts';
import { partsOf } from '../camera-http/push.ts';

const FIELDS_MAX = 100;
/** The maker's own scale ends at 28 by the examples seen; its steps are written nowhere, so a figure up to it rates nothing. */
const OWN_SCALE = 28;

const COLORS: readonly (readonly [RegExp, ReadColor])[] = [
  [/绿|green/i, 'green'],
  [/蓝|blue/i, 'blue'],
  [/黄|yellow/i, 'yellow'],
  [/白|white/i, 'white'],
  [/黑|black/i, 'black'],
];

/** The events of a push. Throws ProtocolError `frame` when it is no form of the camera. */
export function readHuaxiaPush(body: Uint8Array, contentType = ''): readonly CameraEvent[] {
  const fields = fieldsOf(body, contentType);
  const text = (...names: readonly string[]): string =>
    decodeText(names.flatMap((name) => fields.get(name) ?? [])[0] ?? new Uint8Array()).trim();
  const name = ['plate_num', 'car_plate'].find((each) => fields.has(each));
  if (name === undefined && !fields.has('type')) throw new ProtocolError('frame', 'this is no form of the camera');
  if (name === undefined) return [];
  const plate = text(name).slice(0, 200);
  const seconds = figure(text('start_time'));
  const color = text('plate_color', 'color');
  const rated = (figure(text('confidence')) ?? 0) > OWN_SCALE ? confidenceOf(text('confidence'), 100) : undefined;
  const isFake = text('plate_val').toLowerCase() === 'false';
  const read = readEvent({
    plate,
    confidence: isFake ? FAKE_CONFIDENCE : rated,
    color: COLORS.find(([word]) => word.test(color))?.[1],
    // 0 is a stamp that is no time.
    stampedMs: seconds === undefined ? 0 : seconds >= MILLISECONDS_FROM ? seconds : seconds * 1_000,
    id: seconds === undefined ? undefined : `${text('cam_id', 'camera_id')}-${seconds}-${plate}`,
    replayed: text('type').toLowerCase() === 'offline',
  });
  return [read, ...pictureEvents(pictureOf(fields.get('picture')), read)];
}

function pictureOf(value: Uint8Array | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const base64 = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1');
  return decodePicture(base64.replaceAll('-', '+').replaceAll('_', '/').replaceAll('.', '='));
}

/** Fields by their names in lower case. Some firmwares send the same as JSON, or as a form in parts. */
function fieldsOf(body: Uint8Array, contentType: string): ReadonlyMap<string, Uint8Array> {
  const parts = partsOf(body, contentType);
  if (parts !== undefined) return new Map(parts.map((part) => [partName(part, 'name').toLowerCase(), part.body]));
  if (body[0] !== 0x7b) return formFields(body);
  const fields = Object.entries(jsonOf(body) as object).slice(0, FIELDS_MAX);
  return new Map(fields.map(([name, value]) => [name.toLowerCase(), Buffer.from(String(value))]));
}

/** Fields as bytes: the encoding of a value is known only when all of it is there. The first of a name counts. */
function formFields(body: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const form = Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');
  const fields = new Map<string, Uint8Array>();
  for (const pair of form.split('&', FIELDS_MAX)) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim().toLowerCase();
    if (equals > 0 && !fields.has(name)) fields.set(name, unescaped(pair.slice(equals + 1)));
  }
  return fields;
}

function unescaped(value: string): Uint8Array {
  const plain = value
    .replaceAll('+', ' ')
    .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
