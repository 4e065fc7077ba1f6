/**
 * Reads a zip by the directory at its end, which has the size and the CRC-32 of each file: a truncated zip has none, and damage is detected.
 * Nothing is unpacked beyond the size in the directory, nor beyond the limit of the reader: a zip could claim anything. Only zips without the
 * 64-bit extension and encryption.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

/** Place of a file in the zip, its packed and its unpacked size. */
interface Entry {
  readonly offset: number;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly checksum: number;
}

const END = { signature: 0x06054b50, bytes: 22 };
const DIRECTORY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
/** A comment at the end of a zip is no longer than this. */
const COMMENT_MAX = 65_535;
/** 65 535 files, the most there may be, with names of a hundred bytes and more. */
const DIRECTORY_MAX = 16_000_000;
/** One read, and about what is unpacked at a time. */
const PIECE_BYTES = 65_536;

export class ZipFile {
  readonly #handle: number;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** undefined: it is no whole zip. Throws the file system's error. */
  static open(file: string): ZipFile | undefined {
    const handle = openSync(file, 'r');
    try {
      const entries = directoryOf(handle);
      if (entries !== undefined) return new ZipFile(handle, entries);
    } catch (error) {
      closeSync(handle);
      throw error;
    }
    closeSync(handle);
    return undefined;
  }

  private constructor(handle: number, entries: ReadonlyMap<string, Entry>) {
    this.#handle = handle;
    this.#entries = entries;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Unpacked, as it stands in the directory; undefined: it is not there. */
  bytesOf(name: string): number | undefined {
    return this.#entries.get(name)?.bytes;
  }

  /** undefined: it is not there, larger than `bytesMax`, or not what was put in. */
  read(name: string, bytesMax: number): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.bytes > bytesMax || entry.packedBytes > packedMax(entry)) return undefined;
    const start = this.#startOf(entry);
    const packed = start === undefined ? undefined : bytesAt(this.#handle, start, entry.packedBytes);
    const bytes = packed && unpacked(packed, entry);
    return bytes?.length === entry.bytes && crc32(bytes) === entry.checksum ? bytes : undefined;
  }

  /** The same in pieces, for what is too large for memory. false: it is not there or not what was put in, which may be known only at its end. */
  async stream(name: string, take: (piece: Buffer) => void): Promise<boolean> {
    const entry = this.#entries.get(name);
    const start = entry && this.#startOf(entry);
    if (entry === undefined || start === undefined || (entry.method !== 0 && entry.method !== 8)) return false;
    let bytes = 0;
    let checksum = 0;
    const inflate = entry.method === 0 ? new PassThrough() : createInflateRaw({ chunkSize: PIECE_BYTES });
    try {
      await pipeline(Readable.from(this.#packed(start, entry.packedBytes)), inflate, async (pieces) => {
        for await (const piece of pieces as AsyncIterable<Buffer>) {
          bytes += piece.length;
          if (bytes > entry.bytes) return;
          checksum = crc32(piece, checksum);
          take(piece);
        }
      });
    } catch (error) {
      // A disk fault is not a fault of the zip.
      if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
      return false;
    }
    return bytes === entry.bytes && checksum === entry.checksum;
  }

  /** Behind its own header, whose name and extra field may be longer than in the directory. */
  #startOf({ offset }: Entry): number | undefined {
    const head = bytesAt(this.#handle, offset, LOCAL.bytes);
    if (head?.readUInt32LE(0) !== LOCAL.signature) return undefined;
    return offset + LOCAL.bytes + head.readUInt16LE(26) + head.readUInt16LE(28);
  }

  *#packed(start: number, bytes: number): Generator<Buffer> {
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      const piece = bytesAt(this.#handle, start + at, Math.min(PIECE_BYTES, bytes - at));
      if (piece === undefined) return;
      yield piece;
    }
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** What does not get smaller is stored with five bytes a block (RFC 1951, 3.2.4). */
const packedMax = ({ bytes }: Entry): number => bytes + Math.ceil(bytes / 16_000) * 5 + 64;

function unpacked(packed: Buffer, { method, bytes }: Entry): Buffer | undefined {
  if (method === 0) return packed;
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    return undefined;
  }
}

function directoryOf(handle: number): Map<string, Entry> | undefined {
  const { size } = fstatSync(handle);
  const tailAt = Math.max(0, size - END.bytes - COMMENT_MAX);
  const tail = bytesAt(handle, tailAt, size - tailAt);
  if (tail === undefined) return undefined;
  for (let at = tail.length - END.bytes; at >= 0; at -= 1) {
    const isEnd =
      tail.readUInt32LE(at) === END.signature && at + END.bytes + tail.readUInt16LE(at + 20) === tail.length;
    if (!isEnd) continue;
    const [count, bytes, offset] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (bytes > DIRECTORY_MAX) return undefined;
    const directory = offset + bytes <= tailAt + at ? bytesAt(handle, offset, bytes) : undefined;
    return directory && entriesOf(directory, count);
  }
  return undefined;
}

function entriesOf(directory: Buffer, count: number): Map<string, Entry> | undefined {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + DIRECTORY.bytes > directory.length || directory.readUInt32LE(at) !== DIRECTORY.signature) return undefined;
    const nameAt = at + DIRECTORY.bytes;
    const nameEnd = nameAt + directory.readUInt16LE(at + 28);
    entries.set(directory.toString('utf8', nameAt, nameEnd), {
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return at === directory.length ? entries : undefined;
}

/** undefined: the file ends before. */
function bytesAt(handle: number, offset: number, bytes: number): Buffer | undefined {
  if (offset + bytes > fstatSync(handle).size) return undefined;
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes; ) {
    const more = readSync(handle, buffer, done, bytes - done, offset + done);
    if (more === 0) return undefined;
    done += more;
  }
  return buffer;
}
