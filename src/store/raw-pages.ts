/**
 * Reads rows out of a SQLite file that SQLite itself cannot read any more: goes over its pages one by one and decodes the leaves, whoever
 * pointed at them. It knows the file format (sqlite.org/fileformat2, sections 1.6, 2.1, 4.1) and nothing of our tables.
 *
 *     leaf of a table   0D · 2 free · 2 cells · 2 content · 1 fragments · 2 × cells: offsets
 *     cell              varint payload length · varint row number · payload · 4 first overflow page, if it does not fit
 *     payload           varint header length · varint types · values:  0 null · 1…6 integers of 1 2 3 4 6 8 bytes · 7 double ·
 *                       8, 9 the numbers 0, 1 · even from 12: blob of (n-12)/2 · odd from 13: text of (n-13)/2
 *     overflow page     4 next page or 0 · content
 *     WAL               32 header (salts at 16) · frames of 24 header (page number at 0, salts at 8) and a page
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** Of every database of ours; its own word for it may be among what is damaged. */
const PAGE = 2_048;
const LEAF = 0x0d;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** More than any row of ours; a damaged length must not eat the memory. */
const PAYLOAD_MAX = 4_000_000;

export type RawValue = null | number | string | Buffer;

export interface RawRow {
  readonly number: number;
  /** In the order of the columns; the row number's own column is null. */
  readonly values: readonly RawValue[];
}

/** The pages of a database with its WAL: of each the newest version. */
export class RawPages {
  readonly #file: number;
  readonly #wal: number | undefined;
  readonly #inWal = new Map<number, number>();
  readonly last: number;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.#wal = existsSync(`${path}-wal`) ? openSync(`${path}-wal`, 'r') : undefined;
    if (this.#wal !== undefined) this.#indexWal(this.#wal);
    this.last = Math.max(Math.ceil(fstatSync(this.#file).size / PAGE), ...this.#inWal.keys());
  }

  close(): void {
    closeSync(this.#file);
    if (this.#wal !== undefined) closeSync(this.#wal);
  }

  /** Every row of a leaf page, whichever table it belongs to. Damaged cells are left out. */
  rows(page: number): RawRow[] {
    const bytes = this.#read(page);
    const header = page === 1 ? 100 : 0;
    if (bytes?.[header] !== LEAF) return [];
    const cells = Math.min(bytes.readUInt16BE(header + 3), PAGE / 4);
    const rows: RawRow[] = [];
    for (let cell = 0; cell < cells; cell += 1) {
      try {
        const at = bytes.readUInt16BE(header + 8 + 2 * cell);
        rows.push(this.#row(bytes, at));
      } catch (error) {
        // A length or an offset that leads out of the page: this cell is damaged, the next may not be.
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return rows;
  }

  #row(page: Buffer, at: number): RawRow {
    const [length, afterLength] = varint(page, at);
    const [number, start] = varint(page, afterLength);
    if (length > PAYLOAD_MAX) throw new RangeError('payload');
    return { number, values: decode(this.#payload(page, start, length)) };
  }

  #payload(page: Buffer, start: number, length: number): Buffer {
    const local = localLength(length);
    if (start + local > PAGE) throw new RangeError('cell');
    const parts = [page.subarray(start, start + local)];
    let have = local;
    let next = local < length ? page.readUInt32BE(start + local) : 0;
    while (have < length) {
      const overflow = this.#read(next);
      if (overflow === undefined) throw new RangeError('overflow');
      const part = overflow.subarray(4, Math.min(PAGE, 4 + length - have));
      parts.push(part);
      have += part.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(parts);
  }

  #read(page: number): Buffer | undefined {
    if (page < 1 || page > this.last) return undefined;
    const inWal = this.#inWal.get(page);
    const bytes = Buffer.alloc(PAGE);
    try {
      if (inWal !== undefined && this.#wal !== undefined) readSync(this.#wal, bytes, 0, PAGE, inWal);
      else readSync(this.#file, bytes, 0, PAGE, (page - 1) * PAGE);
    } catch {
      // A block that the disk cannot read any more.
      return undefined;
    }
    return bytes;
  }

  /** Frames of an earlier use of the file have other salts. */
  #indexWal(wal: number): void {
    const header = Buffer.alloc(WAL_HEADER);
    if (readSync(wal, header, 0, WAL_HEADER, 0) < WAL_HEADER) return;
    const frame = Buffer.alloc(FRAME_HEADER);
    const { size } = fstatSync(wal);
    for (let at = WAL_HEADER; at + FRAME_HEADER + PAGE <= size; at += FRAME_HEADER + PAGE) {
      readSync(wal, frame, 0, FRAME_HEADER, at);
      if (frame.subarray(8, 16).equals(header.subarray(16, 24)))
        this.#inWal.set(frame.readUInt32BE(0), at + FRAME_HEADER);
    }
  }
}

/** How much of a payload lies in the leaf itself (file format, section 1.6). */
function localLength(length: number): number {
  const most = PAGE - 35;
  if (length <= most) return length;
  const least = Math.floor(((PAGE - 12) * 32) / 255) - 23;
  const local = least + ((length - least) % (PAGE - 4));
  return local <= most ? local : least;
}

function decode(payload: Buffer): RawValue[] {
  const [headerLength, first] = varint(payload, 0);
  const values: RawValue[] = [];
  let at = headerLength;
  for (let type = first; type < headerLength; ) {
    const [code, next] = varint(payload, type);
    const [value, length] = decodeValue(payload, at, code);
    values.push(value);
    at += length;
    type = next;
  }
  return values;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8];

function decodeValue(payload: Buffer, at: number, code: number): readonly [RawValue, number] {
  if (code === 0) return [null, 0];
  if (code === 8 || code === 9) return [code - 8, 0];
  if (code === 7) return [payload.readDoubleBE(at), 8];
  if (code === 6) return [Number(payload.readBigInt64BE(at)), 8];
  const bytes = INTEGER_BYTES[code];
  if (bytes !== undefined) return [payload.readIntBE(at, bytes), bytes];
  const length = Math.floor((code - 12) / 2);
  if (code < 12 || at + length > payload.length) throw new RangeError('value');
  const slice = payload.subarray(at, at + length);
  return [code % 2 === 0 ? slice : slice.toString('utf8'), length];
}

/** One to nine bytes, high bits first; the ninth gives all eight. */
function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0n;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes.readUInt8(at + index);
    if (index === 8) return [Number(BigInt.asIntN(64, (value << 8n) | BigInt(byte))), at + 9];
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [Number(value), at + index + 1];
  }
  throw new RangeError('varint');
}
