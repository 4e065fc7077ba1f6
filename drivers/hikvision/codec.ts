/**
 * Plate reads of Hikvision cameras: the XML of an ANPR alert, as it comes on the alert stream and in pushes. Pure; sends nothing.
 * devices.md 6.2: `EventNotificationAlert`, eventType ANPR; every other event (heartbeats are `videoloss`) is none of ours.
 */
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import {
  confidenceOf,
  decodeText,
  figure,
  pictureEvents,
  type ReadColor,
  readEvent,
  stampOf,
} from '../camera-http/content.ts';
import { beginsJpeg, jpegOrNone } from '../camera-http/jpeg.ts';
import { createMultipart, type Part, partName } from '../camera-http/multipart.ts';
import { boundaryOf } from '../camera-http/stream.ts';
import { element } from '../camera-http/xml.ts';

/** An alert is some 2 kB. */
const XML_CHARACTERS_MAX = 100_000;
/** The picture of the whole scene; the others are cuttings of it. */
const SCENE = /detection|background|scene/i;

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

const isAlert = (text: string): boolean =>
  text.length <= XML_CHARACTERS_MAX && text.includes('<EventNotificationAlert');

/** What an alert says of a vehicle; undefined when it is no ANPR alert of this channel. */
export function readAlert(xml: string, channel: number): Read | undefined {
  const value = (name: string): string | undefined => element(xml, name);
  if (value('eventType')?.toUpperCase() !== 'ANPR') return undefined;
  // A recorder tells of the lanes of all its cameras.
  const told = figure(value('channelID'));
  if (told !== undefined && told !== channel) return undefined;
  const plate = value('licensePlate') ?? '';
  const time = value('dateTime');
  return readEvent({
    plate,
    confidence: confidenceOf(value('confidenceLevel'), 100),
    color: COLORS[(value('plateColor') ?? '').toLowerCase()],
    stampedMs: stampOf(time),
    id: value('UUID') ?? (time === undefined ? undefined : `${time} ${plate}`),
    // 0 real time, 1 kept by the camera and sent later.
    replayed: value('alarmDataType') === '1',
  });
}

/**
 * Parts in the order in which they come: an alert, then its pictures. A read is told with its alert, its picture when that is there.
 * Names of parts vary by firmware, so that a part is known by its content; what is neither alert nor picture is left alone.
 */
export function createAlertReader(channel: number): (part: Part) => readonly CameraEvent[] {
  let alert: Read | undefined;
  return (part) => {
    if (beginsJpeg(part.body)) {
      const isScene = SCENE.test(`${partName(part, 'filename')} ${partName(part, 'name')}`);
      return alert === undefined || !isScene ? [] : pictureEvents(jpegOrNone(part.body), alert);
    }
    const text = alertText(part);
    if (text === undefined) return [];
    alert = readAlert(text, channel);
    return alert === undefined ? [] : [alert];
  };
}

function alertText(part: Part): string | undefined {
  if (part.body.length > XML_CHARACTERS_MAX) return undefined;
  const text = decodeText(part.body);
  return isAlert(text) ? text : undefined;
}

/** The events of one push: a form with the alert and its pictures, or the alert alone. Throws ProtocolError `frame` without an alert. */
export function readHikvisionPush(contentType: string, body: Uint8Array, channel: number): readonly CameraEvent[] {
  const parts = /^multipart\//i.test(contentType)
    ? createMultipart(boundaryOf(contentType)).push(body)
    : [{ headers: new Map<string, string>(), body }];
  const alerts = parts.filter((part) => !beginsJpeg(part.body) && alertText(part) !== undefined);
  if (alerts.length === 0) throw new ProtocolError('frame', 'this is no event of the camera');
  // The alert first, wherever it stands.
  return [...alerts, ...parts.filter((part) => beginsJpeg(part.body))].flatMap(createAlertReader(channel));
}
