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

/** An alert is some 2 kB. Of all those of a push together: each of its values is looked for in all of it. */
const ALERT_CHARACTERS_MAX = 100_000;
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

const isRead = (value: Alert): boolean => value('eventType')?.toUpperCase() === 'ANPR';

/** The channel of an ANPR alert, where it names one. */
const channelOf = (value: Alert): number | undefined =>
  isRead(value) ? figure(value('channelID') ?? value('dynChannelID')) : undefined;

/** The read in an ANPR alert of this channel (undefined: of any); undefined for any other. */
function readAlert(value: Alert, channel?: number): Read | undefined {
  if (!isRead(value)) return undefined;
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
    const value = partAlert(part)?.alert;
    if (value === undefined) return [];
    alert = readAlert(value, channel);
    return alert === undefined ? [] : [alert];
  };
}

const namesOf = (part: Part): string => `${partName(part, 'filename')} ${partName(part, 'name')}`;

/** In a part of at most so many bytes, and what it leaves of them. */
function partAlert({ body }: Part, most = ALERT_CHARACTERS_MAX): { alert: Alert; left: number } | undefined {
  if (body.length > most) return undefined;
  const alert = alertOf(decodeText(body));
  return alert && { alert, left: most - body.length };
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
  const alerts: Alert[] = [];
  let most = ALERT_CHARACTERS_MAX;
  for (const part of parts) {
    const found = beginsJpeg(part.body) ? undefined : partAlert(part, most);
    if (found === undefined) continue;
    alerts.push(found.alert);
    most = found.left;
  }
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
