/** What the store does between requests, a part at each watchdog tick: after a start it sweeps, and now and then it removes what is past its time. */
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import type { Ledger } from '../thread/ledger.ts';
import { sweeping } from './quarantine.ts';
import { TakenRecords } from './taken-records.ts';

/** From one round to the next, in ticks: of removing, and of looking for records that somebody took away. */
const RETAIN_TICKS = 600;
const LOOK_TICKS = 60;

type Round = readonly [by: string, parts: Generator<undefined>];

export class Housekeeping {
  readonly #ledger: Ledger;
  readonly #sweeping: Generator<undefined>;
  readonly #taken: TakenRecords;
  readonly #rounds: Round[] = [];
  #ticks = 0;

  /** Not while a damaged database is brought over: a record removed now would come again, in the state before its delivery. */
  constructor(path: string, ledger: Ledger, notice: (notice: StoreNotice) => void) {
    this.#ledger = ledger;
    this.#sweeping = sweeping(path, ledger, notice);
    this.#sweeping.next();
    this.#taken = new TakenRecords(ledger);
  }

  /** Throws what the disk throws; the round is over then. */
  tick(moment: Moment): void {
    const { space } = this.#ledger;
    this.#sweeping.next();
    this.#ticks += 1;
    if (this.#ledger.rows.owes) this.#begin('diskFull', 1, () => this.#ledger.rows.sayOwed(moment));
    this.#begin('putBack', LOOK_TICKS, () => this.#taken.putBack(moment));
    this.#begin('retention', RETAIN_TICKS, () => space.retain(moment));
    const round = this.#rounds.shift();
    if (round === undefined) return;
    const [by, parts] = round;
    this.#ledger.begin(by, moment);
    const { done } = parts.next();
    this.#ledger.commit();
    space.shrink();
    if (done !== true) this.#rounds.unshift(round);
  }

  /** When its time has come and the last one is over. */
  #begin(by: string, ticks: number, parts: () => Generator<undefined>): void {
    if (this.#ticks % ticks === 1 % ticks && this.#rounds.every(([other]) => other !== by))
      this.#rounds.push([by, parts()]);
  }

  end(): void {
    this.#sweeping.return(undefined);
  }
}
