/**
 * Takes a multipart body apart as it arrives, in pieces of any size: form-data, mixed and x-mixed-replace. Pure; knows no maker.
 *
 *   --boundary CRLF  header lines CRLF  CRLF  body  CRLF --boundary …
 *
 * A part with a Content-Length is whole as soon as its bytes are there, without waiting for the next boundary, which a camera may
 * send only with its next heartbeat. A length that is wrong costs that part, not the stream: the next boundary is found again.
 */
import { ProtocolError } from '../../src/driver.ts';
import { createHold } from './hold.ts';

const HEADER_BYTES_MAX = 8_192;
/** The largest thing a part holds is a picture. */
export const PART_BYTES_MAX = 4 * 1024 * 1024;

export interface Part {
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** `name` or `filename` of a part of a form; '' when it has none. */
export function partName(part: Part, key: 'name' | 'filename'): string {
  const disposition = part.headers.get('content-disposition') ?? '';
  const [, quoted, plain] = new RegExp(`(?:^|[;\\s])${key}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(disposition) ?? [];
  return quoted ?? plain ?? '';
}

export interface Multipart {
  /** Throws ProtocolError `frame` when a part or its header grows beyond its limit; nothing can be taken after that. */
  push(bytes: Uint8Array): readonly Part[];
}

export function createMultipart(boundary: string, bytesMax = PART_BYTES_MAX): Multipart {
  let delimiter = Buffer.from(`--${boundary}`, 'latin1');
  /** Some firmwares write the dashes of the delimiter into the header as well. */
  const other = boundary.startsWith('--') ? Buffer.from(boundary, 'latin1') : undefined;
  let isSettled = other === undefined;
  const held = createHold();
  /** Searched up to here in vain. */
  let searched = 0;
  /** Of the part whose body is awaited. */
  let headers: ReadonlyMap<string, string> | undefined;
  /** A boundary has passed and its header is not whole. */
  let isInHeader = false;

  /** Position of `wanted`, or undefined; nothing is searched twice. */
  function find(wanted: Buffer, limit: number): number | undefined {
    const bytes = held.view();
    const at = bytes.indexOf(wanted, searched);
    searched = Math.max(searched, bytes.length - wanted.length + 1);
    if ((at === -1 ? bytes.length : at) > limit)
      throw new ProtocolError('frame', `a part is larger than ${limit} bytes`);
    return at === -1 ? undefined : at;
  }

  function skip(count: number): void {
    held.drop(count);
    searched = 0;
  }

  /** What comes before the next boundary belongs to nothing; returns whether the boundary's line is over. */
  function passBoundary(): boolean {
    const bytes = held.view();
    let at = bytes.indexOf(delimiter, searched);
    if (at === -1 && !isSettled && other !== undefined) {
      at = bytes.indexOf(other);
      if (at !== -1) delimiter = other;
    }
    if (at !== -1) isSettled = true;
    if (at === -1) {
      // Keep what may be the beginning of a boundary.
      skip(Math.max(0, bytes.length - delimiter.length + 1));
      return false;
    }
    if (at > 0) skip(at);
    const lineEnd = held.view().indexOf('\n', delimiter.length, 'latin1');
    if (lineEnd === -1) {
      if (held.view().length > delimiter.length + HEADER_BYTES_MAX)
        throw new ProtocolError('frame', 'a boundary without end');
      return false;
    }
    skip(lineEnd + 1);
    return true;
  }

  function takeHeaders(): boolean {
    const bytes = held.view();
    // An empty line ends them; there may be none at all.
    if (bytes[0] === 10) {
      skip(1);
      headers = new Map();
      return true;
    }
    if (bytes[0] === 13 && bytes[1] === 10) {
      skip(2);
      headers = new Map();
      return true;
    }
    const end = /\r?\n\r?\n/.exec(bytes.toString('latin1', 0, HEADER_BYTES_MAX + 4));
    if (end === null) {
      if (bytes.length > HEADER_BYTES_MAX) throw new ProtocolError('frame', 'the header of a part is too long');
      return false;
    }
    headers = parseHeaders(bytes.toString('utf8', 0, end.index));
    skip(end.index + end[0].length);
    return true;
  }

  function takeBody(ofPart: ReadonlyMap<string, string>): Part | undefined {
    const length = /^\d{1,9}$/.exec(ofPart.get('content-length') ?? '')?.[0];
    if (length !== undefined) {
      if (Number(length) > bytesMax) throw new ProtocolError('frame', `a part is larger than ${bytesMax} bytes`);
      if (held.view().length < Number(length)) return undefined;
      const body = Uint8Array.from(held.view().subarray(0, Number(length)));
      skip(Number(length));
      return { headers: ofPart, body };
    }
    const at = find(delimiter, bytesMax + 2);
    if (at === undefined) return undefined;
    const bytes = held.view();
    const end = bytes[at - 1] !== 10 ? at : bytes[at - 2] === 13 ? at - 2 : at - 1;
    const body = Uint8Array.from(bytes.subarray(0, end));
    skip(at);
    return { headers: ofPart, body };
  }

  return {
    push(bytes) {
      held.add(bytes);
      const parts: Part[] = [];
      for (;;) {
        if (headers === undefined && !(isInHeader || passBoundary())) return parts;
        if (headers === undefined) {
          isInHeader = !takeHeaders();
          if (isInHeader) return parts;
        }
        const part = takeBody(headers ?? new Map());
        if (part === undefined) return parts;
        parts.push(part);
        headers = undefined;
      }
    },
  };
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}
