/**
 * One wire as all its devices see it: one turn at a time, quiet after a failed one, and never a byte on a listen-only wire. It knows no
 * protocol: the decoder finds the end of a frame. devices.md section 1.1, reliability.md 4.3.
 */
import { type Bus, type Clock, type Decode, LinkError } from '../driver.ts';
import { createTap, type Tap } from './frame-listener.ts';
import type { Port, Transport } from './port-contract.ts';
import { createSilence } from './silence.ts';
import { type TurnRecord, Turns } from './turns.ts';

/** A half frame is dropped after this many characters of silence, and never sooner than 50 ms: USB adapters buffer. */
const IDLE_CHARACTERS = 20;
const IDLE_LEAST_MS = 50;

export interface WireBus extends Bus {
  readonly transport: Transport;
  /** As Bus says; `onTurn` gets the times of the turn. */
  exchange<T>(
    request: Uint8Array,
    decode: Decode<T>,
    timeoutMs: number,
    gapMs?: number,
    onTurn?: (record: TurnRecord) => void,
  ): Promise<T>;
  /** Resolves with the reason once the port is gone or closed. */
  readonly closed: Promise<LinkError>;
  /** How long requests have been sent without a byte received. 0: answered, or nothing was requested. */
  unansweredMs(): number;
  /** Rejects open and waiting turns, then closes the port. */
  close(error?: LinkError): Promise<void>;
}

export interface BusOptions {
  readonly clock: Clock;
  readonly listenOnly?: boolean;
}

export function createBus(port: Port, options: BusOptions): WireBus {
  const { clock } = options;
  const taps = new Set<Tap>();
  const over = new AbortController();
  let ended: LinkError | undefined;
  let resolveClosed: (error: LinkError) => void;
  const closed = new Promise<LinkError>((resolve) => {
    resolveClosed = resolve;
  });
  const silence = createSilence(port, clock, () => taps.size > 0);
  const turns = new Turns({ port, clock, silence, over: over.signal, broken: (error) => void close(error) });

  function end(error: LinkError): void {
    if (ended !== undefined) return;
    ended = error;
    turns.end(error);
    over.abort();
    for (const tap of taps) tap.end(error);
    resolveClosed(error);
  }

  async function close(error = new LinkError('closed', 'the line was closed')): Promise<void> {
    end(error);
    await port.close();
  }

  port.listen({
    bytes(chunk) {
      for (const tap of taps) tap.bytes(chunk);
      turns.bytes(chunk);
    },
    closed: end,
  });

  return {
    transport: port.transport,
    closed,
    unansweredMs: () => turns.unansweredMs(),
    close,
    exchange<T>(
      request: Uint8Array,
      decode: Decode<T>,
      timeoutMs: number,
      gapMs = 0,
      onTurn?: (record: TurnRecord) => void,
    ): Promise<T> {
      if (options.listenOnly)
        return Promise.reject(new LinkError('listenOnly', 'another master owns this wire: no request is allowed'));
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise<T>((resolve, reject) => {
        const offer = (bytes: Uint8Array): number | undefined => {
          const found = decode(bytes);
          if (found !== undefined) resolve(found.frame);
          return found?.used;
        };
        turns.enqueue({ request, timeoutMs, gapMs, offer, fail: reject, ...(onTurn && { over: onTurn }) });
      });
    },
    async *frames<T>(decode: Decode<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
      if (ended !== undefined) throw ended;
      const idleMs = Math.max(IDLE_LEAST_MS, IDLE_CHARACTERS * port.characterMs);
      const { tap, frames } = createTap(decode, { clock, idleMs }, signal);
      taps.add(tap);
      try {
        yield* frames();
      } finally {
        taps.delete(tap);
      }
    },
  };
}
