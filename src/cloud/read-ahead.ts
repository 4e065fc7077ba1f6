/**
 * Records made ready before their turn, read and marked as sent while another is on the wire, so that the wire never waits for the disk. None
 * of them has begun: whoever changes one has it taken back first. It knows no HTTP and decides nothing about a record.
 */
import type { OutboxRecord } from '../store/record-types.ts';
import type { Outbox } from '../store/types.ts';
import type { ReadyRecord } from './ready-record.ts';

/** In hand at once. A commit for half of them: one for each would hold up the line on any disk, a few more on a slow card. */
const MOST = 24;

interface Ahead {
  ready?: ReadyRecord;
  readonly reading: Promise<void>;
  isTakenBack: boolean;
}

export class ReadAhead {
  readonly #read: (id: number) => Promise<ReadyRecord | undefined>;
  readonly #unsent: Outbox['unsent'];
  readonly #ahead = new Map<number, Ahead>();

  constructor(read: (id: number) => Promise<ReadyRecord | undefined>, unsent: Outbox['unsent']) {
    this.#read = read;
    this.#unsent = unsent;
  }

  get size(): number {
    return this.#ahead.size;
  }

  /** With the first of `next`, several at a time: one message to the store and one commit. Only while a connection stands. */
  fill(next: readonly OutboxRecord[]): void {
    if (this.#ahead.size > MOST / 2) return;
    for (const { id, timeQuality } of next) {
      if (this.#ahead.size >= MOST) return;
      // Marked, its time could no longer be corrected.
      if (!this.#ahead.has(id) && timeQuality !== 'unknown') this.#begin(id);
    }
  }

  /** Until it is read, if it is being read. */
  async settled(id: number): Promise<void> {
    await this.#ahead.get(id)?.reading;
  }

  /** It begins now. undefined: it has not been read, or was taken back. */
  take(id: number): ReadyRecord | undefined {
    const ready = this.#ahead.get(id)?.ready;
    this.#ahead.delete(id);
    return ready;
  }

  /** None of them is to leave now. The marks are gone before whatever is asked of the store next. */
  async takeBack(): Promise<void> {
    const all = [...this.#ahead];
    this.#ahead.clear();
    await Promise.all(
      all.map(([id, ahead]) => {
        ahead.isTakenBack = true;
        ahead.ready?.picture?.giveBack();
        return Promise.all([ahead.reading, this.#unsent(id).catch(() => undefined)]);
      }),
    );
  }

  #begin(id: number): void {
    // Whoever takes it meets the error again.
    const reading = this.#read(id).then(
      (ready) => {
        if (ahead.isTakenBack) ready?.picture?.giveBack();
        else if (ready !== undefined) ahead.ready = ready;
      },
      () => undefined,
    );
    const ahead: Ahead = { reading, isTakenBack: false };
    this.#ahead.set(id, ahead);
  }
}
