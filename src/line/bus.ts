/**
 * One wire as all its devices see it: one turn at a time, quiet after a failed one, and never a byte on a wire that is only listened to.
 * It knows no protocol: where a frame ends is for the decoder it is handed. devices.md section 1.1, reliability.md 4.3.
 */
import { type Bus, type Clock, type Decode, LinkError, ProtocolError } from '../driver.ts';
import type { Port, Transport } from './port.ts';
import { createTap, type Tap } from './tap.ts';

/** Turns waiting. A driver has one open at a time, so this is only ever reached by a mistake; then the newest is refused. */
const TURNS_MAX = 64;
/** Bytes of one answer. The longest Modbus frame has 264. More than this without a frame is noise, and ends the turn. */
const ANSWER_MAX = 4_096;
/** This many bytes that nobody asked for are a frame, not the spike of a transmitter switching off. */
const STRAY_FRAME = 4;
/** A deadline noticed this much too late was missed by us and not by the device. */
const LATE_MS = 3;
/** A half frame that a listener holds is no frame after this many characters of silence, and never sooner than 50 ms: USB collects. */
const IDLE_CHARACTERS = 20;
const IDLE_LEAST_MS = 50;

export interface WireBus extends Bus {
  readonly transport: Transport;
  /** Resolves with the reason once the port is gone or closed. */
  readonly closed: Promise<LinkError>;
  /** For how long requests have gone out and not a byte has come in. 0: all is well, or nothing was asked. */
  unansweredMs(): number;
  /** Rejects what is under way and what waits, then closes the port. */
  close(error?: LinkError): Promise<void>;
}

export interface BusOptions {
  readonly clock: Clock;
  readonly listenOnly?: boolean;
}

interface Turn {
  readonly request: Uint8Array;
  readonly timeoutMs: number;
  readonly gapMs: number;
  /** Takes what has come so far. The bytes used when the turn is over, undefined while more are needed; throws ProtocolError. */
  readonly offer: (bytes: Uint8Array) => number | undefined;
  readonly fail: (error: LinkError | ProtocolError) => void;
}

export function createBus(port: Port, options: BusOptions): WireBus {
  const { clock } = options;
  const gap = port.gapMs;
  const waiting: Turn[] = [];
  const taps = new Set<Tap>();
  const answer = new Uint8Array(ANSWER_MAX);
  let answerLength = 0;
  let current: { readonly turn: Turn; readonly over: AbortController } | undefined;
  let pumping = false;
  let ended: LinkError | undefined;
  let lastHeardMs: number | undefined;
  let unansweredSinceMs: number | undefined;
  /** End of the last byte on the wire, ours or theirs. */
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let strayBytes = 0;
  let lastTimeoutMs = 0;
  let quarantine: { readonly silenceMs: number; readonly sinceMs: number } | undefined;
  const over = new AbortController();
  let tellClosed: (error: LinkError) => void;
  const closed = new Promise<LinkError>((resolve) => {
    tellClosed = resolve;
  });

  const startQuarantine = (timeoutMs: number): void => {
    // Modbus TCP numbers its transactions: a late answer is known as such, so there is nothing to wait for.
    if (port.transport === 'modbus-tcp') return;
    quarantine = { silenceMs: Math.max(gap, timeoutMs), sinceMs: clock.nowMs() };
  };

  const finish = (error?: LinkError | ProtocolError): void => {
    const done = current;
    if (done === undefined) return;
    current = undefined;
    done.over.abort();
    if (error === undefined) return;
    startQuarantine(done.turn.timeoutMs);
    done.turn.fail(error);
  };

  port.listen({
    bytes(chunk) {
      lastHeardMs = clock.nowMs();
      busyUntilMs = lastHeardMs;
      unansweredSinceMs = undefined;
      for (const tap of taps) tap.bytes(chunk);
      if (current === undefined) {
        strayBytes += chunk.length;
        return;
      }
      if (answerLength + chunk.length > ANSWER_MAX) {
        finish(new ProtocolError('frame', `more than ${ANSWER_MAX} bytes and no frame among them`));
        return;
      }
      answer.set(chunk, answerLength);
      answerLength += chunk.length;
      try {
        // A copy: the decoder may keep what it is given.
        const used = current.turn.offer(answer.slice(0, answerLength));
        if (used === undefined) return;
        strayBytes = answerLength - used;
        finish();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        finish(error);
      }
    },
    closed: end,
  });

  function end(error: LinkError): void {
    if (ended !== undefined) return;
    ended = error;
    over.abort();
    const failed = current;
    current = undefined;
    failed?.over.abort();
    failed?.turn.fail(error);
    for (const turn of waiting.splice(0)) turn.fail(error);
    for (const tap of taps) tap.end(error);
    tellClosed(error);
  }

  /** Waits until the next request may go out. */
  async function quiet(gapMs: number): Promise<void> {
    if (strayBytes >= STRAY_FRAME && taps.size === 0 && quarantine === undefined) startQuarantine(lastTimeoutMs);
    strayBytes = 0;
    while (ended === undefined) {
      const nowMs = clock.nowMs();
      let untilMs = busyUntilMs + Math.max(gap, gapMs);
      if (quarantine !== undefined) {
        const { silenceMs, sinceMs } = quarantine;
        // Somebody who never stops must not stop us: at most twice the silence.
        untilMs = Math.max(untilMs, Math.min(Math.max(busyUntilMs, sinceMs) + silenceMs, sinceMs + 2 * silenceMs));
      }
      if (nowMs < untilMs) {
        await clock.sleep(untilMs - nowMs, over.signal);
        continue;
      }
      if (quarantine === undefined) return;
      // The kernel may hold an answer that the event loop has not read yet: throw it away there too, and look again.
      const heardMs = lastHeardMs;
      await port.discard();
      if (lastHeardMs === heardMs || clock.nowMs() >= quarantine.sinceMs + 2 * quarantine.silenceMs) {
        quarantine = undefined;
        return;
      }
    }
  }

  async function take(turn: Turn): Promise<void> {
    await quiet(turn.gapMs);
    if (ended !== undefined) return turn.fail(ended);
    const mine = { turn, over: new AbortController() };
    answerLength = 0;
    strayBytes = 0;
    lastTimeoutMs = turn.timeoutMs;
    current = mine;
    const sentMs = clock.nowMs();
    unansweredSinceMs ??= sentMs;
    const outMs = sentMs + turn.request.length * port.characterMs;
    busyUntilMs = outMs;
    try {
      await port.write(turn.request);
    } catch (error) {
      if (current !== mine) return;
      current = undefined;
      if (!(error instanceof LinkError)) throw error;
      turn.fail(error);
      // A port that failed to write once is dead, whatever it says.
      await close(error);
      return;
    }
    const deadlineMs = outMs + turn.timeoutMs;
    await clock.sleep(deadlineMs - clock.nowMs(), mine.over.signal);
    // If we are late ourselves (a busy processor), the answer may be waiting to be read: look once more.
    if (current === mine && clock.nowMs() > deadlineMs + LATE_MS) await clock.sleep(LATE_MS, mine.over.signal);
    if (current !== mine) return;
    const heard =
      answerLength === 0 ? 'nothing came' : `${answerLength} bytes that do not fit: ${hex(answer, answerLength)}`;
    finish(new LinkError('timeout', `no answer in ${turn.timeoutMs} ms, ${heard}`));
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    try {
      for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) await take(turn);
    } finally {
      pumping = false;
    }
  }

  async function close(error = new LinkError('closed', 'the line was closed')): Promise<void> {
    end(error);
    await port.close();
  }

  return {
    transport: port.transport,
    closed,
    unansweredMs: () => (unansweredSinceMs === undefined ? 0 : clock.nowMs() - unansweredSinceMs),
    close,
    exchange<T>(request: Uint8Array, decode: Decode<T>, timeoutMs: number, gapMs = 0): Promise<T> {
      if (options.listenOnly) {
        return Promise.reject(new LinkError('listenOnly', 'another master owns this wire: nothing may be asked on it'));
      }
      if (ended !== undefined) return Promise.reject(ended);
      if (waiting.length >= TURNS_MAX) {
        return Promise.reject(new LinkError('busy', `${TURNS_MAX} turns are waiting for this wire`));
      }
      return new Promise<T>((resolve, reject) => {
        waiting.push({
          request,
          timeoutMs,
          gapMs,
          offer(bytes) {
            const found = decode(bytes);
            if (found === undefined) return undefined;
            resolve(found.frame);
            return found.used;
          },
          fail: reject,
        });
        void pump();
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

function hex(bytes: Uint8Array, length: number): string {
  const shown = Buffer.from(bytes.subarray(0, Math.min(length, 16))).toString('hex');
  return (shown.match(/../g) ?? []).join(' ') + (length > 16 ? ' …' : '');
}
