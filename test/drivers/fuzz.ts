/**
 * Random and mutated frames: what a decoder must survive. Repeatable from its seed; half are noise, the rest good frames that were bent,
 * cut, doubled, joined or left as they are.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ProtocolError } from '../../src/driver.ts';

export interface Target {
  /** Frames that mean something, to be bent. */
  readonly good: readonly Uint8Array[];
  /** Gives bytes to the decoder; how much it made of them. Throws when it made something of a wrong checksum. */
  readonly feed: (bytes: Uint8Array, round: number) => number;
  /** How many frames at a time, before what streams hold back is waited for. */
  readonly atATime?: number;
}

export interface Fuzzed {
  /** How often the decoder made something of what it was given. */
  readonly found: number;
  /** Bytes that stay in memory after all of it; 0 after few frames. */
  readonly keptBytes: number;
}

/** A decoder may refuse with ProtocolError; anything else it throws is a crash, and is thrown. */
export async function fuzz(
  { good, feed, atATime = 1_000 }: Target,
  frames: number,
  seed = 20_260_101,
): Promise<Fuzzed> {
  const next = random(seed);
  const isMeasured = frames >= MEASURED_FROM;
  const before = isMeasured ? await memoryInUse() : 0;
  let found = 0;
  for (let round = 0; round < frames; round += 1) {
    const bytes = next(2) === 0 ? noise(next) : bent(good[next(good.length)] ?? new Uint8Array(), good, next);
    try {
      found += feed(bytes, round);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
    // Streams hand on what they have when nothing else is to be done.
    if (round % atATime === atATime - 1) await setImmediate();
  }
  await setImmediate();
  return { found, keptBytes: isMeasured ? (await memoryInUse()) - before : 0 };
}

function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** Small numbers more often than others: they are lengths, units and function codes. */
function noise(next: (below: number) => number): Uint8Array {
  const bytes = new Uint8Array(next(40));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = next(4) === 0 ? next(8) : next(256);
  return bytes;
}

function bent(frame: Uint8Array, good: readonly Uint8Array[], next: (below: number) => number): Uint8Array {
  const bytes = Uint8Array.from(frame);
  const at = next(bytes.length);
  switch (next(8)) {
    case 0:
      return bytes;
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
      return bytes;
    case 2:
      bytes[at] = next(256);
      bytes[next(bytes.length)] = next(256);
      return bytes;
    case 3:
      return bytes.slice(0, at);
    case 4:
      return bytes.slice(at);
    case 5:
      return joined(bytes.subarray(0, at), Uint8Array.of(next(256)), bytes.subarray(at));
    case 6:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1));
    default:
      return joined(bytes, good[next(good.length)] ?? bytes);
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Fewer frames are no memory to speak of, all of them kept, and four collections take longer than they do. */
const MEASURED_FROM = 10_000;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What a first collection leaves to finalizers (streams, buffers outside of the heap) is gone with the second. */
async function memoryInUse(): Promise<number> {
  collect();
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
