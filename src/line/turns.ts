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

export interface TurnsOptions {
  readonly port: Port;
  readonly clock: Clock;
  readonly silence: Silence;
  /** Aborts when the bus ends. */
  readonly over: AbortSignal;
  /** Called when the port is not writable any more. */
  readonly broken: (error: LinkError) => void;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #clock: Clock;
  readonly #waiting: Turn[] = [];
  readonly #answer = new Uint8Array(ANSWER_MAX);
  #answerLength = 0;
  #open: OpenTurn | undefined;
  /** When the open turn is next checked. One sleep serves many turns: most end long before their deadline. */
  #watchedMs = Number.POSITIVE_INFINITY;
  #unansweredSinceMs: number | undefined;
  #pumping = false;
  /** Why no more turns are accepted. */
  #ended: LinkError | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  enqueue(turn: Turn): void {
    if (this.#waiting.length >= TURNS_MAX) {
      turn.fail(new LinkError('busy', `${TURNS_MAX} turns are waiting for this wire`));
      return;
    }
    this.#waiting.push(turn);
    void this.#pump();
  }

  bytes(chunk: Uint8Array): void {
    const { silence } = this.#options;
    this.#unansweredSinceMs = undefined;
    silence.received(this.#open === undefined ? chunk.length : 0);
    if (this.#open === undefined) return;
    if (this.#answerLength + chunk.length > ANSWER_MAX) {
      this.#finish(new ProtocolError('frame', `more than ${ANSWER_MAX} bytes without a frame`));
      return;
    }
    this.#answer.set(chunk, this.#answerLength);
    this.#answerLength += chunk.length;
    try {
      // A copy: the decoder may keep its input.
      const used = this.#open.turn.offer(this.#answer.slice(0, this.#answerLength));
      if (used === undefined) return;
      silence.received(this.#answerLength - used);
      this.#finish();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#finish(error);
    }
  }

  unansweredMs(): number {
    return this.#unansweredSinceMs === undefined ? 0 : this.#clock.nowMs() - this.#unansweredSinceMs;
  }

  /** Fails the open turn; those that wait fail as each is taken. */
  end(error: LinkError): void {
    this.#ended = error;
    const failed = this.#open;
    this.#open = undefined;
    failed?.turn.fail(error);
    failed?.next();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let turn = this.#waiting.shift(); turn !== undefined; turn = this.#waiting.shift()) await this.#take(turn);
    this.#pumping = false;
  }

  async #take(turn: Turn): Promise<void> {
    const { port, silence, over, broken } = this.#options;
    await silence.wait(turn.gapMs, over);
    if (this.#ended !== undefined) return turn.fail(this.#ended);
    this.#answerLength = 0;
    const sentMs = this.#clock.nowMs();
    this.#unansweredSinceMs ??= sentMs;
    const outMs = sentMs + turn.request.length * port.characterMs;
    silence.sent(outMs, turn.timeoutMs);
    await new Promise<void>((next) => {
      const deadlineMs = outMs + turn.timeoutMs;
      this.#open = { turn, sentMs, outMs, deadlineMs, extended: false, next };
      this.#watch(deadlineMs);
      // A port that failed to write once is dead, whatever it reports.
      port.write(turn.request).catch((error: unknown) => {
        broken(error instanceof LinkError ? error : new LinkError('gone', String(error)));
      });
    });
  }

  #watch(deadlineMs: number): void {
    if (this.#watchedMs <= deadlineMs) return;
    this.#watchedMs = deadlineMs;
    void this.#clock.sleep(deadlineMs - this.#clock.nowMs(), this.#options.over).then(() => this.#check());
  }

  #check(): void {
    this.#watchedMs = Number.POSITIVE_INFINITY;
    const open = this.#open;
    if (open === undefined) return;
    const lateMs = this.#clock.nowMs() - open.deadlineMs;
    if (lateMs > LATE_MS && !open.extended) {
      // We are late ourselves (a busy processor): the answer may be waiting to be read.
      open.extended = true;
      open.deadlineMs += lateMs + LATE_MS;
    }
    if (this.#clock.nowMs() < open.deadlineMs) {
      this.#watch(open.deadlineMs);
      return;
    }
    const length = this.#answerLength;
    const detail = length === 0 ? 'no byte received' : `unexpected bytes: ${hex(this.#answer, length)}`;
    const message = `no answer in ${open.turn.timeoutMs} ms, ${detail}`;
    this.#finish(new LinkError('timeout', message, { receivedBytes: length }));
  }

  /** Ends the open turn; with an error it failed. */
  #finish(error?: LinkError | ProtocolError): void {
    const done = this.#open;
    if (done === undefined) return;
    this.#open = undefined;
    const { port, silence } = this.#options;
    const nowMs = this.#clock.nowMs();
    const thoughtMs = nowMs - done.outMs - this.#answerLength * port.characterMs;
    const turnaroundMs = error === undefined ? Math.max(0, thoughtMs) : undefined;
    done.turn.over?.({ occupiedMs: nowMs - done.sentMs, turnaroundMs });
    if (error !== undefined) {
      silence.broken(done.turn.timeoutMs);
      done.turn.fail(error);
    }
    done.next();
  }
}

function hex(bytes: Uint8Array, length: number): string {
  const shown = Buffer.from(bytes.subarray(0, Math.min(length, 16))).toString('hex');
  return (shown.match(/../g) ?? []).join(' ') + (length > 16 ? ' …' : '');
}
