/**
 * Plate reads in ONVIF events and metadata: `wsnt:Notify` that a camera sends, answers of a pull point, and a `tt:MetadataStream`. Pure; sends
 * nothing. Names of the fields: ONVIF Analytics (`RuleEngine/Recognition/LicensePlate` with `tt:LicensePlateInfo`, the metadata's
 * `tt:Object`), and notifications of Hikvision's `VehicleDetector/tnshik:Vehicle` in a public test and issue: `SimpleItem`s `PlateNumber` and
 * `Likelihood` in per cent.
 */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import { confidenceOf, decodeText, figure, type ReadColor, readEvent } from '../camera-http/content.ts';
import { element } from '../camera-http/xml.ts';

/** Of one message; what is larger are pictures that no name here is looked for in. */
const MESSAGE_CHARACTERS_MAX = 200_000;
/** Of one push or answer; the objects of metadata count as messages. */
const MESSAGES_MAX = 100;
/** Of one message, which has some ten. */
const ITEMS_MAX = 100;
const PLATE_NAMES = ['PlateNumber', 'LicensePlate', 'LicensePlateNumber', 'PlateNo', 'Plate'];
const COLORS: Readonly<Record<string, ReadColor>> = {
  ...{ blue: 'blue', yellow: 'yellow', white: 'white', black: 'black', green: 'green', newenergygreen: 'green' },
};

const start = (name: string): RegExp => new RegExp(`<(?:[\\w.-]{1,20}:)?${name}[\\s>]`, 'g');

/** The texts from each element of this name to the next one. */
function pieces(xml: string, name: string): readonly string[] {
  const starts: number[] = [];
  for (const { index } of xml.matchAll(start(name))) if (starts.push(index) === MESSAGES_MAX) break;
  return starts.map((from, at) => xml.slice(from, starts[at + 1] ?? xml.length).slice(0, MESSAGE_CHARACTERS_MAX));
}

/** Value of a `SimpleItem`, its attributes in either order. */
function item(message: string, names: readonly string[]): string | undefined {
  let count = 0;
  for (const [tag] of message.matchAll(/<(?:[\w.-]{1,20}:)?SimpleItem\s[^<>]{0,600}>/g)) {
    const name = attribute(tag, 'Name')?.toLowerCase();
    if (names.some((each) => each.toLowerCase() === name)) return attribute(tag, 'Value');
    count += 1;
    if (count === ITEMS_MAX) return undefined;
  }
  return undefined;
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')`).exec(tag) ?? [];
  const value = double ?? single;
  // Entities as in an element.
  return value === undefined ? undefined : element(`<v>${value}</v>`, 'v');
}

function attributeOf(message: string, name: string, wanted: string): string | undefined {
  const [tag] = new RegExp(`<(?:[\\w.-]{1,20}:)?${name}\\s[^<>]{0,600}>`).exec(message) ?? [];
  return tag === undefined ? undefined : attribute(tag, wanted);
}

/** 0…1 as the specification has it, or in per cent. */
function likelihood(value: string | undefined): number | undefined {
  const amount = figure(value);
  return amount === undefined ? undefined : confidenceOf(amount, amount > 1 ? 100 : 1);
}

/** Times of ONVIF are UTC, with or without its Z. */
function stampOfUtc(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function readOf(message: string, time: string | undefined): Extract<CameraEvent, { kind: 'read' }> | undefined {
  const told = item(message, PLATE_NAMES) ?? element(message, 'PlateNumber');
  // A recogniser that saw no plate says so in its topic alone.
  const isRecogniser = /Recognition\/LicensePlate|VehicleDetector/i.test(element(message, 'Topic') ?? '');
  if (told === undefined && !isRecogniser) return undefined;
  const plate = told ?? '';
  const confidence =
    likelihood(attributeOf(message, 'PlateNumber', 'Likelihood')) ??
    likelihood(item(message, ['Likelihood', 'Confidence'])) ??
    likelihood(element(message, 'Likelihood'));
  return readEvent({
    plate,
    confidence,
    color: COLORS[(item(message, ['PlateColor']) ?? '').toLowerCase()],
    stampedMs: stampOfUtc(time),
    id: time === undefined ? undefined : `${time} ${plate}`,
    // The state at the time of the subscription is told first: of a vehicle that is gone.
    replayed: /PropertyOperation\s*=\s*["'](?:Initialized|Deleted)["']/.test(message),
  });
}

/** The reads in a SOAP body or a metadata stream. Throws ProtocolError `frame` where there is no message of ONVIF's at all. */
export function readOnvifMessages(body: Uint8Array): readonly CameraEvent[] {
  const xml = decodeText(body);
  const messages = pieces(xml, 'NotificationMessage');
  if (messages.length > 0)
    return messages.flatMap((message) => readOf(message, attributeOf(message, 'Message', 'UtcTime')) ?? []);
  const frames = pieces(xml, 'Frame');
  if (frames.length === 0 && !start('(?:MetadataStream|Notify|PullMessagesResponse)').test(xml))
    throw new ProtocolError('frame', 'this is no notification of ONVIF');
  const objects = frames.flatMap((frame) => {
    const time = attributeOf(frame, 'Frame', 'UtcTime');
    return pieces(frame, 'Object').map((object) => [object, time] as const);
  });
  return objects.slice(0, MESSAGES_MAX).flatMap(([object, time]) => readOf(object, time) ?? []);
}
