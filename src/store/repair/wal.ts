/**
 * Checks a WAL before SQLite does. For SQLite it ends at the first frame that is not whole; the rest is overwritten without an error. That is right
 * for the one commit in progress at a power cut; frames behind it were durable and acknowledged.
 *
 *     header   4 magic · 4 version · 4 page size · 4 sequence · 8 salts · 8 checksum of the 24 before
 *     frame    4 page number · 4 pages after the commit, or 0 · 8 salts · 8 checksum: of the one before, the first 8 here and the page · page
 *     checksum two sums, over pairs of words in the byte order of the magic (sqlite.org/fileformat2, section 4.2)
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { unlessLost } from './unless-lost.ts';

/** Page size of every database of ours; its header may be damaged. */
export const PAGE = 2_048;
export const WAL_HEADER = 32;
export const FRAME_HEADER = 24;
const FRAME = FRAME_HEADER + PAGE;
/** With little-endian words, as on these machines. */
const MAGIC = 0x377f0682;

type Read = (length: number, at: number) => Buffer | undefined;

/** The salts of the valid frames: frames of an earlier use of the file, which come last, have others. */
export function saltsOf(header: Buffer | undefined, size: number, read: Read): Buffer | undefined {
  if (header !== undefined && isHeader(header)) return header.subarray(16, 24);
  let before: Buffer | undefined;
  for (let at = WAL_HEADER; at + FRAME <= size; at += FRAME) {
    const frame = read(FRAME, at);
    if (before !== undefined && frame !== undefined && follows(frame, before.subarray(16, 24)))
      return frame.subarray(8, 16);
    before = frame;
  }
  return undefined;
}

/** Whether acknowledged commits lie behind a frame that is not whole. Throws when the disk itself is away. */
export function hasLostCommits(file: string): boolean {
  const handle = unlessLost(() => openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
  if (handle === undefined) return false;
  try {
    const read: Read = (length, at) => {
      const bytes = Buffer.alloc(length);
      return unlessLost(() => readSync(handle, bytes, 0, length, at)) === undefined ? undefined : bytes;
    };
    return commitsBehindDamage(fstatSync(handle).size, read) > 1;
  } finally {
    closeSync(handle);
  }
}

/** The first of them may be the one in progress at a power cut. */
function commitsBehindDamage(size: number, read: Read): number {
  const header = read(WAL_HEADER, 0);
  const salts = size < WAL_HEADER ? undefined : saltsOf(header, size, read);
  if (salts === undefined) return 0;
  let checksum = walChecksum(header);
  let commits = 0;
  for (let at = WAL_HEADER; at + FRAME <= size; at += FRAME) {
    const frame = read(FRAME, at);
    const counts = frame?.subarray(8, 16).equals(salts) === true;
    if (counts && checksum !== undefined && follows(frame, checksum)) checksum = frame.subarray(16, 24);
    else {
      checksum = undefined;
      if (counts && frame.readUInt32BE(4) > 0) commits += 1;
    }
  }
  return commits;
}

function isHeader(header: Buffer): boolean {
  return header.readUInt32BE(0) === MAGIC && summed([0, 0], header.subarray(0, 24)).equals(header.subarray(24, 32));
}

/** The checksum that the first frame follows. undefined: the header is damaged. */
export function walChecksum(header: Buffer | undefined): Buffer | undefined {
  return header !== undefined && isHeader(header) ? header.subarray(24, 32) : undefined;
}

/** Whether a frame is whole and comes directly behind the header or frame with this checksum. */
export function follows(frame: Buffer, checksum: Buffer): boolean {
  const before = [checksum.readUInt32BE(0), checksum.readUInt32BE(4)] as const;
  return summed(before, frame.subarray(0, 8), frame.subarray(FRAME_HEADER)).equals(frame.subarray(16, 24));
}

function summed([first, second]: readonly [number, number], ...parts: readonly Buffer[]): Buffer {
  let [a, b] = [first, second];
  for (const part of parts)
    for (let at = 0; at < part.length; at += 8) {
      a = (a + part.readUInt32LE(at) + b) >>> 0;
      b = (b + part.readUInt32LE(at + 4) + a) >>> 0;
    }
  const sums = Buffer.alloc(8);
  sums.writeUInt32BE(a, 0);
  sums.writeUInt32BE(b, 4);
  return sums;
}
