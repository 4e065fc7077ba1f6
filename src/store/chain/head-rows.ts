/** Heads of the chain that were signed to leave the box, and by which ways they did. Runs in the store thread, inside its transaction. */

import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import {
  type BoxFact,
  type ChainHead,
  type HeadFound,
  type HeadRow,
  type HeadWithKey,
  headOfRow,
  type SignedHead,
} from './chain.ts';
import type { ChainRows } from './chain-rows.ts';

export class HeadRows {
  readonly #chain: ChainRows;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #sql;

  constructor(database: Database, chain: ChainRows, say: (fact: BoxFact, moment: Moment) => void) {
    this.#chain = chain;
    this.#say = say;
    this.#sql = {
      newest: database.prepare('SELECT * FROM chain_head ORDER BY last DESC LIMIT 1'),
      add: database.prepare(
        `INSERT INTO chain_head (last, wall_ms, chain, head, key, signature, ways) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (last) DO NOTHING`,
      ),
      ways: database.prepare('SELECT ways, head FROM chain_head WHERE last = ?'),
      left: database.prepare('UPDATE chain_head SET ways = ? WHERE last = ?'),
      ofKey: database.prepare('SELECT 1 FROM chain_head WHERE key = ?').pluck(),
      block: database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck(),
      // Of its chain: behind the one that is in use, all there is.
      end: database
        .prepare(
          `SELECT coalesce((SELECT min(first) - 1 FROM chain AS next WHERE next.first > chain.first),
            (SELECT max(seq) FROM journal)) FROM chain WHERE id = ?`,
        )
        .pluck(),
    };
  }

  /** A head over all there is so far. undefined: there is no row yet. */
  seal(): ChainHead | undefined {
    this.#chain.seal();
    return this.#chain.head;
  }

  signed({ chain, last, head, wallMs, key, signature }: SignedHead, moment: Moment): void {
    const before = this.newest();
    this.#sql.add.run(last, wallMs, chain, head, key, signature, '');
    if (before?.key !== key) this.#say({ kind: 'key', key }, moment);
  }

  /** Said once for each way. */
  left(last: number, way: string, moment: Moment): void {
    const row = this.#sql.ways.get(last) as Pick<HeadRow, 'ways' | 'head'> | undefined;
    const ways = row?.ways.split(' ').filter((each) => each !== '') ?? [];
    if (row === undefined || ways.includes(way)) return;
    this.#sql.left.run([...ways, way].join(' '), last);
    this.#say({ kind: 'head', last, head: row.head, way }, moment);
  }

  compare({ chain, last, head, key }: HeadWithKey): HeadFound {
    if (this.#sql.block.get(last) === head) return 'agrees';
    const end = this.#sql.end.get(chain) as number | undefined;
    if (end === undefined) return 'otherChain';
    if (this.#sql.ofKey.get(key) === undefined) return 'otherKey';
    return last > end ? 'behind' : 'rewritten';
  }

  newest(): SignedHead | undefined {
    const row = this.#sql.newest.get() as HeadRow | undefined;
    return row && headOfRow(row);
  }
}
