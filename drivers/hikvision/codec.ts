/**
 * Plate reads of Hikvision cameras: the XML of an ANPR alert, from the alert stream and from pushes. Pure; sends nothing. devices.md
 * 6.2: `EventNotificationAlert`, eventType ANPR; all other events are ignored (heartbeats are `videoloss`).
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
/** The picture of the whole scene; the others are crops of it. */
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

/** The read in an ANPR alert of this channel; undefined for any other. */
export function readAlert(xml: string, channel: number): Read | undefined {
  const value = (name: string): string | undefined => element(xml, name);
  if (value('eventType')?.toUpperCase() !== 'ANPR') return undefined;
  // A recorder reports the lanes of all its cameras.
  const channelNumber = figure(value('channelID'));
  if (channelNumber !== undefined && channelNumber !== channel) return undefined;
  const plate = value('licensePlate') ?? '';
  const time = value('dateTime');
  return readEvent({
    plate,
    confidence: confidenceOf(value('confidenceLevel'), 100),
    color: COLORS[(value('plateColor') ?? '').toLowerCase()],
    stampedMs: stampOf(time),
    id: value('UUID') ?? (time === undefined ? undefined : `${time} ${plate}`),
    // 0 real time, 1 stored by the camera and sent later.
    replayed: value('alarmDataType') === '1',
  });
}

/**
 * Parts in order: an alert, then its pictures. A read is reported with its alert, its picture when it arrives. Part names vary by
 * firmware, so parts are recognised by content; others are skipped.
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
  // The alert may come last in the form.
  return [...alerts, ...parts.filter((part) => beginsJpeg(part.body))].flatMap(createAlertReader(channel));
}
