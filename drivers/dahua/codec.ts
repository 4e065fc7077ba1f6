/**
 * Plate reads of Dahua cameras (CP Plus and Intelbras speak the same): the event streams of snapManager and eventManager, ITSAPI pushes,
 * and events pushed as JSON, alone or in a form with their picture. Pure; sends nothing. devices.md 6.3. Field names vary by firmware:
 * each is searched in all places known.
 */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  decodeText,
  figure,
  jsonOrNone,
  objectOf,
  pictureEvents,
  type ReadColor,
  readEvent,
  single,
  stampOf,
} from '../camera-http/content.ts';
import { beginsJpeg, jpegOrNone } from '../camera-http/jpeg.ts';
import type { Part } from '../camera-http/multipart.ts';
import { partsOf } from '../camera-http/push.ts';

/** An event is some kilobytes. */
const EVENT_BYTES_MAX = 200_000;
/** A camera sees a few vehicles at a time. */
const EVENTS_MAX = 16;

type Read = Extract<CameraEvent, { kind: 'read' }>;

/** The plate's background in `Blue`, `YellowbottomBlackText`, `ShadowGreen`, `YellowGreen`; new-energy plates are green. */
export function colorOf(name: unknown): ReadColor | undefined {
  const word = (boundedText(name) ?? '').toLowerCase();
  if (word.includes('green')) return 'green';
  return (['blue', 'yellow', 'white', 'black'] as const).find((color) => word.startsWith(color));
}

/** Some firmwares count to 100, others to 255: above 100 it is the latter. */
const confidence = (value: unknown): number | undefined => confidenceOf(value, (figure(value) ?? 0) > 100 ? 255 : 100);

type Fields = (...paths: readonly string[]) => unknown;

const fieldsOf =
  (event: unknown): Fields =>
  (...paths) =>
    paths.map((path) => at(event, path)).find((found) => found !== undefined);

/**
 * Parses a text part of an event stream: `Events[0].TrafficCar.PlateNumber=…` lines, or
 * `Code=TrafficJunction;action=Pulse;index=0;data={…}`. undefined for a heartbeat or an event without a vehicle. `channel`: of a stream
 * with the events of all channels; `index` counts them from 0.
 */
export function readStreamText(text: string, channel?: number): Read | undefined {
  const [, head, data] = /^\s*(Code=[^{]*)data=(\{[\s\S]*\})\s*$/.exec(text) ?? [];
  if (head !== undefined && data !== undefined) {
    const [, index] = /;index=(\d{1,3})\b/.exec(head) ?? [];
    const isOther = channel !== undefined && index !== undefined && Number(index) !== channel - 1;
    return isOther || !/^Code=Traffic\w*;/.test(head) ? undefined : vehicleOf(fieldsOf(jsonOrNone(data)));
  }
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, path, value] = /^\s*Events\[0\]\.([\w.[\]]{1,100})=(.*)$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, value ?? ''] as const];
    }),
  );
  return vehicleOf((...paths) => paths.map((path) => fields.get(path)).find((found) => found !== undefined));
}

function vehicleOf(field: Fields): Read | undefined {
  const plates = ['TrafficCar.PlateNumber', 'Object.Text', 'Object.PlateNumber'].map((path) =>
    boundedText(field(path)),
  );
  // One of them may be empty where another has it.
  const plate = plates.find((text) => text) ?? plates.find((text) => text !== undefined);
  if (plate === undefined) return undefined;
  // Some firmwares write the local time as `UTC`; those have the true one beside it.
  const seconds = figure(field('RealUTC', 'UTC'));
  const ms = figure(field('UTCMS')) ?? 0;
  const stampedMs = seconds === undefined ? undefined : seconds * 1_000 + ms;
  return readEvent({
    plate,
    confidence: confidence(field('Object.Confidence', 'TrafficCar.Confidence')),
    color: colorOf(field('TrafficCar.PlateColor', 'Object.MainColorName')),
    stampedMs,
    id: stampedMs === undefined ? undefined : `${stampedMs} ${plate}`,
    replayed: false,
  });
}

/** Parts of an event stream in order: an event's text, then its picture. Anything else is a heartbeat. */
export function createStreamReader(channel?: number): (part: Part) => readonly CameraEvent[] {
  let last: Read | undefined;
  return (part) => {
    if (beginsJpeg(part.body)) {
      const events = last === undefined ? [] : pictureEvents(jpegOrNone(part.body), last);
      // Pictures after the first are crops of it.
      last = undefined;
      return events;
    }
    const read = part.body.length > EVENT_BYTES_MAX ? undefined : readStreamText(decodeText(part.body), channel);
    if (read === undefined) return [];
    last = read;
    return [read];
  };
}

/** The events of one push, whatever its path; none in keep-alives and other messages. Throws ProtocolError `frame`. */
export function readDahuaPush(contentType: string, body: Uint8Array): readonly CameraEvent[] {
  const parts = partsOf(body, contentType);
  if (parts === undefined) return readContent(body);
  const texts = parts.filter((part) => !beginsJpeg(part.body) && part.body.length <= EVENT_BYTES_MAX);
  if (texts.length === 0) throw new ProtocolError('frame', 'this is no event of the camera');
  const events = texts.flatMap((part) => readContent(part.body));
  const [first] = events;
  // The first picture is the whole scene, the others are crops of it.
  const picture = parts.find((part) => beginsJpeg(part.body));
  if (first?.kind !== 'read' || picture === undefined || events.length > 1) return events;
  return [first, ...pictureEvents(jpegOrNone(picture.body), first)];
}

function readContent(body: Uint8Array): readonly CameraEvent[] {
  const isLine =
    body.length <= EVENT_BYTES_MAX && /^\s*(?:Code=|Events\[|Heartbeat)/.test(decodeText(body.subarray(0, 64)));
  if (!isLine) return readMessage(objectOf(body));
  const read = readStreamText(decodeText(body));
  return read === undefined ? [] : [read];
}

function readMessage(message: object): readonly CameraEvent[] {
  if (at(message, 'Picture') !== undefined) return readTollgate(message);
  const list = at(message, 'Events') ?? at(message, 'events') ?? at(message, 'params.eventList') ?? [message];
  return (Array.isArray(list) ? list.slice(0, EVENTS_MAX) : []).flatMap((event: unknown) => {
    const code = boundedText(at(event, 'Code') ?? at(event, 'Data.Code')) ?? '';
    const read = code.startsWith('Traffic') ? vehicleOf(fieldsOf(single(at(event, 'Data') ?? event))) : undefined;
    return read ?? [];
  });
}

/** The events of `/NotificationInfo/TollgateInfo`; none in a no-plate message. */
function readTollgate(message: object): readonly CameraEvent[] {
  const plate = at(message, 'Picture.Plate');
  const snap = at(message, 'Picture.SnapInfo');
  if (plate === undefined && snap === undefined) return [];
  const time = boundedText(at(snap, 'AccurateTime')) ?? boundedText(at(snap, 'SnapTime'));
  const text = at(plate, 'IsExist') === false ? '' : (boundedText(at(plate, 'PlateNumber')) ?? '');
  const read = readEvent({
    plate: text,
    confidence: confidence(at(plate, 'Confidence')),
    color: colorOf(at(plate, 'PlateColor')),
    stampedMs: stampOf(time),
    id: time === undefined ? undefined : `${boundedText(at(snap, 'DeviceID')) ?? ''} ${time} ${text}`,
    replayed: false,
  });
  const picture = decodePicture(at(message, 'Picture.NormalPic.Content') ?? at(message, 'Picture.VehiclePic.Content'));
  return [read, ...pictureEvents(picture, read)];
}
