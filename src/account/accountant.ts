/** The accounts of all lanes of a running box: keeps the days that have changed once a minute, when asked, and at the end. */
import type { Clock } from '../clock.ts';
import type { AccountStore } from '../store/days/accounts.ts';
import type { FoldKnowledge, Rows } from './account.ts';
import { rowsOf } from './closing.ts';
import { LaneAccount } from './lane-account.ts';
import { sheetLine } from './sheet.ts';

/** What is not kept yet is folded from the journal again after a power cut. */
const KEEP_EVERY_MS = 60_000;

export class Accountant {
  readonly #store: Pick<AccountStore, 'keep'>;
  readonly #clock: Clock;
  readonly #lanes: LaneAccount[] = [];
  #keeping: Promise<void> | undefined;

  constructor(store: Pick<AccountStore, 'keep'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The account of a lane. */
  open(laneId: string, known: FoldKnowledge): LaneAccount {
    const account = new LaneAccount(laneId, known);
    this.#lanes.push(account);
    return account;
  }

  /** What every lane has counted on a day, as far as it is in memory. */
  rowsOn(day: string): readonly Rows[] {
    return this.#lanes.map(({ state }) => state.days[day]?.rows ?? {});
  }

  /** Resolves when everything counted so far is in the store; one round at a time, so that a slow disk gathers none. */
  async keep(): Promise<void> {
    this.#keeping ??= this.#keepAll().finally(() => {
      this.#keeping = undefined;
    });
    return this.#keeping;
  }

  async #keepAll(): Promise<void> {
    const days = this.#lanes.flatMap((lane) => lane.changed().map((one) => ({ lane, ...one })));
    // Asked for at once: the store carries them out in order, and one commit takes all.
    await Promise.all(
      days.map(async ({ lane, day, rows }) => {
        await this.#store.keep(
          lane.laneId,
          day,
          JSON.stringify(rows),
          JSON.stringify(sheetLine(day, rowsOf(rows.rows))),
        );
        lane.kept(day, rows);
      }),
    );
  }

  /** Ends when `signal` aborts. A store that refuses says so itself; the next round tries again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(KEEP_EVERY_MS, signal);
      if (!signal.aborted) await this.keep().catch(() => undefined);
    }
  }
}
