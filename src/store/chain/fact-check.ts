/** What other tables and the folder of pictures say, against the rows of the chain. It walks no chain, and changes nothing. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finalSheet } from '../days/final-sheets.ts';
import type { Database } from '../thread/database.ts';
import { jsonField, parsed } from '../thread/json.ts';
import type { ReleaseRow } from '../thread/records.ts';
import { type BoxFact, sha256 } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { goneEarly, type LivedRecord } from './gone-early.ts';
import type { ChainSaid } from './said.ts';

interface Given extends LivedRecord {
  record: string;
  readonly outcomes: Set<string>;
}

type RecordRow = Pick<ReleaseRow, 'id' | 'state' | 'body' | 'frame_file'>;

type SheetSaid = Pick<Given, 'seq'> & { readonly sha256: string };

const SHEETS_AT_ONCE = 20;
const ENDS: ReadonlySet<string> = new Set(['delivered', 'withdrawn', 'dropped']);

interface FactsAsked {
  /** The state folder. */
  readonly folder: string;
  readonly isWhole: boolean;
  readonly stepRows: number;
  readonly frames?: boolean;
  /** Only this sheet. */
  readonly sheet?: string;
  /** Rows that are not as the chain says are named once. */
  readonly named: () => readonly ChainFault[];
}

/** What other tables say, against the rows of the chain. */
export class FactCheck {
  readonly faults: ChainFault[] = [];
  checked = 0;
  hashed = 0;
  /** Pictures that stayed on the box before. */
  elsewhere = 0;
  readonly #database: Database;
  readonly #said: ChainSaid;
  readonly #asked: FactsAsked;
  readonly #given = new Map<number, Given>();
  #firstGiven = Number.POSITIVE_INFINITY;
  readonly #sheetsSaid = new Map<string, SheetSaid>();
  /** Read where a picture is missing. */
  #swapped: { readonly at: readonly number[]; readonly settled: ReadonlyMap<number, number> } | undefined;
  /** By record and place; the newest. */
  readonly #frames = new Map<string, { readonly seq: number; readonly sha256: string }>();

  constructor(database: Database, said: ChainSaid, asked: FactsAsked) {
    this.#database = database;
    this.#said = said;
    this.#asked = asked;
  }

  /** In the order of the chain. */
  take(seq: number, fact: BoxFact): void {
    if (fact.kind === 'frame') this.#frames.set(`${fact.id} ${fact.place}`, { seq, sha256: fact.sha256 });
    if (fact.kind === 'sheet') this.#sheetsSaid.set(fact.span, { seq, sha256: fact.sha256 });
    if (fact.kind === 'record') {
      this.#firstGiven = Math.min(this.#firstGiven, fact.id);
      this.#given.set(fact.id, { seq, record: sha256(fact.record), outcomes: new Set([fact.state]) });
      return;
    }
    const ofRecord = fact.kind === 'delivered' || fact.kind === 'withdrawn';
    if (!ofRecord && fact.kind !== 'mark') return;
    const [id, what] = ofRecord ? [fact.id, fact.kind] : [(fact.detail as { id?: number }).id ?? 0, fact.what];
    const given = this.#given.get(id);
    if (given === undefined) return;
    given.outcomes.add(what);
    if (ENDS.has(what)) given.endSeq = seq;
    if ('record' in fact && fact.record !== undefined) given.record = fact.record;
  }

  /** What the chain has said is taken up to its end at each step. */
  *steps(): Generator<undefined, void> {
    yield* this.#records();
    this.faults.push(...goneEarly(this.#database, this.#said, this.#given));
    if (this.#asked.isWhole) this.#missing();
    this.#settings();
    yield* this.#sheets();
    this.#follows();
  }

  *#records(): Generator<undefined, void> {
    const besides = this.#database.prepare('SELECT place, frame_file FROM beside WHERE release_id = ?').raw();
    const some = this.#database.prepare(
      `SELECT id, state, body, frame_file FROM release WHERE id > ? ORDER BY id LIMIT ${this.#asked.stepRows}`,
    );
    for (let at = Number.MIN_SAFE_INTEGER; ; ) {
      const rows = some.all(at) as RecordRow[];
      for (const row of rows) {
        this.#record(row);
        if (this.#asked.frames)
          for (const [place, file] of besides.all(row.id) as [string, string][]) this.#frame(row.id, place, file);
      }
      at = rows.at(-1)?.id ?? at;
      if (rows.length < this.#asked.stepRows) return;
      yield;
    }
  }

  #record({ id, state, body, frame_file }: RecordRow): void {
    const given = this.#given.get(id);
    // Given before the chain began, or outside the range asked for.
    if (given === undefined && (id < this.#firstGiven || !this.#asked.isWhole)) return;
    this.checked += 1;
    const isRight = given?.record === sha256(body) && (!ENDS.has(state) || given.outcomes.has(state));
    if (!isRight && !this.#isNamed('release', `${id}`))
      this.faults.push({ kind: 'record', id, ...(given && { seq: given.seq }) });
    if (frame_file !== null && this.#asked.frames) this.#frame(id, 'picture', frame_file);
  }

  /**
   * Nothing removes a record that has not ended: whoever has the rows say that retention did so has to invent its end as well. Of a damaged database,
   * whose successor begins a chain, some may be lost.
   */
  #missing(): void {
    const first = this.#database.prepare('SELECT max(first) FROM chain').pluck().get() as number | null;
    const kept = this.#database.prepare('SELECT 1 FROM release WHERE id = ?');
    // What a rule has taken since it was walked says nothing.
    const row = this.#database.prepare('SELECT 1 FROM journal WHERE seq = ?');
    for (const [id, { seq, outcomes }] of this.#given)
      if (
        seq >= (first ?? 0) &&
        ![...outcomes].some((end) => ENDS.has(end)) &&
        kept.get(id) === undefined &&
        row.get(seq) !== undefined &&
        !this.#isNamed('release', `${id}`)
      )
        this.faults.push({ kind: 'record', id, seq, isGone: true });
  }

  #frame(id: number, place: string, file: string): void {
    const told = this.#frames.get(`${id} ${place}`);
    if (told === undefined) return;
    const path = join(this.#asked.folder, 'frames', file);
    if (!existsSync(path) && this.#isElsewhere(id)) {
      this.elsewhere += 1;
      return;
    }
    this.hashed += 1;
    if (hashOf(path) !== told.sha256) this.faults.push({ kind: 'frame', id, place, seq: told.seq });
  }

  /** A backup has no pictures of records that were settled: those stay on the box that it is of. */
  #isElsewhere(id: number): boolean {
    this.#swapped ??= { at: swapsIn(this.#database), settled: settledIn(this.#database) };
    const settled = this.#swapped.settled.get(id);
    return settled !== undefined && this.#swapped.at.some((first) => first > settled);
  }

  #isNamed(table: string, at: string): boolean {
    return this.#asked.named().some((fault) => fault.kind === 'row' && fault.table === table && fault.at === at);
  }

  /** Each chain that says what it follows, against what there is of that. */
  #follows(): void {
    const before = this.#database.prepare('SELECT id FROM chain WHERE first < ? ORDER BY first DESC LIMIT 1').pluck();
    const end = this.#database.prepare('SELECT last, head FROM chain_block WHERE last < ? ORDER BY last DESC LIMIT 1');
    const heads = this.#database.prepare('SELECT last, key FROM chain_head WHERE chain = ? ORDER BY last');
    for (const [seq, fact] of this.#said.facts) {
      if (fact.kind !== 'chain' || fact.follows === undefined) continue;
      const { chain, last, head, signed } = fact.follows;
      const found = end.get(seq) as { readonly last: number; readonly head: string } | undefined;
      if (before.get(seq) !== chain || found?.last !== last || found.head !== head)
        this.faults.push({ kind: 'follows', seq, last });
      const keys = new Set(signed.map(({ key }) => key));
      for (const { last: at, key } of heads.all(chain) as { readonly last: number; readonly key: string }[])
        if (!keys.has(key)) this.faults.push({ kind: 'key', last: at, key });
    }
  }

  /** Final sheets, or one of them; days that were too old to be kept are no more. */
  *#sheets(): Generator<undefined, void> {
    const { sheet: only } = this.#asked;
    for (const [at, span] of [...this.#sheetsSaid.keys()].entries()) {
      if (at % SHEETS_AT_ONCE === SHEETS_AT_ONCE - 1) yield;
      // The last word counts.
      const { seq, sha256: said } = this.#sheetsSaid.get(span) as SheetSaid;
      const now = finalSheet(this.#database, span);
      if ((only === undefined || span === only) && now !== undefined && now.sha256 !== said)
        this.faults.push({ kind: 'sheet', span, seq });
    }
  }

  #settings(): void {
    const settings = this.#database.prepare('SELECT settings FROM epoch WHERE lane_id = ? AND seq = ?').pluck();
    for (const [seq, fact] of this.#said.facts) {
      if (fact.kind !== 'epoch') continue;
      const text = settings.get(fact.lane, fact.seq) as string | undefined;
      const isRight = text !== undefined && sha256(text) === fact.settings;
      if (!isRight && !this.#isNamed('epoch', `${fact.lane} ${fact.seq}`))
        this.faults.push({ kind: 'settings', lane: fact.lane, seq });
    }
  }
}

/** undefined: it cannot be read. */
function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

/** First rows of chains that another box began: from a backup, with none of the keys that signed before. */
function swapsIn(database: Database): readonly number[] {
  const keys = database.prepare('SELECT DISTINCT key FROM chain_head WHERE chain = ?').pluck();
  const chains = database
    .prepare('SELECT first, id, event FROM chain LEFT JOIN journal ON seq = first ORDER BY first')
    .all() as { readonly first: number; readonly id: string; readonly event: string | null }[];
  return chains.flatMap(({ first, id, event }, at) => {
    const fact = parsed<BoxFact>(event ?? '');
    if (fact?.kind !== 'chain' || fact.why !== 'restored') return [];
    const before = new Set([
      ...(keys.all(chains[at - 1]?.id ?? '') as string[]),
      ...(fact.follows?.signed.map(({ key }) => key) ?? []),
    ]);
    return (keys.all(id) as string[]).some((key) => before.has(key)) ? [] : [first];
  });
}

/** The row by which each record was settled last. */
function settledIn(database: Database): ReadonlyMap<number, number> {
  const rows = database
    .prepare(
      `SELECT seq, coalesce(${jsonField('event', '$.id')}, ${jsonField('event', '$.detail.id')}) AS id FROM journal
        WHERE lane_id = '' AND (event LIKE '{"kind":"delivered"%' OR event LIKE '{"kind":"withdrawn"%'
          OR event LIKE '{"kind":"mark","what":"dropped"%') ORDER BY seq`,
    )
    .raw();
  return new Map((rows.all() as [number, number][]).map(([seq, id]) => [id, seq]));
}
