/** The account of one running lane: takes effects as they come, and gives the days that have changed since they were last kept. */
import type { LaneEffect } from '../lane/types.ts';
import { type Account, type AccountDay, emptyAccount, type FoldKnowledge, fold, NO_DAY, restored } from './account.ts';

export class LaneAccount {
  readonly laneId: string;
  readonly #known: FoldKnowledge;
  #account: Account = emptyAccount();
  /** undefined: in the store, and not as of now. */
  readonly #kept = new Map<string, AccountDay | undefined>();

  /** `known`: by the best knowledge of now. */
  constructor(laneId: string, known: FoldKnowledge) {
    this.laneId = laneId;
    this.#known = known;
  }

  /** To be kept with the state of the lane, so that folding the journal again continues both. */
  get state(): Account {
    return this.#account;
  }

  /** `continues`: the lane goes on from the state it was kept with. */
  restore(kept: unknown, continues: boolean): void {
    this.#account = restored(kept, continues);
    for (const day of Object.keys(this.#account.days)) this.#kept.set(day, undefined);
  }

  take(effect: LaneEffect): void {
    this.#account = fold(this.#account, effect, this.#known);
  }

  /** Each as a whole: keeping one twice changes nothing. */
  changed(): readonly { readonly day: string; readonly rows: AccountDay }[] {
    const { days } = this.#account;
    // Of a clock that was ahead: what was counted under them has moved.
    const emptied = [...this.#kept.keys()].filter((day) => Object.keys(days).every((each) => each < day));
    return Object.entries({ ...days, ...Object.fromEntries(emptied.map((day) => [day, NO_DAY])) })
      .filter(([day, rows]) => this.#kept.get(day) !== rows)
      .map(([day, rows]) => ({ day, rows }));
  }

  /** These have been kept. */
  kept(day: string, rows: AccountDay): void {
    const days = Object.keys(this.#account.days);
    this.#kept.set(day, rows);
    // Older ones are final, and this one may be one that is no more; those that are still to be emptied wait for their own turn.
    for (const known of [...this.#kept.keys()])
      if (!days.includes(known) && (known === day || days.some((each) => each > known))) this.#kept.delete(known);
  }
}
