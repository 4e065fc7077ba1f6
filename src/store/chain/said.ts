/** What walks along the chain have said, in the order of its rows. What is walked again, behind the last head, says nothing new. */
import type { BoxFact } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import type { Holes, RowSaid, Walked } from './chain-walk.ts';

const FAULTS_MAX = 100;
/** What is asked for again later; of others whoever takes them keeps what he needs. */
const KEPT: ReadonlySet<BoxFact['kind']> = new Set([
  ...(['chain', 'start', 'tables', 'rows', 'trimmed', 'erased', 'epoch', 'sheet'] as const),
]);

type Fact = readonly [seq: number, fact: BoxFact];

export class ChainSaid {
  readonly facts: Fact[] = [];
  /** Rows of other tables by name, as they were said last. */
  readonly named = new Map<string, RowSaid>();
  holes: Holes = {};
  deleted = 0;
  /** Behind the last head. */
  open = 0;
  #closed = 0;
  #seq = 0;
  #anewAt = 0;
  /** By their words: once each. */
  readonly #faults = new Map<string, ChainFault>();

  get rows(): number {
    return this.#closed + this.open;
  }

  get faults(): readonly ChainFault[] {
    return [...this.#faults.values()];
  }

  /** Returns the facts that are new. */
  take({ counted, faults, facts, rows, holes }: Walked): readonly Fact[] {
    this.deleted += counted.deleted;
    this.#closed += counted.rows - counted.open;
    this.open = counted.open;
    for (const fault of faults) if (this.#faults.size < FAULTS_MAX) this.#faults.set(JSON.stringify(fault), fault);
    // In the order of the chain.
    this.holes = { ...this.holes, ...holes };
    if (rows.anewAt > this.#anewAt) {
      this.named.clear();
      this.#anewAt = rows.anewAt;
    }
    for (const [name, said] of rows.named) if (this.named.get(name)?.[0] !== said[0]) this.named.set(name, said);
    const fresh = facts.filter(([seq]) => seq > this.#seq);
    this.#seq = fresh.at(-1)?.[0] ?? this.#seq;
    for (const fact of fresh) if (KEPT.has(fact[1].kind)) this.facts.push(fact);
    return fresh;
  }
}
