/** Response bodies of a camera: one whole picture, or an endless sequence of parts. Knows no maker. */
import { type CameraEvent, LinkError, ProtocolError } from '../../src/driver.ts';
import { asFault, type CameraClient } from './client.ts';
import { beginsJpeg, PICTURE_BYTES_MAX } from './jpeg.ts';
import { createMultipart, type Part } from './multipart.ts';

/** The whole body, at most PICTURE_BYTES_MAX. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > PICTURE_BYTES_MAX)
      throw new ProtocolError('frame', `the picture is larger than ${PICTURE_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, length));
}

/** A camera sends a heartbeat at least every minute. */
const SILENCE_MS = 60_000;

/** Follows an endless multipart response until `signal` aborts; yields each part once complete. Throws LinkError or ProtocolError. */
export async function followParts(
  client: CameraClient,
  url: URL,
  take: (part: Part) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { headers, body } = await client.get(url, 'multipart/*', signal, SILENCE_MS);
    const multipart = createMultipart(boundaryOf(String(headers['content-type'] ?? '')));
    for await (const bytes of body as AsyncIterable<Uint8Array>) for (const part of multipart.push(bytes)) take(part);
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
