/**
 * The body of a request as one buffer, byte for byte the same at every try. It knows fields and bytes, no record and no secret.
 *
 *     --boundary CRLF
 *     Content-Disposition: form-data; name="plate" CRLF
 *     Content-Type: text/plain; charset=UTF-8 CRLF        on every text part: without it the platform reads Chinese as '?'
 *     CRLF value CRLF
 *     --boundary CRLF
 *     Content-Disposition: form-data; name="capture_image"; filename="capture.jpg" CRLF
 *     Content-Type: image/jpeg CRLF
 *     CRLF bytes CRLF
 *     --boundary-- CRLF
 */
import { createHash } from 'node:crypto';
import type { Fields } from './sign.ts';

export interface Body {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface FilePart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** `seed`: what makes the boundary; the serial, so that a retry has the same. */
export function multipart(fields: Fields, file: FilePart, seed: string): Body {
  const texts = Object.entries(fields).map(([name, value]) => ({ name, value }));
  // A view: copying each picture once more would keep the garbage collector busy.
  const view = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
  const boundary = boundaryFor(seed, [...texts.map(({ value }) => Buffer.from(value)), view]);
  const head = texts
    .map(
      ({ name, value }) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n` +
        `Content-Type: text/plain; charset=UTF-8\r\n\r\n${value}\r\n`,
    )
    .join('');
  const fileHead =
    `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="capture.jpg"\r\n` +
    'Content-Type: image/jpeg\r\n\r\n';
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head + fileHead), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** Without bytes: a plain form. */
export function urlEncoded(fields: Fields): Body {
  return {
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
    bytes: Buffer.from(new URLSearchParams(fields).toString()),
  };
}

/** A boundary that occurs in no part: as good as always the first one. */
function boundaryFor(seed: string, parts: readonly Buffer[]): string {
  let boundary = `lanewarden-${digest(seed)}`;
  while (parts.some((part) => part.includes(boundary))) boundary = `lanewarden-${digest(boundary)}`;
  return boundary;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
