/**
 * Copies a damaged database and its WAL into one plain file, page by page: of each page the newest version that is whole, of a page that cannot be
 * read zeros. SQLite alone would drop every commit behind a damaged frame of the WAL, and `.recover` ends at the first block that gives an error.
 * Knows the WAL and the pointer map (sqlite.org/fileformat2, sections 4 and 1.8); knows no rows.
 *
 *     pointer map   pages 2, 412, 822 …; for each of the pages that follow it: 1 type · 4 parent
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { unlessLost } from './unless-lost.ts';
import { FRAME_HEADER, follows, PAGE, saltsOf, WAL_HEADER, walChecksum } from './wal.ts';

const FRAME = FRAME_HEADER + PAGE;
const MAGIC = Buffer.from('SQLite format 3\0');
/** Pages that one page of the pointer map describes. */
const MAPPED = Math.floor(PAGE / 5);
const FREE = 2;
const LAST_TYPE = 5;

export class PageCopy {
  readonly #lost: (place: string) => void;
  readonly #file: number | undefined;
  readonly #wal: number | undefined;
  /** Offsets of the whole versions of each page in the WAL, the newest last. */
  readonly #inWal = new Map<number, number[]>();
  readonly #inFile: number = 0;
  /** The number of the last page. */
  readonly pages: number = 0;

  /** `lost` is called with each place that the disk cannot read any more. Throws when the disk itself is away. */
  constructor(path: string, lost: (place: string) => void) {
    this.#lost = lost;
    try {
      this.#file = this.#unlessLost('file', () => openSync(path, 'r'));
      const wal = `${path}-wal`;
      if (existsSync(wal)) this.#wal = this.#unlessLost('wal', () => openSync(wal, 'r'));
      this.#inFile = this.#file === undefined ? 0 : Math.ceil(fstatSync(this.#file).size / PAGE);
      this.#indexWal();
      this.pages = [...this.#inWal.keys()].reduce((last, page) => Math.max(last, page), this.#inFile);
    } catch (error) {
      // The caller tries again every second: without this each try would leak a handle.
      this.close();
      throw error;
    }
  }

  close(): void {
    for (const handle of [this.#file, this.#wal]) if (handle !== undefined) closeSync(handle);
  }

  /** Writes `count` pages from number `first` on to their places in `target`. */
  copy(first: number, count: number, target: string): void {
    const numbers = Array.from({ length: Math.min(count, this.pages - first + 1) }, (_, index) => first + index);
    const bytes = Buffer.concat(numbers.map((page) => this.#page(page) ?? Buffer.alloc(PAGE)));
    if (first === 1) mendHeader(bytes, this.pages);
    const handle = openSync(target, first === 1 ? 'w' : 'r+', 0o600);
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(handle, bytes, done, bytes.length - done, (first - 1) * PAGE + done);
    } finally {
      closeSync(handle);
    }
  }

  /** Whether the pointer map says that a page is in use or free. undefined: the map is damaged there. */
  isUsed(page: number): boolean | undefined {
    const index = (page - 2) % (MAPPED + 1);
    const map = this.#page(page - index);
    if (map === undefined || index < 1) return undefined;
    const types = Array.from({ length: MAPPED }, (_, at) => map.readUInt8(at * 5));
    const type = types[index - 1] ?? 0;
    // One type that does not exist condemns the whole page of the map.
    return type === 0 || types.some((each) => each > LAST_TYPE) ? undefined : type !== FREE;
  }

  /** Of the newest version that can be read: an older one is better than none. */
  #page(page: number): Buffer | undefined {
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
    // What cannot be read here is counted in the loop below.
    let salts = saltsOf(header, size, (length, at) => unlessLost(() => readFrom(this.#wal, length, at)));
    // A transaction grows the database by a page a frame at most: a larger page number is garbled.
    const last = this.#inFile + Math.ceil(size / FRAME);
    let before = walChecksum(header);
    for (let at = WAL_HEADER; at + FRAME <= size; at += FRAME) {
      const frame = this.#read(`wal ${at}`, this.#wal, FRAME, at);
      salts ??= frame?.subarray(8, 16);
      const counts = frame !== undefined && salts?.equals(frame.subarray(8, 16)) === true;
      // Behind a frame whose header is damaged the checksum proves nothing: then the frame is taken as it is.
      const isWhole = counts && (before === undefined || follows(frame, before));
      before = counts ? frame.subarray(16, 24) : undefined;
      const page = isWhole ? frame.readUInt32BE(0) : 0;
      if (page < 1 || page > last) continue;
      const versions = this.#inWal.get(page);
      if (versions === undefined) this.#inWal.set(page, [at + FRAME_HEADER]);
      else versions.push(at + FRAME_HEADER);
    }
  }

  /** Bytes behind the end of a file read as zeros. */
  #read(place: string, handle: number | undefined, length: number, at: number): Buffer | undefined {
    return handle === undefined ? undefined : this.#unlessLost(place, () => readFrom(handle, length, at));
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

/** Ours is the only page size; and the copy has no WAL. A garbled freelist would name pages in use, which `.recover` would then ignore. */
function mendHeader(bytes: Buffer, pages: number): void {
  const isGarbled = !bytes.subarray(0, 16).equals(MAGIC) || bytes.readUInt16BE(16) !== PAGE;
  if (isGarbled) bytes.fill(0, 16, 100);
  MAGIC.copy(bytes);
  bytes.writeUInt16BE(PAGE, 16);
  bytes.writeUInt16BE(0x0101, 18);
  bytes.writeUInt32BE(pages, 28);
}
