/** The turns on a wire: their order, the answer of the open one, and its deadline. It knows no frame. */
import { type Clock, LinkError, ProtocolError } from '../driver.ts';
import type { Port } from './port-contract.ts';
import type { Silence } from './silence.ts';

/** Turns waiting. A driver has one open at a time, so only a mistake reaches this limit; then the newest is refused. */
const TURNS_MAX = 64;
/** Bytes of one answer. The longest Modbus frame has 264; more without a frame is noise and ends the turn. */
const ANSWER_MAX = 4_096;
/** A deadline noticed this much too late was missed by us and not by the device. */
const LATE_MS = 3;

export interface Turn {
  readonly request: Uint8Array;
  /** From the last byte of the request. */
  readonly timeoutMs: number;
  readonly gapMs: number;
  /** Gets the bytes so far. Returns the bytes used when the turn is over, undefined while more are needed; throws ProtocolError. */
  offer(bytes: Uint8Array): number | undefined;
  fail(error: LinkError | ProtocolError): void;
  /** Called at the end of the turn, with or without an answer. */
  over?(record: TurnRecord): void;
}

export interface TurnRecord {
  /** From the first byte of the request to the end of the turn. */
  readonly occupiedMs: number;
  /** Response time of the device; undefined without an answer. */
  readonly turnaroundMs: number | undefined;
}

interface OpenTurn {
  readonly turn: Turn;
  readonly sentMs: number;
  /** When the last byte of the request was sent. */
  readonly outMs: number;
  deadlineMs: number;
  extended: boolean;
  readonly next: () => void;
}

export interface Turns {
  enqueue(turn: Turn): void;
  bytes(chunk: Uint8Array): void;
  unansweredMs(): number;
  /** Fails the open turn and all waiting ones. */
  end(error: LinkError): void;
}

/** `broken`: called when the port is not writable any more. `over`: aborts when the bus ends. */
export function createTurns(
  port: Port,
  clock: Clock,
  silence: Silence,
  over: AbortSignal,
  broken: (error: LinkError) => void,
): Turns {
  const waiting: Turn[] = [];
  const answer = new Uint8Array(ANSWER_MAX);
  let answerLength = 0;
  let open: OpenTurn | undefined;
  /** When the open turn is next checked. One sleep serves many turns: most end long before their deadline. */
  let watchedMs = Number.POSITIVE_INFINITY;
  let unansweredSinceMs: number | undefined;
  let pumping = false;
  /** Why no more turns are accepted. */
  let ended: LinkError | undefined;

  /** Ends the open turn; with an error it failed. */
  function finish(error?: LinkError | ProtocolError): void {
    const done = open;
    if (done === undefined) return;
    open = undefined;
    const nowMs = clock.nowMs();
    const thought = nowMs - done.outMs - answerLength * port.characterMs;
    const turnaroundMs = error === undefined ? Math.max(0, thought) : undefined;
    done.turn.over?.({ occupiedMs: nowMs - done.sentMs, turnaroundMs });
    if (error !== undefined) {
      silence.broken(done.turn.timeoutMs);
      done.turn.fail(error);
    }
    done.next();
  }

  function watch(deadlineMs: number): void {
    if (watchedMs <= deadlineMs) return;
    watchedMs = deadlineMs;
    void clock.sleep(deadlineMs - clock.nowMs(), over).then(check);
  }

  function check(): void {
    watchedMs = Number.POSITIVE_INFINITY;
    if (open === undefined) return;
    const lateMs = clock.nowMs() - open.deadlineMs;
    if (lateMs > LATE_MS && !open.extended) {
      // We are late ourselves (a busy processor): the answer may be waiting to be read.
      open.extended = true;
      open.deadlineMs += lateMs + LATE_MS;
    }
    if (clock.nowMs() < open.deadlineMs) {
      watch(open.deadlineMs);
      return;
    }
    const detail = answerLength === 0 ? 'no byte received' : `unexpected bytes: ${hex(answer, answerLength)}`;
    finish(new LinkError('timeout', `no answer in ${open.turn.timeoutMs} ms, ${detail}`));
  }

  async function take(turn: Turn): Promise<void> {
    await silence.wait(turn.gapMs, over);
    if (ended !== undefined) return turn.fail(ended);
    answerLength = 0;
    const sentMs = clock.nowMs();
    unansweredSinceMs ??= sentMs;
    const outMs = sentMs + turn.request.length * port.characterMs;
    silence.sent(outMs, turn.timeoutMs);
    await new Promise<void>((next) => {
      open = { turn, sentMs, outMs, deadlineMs: outMs + turn.timeoutMs, extended: false, next };
      watch(open.deadlineMs);
      // A port that failed to write once is dead, whatever it reports.
      port.write(turn.request).catch((error: unknown) => {
        broken(error instanceof LinkError ? error : new LinkError('gone', String(error)));
      });
    });
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) await take(turn);
    pumping = false;
  }

  return {
    enqueue(turn) {
      if (waiting.length >= TURNS_MAX)
        return turn.fail(new LinkError('busy', `${TURNS_MAX} turns are waiting for this wire`));
      waiting.push(turn);
      void pump();
    },
    bytes(chunk) {
      unansweredSinceMs = undefined;
      silence.received(open === undefined ? chunk.length : 0);
      if (open === undefined) return;
      if (answerLength + chunk.length > ANSWER_MAX)
        return finish(new ProtocolError('frame', `more than ${ANSWER_MAX} bytes without a frame`));
      answer.set(chunk, answerLength);
      answerLength += chunk.length;
      try {
        // A copy: the decoder may keep its input.
        const used = open.turn.offer(answer.slice(0, answerLength));
        if (used === undefined) return;
        silence.received(answerLength - used);
        finish();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        finish(error);
      }
    },
    unansweredMs: () => (unansweredSinceMs === undefined ? 0 : clock.nowMs() - unansweredSinceMs),
    end(error) {
      ended = error;
      for (const turn of waiting.splice(0)) turn.fail(error);
      const failed = open;
      open = undefined;
      failed?.turn.fail(error);
      failed?.next();
    },
  };
}

function hex(bytes: Uint8Array, length: number): string {
  const shown = Buffer.from(bytes.subarray(0, Math.min(length, 16))).toString('hex');
  return (shown.match(/../g) ?? []).join(' ') + (length > 16 ? ' …' : '');
}
