/** The table `outbound`, in the store thread: what destinations beside the platform are told of. It is written only while there is such a destination. */
import type { BoxFact, ChainRow } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { ObservationRows } from '../observations/observation-rows.ts';
import type { OutboundFact } from '../outbound.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import { type ReleaseRow, recordFromRow } from '../thread/records.ts';

/** A destination that is further behind is told of a gap. */
export const OUTBOUND_MAX = 100_000;
/** The oldest beyond that go when so many have come. */
const TRIM_EVERY = 1_000;

interface Row {
  readonly id: number;
  readonly kind: OutboundFact['kind'];
  readonly wall_ms: number;
  readonly ref: number;
  readonly body: string;
}

export class OutboundRows {
  readonly #sql;

  constructor(database: Database) {
    this.#sql = {
      isRead: database.prepare('SELECT 1 FROM numbering LIMIT 1').pluck(),
      add: database.prepare('INSERT INTO outbound (kind, wall_ms, ref, body) VALUES (?, ?, ?, ?)'),
      trim: database.prepare('DELETE FROM outbound WHERE id <= ?'),
      behind: database.prepare('SELECT * FROM outbound WHERE id > ? ORDER BY id LIMIT ?'),
      record: database.prepare('SELECT * FROM release WHERE id = ?'),
    };
  }

  /** Of what enters the chain: that of records. */
  note(fact: BoxFact, moment: Moment, row: ChainRow | undefined): void {
    const wallMs = Math.round(moment.wallMs);
    const body = row === undefined ? '' : JSON.stringify(row);
    if (fact.kind === 'record' && fact.adopted === undefined) this.add('release', wallMs, fact.id, body);
    if (fact.kind === 'withdrawn') this.add('withdrawal', wallMs, fact.id, body);
    if (fact.kind === 'mark') {
      // Without an id of all at once: those under review are not among them.
      const { id = 0, turnedOut } = fact.detail as { readonly id?: number; readonly turnedOut?: true };
      if (fact.what === 'requeued') this.add('reported', wallMs, id);
      // To whoever is told of records, one that turned out otherwise is taken back, wherever it is.
      if (turnedOut) this.add('withdrawal', wallMs, id, body);
    }
    if (fact.kind === 'frame' && fact.place === 'picture') this.add('picture', wallMs, fact.id);
  }

  add(kind: OutboundFact['kind'], wallMs: number, ref: number, body = ''): void {
    if (this.#sql.isRead.get() === undefined) return;
    const { lastInsertRowid } = this.#sql.add.run(kind, wallMs, ref, body);
    if (Number(lastInsertRowid) % TRIM_EVERY === 0) this.#sql.trim.run(Number(lastInsertRowid) - OUTBOUND_MAX);
  }

  behind(place: number, limit: number, observations: ObservationRows): OutboundFact[] {
    return (this.#sql.behind.all(place, limit) as Row[]).map(({ id, kind, wall_ms: wallMs, ref, body }) => {
      if (kind === 'alarm') return { id, kind, wallMs, body: parsed<unknown>(body) };
      if (kind === 'observation') {
        const observation = observations.byId(ref);
        return { id, kind, wallMs, ...(observation && { observation }) };
      }
      const found = this.#sql.record.get(ref) as ReleaseRow | undefined;
      const row = body === '' ? undefined : parsed<ChainRow>(body);
      return { id, kind, wallMs, ...(found && { record: recordFromRow(found) }), ...(row && { row }) };
    });
  }
}
