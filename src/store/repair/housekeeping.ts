/** What the store does between requests, a part at each watchdog tick: after a start it sweeps, and now and then it removes what is past its time. */
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import type { Ledger } from '../thread/ledger.ts';
import { sweeping } from './quarantine.ts';

/** From one round to the next, in ticks. */
const ROUND_TICKS = 600;

export class Housekeeping {
  readonly #ledger: Ledger;
  readonly #sweeping: Generator<undefined>;
  #retaining: Generator<undefined> | undefined;
  #ticks = 0;

  /** Not while a damaged database is brought over: a record removed now would come again, in the state before its delivery. */
  constructor(path: string, ledger: Ledger, notice: (notice: StoreNotice) => void) {
    this.#ledger = ledger;
    this.#sweeping = sweeping(path, ledger, notice);
    this.#sweeping.next();
  }

  /** Throws what the disk throws; the round is over then. */
  tick(moment: Moment): void {
    const { space } = this.#ledger;
    this.#sweeping.next();
    this.#ticks += 1;
    if (this.#ticks % ROUND_TICKS === 1) this.#retaining ??= space.retain(moment);
    if (this.#retaining === undefined) return;
    const round = this.#retaining;
    this.#retaining = undefined;
    this.#ledger.begin('retention', moment);
    const { done } = round.next();
    this.#ledger.commit();
    space.shrink();
    if (done !== true) this.#retaining = round;
  }

  end(): void {
    this.#sweeping.return(undefined);
  }
}
