/** Every frame that passes on a wire, for a listen-only driver. It finds the next frame in a stream and knows no turns. */
import type { Clock, Decode, LinkError } from '../driver.ts';
import { ProtocolError } from '../driver.ts';

/** Bytes buffered before they form a frame; the longest frame we read has 264. The oldest byte is dropped first. */
const BYTES_MAX = 1_024;
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

  /** Takes all frames off the front. `stuck`: the wire is silent, so a half frame at the front is noise. */
  const take = (stuck: boolean): void => {
    while (pending.length > 0) {
      const found = tryDecode(decode, pending);
      if (found === 'more' && !stuck) return;
      if (found === 'more' || found === 'skip') {
        pending = pending.slice(1);
        continue;
      }
      if (ready.length === FRAMES_MAX) ready.shift();
      ready.push(found.frame);
      pending = pending.slice(Math.max(1, found.used));
      wake();
    }
  };
  const tap: Tap = {
    bytes(chunk) {
      idle.abort();
      const joined = new Uint8Array(pending.length + chunk.length);
      joined.set(pending);
      joined.set(chunk, pending.length);
      pending = joined;
      take(false);
      if (pending.length > BYTES_MAX) pending = pending.slice(-BYTES_MAX);
      if (pending.length === 0) return;
      idle = new AbortController();
      const { signal: moved } = idle;
      void options.clock.sleep(options.idleMs, moved).then(() => {
        if (!moved.aborted) take(true);
      });
    },
    end(error) {
      idle.abort();
      failure = error;
      wake();
    },
  };
  async function* frames(): AsyncGenerator<T, void, undefined> {
    const stop = (): void => {
      idle.abort();
      wake();
    };
    signal.addEventListener('abort', stop, { once: true });
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
      signal.removeEventListener('abort', stop);
    }
  }
  return { tap, frames };
}

function tryDecode<T>(decode: Decode<T>, bytes: Uint8Array): { frame: T; used: number } | 'more' | 'skip' {
  try {
    return decode(bytes) ?? 'more';
  } catch (error) {
    if (error instanceof ProtocolError) return 'skip';
    throw error;
  }
}
