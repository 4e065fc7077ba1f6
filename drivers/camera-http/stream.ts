/** Response bodies of a camera: one whole picture, or an endless sequence of parts. Knows no maker. */
import { type CameraEvent, LinkError, ProtocolError } from '../../src/driver.ts';
import { asFault, type CameraClient } from './client.ts';
import { beginsJpeg, PICTURE_BYTES_MAX } from './jpeg.ts';
import { createMultipart, PART_BYTES_MAX, type Part } from './multipart.ts';
import type { Pace } from './pace.ts';

/** The whole body, at most PICTURE_BYTES_MAX; in `room` where it fits. */
export async function readBody(body: AsyncIterable<Uint8Array>, room?: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > PICTURE_BYTES_MAX)
      throw new ProtocolError('frame', `the picture is larger than ${PICTURE_BYTES_MAX} bytes`);
    parts.push(part);
  }
  const whole = room !== undefined && room.length >= length ? room.subarray(0, length) : new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** In one turn: parts without content are many. */
const PARTS_AT_ONCE = 100;
const NO_BYTES = new Uint8Array(0);

/** A camera sends a heartbeat at least every minute. */
const SILENCE_MS = 60_000;

/** Follows an endless multipart response until `signal` aborts; yields each part once complete. Throws LinkError or ProtocolError. */
export async function followParts(
  client: CameraClient,
  url: URL,
  take: (part: Part) => void,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { headers, body } = await client.get(url, 'multipart/*', signal, SILENCE_MS);
    const boundary = boundaryOf(String(headers['content-type'] ?? ''));
    const multipart = createMultipart(boundary, PART_BYTES_MAX, PARTS_AT_ONCE);
    for await (const bytes of body as AsyncIterable<Uint8Array>)
      for (let parts = multipart.push(bytes); parts.length > 0; parts = multipart.push(NO_BYTES))
        for (const part of parts) {
          await pace(signal);
          if (signal.aborted) return;
          take(part);
        }
  } catch (error) {
    if (!signal.aborted) throw asFault(error, url.host);
  }
  if (!signal.aborted) throw new LinkError('gone', `${url.host} ended its event stream`);
}

/** Reports the events of each part; `empty` is for a message without any, not for the pictures that come with one. */
export function reportingParts(
  read: (part: Part) => readonly CameraEvent[],
  report: (event: CameraEvent) => void,
  empty: () => void = () => {},
): (part: Part) => void {
  return (part) => {
    const events = read(part);
    events.forEach(report);
    if (events.length === 0 && !beginsJpeg(part.body)) empty();
  };
}

/** Of `multipart/…; boundary=…`. Throws ProtocolError `unexpected` for any other type. */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] =
    /^multipart\/[\w.+-]+\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new ProtocolError('unexpected', 'the answer is not in parts');
  return boundary;
}
