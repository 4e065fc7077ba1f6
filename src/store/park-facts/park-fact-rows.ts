/** The rows of what the box was told beside the lanes. Runs in the store thread, bounded; it knows no kind's content. */
import type { BoxFact } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import { PARK_FACTS_MOST, type ParkFact, type ParkFactChange, type ParkFactKind } from './park-facts.ts';

/** Rows over the limit, counted at most: the search for the oldest sorts all of a kind. */
const TRIM_EVERY = 500;

export class ParkFactRows {
  #untrimmed = 0;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #sql;

  constructor(database: Database, say: (fact: BoxFact, moment: Moment) => void) {
    this.#say = say;
    this.#sql = {
      keep: database.prepare(
        `INSERT INTO park_fact (kind, key, at_ms, body) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, key) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body`,
      ),
      forget: database.prepare('DELETE FROM park_fact WHERE kind = ? AND key = ?'),
      trim: database.prepare(
        `DELETE FROM park_fact WHERE kind = @kind AND (SELECT count(*) FROM park_fact WHERE kind = @kind) > @most AND at_ms <=
           (SELECT at_ms FROM park_fact WHERE kind = @kind ORDER BY at_ms DESC LIMIT 1 OFFSET @most)`,
      ),
      rows: database.prepare('SELECT key, body FROM park_fact WHERE kind = ? ORDER BY at_ms, rowid'),
    };
  }

  keep(fact: BoxFact | undefined, changes: readonly ParkFactChange[], moment: Moment): void {
    if (fact !== undefined) this.#say(fact, moment);
    for (const { kind, key, atMs, body } of changes)
      if (body === undefined) this.#sql.forget.run(kind, key);
      else this.#sql.keep.run(kind, key, Math.round(atMs), body);
    this.#untrimmed += changes.length;
    if (this.#untrimmed < TRIM_EVERY) return;
    this.#untrimmed = 0;
    for (const kind of new Set(changes.map((change) => change.kind)))
      this.#sql.trim.run({ kind, most: PARK_FACTS_MOST[kind] });
  }

  rows(kind: ParkFactKind): ParkFact[] {
    return this.#sql.rows.all(kind) as ParkFact[];
  }
}
