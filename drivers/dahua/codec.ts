/**
 * Plate reads of Dahua cameras (CP Plus and Intelbras speak the same): the event stream of snapManager, and ITSAPI pushes. Pure; sends nothing.
 * devices.md 6.3. Names of fields vary by firmware, so each is looked for in the places where it has been seen.
 */
import type { CameraEvent } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  decodeText,
  figure,
  jsonOf,
  pictureEvents,
  type ReadColor,
  readEvent,
  stampOf,
} from '../camera-http/content.ts';
import { beginsJpeg, jpegOrNone } from '../camera-http/jpeg.ts';
import type { Part } from '../camera-http/multipart.ts';

/** An event is some kilobytes. */
const EVENT_BYTES_MAX = 200_000;

type Read = Extract<CameraEvent, { kind: 'read' }>;

/** `Blue`, `YellowbottomBlackText`, `ShadowGreen`, `YellowGreen`: what the plate is painted in; new-energy plates are green. */
export function colorOf(name: unknown): ReadColor | undefined {
  const told = (boundedText(name) ?? '').toLowerCase();
  if (told.includes('green')) return 'green';
  return (['blue', 'yellow', 'white', 'black'] as const).find((color) => told.startsWith(color));
}

/** Some firmwares count to 100, others to 255; what is above 100 is of the others. */
const confidence = (value: unknown): number | undefined => confidenceOf(value, (figure(value) ?? 0) > 100 ? 255 : 100);

/**
 * A text part of the event stream: `Events[0].TrafficCar.PlateNumber=…` lines, or `Code=TrafficJunction;action=Pulse;index=0;data={…}`.
 * undefined for a heartbeat and for an event without a vehicle.
 */
export function readStreamText(text: string): Read | undefined {
  const [, code, data] = /^\s*Code=(\w+);[^{]*data=(\{[\s\S]*\})\s*$/.exec(text) ?? [];
  if (data !== undefined) {
    if (code !== 'TrafficJunction' && !code?.startsWith('Traffic')) return undefined;
    const event = parsed(data);
    return vehicleOf((...paths) => paths.map((path) => at(event, path)).find((found) => found !== undefined));
  }
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, path, value] = /^\s*Events\[0\]\.([\w.[\]]{1,100})=(.*)$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, value ?? ''] as const];
    }),
  );
  return vehicleOf((...paths) => paths.map((path) => fields.get(path)).find((found) => found !== undefined));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function vehicleOf(field: (...paths: readonly string[]) => unknown): Read | undefined {
  const plate = boundedText(field('TrafficCar.PlateNumber', 'Object.Text', 'Object.PlateNumber'));
  if (plate === undefined) return undefined;
  const seconds = figure(field('UTC', 'RealUTC'));
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

/** Parts of the event stream as they come: the text of an event, then its picture. Anything else is a heartbeat. */
export function createStreamReader(): (part: Part) => readonly CameraEvent[] {
  let last: Read | undefined;
  return (part) => {
    if (beginsJpeg(part.body)) {
      const events = last === undefined ? [] : pictureEvents(jpegOrNone(part.body), last);
      // What follows the first picture are cuttings of it.
      last = undefined;
      return events;
    }
    const read = part.body.length > EVENT_BYTES_MAX ? undefined : readStreamText(decodeText(part.body));
    if (read === undefined) return [];
    last = read;
    return [read];
  };
}

/** The events of `/NotificationInfo/TollgateInfo`. What says that no plate is there, and every other message, has none. Throws ProtocolError `frame`. */
export function readTollgate(body: Uint8Array): readonly CameraEvent[] {
  const message = jsonOf(body);
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
