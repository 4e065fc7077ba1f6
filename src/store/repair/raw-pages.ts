/**
 * Reads rows out of a SQLite file that SQLite itself cannot read any more: goes over its pages one by one and decodes the leaves, whoever
 * pointed at them. It knows the file format (sqlite.org/fileformat2, sections 1.6, 2.1, 4.1) and nothing of our tables.
 *
 *     leaf of a table   0D · 2 free · 2 cells · 2 content · 1 fragments · 2 × cells: offsets
 *     cell              varint payload length · varint row number · payload · 4 first overflow page, if it does not fit
 *     leaf of an index  0A, as above; its cells have no row number. A table WITHOUT ROWID is such a tree, with all columns
 *     inner index page  02, as above with 4 last child behind the fragments; its cells begin with 4 child, and are rows too
 *     payload           varint header length · varint types · values:  0 null · 1…6 integers of 1 2 3 4 6 8 bytes · 7 double ·
 *                       8, 9 the numbers 0, 1 · even from 12: blob of (n-12)/2 · odd from 13: text of (n-13)/2
 *     overflow page     4 next page or 0 · content
 *     WAL               see wal.ts
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { unlessLost } from './unless-lost.ts';
import { FRAME_HEADER, PAGE, saltsOf, WAL_HEADER } from './wal.ts';

interface Kind {
  readonly hasNumbers: boolean;
  /** Bytes before the offsets, and before a cell's payload length. */
  readonly header: number;
  readonly child: number;
  /** So much of a payload lies in the page at most (file format, section 1.6). */
  readonly most: number;
}
const INDEX_MOST = Math.floor(((PAGE - 12) * 64) / 255) - 23;
const KINDS: Readonly<Record<number, Kind>> = {
  13: { hasNumbers: true, header: 8, child: 0, most: PAGE - 35 },
  10: { hasNumbers: false, header: 8, child: 0, most: INDEX_MOST },
  2: { hasNumbers: false, header: 12, child: 4, most: INDEX_MOST },
};
/** More than any row of ours; a damaged length must not eat the memory. */
const PAYLOAD_MAX = 4_000_000;

export type RawValue = null | number | string | Buffer;

export interface RawRow {
  /** None in a table WITHOUT ROWID, and in an index. */
  readonly number?: number;
  /** In the order of the columns; the row number's own column is null. */
  readonly values: readonly RawValue[];
}

/** The pages of a database with its WAL: of each the newest version that can be read. */
export class RawPages {
  readonly #lost: (place: string) => void;
  readonly #file: number | undefined;
  readonly #wal: number | undefined;
  /** Where the versions of each page lie, the newest last. */
  readonly #inWal = new Map<number, number[]>();
  /** Pages of the file, and the numbers of those that only the WAL has. */
  readonly #inFile: number = 0;
  readonly #beyond: readonly number[] = [];

  /** `lost` is told of each place that the disk cannot give any more. Throws when the disk itself is away. */
  constructor(path: string, lost: (place: string) => void = () => undefined) {
    this.#lost = lost;
    try {
      this.#file = this.#unlessLost('file', () => openSync(path, 'r'));
      const wal = `${path}-wal`;
      if (existsSync(wal)) this.#wal = this.#unlessLost('wal', () => openSync(wal, 'r'));
      this.#indexWal();
      const bytes = this.#file === undefined ? 0 : fstatSync(this.#file).size;
      this.#inFile = Math.ceil(bytes / PAGE);
      this.#beyond = [...this.#inWal.keys()].filter((page) => page > this.#inFile).sort((a, b) => a - b);
    } catch (error) {
      // It is tried again every second: not a handle more each time.
      this.close();
      throw error;
    }
  }

  close(): void {
    for (const handle of [this.#file, this.#wal]) if (handle !== undefined) closeSync(handle);
  }

  /** The first pages there are from this number on. A number garbled in the WAL does not lead over all those before it. */
  from(page: number, count: number): readonly number[] {
    const inFile = Math.max(0, Math.min(count, this.#inFile - page + 1));
    const beyond = inFile === count ? 0 : this.#beyond.findIndex((number) => number >= page);
    return [
      ...Array.from({ length: inFile }, (_, index) => page + index),
      ...(beyond === -1 ? [] : this.#beyond.slice(beyond, beyond + count - inFile)),
    ];
  }

  /** Every row of a page, whichever table or index it belongs to. Damaged cells are left out. */
  rows(page: number): RawRow[] {
    const bytes = this.#page(page);
    const header = page === 1 ? 100 : 0;
    const kind = KINDS[bytes?.[header] ?? 0];
    if (bytes === undefined || kind === undefined) return [];
    const cells = Math.min(bytes.readUInt16BE(header + 3), PAGE / 4);
    const rows: RawRow[] = [];
    for (let cell = 0; cell < cells; cell += 1) {
      try {
        const at = bytes.readUInt16BE(header + kind.header + 2 * cell);
        rows.push(this.#row(bytes, at + kind.child, kind));
      } catch (error) {
        // A length or an offset that leads out of the page: this cell is damaged, the next may not be.
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return rows;
  }

  #row(page: Buffer, at: number, { hasNumbers, most }: Kind): RawRow {
    const [length, afterLength] = varint(page, at);
    if (length > PAYLOAD_MAX) throw new RangeError('payload');
    if (!hasNumbers) return { values: decode(this.#payload(page, afterLength, length, most)) };
    const [number, start] = varint(page, afterLength);
    return { number, values: decode(this.#payload(page, start, length, most)) };
  }

  #payload(page: Buffer, start: number, length: number, most: number): Buffer {
    const local = localLength(length, most);
    if (start + local > PAGE) throw new RangeError('cell');
    const parts = [page.subarray(start, start + local)];
    let have = local;
    let next = local < length ? page.readUInt32BE(start + local) : 0;
    while (have < length) {
      const overflow = this.#page(next);
      if (overflow === undefined) throw new RangeError('overflow');
      const part = overflow.subarray(4, Math.min(PAGE, 4 + length - have));
      parts.push(part);
      have += part.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(parts);
  }

  /** Rather an older version than none. */
  #page(page: number): Buffer | undefined {
    if (page < 1) return undefined;
    for (const at of (this.#inWal.get(page) ?? []).toReversed()) {
      const bytes = this.#read(`wal ${at}`, this.#wal, PAGE, at);
      if (bytes !== undefined) return bytes;
    }
    return page > this.#inFile ? undefined : this.#read(`page ${page}`, this.#file, PAGE, (page - 1) * PAGE);
  }

  #indexWal(): void {
    const size = this.#wal === undefined ? 0 : fstatSync(this.#wal).size;
    if (size < WAL_HEADER) return;
    const header = this.#read('wal 0', this.#wal, WAL_HEADER, 0);
    // What of it cannot be read is counted below.
    let salts = saltsOf(header, size, (length, at) => unlessLost(() => readFrom(this.#wal, length, at)));
    for (let at = WAL_HEADER; at + FRAME_HEADER + PAGE <= size; at += FRAME_HEADER + PAGE) {
      const frame = this.#read(`wal ${at}`, this.#wal, FRAME_HEADER, at);
      salts ??= frame?.subarray(8, 16);
      if (frame === undefined || salts === undefined || !frame.subarray(8, 16).equals(salts)) continue;
      const page = frame.readUInt32BE(0);
      const versions = this.#inWal.get(page);
      if (versions === undefined) this.#inWal.set(page, [at + FRAME_HEADER]);
      else versions.push(at + FRAME_HEADER);
    }
  }

  /** What is behind the end of a file reads as zeros. */
  #read(place: string, handle: number | undefined, length: number, at: number): Buffer | undefined {
    if (handle === undefined) return undefined;
    return this.#unlessLost(place, () => readFrom(handle, length, at));
  }

  #unlessLost<Found>(place: string, read: () => Found): Found | undefined {
    const found = unlessLost(read);
    if (found === undefined) this.#lost(place);
    return found;
  }
}

function readFrom(handle: number | undefined, length: number, at: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (handle !== undefined) readSync(handle, bytes, 0, length, at);
  return bytes;
}

/** How much of a payload lies in the page itself (file format, section 1.6). */
function localLength(length: number, most: number): number {
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
