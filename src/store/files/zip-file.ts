/**
 * Reads a zip by the directory at its end, which has the size and the CRC-32 of each file: a zip that was cut has none, and what was damaged is
 * found. Whoever streams a zip learns of neither. Only what programs write without the 64-bit extension and encryption.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

/** Where in the zip a file is, packed, and what it is unpacked. */
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

  /** undefined: it is not there or not what was put in. */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const head = bytesAt(this.#handle, entry.offset, LOCAL.bytes);
    if (head?.readUInt32LE(0) !== LOCAL.signature) return undefined;
    const start = entry.offset + LOCAL.bytes + head.readUInt16LE(26) + head.readUInt16LE(28);
    const packed = bytesAt(this.#handle, start, entry.packedBytes);
    const bytes = packed && unpacked(packed, entry);
    return bytes?.length === entry.bytes && crc32(bytes) === entry.checksum ? bytes : undefined;
  }

  close(): void {
    closeSync(this.#handle);
  }
}

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
