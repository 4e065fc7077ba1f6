/**
 * Incremental parser of multipart bodies, for chunks of any size: form-data, mixed and x-mixed-replace. Pure; knows no maker.
 *
 *   --boundary CRLF  header lines CRLF  CRLF  body  CRLF --boundary …
 *
 * A part with a Content-Length is complete with its bytes, without the next boundary, which a camera may send only with its next
 * heartbeat. A wrong length costs that part, not the stream: the parser resynchronises on the next boundary.
 */
import { ProtocolError } from '../../src/driver.ts';
import { createReceiveBuffer } from './receive-buffer.ts';

const HEADER_BYTES_MAX = 8_192;
/** The largest parts are pictures. */
export const PART_BYTES_MAX = 4 * 1024 * 1024;

export interface Part {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** `name` or `filename` of a form part; '' when absent. */
export function partName(part: Part, key: 'name' | 'filename'): string {
  const disposition = part.headers.get('content-disposition') ?? '';
  const [, quoted, plain] = new RegExp(`(?:^|[;\\s])${key}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(disposition) ?? [];
  return quoted ?? plain ?? '';
}

export interface Multipart {
  /** Throws ProtocolError `frame` when a part or its header exceeds its limit; the parser is then unusable. */
  push(bytes: Uint8Array): readonly Part[];
}

/** `partsMax`: what is pushed at once gives no more parts, for a body that is a whole and pushed in one. */
export function createMultipart(boundary: string, bytesMax = PART_BYTES_MAX, partsMax = Infinity): Multipart {
  return new MultipartParser(boundary, bytesMax, partsMax);
}

class MultipartParser implements Multipart {
  /** Some firmwares include the delimiter's dashes in the header. */
  readonly #other: Buffer | undefined;
  readonly #bytesMax: number;
  readonly #partsMax: number;
  readonly #held = createReceiveBuffer();
  #delimiter: Buffer;
  #isSettled: boolean;
  /** Searched up to here without a match. */
  #searched = 0;
  /** Headers of the part whose body is incomplete. */
  #headers: ReadonlyMap<string, string> | undefined;
  /** Past a boundary, header incomplete. */
  #isInHeader = false;

  constructor(boundary: string, bytesMax: number, partsMax: number) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1');
    this.#other = boundary.startsWith('--') ? Buffer.from(boundary, 'latin1') : undefined;
    this.#isSettled = this.#other === undefined;
    this.#bytesMax = bytesMax;
    this.#partsMax = partsMax;
  }

  push(bytes: Uint8Array): readonly Part[] {
    this.#held.add(bytes);
    const parts: Part[] = [];
    while (parts.length < this.#partsMax) {
      if (this.#headers === undefined && !(this.#isInHeader || this.#passBoundary())) return parts;
      if (this.#headers === undefined) {
        this.#isInHeader = !this.#takeHeaders();
        if (this.#isInHeader) return parts;
      }
      const part = this.#takeBody(this.#headers ?? new Map());
      if (part === undefined) return parts;
      parts.push(part);
      this.#headers = undefined;
    }
    return parts;
  }

  /** Position of `wanted`, or undefined; no byte is searched twice. */
  #find(wanted: Buffer, limit: number): number | undefined {
    const bytes = this.#held.view();
    const at = bytes.indexOf(wanted, this.#searched);
    this.#searched = Math.max(this.#searched, bytes.length - wanted.length + 1);
    if ((at === -1 ? bytes.length : at) > limit)
      throw new ProtocolError('frame', `a part is larger than ${limit} bytes`);
    return at === -1 ? undefined : at;
  }

  #skip(count: number): void {
    this.#held.drop(count);
    this.#searched = 0;
  }

  /** Skips bytes up to the next boundary; returns whether the boundary's line is complete. */
  #passBoundary(): boolean {
    const bytes = this.#held.view();
    let at = bytes.indexOf(this.#delimiter, this.#searched);
    if (at === -1 && !this.#isSettled && this.#other !== undefined) {
      at = bytes.indexOf(this.#other);
      if (at !== -1) this.#delimiter = this.#other;
    }
    if (at !== -1) this.#isSettled = true;
    if (at === -1) {
      // Keep a possible beginning of a boundary.
      this.#skip(Math.max(0, bytes.length - this.#delimiter.length + 1));
      return false;
    }
    if (at > 0) this.#skip(at);
    const lineEnd = this.#held.view().indexOf('\n', this.#delimiter.length, 'latin1');
    if (lineEnd === -1) {
      if (this.#held.view().length > this.#delimiter.length + HEADER_BYTES_MAX)
        throw new ProtocolError('frame', 'a boundary without end');
      return false;
    }
    this.#skip(lineEnd + 1);
    return true;
  }

  #takeHeaders(): boolean {
    const bytes = this.#held.view();
    // An empty line ends the headers; there may be none.
    if (bytes[0] === 10) {
      this.#skip(1);
      this.#headers = new Map();
      return true;
    }
    if (bytes[0] === 13 && bytes[1] === 10) {
      this.#skip(2);
      this.#headers = new Map();
      return true;
    }
    const end = endOfHeaders(bytes.subarray(0, HEADER_BYTES_MAX + 4));
    if (end === undefined) {
      if (bytes.length > HEADER_BYTES_MAX) throw new ProtocolError('frame', 'the header of a part is too long');
      return false;
    }
    this.#headers = parseHeaders(bytes.toString('utf8', 0, end));
    this.#skip(end);
    return true;
  }

  #takeBody(ofPart: ReadonlyMap<string, string>): Part | undefined {
    const length = /^\d{1,9}$/.exec(ofPart.get('content-length') ?? '')?.[0];
    if (length !== undefined) {
      if (Number(length) > this.#bytesMax)
        throw new ProtocolError('frame', `a part is larger than ${this.#bytesMax} bytes`);
      if (this.#held.view().length < Number(length)) return undefined;
      const body = Uint8Array.from(this.#held.view().subarray(0, Number(length)));
      this.#skip(Number(length));
      return { headers: ofPart, body };
    }
    const at = this.#find(this.#delimiter, this.#bytesMax + 2);
    if (at === undefined) return undefined;
    const bytes = this.#held.view();
    const end = bytes[at - 1] !== 10 ? at : bytes[at - 2] === 13 ? at - 2 : at - 1;
    const body = Uint8Array.from(bytes.subarray(0, end));
    this.#skip(at);
    return { headers: ofPart, body };
  }
}

/** Past the empty line, with or without CR. Copies nothing: the header of a small part is a small part of what is looked at. */
function endOfHeaders(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (bytes[next] === 10) return next + 1;
  }
  return undefined;
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}
