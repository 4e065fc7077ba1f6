/**
 * Plate reads of Hikvision cameras: an ANPR alert in XML or in JSON (`parameterFormatType` of httpHosts), from the alert stream and from
 * pushes, the camera's own or forwarded by a recorder. Pure; sends nothing. devices.md 6.2: `EventNotificationAlert`, eventType ANPR; all
 * other events are ignored (heartbeats are `videoloss`).
 */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodeText,
  figure,
  flag,
  jsonOrNone,
  pictureEvents,
  type ReadColor,
  readEvent,
  single,
  stampOf,
} from '../camera-http/content.ts';
import { beginsJpeg, jpegOrNone } from '../camera-http/jpeg.ts';
import { type Part, partName } from '../camera-http/multipart.ts';
import { partsOf } from '../camera-http/push.ts';
import { element } from '../camera-http/xml.ts';

/** An alert is some 2 kB. */
const XML_CHARACTERS_MAX = 100_000;
/** The picture of the whole scene; the others are crops of it. */
const SCENE = /detection|background|scene/i;
const CROP = /plate|feature|face|vehicle/i;

const COLORS: Readonly<Record<string, ReadColor>> = {
  blue: 'blue',
  yellow: 'yellow',
  white: 'white',
  black: 'black',
  green: 'green',
  newenergygreen: 'green',
  newenergyyellowgreen: 'green',
  yellowgreen: 'green',
};

type Read = Extract<CameraEvent, { kind: 'read' }>;

/** Texts of an alert by their name. */
type Alert = (name: string) => string | undefined;

function alertOf(text: string): Alert | undefined {
  if (text.length > XML_CHARACTERS_MAX) return undefined;
  if (/<(?:[\w.-]{1,20}:)?EventNotificationAlert[\s>]/.test(text)) return (name) => element(text, name);
  if (!/^\uFEFF?\s*[{[]/.test(text)) return undefined;
  const message = single(jsonOrNone(text.replace(/^\uFEFF/, '')));
  const alert = single(at(message, 'EventNotificationAlert') ?? message);
  if (at(alert, 'eventType') === undefined) return undefined;
  const vehicle = single(at(alert, 'ANPR'));
  return (name) => {
    const value = at(vehicle, name) ?? at(alert, name);
    return typeof value === 'boolean' ? String(value) : boundedText(value);
  };
}

/** The channel of an ANPR alert, where it names one. */
function channelOf(text: string): number | undefined {
  const value = alertOf(text);
  return value?.('eventType')?.toUpperCase() === 'ANPR'
    ? figure(value('channelID') ?? value('dynChannelID'))
    : undefined;
}

/** The read in an ANPR alert of this channel (undefined: of any); undefined for any other. */
export function readAlert(text: string, channel?: number): Read | undefined {
  const value = alertOf(text);
  if (value?.('eventType')?.toUpperCase() !== 'ANPR') return undefined;
  // A recorder reports the lanes of all its cameras; some number them in `dynChannelID`.
  const channels = [figure(value('channelID')), figure(value('dynChannelID'))].filter((each) => each !== undefined);
  if (channel !== undefined && channels.length > 0 && !channels.includes(channel)) return undefined;
  const plate = value('licensePlate') ?? '';
  const time = value('dateTime');
  return readEvent({
    plate,
    confidence: confidenceOf(value('confidenceLevel'), 100),
    color: COLORS[(value('plateColor') ?? '').toLowerCase()],
    stampedMs: stampOf(time),
    id: value('UUID') ?? (time === undefined ? undefined : `${time} ${plate}`),
    // `alarmDataType` 0 real time, 1 stored by the camera and sent later; the other is of every event that is sent again.
    replayed: value('alarmDataType') === '1' || flag(value('isDataRetransmission')),
  });
}

/**
 * Parts in order: an alert, then its pictures. A read is reported with its alert, its picture when it arrives. Part names vary by
 * firmware, so parts are recognised by content; others are skipped.
 */
export function createAlertReader(channel?: number): (part: Part) => readonly CameraEvent[] {
  let alert: Read | undefined;
  return (part) => {
    if (beginsJpeg(part.body))
      return alert === undefined || !SCENE.test(namesOf(part)) ? [] : pictureEvents(jpegOrNone(part.body), alert);
    const text = alertText(part);
    if (text === undefined) return [];
    alert = readAlert(text, channel);
    return alert === undefined ? [] : [alert];
  };
}

const namesOf = (part: Part): string => `${partName(part, 'filename')} ${partName(part, 'name')}`;

function alertText(part: Part): string | undefined {
  if (part.body.length > XML_CHARACTERS_MAX) return undefined;
  const text = decodeText(part.body);
  return alertOf(text) === undefined ? undefined : text;
}

/**
 * The events of one push: a form with the alert and its pictures, or the alert alone. `channel`: undefined takes those of all;
 * `onChannel` is told whose each read is. Throws ProtocolError `frame` without an alert.
 */
export function readHikvisionPush(
  contentType: string,
  body: Uint8Array,
  channel?: number,
  onChannel?: (channel: number) => void,
): readonly CameraEvent[] {
  const parts = partsOf(body, contentType) ?? [{ headers: new Map<string, string>(), body }];
  const alerts = parts.flatMap((part) => (beginsJpeg(part.body) ? [] : (alertText(part) ?? [])));
  if (alerts.length === 0) throw new ProtocolError('frame', 'this is no event of the camera');
  for (const own of alerts.flatMap((alert) => channelOf(alert) ?? [])) onChannel?.(own);
  const reads = alerts.flatMap((alert) => readAlert(alert, channel) ?? []);
  const last = reads.at(-1);
  // The alert may come last in the form, and a recorder gives pictures names of its own.
  const pictures = parts.filter((part) => beginsJpeg(part.body));
  const scene =
    pictures.find((part) => SCENE.test(namesOf(part))) ?? pictures.find((part) => !CROP.test(namesOf(part)));
  return last === undefined || scene === undefined ? reads : [...reads, ...pictureEvents(jpegOrNone(scene.body), last)];
}
