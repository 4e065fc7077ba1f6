/**
 * Records prepared before their turn, read and marked as sent while another is on the wire, so that the wire never waits for the disk.
 * None of them has been started: a change to one takes it back first. It knows no HTTP and decides nothing about a record.
 */
import type { OutboxRecord } from '../../store/record-types.ts';
import type { Outbox } from '../../store/types.ts';
import type { ReadyRecord } from './ready-record.ts';

/** Records held at once. One commit for half of them: a commit for each would delay the wire on any disk, a few more on a slow card. */
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

  /** Includes the first of `next`, several at a time: one message to the store and one commit. Only while a connection is open. */
  fill(next: readonly OutboxRecord[]): void {
    if (this.#ahead.size > MOST / 2) return;
    for (const { id, timeQuality } of next) {
      if (this.#ahead.size >= MOST) return;
      // Once marked, its time could no longer be corrected.
      if (!this.#ahead.has(id) && timeQuality !== 'unknown') this.#begin(id);
    }
  }

  /** Resolves when its read, if any, has ended. */
  async settled(id: number): Promise<void> {
    await this.#ahead.get(id)?.reading;
  }

  /** Starts it. undefined: not read ahead, or taken back. */
  take(id: number): ReadyRecord | undefined {
    const ready = this.#ahead.get(id)?.ready;
    this.#ahead.delete(id);
    return ready;
  }

  /** Takes all back. The marks are removed before any later request to the store. */
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
    // The error surfaces when the record is taken, if ever.
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
