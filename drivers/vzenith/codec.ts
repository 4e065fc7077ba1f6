/**
 * Plate reads of Vzenith cameras (臻识, also sold under other names): HTTP pushes and the packets of TCP port 8131. Pure; sends nothing.
 * devices.md 6.4. The heartbeat of the push protocol carries the camera's password in clear: its body is never read.
 *
 *   packet   'V' 'Z' | type (0 JSON, 1 heartbeat, 2 binary) | number | length, 4 bytes, high byte first | length bytes
 *   a result inside a packet: JSON text, NUL, the whole picture (fullImgSize bytes), a crop of it (clipImgSize bytes)
 */
import { type CameraEvent, type Decode, ProtocolError, type WitnessWhat } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  decodeText,
  FAKE_CONFIDENCE,
  figure,
  flag,
  jsonOf,
  objectOf,
  pictureEvents,
  type ReadColor,
  readEvent,
  single,
} from '../camera-http/content.ts';
import { jpegOrNone } from '../camera-http/jpeg.ts';

export const HEADER_BYTES = 8;
/** Twice the maker's limit of a result with its pictures, for firmwares that exceed it; base64 makes them larger still. */
export const PACKET_BYTES_MAX = 4 * 1024 * 1024;
export const HEARTBEAT = Uint8Array.from([0x56, 0x5a, 0x01, 0, 0, 0, 0, 0]);

export interface Packet {
  readonly type: 'json' | 'heartbeat' | 'binary';
  readonly body: Uint8Array;
}

const TYPES = ['json', 'heartbeat', 'binary'] as const;

export const decodePacket: Decode<Packet> = (bytes) => {
  if ((bytes.length > 0 && bytes[0] !== 0x56) || (bytes.length > 1 && bytes[1] !== 0x5a))
    throw new ProtocolError('frame', 'this is not a packet of the camera');
  if (bytes.length < HEADER_BYTES) return undefined;
  const type = TYPES[bytes[2] ?? 255];
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  if (type === undefined || length > PACKET_BYTES_MAX)
    throw new ProtocolError('frame', `a packet of type ${bytes[2]} and ${length} bytes`);
  if (bytes.length < HEADER_BYTES + length) return undefined;
  return { frame: { type, body: bytes.subarray(HEADER_BYTES, HEADER_BYTES + length) }, used: HEADER_BYTES + length };
};

/** Our requests: reads only, never `ioctl`, `ttransmission`, `trigger` or a list. */
export function encodeRequest(request: Subscribe | GetSnapshot | GetInput): Uint8Array {
  const json = Buffer.from(JSON.stringify(request));
  const packet = Buffer.alloc(HEADER_BYTES + json.length);
  packet.set([0x56, 0x5a, 0, 0]);
  packet.writeUInt32BE(json.length, 4);
  packet.set(json, HEADER_BYTES);
  return packet;
}

interface Subscribe {
  readonly cmd: 'ivsresult';
  readonly enable: true;
  readonly format: 'json';
  readonly image: boolean;
  readonly image_type: 0 | 1 | 2;
}
interface GetSnapshot {
  readonly cmd: 'get_snapshot';
  readonly id: string;
}
/** Input 1 is 0. */
export type InputNumber = 0 | 1 | 2 | 3;
interface GetInput {
  readonly cmd: 'get_gpio_value';
  readonly gpio: InputNumber;
}

const COLORS: readonly (ReadColor | undefined)[] = [
  undefined,
  'blue',
  'yellow',
  'white',
  'black',
  'green',
  'green', // yellow and green: large new-energy vehicles
];

/** `triggerType` of a car that turned back: it is not in the lane any more, so its plate is no read. */
const TURNED_BACK = 66;
const WITNESSES: Readonly<Record<number, WitnessWhat>> = { 64: 'stays', [TURNED_BACK]: 'turnsBack' };

/** Its province, its city's letter, its number: no text in base64 is one by chance. */
const CHINESE_PLATE = /^\p{Script=Han}[A-Z][A-Z\d]{4,6}\p{Script=Han}?$/u;

interface ResultContext {
  readonly serial?: string | undefined;
  /** Over MQTT the plate is in base64. */
  readonly isPacked?: boolean;
}

/** The events of a result without its picture, the read or the witness first. */
function readResult(result: unknown, context: ResultContext): readonly CameraEvent[] {
  const written = boundedText(at(result, 'license') ?? at(result, 'plates[0].license'));
  if (written === undefined) return [];
  const plain = unpacked(written);
  // What was published at a broker may be forwarded without its envelope.
  const plate = context.isPacked || CHINESE_PLATE.test(plain) ? plain : written;
  const micros = figure(at(result, 'timeStamp.Timeval.usec')) ?? 0;
  // Without a stamp 0, which is no time: the intake then knows that the id may come back for another car.
  const stampedMs = (figure(at(result, 'timeStamp.Timeval.sec')) ?? 0) * 1_000 + Math.floor(micros / 1_000);
  const number = boundedText(at(result, 'plateid'));
  const confidence = confidenceOf(at(result, 'confidence'), 100);
  const replayed = flag(at(result, 'isoffline'));
  const trigger = figure(at(result, 'triggerType')) ?? 0;
  const what = WITNESSES[trigger];
  const witness = what && ({ kind: 'witness', what, plate, stampedMs, replayed } as const);
  if (trigger === TURNED_BACK && witness) return [witness];
  const read = readEvent({
    plate,
    confidence: flag(at(result, 'is_fake_plate')) ? Math.min(confidence ?? 1, FAKE_CONFIDENCE) : confidence,
    color: COLORS[figure(at(result, 'colorType')) ?? figure(at(result, 'color')) ?? 0],
    stampedMs,
    // It counts from the start of the camera, and some clones never count: alone it is another car's tomorrow.
    id: number === undefined ? undefined : `${context.serial ?? ''}-${number}-${stampedMs}-${plate}`,
    replayed,
  });
  return [read, ...(witness ? [witness] : [])];
}

/** `event_type` of a lane event; 81 is a person by one source and a car by another, and says nothing here. */
const LANE_EVENTS: Readonly<Record<number, WitnessWhat>> = { 82: 'stays', 84: 'turnsBack', 85: 'follows' };

/** The witness in the payload of `lanectrl_result`. */
export function readLaneEvent(payload: unknown): readonly CameraEvent[] {
  const what = LANE_EVENTS[figure(at(payload, 'event_type')) ?? 0];
  if (what === undefined) return [];
  const written = boundedText(at(payload, 'result[0].plate_result.license'));
  const plate = written === undefined ? {} : { plate: unpacked(written) };
  return [{ kind: 'witness', what, ...plate, replayed: flag(at(payload, 'isoffline')) }];
}

/** The plate in base64, in UTF-8 or GBK; as written where that is no base64 of a text. */
function unpacked(text: string): string {
  if (!/^[A-Za-z0-9+/]{2,}={0,2}$/.test(text)) return text;
  const bytes = Buffer.from(text, 'base64');
  const plain = decodeText(bytes);
  const isText = /^[\p{L}\p{N}_|·. -]+$/u.test(plain);
  return isText && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? plain : text;
}

/** The events of a JSON push: `AlarmInfoPlate`; other messages have none. Throws ProtocolError `frame`. */
export function readVzenithPush(body: Uint8Array): readonly CameraEvent[] {
  return readAlarm(objectOf(body));
}

/** `AlarmInfoPlate` as pushed over HTTP, or in the envelope of MQTT, `{sn, name, version, timestamp, payload}`. */
export function readAlarm(message: unknown): readonly CameraEvent[] {
  const payload = at(message, 'payload.body') ?? at(message, 'payload');
  const alarm = at(payload ?? message, 'AlarmInfoPlate');
  const result = single(at(single(at(alarm, 'result')), 'PlateResult'));
  const events = readResult(result, {
    serial: boundedText(at(alarm, 'serialno')) ?? boundedText(at(message, 'sn')),
    isPacked: payload !== undefined,
  });
  const [first] = events;
  if (first === undefined) return [];
  const { stampedMs, replayed } = first;
  const of = { replayed, ...(stampedMs === undefined ? {} : { stampedMs }) };
  const pictures = pictureEvents(
    decodePicture(at(result, 'imageFile')) ?? decodePicture(at(result, 'full_image_content')),
    of,
  );
  const path = pictures.length > 0 ? undefined : picturePath(at(result, 'imagePath'));
  return [...events, ...pictures, ...(path === undefined ? [] : [{ kind: 'pictureAt', path, ...of } as const])];
}

/**
 * A path in one of the camera's own folders; others were not written by a camera. Some firmwares write the slashes as %2F. On the card
 * the name ends in the plate, whose province is in GBK: `/mmc/VzIPCCap/2017_09_02/1734169004_%D4%C1FQK883.jpg`.
 */
function picturePath(value: unknown): string | undefined {
  const path = boundedText(value)?.replaceAll(/%2f/gi, '/');
  return path !== undefined &&
    (/^\/snapshot\/lpr\/(?:[\w-]{1,80}\/){0,4}[\w-]{1,80}\.jpe?g$/i.test(path) ||
      /^\/mmc\/VzIPCCap\/[\w-]{1,40}\/(?:[\w-]|%[89A-F][\dA-F]){1,80}\.jpe?g$/i.test(path))
    ? path
    : undefined;
}

/** The events of a packet: a result with its picture; other packets have none. Throws ProtocolError `frame`. */
export function readPacket({ type, body }: Packet): readonly CameraEvent[] {
  if (type === 'heartbeat') return [];
  const nul = body.indexOf(0);
  const json = nul === -1 ? body : body.subarray(0, nul);
  if (type === 'binary' && json[0] !== 0x7b) return [];
  const message = jsonOf(json);
  const events = readResult(at(message, 'PlateResult'), {});
  const [first] = events;
  if (first === undefined) return [];
  const length = figure(at(message, 'fullImgSize')) ?? 0;
  const picture = nul === -1 || length <= 0 ? undefined : jpegOrNone(body.subarray(nul + 1, nul + 1 + length));
  return [...events, ...pictureEvents(picture, first)];
}

/** The picture in the answer to `get_snapshot`; undefined for other packets. Throws ProtocolError. */
export function readSnapshot({ type, body }: Packet): Uint8Array | undefined {
  if (type === 'heartbeat') return undefined;
  const nul = body.indexOf(0);
  const message = jsonOf(nul === -1 ? body : body.subarray(0, nul));
  if (at(message, 'cmd') !== 'get_snapshot' && at(message, 'imgdata') === undefined) return undefined;
  const status = figure(at(message, 'state_code'));
  if (status !== 200)
    throw new ProtocolError('exception', `the camera answered ${status ?? 'nothing'} to get_snapshot`);
  const picture = decodePicture(at(message, 'imgdata'));
  if (picture === undefined) throw new ProtocolError('frame', 'the answer is no JPEG picture');
  return picture;
}
