/** The zip of a bundle, read so that no other program unpacks anything else of it; the rule is in docs/en/evidence-format.md. It knows no bundle. */
import { inflateRawSync } from 'node:zlib';

const BYTES_MAX = 200_000_000;
const IN_DIRECTORY = 0x02014b50;
const ENTRY = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
/** How well it is packed, sizes behind what is packed, names in UTF-8. */
const FLAGS = 0x080e;
const SIZES_BEHIND = 8;
/** Extra fields with times and owners. Others give an entry another name or size. */
const EXTRAS = [0x000a, 0x5455, 0x5855, 0x7855, 0x7875];

export class ZipFault extends Error {
  readonly what: 'zip' | 'hidden';
  readonly file: string | undefined;
  /** `zip`: none, cut or too large; `hidden`: what one program unpacks of it another does not. */
  constructor(what: 'zip' | 'hidden', file?: string) {
    super(what);
    this.what = what;
    this.file = file;
  }
}

/** Throws ZipFault, or what else where it is damaged. */
export function zipEntries(bytes: Uint8Array): (readonly [name: string, bytes: Uint8Array])[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new ZipFault('zip');
  const directory = zip.readUInt32LE(end + 16);
  const entries: (readonly [string, Uint8Array])[] = [];
  let [at, from, left] = [directory, 0, BYTES_MAX];
  while (at < end) {
    const entry = entryAt(zip, at, from, left);
    entries.push([entry.name, entry.bytes]);
    at += entry.inDirectory;
    from += entry.size;
    left -= entry.bytes.length;
  }
  // Of one disk, without a comment, and nothing behind it.
  const last = Buffer.from('504b0506'.padEnd(44, '0'), 'hex');
  for (const place of [8, 10]) last.writeUInt16LE(entries.length, place);
  last.writeUInt32LE(end - directory, 12);
  last.writeUInt32LE(directory, 16);
  if (at !== end || from !== directory || !last.equals(zip.subarray(end))) throw new ZipFault('hidden');
  return entries;
}

/** Named in the directory at `at`, itself at `from`. */
function entryAt(zip: Buffer, at: number, from: number, left: number) {
  const named = zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28));
  const name = named.toString();
  const [flags, method] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10)];
  const [packed, whole] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
  const sums = zip.subarray(at + 16, at + 28);
  const extras = [at + 46 + named.length, from + 30 + named.length] as const;
  const lengths = [zip.readUInt16LE(at + 30), zip.readUInt16LE(from + 28)] as const;
  const start = extras[1] + lengths[1];
  const isBehind = (flags & SIZES_BEHIND) !== 0;
  const behind = isBehind ? (zip.readUInt32LE(start + packed) === DESCRIPTOR ? 16 : 12) : 0;
  const next = start + packed + behind;
  const isAsNamed =
    zip.readUInt32LE(at) === IN_DIRECTORY &&
    zip.readUInt32LE(from) === ENTRY &&
    // Without a comment, on the first disk.
    zip.readUInt32LE(at + 32) === 0 &&
    zip.readUInt32LE(at + 42) === from &&
    zip.subarray(from + 6, from + 10).equals(zip.subarray(at + 8, at + 12)) &&
    zip.subarray(from + 14, from + 26).equals(isBehind ? Buffer.alloc(12) : sums) &&
    zip.subarray(from + 26, from + 28).equals(zip.subarray(at + 28, at + 30)) &&
    zip.subarray(from + 30, extras[1]).equals(named) &&
    (!isBehind || zip.subarray(next - 12, next).equals(sums)) &&
    (flags & ~FLAGS) === 0 &&
    (method === 8 || (method === 0 && packed === whole && !isBehind)) &&
    extras.every((one, index) => isPlain(zip.subarray(one, one + (lengths[index] ?? 0))));
  if (!isAsNamed) throw new ZipFault('hidden', name);
  if (whole > left) throw new ZipFault('zip');
  const content = zip.subarray(start, start + packed);
  const bytes = method === 0 ? content : inflated(content, whole);
  if (bytes?.length !== whole) throw new ZipFault('hidden', name);
  return { name, bytes, inDirectory: 46 + named.length + lengths[0], size: next - from };
}

/** undefined: there is something behind what is packed. */
function inflated(packed: Buffer, whole: number): Buffer | undefined {
  const options = { info: true, maxOutputLength: Math.max(whole, 1) };
  const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  return engine.bytesWritten === packed.length ? buffer : undefined;
}

function isPlain(extra: Buffer): boolean {
  let at = 0;
  while (at + 4 <= extra.length && EXTRAS.includes(extra.readUInt16LE(at))) at += 4 + extra.readUInt16LE(at + 2);
  return at === extra.length;
}
