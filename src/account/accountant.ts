/** The accounts of all lanes of a running box: keeps the days that have changed every ten minutes, when asked, and at the end. */
import type { Clock } from '../clock.ts';
import type { AccountStore } from '../store/days/accounts.ts';
import type { FoldKnowledge, Rows } from './account.ts';
import { rowsOf } from './closing.ts';
import { LaneAccount } from './lane-account.ts';
import { sheetLine } from './lines.ts';

/** What is not kept yet is folded from the journal again after a power cut; the rows of a busy day take some pages of the card each time. */
const KEEP_EVERY_MS = 10 * 60_000;

export class Accountant {
  readonly #store: Pick<AccountStore, 'keep' | 'close'>;
  readonly #lastFinalDay: () => string | undefined;
  readonly #clock: Clock;
  readonly #breathe: () => Promise<unknown>;
  readonly #lanes: LaneAccount[] = [];
  #keeping: Promise<void> | undefined;

  /** `breathe` lets others in between two lanes; `lastFinalDay`: none while the clock is not known. */
  constructor(
    store: Pick<AccountStore, 'keep' | 'close'>,
    clock: Clock,
    breathe: () => Promise<unknown> = async () => undefined,
    lastFinalDay: () => string | undefined = () => undefined,
  ) {
    this.#lastFinalDay = lastFinalDay;
    this.#store = store;
    this.#clock = clock;
    this.#breathe = breathe;
  }

  /** The account of a lane. */
  open(laneId: string, known: FoldKnowledge): LaneAccount {
    const account = new LaneAccount(laneId, known);
    this.#lanes.push(account);
    return account;
  }

  /** What every lane has counted on a day, as far as it is in memory. */
  rowsOn(day: string): readonly { readonly laneId: string; readonly rows: Rows }[] {
    return this.#lanes.map(({ laneId, state }) => ({ laneId, rows: state.days[day]?.rows ?? {} }));
  }

  /** Resolves when everything counted so far is in the store; one round at a time, so that a slow disk gathers none. */
  async keep(): Promise<void> {
    this.#keeping ??= this.#keepAll(this.#breathe).finally(() => {
      this.#keeping = undefined;
    });
    return this.#keeping;
  }

  /** Asks the store for everything at once, in order before its close: nobody polls any more. */
  end(): void {
    void this.#keepAll(undefined).catch(() => undefined);
  }

  async #keepAll(breathe: (() => Promise<unknown>) | undefined): Promise<void> {
    const asked: (() => Promise<void>)[] = [];
    for (const lane of this.#lanes)
      for (const { day, rows } of lane.changed()) {
        const line = JSON.stringify(sheetLine(day, rowsOf(rows.rows)));
        const text = JSON.stringify(rows);
        asked.push(() => this.#store.keep(lane.laneId, day, text, line).then(() => lane.kept(day, rows)));
        // A day of a busy lane takes some milliseconds: polls go first.
        if (breathe) await breathe();
      }
    // Asked for at once: the store carries them out in order, and one commit takes all.
    await Promise.all(asked.map((ask) => ask()));
  }

  async #round(): Promise<void> {
    await this.keep();
    const day = this.#lastFinalDay();
    if (day !== undefined) await this.#store.close(day);
  }

  /** Ends when `signal` aborts. A store that refuses says so itself; the next round tries again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(KEEP_EVERY_MS, signal);
      if (!signal.aborted) await this.#round().catch(() => undefined);
    }
  }
}
