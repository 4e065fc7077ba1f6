/**
 * Records whose rows somebody has taken out of the database past the program, as the chain tells. One that was not settled is put back as its verdict
 * was given, and goes out; each is reported. In parts: what the chain says of a record is found only by reading through it.
 */
import type { BoxFact } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import { parsed } from '../thread/json.ts';
import type { Ledger } from '../thread/ledger.ts';
import type { GivenRecord } from '../thread/outbox-rows.ts';

/** Rows of the journal looked through in one part, and records in one round. */
const AT_ONCE = 20_000;
const RECORDS_AT_ONCE = 1_000;

interface FactRow {
  readonly seq: number;
  readonly at_ms: number;
  readonly wall_ms: number;
  readonly event: string;
}

interface Found {
  readonly given?: GivenRecord;
  readonly isSettled: boolean;
}

export class TakenRecords {
  readonly #ledger: Ledger;
  /** Told of since the start; of those that stay away. */
  readonly #told = new Set<number>();
  readonly #missing;
  readonly #facts;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#missing = ledger.database
      .prepare(
        `SELECT json_extract(name, '$[1]') AS id FROM row_fact WHERE name >= '["release",' AND name < '["release-' AND salt IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM release WHERE id = json_extract(name, '$[1]')) LIMIT ${RECORDS_AT_ONCE}`,
      )
      .pluck();
    this.#facts = ledger.database.prepare(
      `SELECT seq, at_ms, wall_ms, event FROM journal WHERE seq > ? AND seq <= ? AND lane_id = ''
        AND (event LIKE '{"kind":"record"%' OR event LIKE '{"kind":"delivered"%' OR event LIKE '{"kind":"withdrawn"%' OR event LIKE '{"kind":"mark"%')
        ORDER BY seq`,
    );
  }

  *putBack(moment: Moment): Generator<undefined> {
    const ids = (this.#missing.all() as number[]).filter((id) => !this.#told.has(id));
    if (ids.length === 0) return;
    const found = new Map<number, Found>(ids.map((id) => [id, { isSettled: false }]));
    const ends = 'SELECT min(seq) - 1 AS first, max(seq) AS last FROM journal';
    const { first, last } = this.#ledger.database.prepare(ends).get() as {
      readonly first: number;
      readonly last: number;
    };
    for (let at = first; at < last; at += AT_ONCE) {
      for (const row of this.#facts.all(at, at + AT_ONCE) as FactRow[]) take(found, row);
      yield;
    }
    for (const [id, { given, isSettled }] of found) {
      const isBack = given !== undefined && !isSettled && this.#ledger.outbox.putBack(given, moment);
      if (!isBack) this.#told.add(id);
      const serial = given && { serial: given.serial };
      const detail = { table: 'release', sentAgain: isBack };
      this.#ledger.report({ why: 'rewritten', recordId: id, ...serial, detail }, moment);
    }
  }
}

function take(found: Map<number, Found>, { at_ms: atMs, wall_ms: wallMs, event }: FactRow): void {
  const fact = parsed<BoxFact>(event);
  if (fact?.kind === 'record' && found.has(fact.id)) {
    const { id, lane, serial, record, state, adopted = false } = fact;
    found.set(id, { given: { id, lane, serial, record, state, adopted, atMs, wallMs }, isSettled: false });
    return;
  }
  const isEnd = fact?.kind === 'delivered' || fact?.kind === 'withdrawn';
  const id = isEnd ? fact.id : fact?.kind === 'mark' ? (fact.detail as { readonly id?: number }).id : undefined;
  const former = id === undefined ? undefined : found.get(id);
  if (id === undefined || former === undefined) return;
  if (isEnd || (fact?.kind === 'mark' && fact.what === 'dropped')) found.set(id, { ...former, isSettled: true });
  // A person has sent it.
  else if (fact?.kind === 'mark' && fact.what === 'requeued' && former.given !== undefined)
    found.set(id, { ...former, given: { ...former.given, state: 'waiting' } });
}
