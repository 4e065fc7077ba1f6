/**
 * A picture fit to be sent: whole, and within the size limit where possible. What makes it smaller is a program of its own with limits of its own
 * (`deploy/picture/shrink-picture.c`): nothing that a camera sends can take the memory of the lanes. A release ships it beside its program; from the
 * source tree the one on PATH is used, and without one a large picture goes unchanged. It knows bytes, no record.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** It takes a second for twelve megapixels, limits its own processor time, and a starved box gives it a fifth of that. */
const LIMIT_MS = 120_000;

export interface PreparedPicture {
  readonly bytes?: Uint8Array;
  /** Why it differs from the camera's: `pictureBroken`, or `pictureLarge` when it could not be made smaller. */
  readonly note?: 'pictureBroken' | 'pictureLarge';
}

/** The same bytes give the same result at every attempt. */
export async function preparePicture(bytes: Uint8Array | undefined, maxBytes: number): Promise<PreparedPicture> {
  if (bytes === undefined) return {};
  if (!isWholeJpeg(bytes)) return { note: 'pictureBroken' };
  if (bytes.length <= maxBytes) return { bytes };
  const smaller = await shrinkInTurn(bytes, maxBytes);
  return smaller === undefined ? { bytes, note: 'pictureLarge' } : { bytes: smaller };
}

/**
 * Whether the bytes are a JPEG from its start to its end (ISO/IEC 10918-1, annex B):
 *
 *     FF D8            start
 *     FF xx  LL LL …   segments, each with its length including the two length bytes; at least one frame header (C0 … CF)
 *     FF DA  LL LL …   start of the scan, then entropy-coded data
 *     FF D9            end; cameras pad behind it
 */
export function isWholeJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  let at = 2;
  let framed = false;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) return framed && endsAfter(bytes, at);
    // C4, C8 and CC are tables and reserved; the rest of C0…CF begin a frame.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) framed = true;
    at += 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
  }
  return false;
}

/** In entropy-coded data a marker byte is never FF D9 unless it is the end. */
function endsAfter(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

function findTool(): string | undefined {
  const shipped = fileURLToPath(new URL('../../shrink-picture', import.meta.url));
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [shipped, ...folders.map((folder) => join(folder, 'shrink-picture'))].find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let before: Promise<unknown> = Promise.resolve();

/** One at a time: what they take together is what one takes. Who waits is bounded by the requests in flight. */
function shrinkInTurn(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  const tool = findTool();
  if (tool === undefined) return Promise.resolve(undefined);
  const result = before.then(() => shrink(tool, bytes, maxBytes));
  before = result;
  return result;
}

/** undefined: it cannot be read, or does not fit. Such a picture is still sent: a person may see enough in it. Never rejects. */
function shrink(tool: string, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const child = spawn(tool, [String(maxBytes)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      env: {},
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => {
      const smaller = Buffer.concat(parts);
      resolve(code === 0 && smaller.length <= maxBytes && isWholeJpeg(smaller) ? smaller : undefined);
    });
    // It may refuse before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(bytes);
  });
}
