/** Plate reads of any camera that posts JSON, by a mapping from the configuration. Pure; knows no maker. devices.md 6.5. */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
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
  stampOf,
} from '../camera-http/content.ts';

/** Where each thing stands in the message: `data.plate`, `plates[0].text`. */
export interface Mapping {
  readonly plate: string;
  readonly confidence?: string | undefined;
  readonly color?: string | undefined;
  /** Seconds or milliseconds since 1970, or a written time (Beijing time when it names no zone). */
  readonly time?: string | undefined;
  readonly id?: string | undefined;
  /** True, 1 or "true" there: kept by the camera and sent late. */
  readonly replayed?: string | undefined;
  /** A JPEG in base64. */
  readonly picture?: string | undefined;
}

export interface MappingOptions {
  readonly fields: Mapping;
  /** The highest confidence the camera writes: 1, 100, 255. */
  readonly confidenceMax: number;
  /** What the camera writes for a colour → the colour. */
  readonly colors: Readonly<Record<string, ReadColor>>;
}

/** A number of this size is milliseconds; in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;

/** None when the message has no plate where the mapping says. Throws ProtocolError `frame`. */
export function readMessage(
  body: Uint8Array,
  { fields, confidenceMax, colors }: MappingOptions,
): readonly CameraEvent[] {
  const message = jsonOf(body);
  if (typeof message !== 'object' || message === null) throw new ProtocolError('frame', 'the body is no JSON object');
  const value = (path: string | undefined): unknown => (path === undefined ? undefined : at(message, path));
  const plate = boundedText(value(fields.plate));
  if (plate === undefined) return [];
  const color = boundedText(value(fields.color)) ?? '';
  const read = readEvent({
    plate,
    confidence: confidenceOf(value(fields.confidence), confidenceMax),
    color: Object.hasOwn(colors, color) ? colors[color] : undefined,
    stampedMs: timeOf(value(fields.time)),
    id: boundedText(value(fields.id)),
    replayed: flag(value(fields.replayed)),
  });
  return [read, ...pictureEvents(decodePicture(value(fields.picture)), read)];
}

function timeOf(value: unknown): number | undefined {
  const number = figure(value);
  // 20260501120000 is a written time; as milliseconds it would be the year 2612.
  if (number === undefined || String(value).length === 14) return stampOf(boundedText(value));
  return number >= MILLISECONDS_FROM ? number : number * 1_000;
}
