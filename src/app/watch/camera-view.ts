/**
 * Whether the pictures of a camera still show the lane: one that is covered gives a picture of one colour, a frozen one the same bytes again and
 * again. It decodes nothing and knows no lane; a camera that is turned away shows something else, which nothing here can tell.
 */
import { crc32 } from 'node:zlib';
import type { Frame } from '../../driver.ts';

type View = 'covered' | 'frozen';

/** Pictures in a row: one may be taken while the camera opens its shutter. */
const IN_A_ROW = 3;
/** A picture bears the second it was taken in, or at least noise. */
const SAME_FOR_MS = 5_000;
/** Of a block of 8 × 8 without any detail its mean is left: under a byte, with the noise of a dark sensor too. A poor picture of a lane has two. */
const BYTES_A_BLOCK = 1.05;

/** `report` is called when a view begins or ends. */
export function createCameraView(report: (view: View, on: boolean) => void): (frame: Frame) => void {
  const now: Record<View, boolean> = { covered: false, frozen: false };
  let blank = 0;
  /** Not the frame: its memory is the ring's, which reads others into it. */
  let same = { sum: -1, sinceMs: 0, count: 0 };
  const set = (view: View, on: boolean): void => {
    if (now[view] === on) return;
    now[view] = on;
    report(view, on);
  };
  return (frame) => {
    blank = isBlank(frame.bytes) ? blank + 1 : 0;
    set('covered', blank >= IN_A_ROW);
    const sum = crc32(frame.bytes);
    same = sum === same.sum ? { ...same, count: same.count + 1 } : { sum, sinceMs: frame.atMs, count: 1 };
    set('frozen', same.count >= IN_A_ROW && frame.atMs - same.sinceMs >= SAME_FOR_MS);
  };
}

/** A JPEG without detail (ITU T.81, B.2): bytes of its scans by blocks. What is no JPEG is no picture, which is told elsewhere. */
function isBlank(bytes: Uint8Array): boolean {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
  let blocks = 0;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + word(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) blocks = blocksOf(bytes.subarray(at));
    // The first scan: entropy-coded data begins behind its header.
    if (marker === 0xda) return blocks > 0 && (bytes.length - at) / blocks < BYTES_A_BLOCK;
  }
  return false;
}

/** Blocks of all components, by the frame header: a component with half the samples has as many fewer. */
function blocksOf(header: Uint8Array): number {
  const height = ((header[5] ?? 0) << 8) + (header[6] ?? 0);
  const width = ((header[7] ?? 0) << 8) + (header[8] ?? 0);
  const count = header[9] ?? 0;
  const samples = Array.from({ length: count }, (_, index) => {
    const factors = header[11 + 3 * index] ?? 0x11;
    return (factors >> 4) * (factors & 15);
  });
  const most = Math.max(1, ...samples);
  return (samples.reduce((sum, each) => sum + each / most, 0) * width * height) / 64;
}
