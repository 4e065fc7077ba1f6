/**
 * Plate reads of Vzenith cameras (臻识, also sold under other names): HTTP pushes and the packets of TCP port 8131. Pure; sends nothing.
 * devices.md 6.4. The heartbeat of the push protocol carries the camera's password in clear: its body is not even looked at.
 *
 *   packet   'V' 'Z' | type (0 JSON, 1 heartbeat, 2 binary) | number | length, 4 bytes, high byte first | length bytes
 *   a result inside a packet: JSON text, NUL, the whole picture (fullImgSize bytes), a cutting of it (clipImgSize bytes)
 */
import { type CameraEvent, type Decode, ProtocolError } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  figure,
  flag,
  jsonOf,
  pictureEvents,
  type ReadColor,
  readEvent,
} from '../camera-http/content.ts';
import { jpegOrNone } from '../camera-http/jpeg.ts';

export const HEADER_BYTES = 8;
/** Twice what the maker names as the limit of a result with its pictures, for firmwares that exceed it; base64 makes them larger still. */
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

/** A request of ours. Only what reads: never `ioctl`, `ttransmission`, `trigger` or a list. */
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

/** A plate shown on a screen or on paper is told as such by the camera: it names a car, and contradicts nothing. */
const FAKE_CONFIDENCE = 0.3;

function readResult(result: unknown, serial: string | undefined): Extract<CameraEvent, { kind: 'read' }> | undefined {
  const plate = boundedText(at(result, 'license'));
  if (plate === undefined) return undefined;
  const seconds = figure(at(result, 'timeStamp.Timeval.sec'));
  const micros = figure(at(result, 'timeStamp.Timeval.usec')) ?? 0;
  const number = boundedText(at(result, 'plateid'));
  const told = confidenceOf(at(result, 'confidence'), 100);
  return readEvent({
    plate,
    confidence: flag(at(result, 'is_fake_plate')) ? Math.min(told ?? 1, FAKE_CONFIDENCE) : told,
    color: COLORS[figure(at(result, 'colorType')) ?? 0],
    stampedMs: seconds === undefined ? undefined : seconds * 1_000 + Math.floor(micros / 1_000),
    id: number === undefined ? undefined : `${serial ?? ''}-${number}`,
    replayed: flag(at(result, 'isoffline')),
  });
}

/** The events of a push in JSON: `AlarmInfoPlate`; every other message has none. Throws ProtocolError `frame`. */
export function readVzenithPush(body: Uint8Array): readonly CameraEvent[] {
  const message = jsonOf(body);
  if (typeof message !== 'object' || message === null)
    throw new ProtocolError('frame', 'this is no message of the camera');
  const alarm = at(message, 'AlarmInfoPlate');
  const result = at(alarm, 'result.PlateResult');
  const read = readResult(result, boundedText(at(alarm, 'serialno')));
  if (read === undefined) return [];
  const pictures = pictureEvents(decodePicture(at(result, 'imageFile')), read);
  const path = pictures.length > 0 ? undefined : picturePath(at(result, 'imagePath'));
  const { stampedMs, replayed } = read;
  const named = { kind: 'pictureAt', replayed, ...(stampedMs === undefined ? {} : { stampedMs }) } as const;
  return [read, ...pictures, ...(path === undefined ? [] : [{ ...named, path }])];
}

/** Of a picture in the camera's own folder; what is anything else was not written by a camera. Some firmwares write the slashes as %2F. */
function picturePath(value: unknown): string | undefined {
  const path = boundedText(value)?.replaceAll(/%2f/gi, '/');
  return path !== undefined && /^\/snapshot\/lpr\/(?:[\w-]{1,80}\/){0,4}[\w-]{1,80}\.jpe?g$/i.test(path)
    ? path
    : undefined;
}

/** The events of a packet: a result with its picture; every other packet has none. Throws ProtocolError `frame`. */
export function readPacket({ type, body }: Packet): readonly CameraEvent[] {
  if (type === 'heartbeat') return [];
  const nul = body.indexOf(0);
  const json = nul === -1 ? body : body.subarray(0, nul);
  if (type === 'binary' && json[0] !== 0x7b) return [];
  const message = jsonOf(json);
  const read = readResult(at(message, 'PlateResult'), undefined);
  if (read === undefined) return [];
  const length = figure(at(message, 'fullImgSize')) ?? 0;
  const picture = nul === -1 || length <= 0 ? undefined : jpegOrNone(body.subarray(nul + 1, nul + 1 + length));
  return [read, ...pictureEvents(picture, read)];
}

/** The picture in the answer to `get_snapshot`; undefined when the packet is something else. Throws ProtocolError. */
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
