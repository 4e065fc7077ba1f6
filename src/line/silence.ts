/**
 * When the next request may be sent: after the silence between frames, and a longer one after a fault, during which late bytes are
 * dropped. It sends nothing and decodes nothing. devices.md rule 2 and 6; reliability.md 4.3.
 */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../driver.ts';
import type { Port } from './port-contract.ts';

/** This many unsolicited bytes are a frame, not the spike of a transmitter switching off. */
const STRAY_FRAME = 4;
/**
 * A timer of whole milliseconds would overshoot a silence of 1.75 ms by half of it; the remainder is waited for by turns of the event
 * loop.
 */
const LAST_MOMENT_MS = 0.7;

export interface Silence {
  /** Our own bytes occupy the wire until then. */
  sent(untilMs: number, timeoutMs: number): void;
  /** Bytes were received. `stray`: how many of them were unsolicited. */
  received(stray: number): void;
  /** A turn ended without its answer, which may still come and must not be taken for the next one. */
  broken(timeoutMs: number): void;
  /** Resolves when the wire has been silent long enough for a request that needs `gapMs`. At once when `signal` aborts. */
  wait(gapMs: number, signal: AbortSignal): Promise<void>;
}

/** `unsolicited`: the devices here transmit without a request, so stray bytes mean nothing. */
export function createSilence(port: Port, clock: Clock, unsolicited: () => boolean): Silence {
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let chunkCount = 0;
  let strayBytes = 0;
  let lastTimeoutMs = 0;
  let quarantine: { readonly silenceMs: number; readonly sinceMs: number } | undefined;

  const broken = (timeoutMs: number): void => {
    // Modbus TCP numbers its transactions: a late answer is recognised, so no wait is needed.
    if (port.transport === 'modbus-tcp') return;
    quarantine = { silenceMs: Math.max(port.gapMs, timeoutMs), sinceMs: clock.nowMs() };
  };

  const untilMs = (gapMs: number): number => {
    const gapEndMs = busyUntilMs + Math.max(port.gapMs, gapMs);
    if (quarantine === undefined) return gapEndMs;
    const { silenceMs, sinceMs } = quarantine;
    // A device that never stops must not block us: at most twice the silence.
    const quietMs = Math.min(Math.max(busyUntilMs, sinceMs) + silenceMs, sinceMs + 2 * silenceMs);
    return Math.max(gapEndMs, quietMs);
  };

  /** Drops what the kernel holds and the event loop has not read yet. False: more came meanwhile. */
  async function discard(): Promise<boolean> {
    const before = chunkCount;
    await port.discard();
    const overMs = quarantine === undefined ? 0 : quarantine.sinceMs + 2 * quarantine.silenceMs;
    return chunkCount === before || clock.nowMs() >= overMs;
  }

  /** An unsolicited frame, perhaps during the wait itself: a repeated answer, or a second master. More may follow. */
  function afterStrayBytes(): void {
    if (strayBytes < STRAY_FRAME || unsolicited()) return;
    if (quarantine === undefined) broken(lastTimeoutMs);
    strayBytes = 0;
  }

  return {
    broken,
    sent(until, timeoutMs) {
      busyUntilMs = until;
      lastTimeoutMs = timeoutMs;
      strayBytes = 0;
    },
    received(stray) {
      busyUntilMs = clock.nowMs();
      chunkCount += 1;
      strayBytes += stray;
    },
    async wait(gapMs, signal) {
      while (!signal.aborted) {
        afterStrayBytes();
        const leftMs = untilMs(gapMs) - clock.nowMs();
        if (leftMs >= LAST_MOMENT_MS) await clock.sleep(Math.max(1, Math.floor(leftMs)), signal);
        else if (leftMs > 0) await turnOfTheLoop();
        else if (quarantine === undefined) return;
        else if (await discard()) quarantine = undefined;
      }
    },
  };
}
