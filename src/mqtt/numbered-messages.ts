/**
 * Messages that a broker does not retain, each with a number: docs/intake.md says what a receiver makes of it. One that was published is kept on the
 * disk until the broker has it. Nothing here waits for the disk: numbers come in blocks, and while none is left messages wait for one.
 */
import type { NumberedMessage, Numbers } from '../store/numbers.ts';
import type { NumberRange, PublishedMessage } from './published-messages.ts';

/** In memory, as on the disk. */
const WAITING_MAX = 500;

interface Waiting extends NumberedMessage {
  readonly done?: (() => void) | undefined;
}

export class NumberedMessages {
  readonly #numbers: Numbers;
  readonly #box: string;
  readonly #base: string;
  readonly #added: () => void;
  #series: string | undefined;
  #next = 0;
  #last = -1;
  #isReserving = false;
  #waiting: readonly Waiting[] = [];
  #unnumbered: readonly PublishedMessage[] = [];
  #dropped = 0;

  /** `added`: called when there is another one to be sent. */
  constructor(numbers: Numbers, box: string, base: string, added: () => void) {
    this.#numbers = numbers;
    this.#box = box;
    this.#base = base;
    this.#added = added;
  }

  /** Goes on where the last run ended. Resolves to the newest record it told of. A store that refuses answers when it can. */
  async open(): Promise<number> {
    const { series, notUsed, waiting, record } = await this.#numbers.open();
    // Those published meanwhile wait for their number.
    this.#waiting = waiting;
    this.#series = series;
    if (notUsed !== undefined) this.#unnumbered = [this.#notUsed(series, notUsed), ...this.#unnumbered];
    if (this.#unnumbered.length > 0) await this.#reserve();
    if (waiting.length > 0) this.#added();
    return record;
  }

  add(message: PublishedMessage): void {
    if (this.#series !== undefined && this.#next <= this.#last && this.#unnumbered.length === 0) this.#number(message);
    else {
      this.#unnumbered = this.#limited([...this.#unnumbered, message]);
      if (this.#series !== undefined) void this.#reserve();
    }
  }

  /** The oldest that the broker does not have. */
  get first(): NumberedMessage | undefined {
    return this.#waiting[0];
  }

  arrived(message: NumberedMessage): void {
    const found = this.#waiting.find((each) => each === message);
    this.#waiting = this.#waiting.filter((each) => each !== message);
    found?.done?.();
    // Else it is sent again, as it was.
    void this.#numbers.arrived(message).catch(() => undefined);
  }

  /** undefined: no number has been given yet. */
  told(): NumberRange | undefined {
    const series = this.#series;
    if (series === undefined || this.#next === 0) return undefined;
    const oldest = this.#waiting.find((each) => each.series === series);
    return { series, first: oldest?.n ?? this.#next, last: this.#next - 1 };
  }

  /** Messages dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** The end in peace. */
  async close(): Promise<void> {
    if (this.#next > 0) await this.#numbers.giveBack(this.#next - 1).catch(() => undefined);
  }

  /** Blocks follow each other, but for one of another series: what is left of the former is given to nothing. Resolves when the messages that waited for it have theirs, or the store has refused: the next message asks again. */
  async #reserve(): Promise<void> {
    if (this.#isReserving) return;
    this.#isReserving = true;
    do {
      const block = await this.#numbers.reserve().catch(() => undefined);
      if (block === undefined) break;
      if (this.#next > this.#last || block.series !== this.#series) this.#next = block.first;
      this.#series = block.series;
      this.#last = block.last;
      while (this.#next <= this.#last) {
        const [message, ...rest] = this.#unnumbered;
        if (message === undefined) break;
        this.#unnumbered = rest;
        this.#number(message);
      }
    } while (this.#unnumbered.length > 0);
    this.#isReserving = false;
  }

  #number({ topic, payload, done, record }: PublishedMessage): void {
    const series = this.#series ?? '';
    const n = this.#next;
    this.#next += 1;
    const number = { box: this.#box, series, destination: 'mqtt', n };
    const numbered: Waiting = {
      ...{ series, n, topic, done },
      payload: JSON.stringify({ ...(JSON.parse(payload) as object), number }),
    };
    this.#waiting = this.#limited([...this.#waiting, numbered]);
    void this.#numbers.keep({ series, n, topic, payload: numbered.payload }, record).catch(() => undefined);
    if (this.#next + RESERVE_AHEAD > this.#last) void this.#reserve();
    this.#added();
  }

  #limited<Message>(messages: readonly Message[]): readonly Message[] {
    this.#dropped += Math.max(0, messages.length - WAITING_MAX);
    return messages.slice(-WAITING_MAX);
  }

  #notUsed(series: string, { first, last }: { readonly first: number; readonly last: number }): PublishedMessage {
    const payload = JSON.stringify({ notUsed: { series, first, last } });
    return { topic: `${this.#base}/numbers`, payload, retain: false };
  }
}

/** Of a block: the next one is reserved when no more than these are left, so that a disk that refuses finds some in hand. */
const RESERVE_AHEAD = 32;
