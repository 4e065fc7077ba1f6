/** Every frame that passes on a wire, for a listen-only driver. It finds the next frame in a stream and knows no turns. */
import type { Clock, Decode, LinkError } from '../driver.ts';
import { ProtocolError } from '../driver.ts';

/** Bytes buffered before they form a frame; the longest frame we read has 264. The oldest byte is dropped first. */
const BYTES_MAX = 1_024;
/** Bytes not looked at yet: a minute of a wire that a serial server had held back. The oldest is dropped first. */
const WAITING_BYTES_MAX = 65_536;
/** Frames not consumed yet. The oldest is dropped first: at a barrier the newest counts. */
const FRAMES_MAX = 256;

export interface Tap {
  bytes(chunk: Uint8Array): void;
  end(error: LinkError): void;
}

/** A plausible start without an end is skipped after this much silence on the wire. */
export interface TapOptions {
  readonly clock: Clock;
  readonly idleMs: number;
}

/** A tap and its frames. The frames end when `signal` aborts, and throw when the port closes. */
export function createTap<T>(
  decode: Decode<T>,
  options: TapOptions,
  signal: AbortSignal,
): { readonly tap: Tap; readonly frames: () => AsyncGenerator<T, void, undefined> } {
  let pending = new Uint8Array(0);
  const ready: T[] = [];
  let failure: LinkError | undefined;
  let wake: () => void = () => {};
  let idle = new AbortController();
  let rest: NodeJS.Immediate | undefined;

  const found = (frame: T): void => {
    if (ready.length === FRAMES_MAX) ready.shift();
    ready.push(frame);
    wake();
  };
  const take = (stuck: boolean): void => {
    const used = takeFrames(decode, pending, stuck, found);
    pending = pending.subarray(used);
    if (used >= BYTES_MAX && pending.length > 0) {
      rest = setImmediate(take, stuck);
      return;
    }
    rest = undefined;
    if (pending.length > BYTES_MAX) pending = pending.subarray(-BYTES_MAX);
    if (pending.length === 0) return;
    idle = new AbortController();
    const { signal: moved } = idle;
    void options.clock.sleep(options.idleMs, moved).then(() => {
      if (!moved.aborted) take(true);
    });
  };
  const stop = (): void => {
    idle.abort();
    clearImmediate(rest);
  };
  const tap: Tap = {
    bytes(chunk) {
      stop();
      const joined = new Uint8Array(pending.length + chunk.length);
      joined.set(pending);
      joined.set(chunk, pending.length);
      pending = joined.subarray(-WAITING_BYTES_MAX);
      // What came in this turn of the loop is looked at in the next one, behind what waits.
      if (rest === undefined) take(false);
      else rest = setImmediate(take, false);
    },
    end(error) {
      stop();
      failure = error;
      wake();
    },
  };
  async function* frames(): AsyncGenerator<T, void, undefined> {
    const leave = (): void => {
      stop();
      wake();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      for (;;) {
        if (signal.aborted) return;
        const frame = ready.shift();
        if (frame !== undefined) {
          yield frame;
          continue;
        }
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
  return { tap, frames };
}

/**
 * Takes the frames off the front, of so many bytes in one turn: a network may deliver noise faster than it is looked at. `stuck`: the wire is
 * silent, so a half frame at the front is noise. Returns the bytes that are done.
 */
function takeFrames<T>(decode: Decode<T>, bytes: Uint8Array, stuck: boolean, on: (frame: T) => void): number {
  let from = 0;
  while (from < bytes.length && from < BYTES_MAX) {
    const found = tryDecode(decode, bytes.subarray(from));
    if (found === 'more' && !stuck) break;
    if (found === 'more' || found === 'skip') from += 1;
    else {
      on(found.frame);
      from += Math.max(1, found.used);
    }
  }
  return from;
}

function tryDecode<T>(decode: Decode<T>, bytes: Uint8Array): { frame: T; used: number } | 'more' | 'skip' {
  try {
    return decode(bytes) ?? 'more';
  } catch (error) {
    if (error instanceof ProtocolError) return 'skip';
    throw error;
  }
}
