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
import type { Fields } from './sign.ts';

export interface MultipartBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface FilePart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** So many bytes of the same buffer in front of `bytes` and behind them may be written to. */
  readonly before?: number;
  readonly after?: number;
}

/**
 * The boundary is made of the signature: the same at every try, and in no part, for it would have to hold the digest of itself and of a
 * secret. So the picture need not be searched for it.
 */
export function multipart(fields: Fields & { readonly sign: string }, file: FilePart): MultipartBody {
  const boundary = `lanewarden-${fields.sign}`;
  let head = '';
  for (const name of Object.keys(fields))
    head +=
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n` +
      `Content-Type: text/plain; charset=UTF-8\r\n\r\n${fields[name]}\r\n`;
  const fileHead =
    `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="capture.jpg"\r\n` +
    'Content-Type: image/jpeg\r\n\r\n';
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: joined(head + fileHead, file, `\r\n--${boundary}--\r\n`),
  };
}

/** In place where there is room around the file's bytes; a picture is not copied then. */
function joined(head: string, { bytes, before = 0, after = 0 }: FilePart, tail: string): Buffer {
  const headBytes = Buffer.byteLength(head);
  if (headBytes > before || tail.length > after)
    return Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail, 'latin1')]);
  const start = bytes.byteOffset - headBytes;
  const whole = Buffer.from(bytes.buffer, start, headBytes + bytes.length + tail.length);
  whole.write(head, 0);
  whole.write(tail, headBytes + bytes.length, 'latin1');
  return whole;
}

/** Without bytes: a plain form. */
export function urlEncoded(fields: Fields): MultipartBody {
  return {
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
    bytes: Buffer.from(new URLSearchParams(fields).toString()),
  };
}
