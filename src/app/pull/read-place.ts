/**
 * How far a management system has been read, on the disk: its place, and the ids of rows that may be read again because the reading overlaps. Kept only
 * after the payments are, so that a kill in between reads them again, and de-duplication counts them once.
 */
import { farthest } from '../../management/pull/cursor.ts';
import type { FilePlace } from '../../management/pull/source.ts';
import type { ParkFactChange, ParkFacts } from '../../store/park-facts/park-facts.ts';

export interface KeptPlace {
  /** Of a cursor, as text: it may have more digits than a number. */
  readonly cursor?: string;
  /** Rows of before are not read again, though they lie within the overlap: their ids are forgotten. */
  readonly from?: string;
  readonly file?: FilePlace;
  /** Of the day before: a line of it may come after midnight. */
  readonly before?: FilePlace;
}

/** Ids of the last rows, of each system. */
export const SEEN_MOST = 10_000;

export class ReadPlace {
  readonly #system: string;
  readonly #facts: ParkFacts;
  readonly #nowMs: () => number;
  /** By id, oldest first; the cursor of the row where there is one. */
  readonly #seen = new Map<string, bigint>();
  place: KeptPlace | undefined;

  private constructor(system: string, facts: ParkFacts, nowMs: () => number) {
    this.#system = system;
    this.#facts = facts;
    this.#nowMs = nowMs;
  }

  static async open(system: string, facts: ParkFacts, nowMs: () => number): Promise<ReadPlace> {
    const read = new ReadPlace(system, facts, nowMs);
    const own = (await facts.rows('cursor')).find(({ key }) => key === system);
    read.place = own && (JSON.parse(own.body) as KeptPlace);
    for (const { key, body } of await facts.rows('pulled')) {
      const [of = '', id = ''] = key.split('\n');
      if (of === system) read.#seen.set(id, BigInt(body));
    }
    return read;
  }

  isSeen(id: string): boolean {
    return this.#seen.has(id);
  }

  /** `added`: counted since; `below`: what is older can never be read again. */
  async keep(place: KeptPlace, added: ReadonlyMap<string, bigint>, below?: bigint): Promise<void> {
    for (const [id, at] of added) this.#seen.set(id, at);
    const excess = this.#seen.size - SEEN_MOST;
    const over = [...this.#seen].filter(([, at], index) => index < excess || (below !== undefined && at < below));
    const forgotten = over.slice(0, Math.max(0, excess)).map(([, at]) => at + 1n);
    const from = farthest(BigInt(this.place?.from ?? 0), ...forgotten);
    const next: KeptPlace = { ...place, ...(from > 1n && { from: String(from) }) };
    for (const [id] of over) this.#seen.delete(id);
    const atMs = this.#nowMs();
    const key = (id: string): string => `${this.#system}\n${id}`;
    const changes: ParkFactChange[] = [
      { kind: 'cursor', key: this.#system, atMs, body: JSON.stringify(next) },
      ...[...added]
        .filter(([id]) => this.#seen.has(id))
        .map(([id, at]): ParkFactChange => ({ kind: 'pulled', key: key(id), atMs, body: String(at) })),
      ...over.map(([id]): ParkFactChange => ({ kind: 'pulled', key: key(id), atMs })),
    ];
    if (added.size > 0 || over.length > 0 || JSON.stringify(next) !== JSON.stringify(this.place))
      await this.#facts.keep(undefined, changes);
    this.place = next;
  }
}
