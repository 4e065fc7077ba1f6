/**
 * When the next request may go out: the silence between frames, and the longer one after something went wrong, in which whatever comes
 * late is thrown away. It sends nothing and decodes nothing. devices.md rule 2 and 6; reliability.md 4.3.
 */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../driver.ts';
import type { Port } from './port-contract.ts';

/** This many bytes that nobody asked for are a frame, not the spike of a transmitter switching off. */
const STRAY_FRAME = 4;
/** A timer of whole milliseconds would overshoot a silence of 1.75 ms by half of it; the last moment is waited for by turns of the loop. */
const LAST_MOMENT_MS = 0.7;

export interface Silence {
  /** Our own bytes are on the wire until then. */
  sent(untilMs: number, timeoutMs: number): void;
  /** Bytes came in. `stray`: how many of them nobody had asked for. */
  heard(stray: number): void;
  /** A turn ended without its answer: the answer may still come, and must not be taken for the next one. */
  broken(timeoutMs: number): void;
  /** Resolves when the wire has been silent long enough for a request that wants at least `gapMs`. At once when `signal` aborts. */
  wait(gapMs: number, signal: AbortSignal): Promise<void>;
}

/** `unsolicited`: the devices here speak by themselves, so bytes without a request mean nothing. */
export function createSilence(port: Port, clock: Clock, unsolicited: () => boolean): Silence {
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let heardCount = 0;
  let strayBytes = 0;
  let lastTimeoutMs = 0;
  let quarantine: { readonly silenceMs: number; readonly sinceMs: number } | undefined;

  const broken = (timeoutMs: number): void => {
    // Modbus TCP numbers its transactions: a late answer is known as such, so there is nothing to wait for.
    if (port.transport === 'modbus-tcp') return;
    quarantine = { silenceMs: Math.max(port.gapMs, timeoutMs), sinceMs: clock.nowMs() };
  };

  const untilMs = (gapMs: number): number => {
    const gapEndMs = busyUntilMs + Math.max(port.gapMs, gapMs);
    if (quarantine === undefined) return gapEndMs;
    const { silenceMs, sinceMs } = quarantine;
    // Somebody who never stops must not stop us: at most twice the silence.
    const quietMs = Math.min(Math.max(busyUntilMs, sinceMs) + silenceMs, sinceMs + 2 * silenceMs);
    return Math.max(gapEndMs, quietMs);
  };

  /** The kernel may hold an answer that the event loop has not read yet: throw it away there too. False: more came meanwhile. */
  async function discard(): Promise<boolean> {
    const before = heardCount;
    await port.discard();
    const overMs = quarantine === undefined ? 0 : quarantine.sinceMs + 2 * quarantine.silenceMs;
    return heardCount === before || clock.nowMs() >= overMs;
  }

  return {
    broken,
    sent(until, timeoutMs) {
      busyUntilMs = until;
      lastTimeoutMs = timeoutMs;
      strayBytes = 0;
    },
    heard(stray) {
      busyUntilMs = clock.nowMs();
      heardCount += 1;
      strayBytes += stray;
    },
    async wait(gapMs, signal) {
      while (!signal.aborted) {
        // A frame that nobody asked for, perhaps during this very wait: an answer that came twice, or a second master. More may follow.
        if (strayBytes >= STRAY_FRAME && !unsolicited()) {
          if (quarantine === undefined) broken(lastTimeoutMs);
          strayBytes = 0;
        }
        const leftMs = untilMs(gapMs) - clock.nowMs();
        if (leftMs >= LAST_MOMENT_MS) await clock.sleep(Math.max(1, Math.floor(leftMs)), signal);
        else if (leftMs > 0) await turnOfTheLoop();
        else if (quarantine === undefined) return;
        else if (await discard()) quarantine = undefined;
      }
    },
  };
}
