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
  readonly filename?: string;
  readonly bytes: Uint8Array;
  /** Writable bytes of the same buffer before and after `bytes`. */
  readonly before?: number;
  readonly after?: number;
}

/**
 * The boundary is derived from `digest`, the signature: the same at every attempt, and in no part, because a part would have to contain
 * the digest of itself and of a secret. So the picture need not be searched for it.
 */
export function multipart(fields: Fields, digest: string, file?: FilePart): MultipartBody {
  const boundary = `lanewarden-${digest}`;
  const contentType = `multipart/form-data; boundary=${boundary}`;
  let head = '';
  for (const name of Object.keys(fields))
    head +=
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n` +
      `Content-Type: text/plain; charset=UTF-8\r\n\r\n${fields[name]}\r\n`;
  if (file === undefined) return { contentType, bytes: Buffer.from(`${head}--${boundary}--\r\n`) };
  const fileHead =
    `--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="${file.filename ?? 'capture.jpg'}"\r\n` +
    'Content-Type: image/jpeg\r\n\r\n';
  return {
    contentType,
    bytes: joined(head + fileHead, file, `\r\n--${boundary}--\r\n`),
  };
}

/** In place where there is room around the file's bytes, which saves a copy of the picture. */
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
