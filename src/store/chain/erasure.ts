/**
 * Deletes what is kept about one plate, in the store thread: its settled records with their pictures, its reads and payments in the journal, older
 * states of the engine that know it, what the box was told of it, messages about it that wait. What stays is counted, in every table. Digests stay, so the chain still fits and says what was erased.
 */
import type { Moment } from '../moment.ts';
import type { Erased } from '../record-types.ts';
import type { Database } from '../thread/database.ts';
import type { Space } from '../thread/disk-space.ts';
import { jsonField } from '../thread/json.ts';
import { type BoxFact, ROW_TEXT, sha256 } from './chain.ts';
import type { ChainRows } from './chain-rows.ts';

const SETTLED = `state IN ('delivered', 'withdrawn', 'dropped')`;
/** As records and rows hold it: quoted, so that no longer plate is meant. */
const NAMED = (column: string): string => `instr(${column}, '"' || @plate || '"') > 0`;
/** Its own, now or before a correction; a record of another that names it stays that person's. */
export const OWN_RECORD = `(${jsonField('body', '$.release.plate.text')} = @plate OR
  (instr(body, '"corrections"') > 0 AND ${NAMED('body')}))`;
/** Of a lane, or what the box was told; rows about a record go with that record. */
export const OWN_ROW = `(${NAMED('event')} AND (lane_id <> '' OR
  NOT (event LIKE '{"kind":"record"%' OR event LIKE '{"kind":"mark"%')))`;
/** A lane restores its state from its newest snapshot and the rows behind it. */
const NEEDED = `lane_id <> '' AND seq > coalesce((SELECT max(seq) FROM snapshot WHERE snapshot.lane_id = journal.lane_id), 0)`;

/** In texts within texts a quote has a backslash before it. */
const NAMED_WITHIN = (column: string): string =>
  `(${NAMED(column)} OR ${column} = @plate OR instr(${column}, '\\"' || @plate || '\\"') > 0)`;
/** Counted as records and rows. */
const COUNTED: readonly string[] = ['release', 'snapshot'];

/** Each table with texts, and what of it names a plate beside the person's own records and rows. */
export function plateQueries(database: Database): readonly { readonly name: string; readonly from: string }[] {
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .pluck()
    .all() as string[];
  return tables
    .filter((name) => !COUNTED.includes(name))
    .flatMap((name) => {
      const columns = database
        .prepare(`SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'`)
        .pluck()
        .all(name) as string[];
      if (columns.length === 0) return [];
      const named = `(${columns.map(NAMED_WITHIN).join(' OR ')})`;
      if (name === 'journal') return [{ name, from: `journal WHERE ${named} AND NOT ${OWN_ROW}` }];
      if (name !== 'park_fact') return [{ name, from: `"${name}" WHERE ${named}` }];
      return [
        { name: 'vehicle', from: `park_fact WHERE kind = 'vehicle' AND ${named}` },
        { name, from: `park_fact WHERE kind <> 'vehicle' AND ${named}` },
      ];
    });
}

function namedElsewhere(database: Database, plate: string): Readonly<Record<string, number>> {
  const found = plateQueries(database).map(
    ({ name, from }) =>
      [name, database.prepare(`SELECT count(*) FROM ${from}`).pluck().get({ plate }) as number] as const,
  );
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}

export class Erasure {
  readonly #database: Database;
  readonly #chain: ChainRows;
  readonly #space: Space;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #sql;

  constructor(
    database: Database,
    { chain, space, say }: { chain: ChainRows; space: Space; say: (fact: BoxFact, moment: Moment) => void },
  ) {
    this.#database = database;
    this.#chain = chain;
    this.#space = space;
    this.#say = say;
    // The newest record stays, so that no number is given twice.
    const mayGo = `${SETTLED} AND id < (SELECT max(id) FROM release)`;
    const ofBox = `lane_id = '' AND coalesce(${jsonField('event', '$.id')}, ${jsonField('event', '$.detail.id')}) = ?
      AND (event LIKE '{"kind":"record"%' OR event LIKE '{"kind":"mark"%')`;
    const count = (from: string) => database.prepare(`SELECT count(*) FROM ${from}`).pluck();
    this.#sql = {
      records: database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release WHERE ${OWN_RECORD} AND ${mayGo} ORDER BY id`,
      ),
      recordsLeft: count(`release WHERE ${OWN_RECORD}`),
      rows: database.prepare(
        `SELECT seq, ${ROW_TEXT} AS text, link IS NOT NULL AS linked FROM journal WHERE ${OWN_ROW} AND NOT (${NEEDED}) ORDER BY seq`,
      ),
      rowsLeft: count(`journal WHERE ${OWN_ROW}`),
      rowsOfBox: database.prepare(
        `SELECT seq, ${ROW_TEXT} AS text, link IS NOT NULL AS linked FROM journal WHERE ${ofBox} ORDER BY seq`,
      ),
      // Counted anew.
      forgetSizes: database.prepare('DELETE FROM journal_size'),
      removeRow: database.prepare('DELETE FROM journal WHERE seq = ?'),
      snapshots: database.prepare(
        `DELETE FROM snapshot WHERE ${NAMED('state')}
           AND seq < (SELECT max(seq) FROM snapshot AS newer WHERE newer.lane_id = snapshot.lane_id)`,
      ),
      snapshotsLeft: count(`snapshot WHERE ${NAMED('state')}`),
      messages: database.prepare(`DELETE FROM outgoing WHERE ${NAMED('payload')}`),
      // A known vehicle is let out on being one: whoever is on that list is taken off it there.
      told: database.prepare(`DELETE FROM park_fact WHERE kind <> 'vehicle' AND (key = @plate OR ${NAMED('body')})`),
      // The running box writes the newest day of a lane again.
      days: database.prepare(
        `UPDATE account SET rows = replace(rows, '"' || @plate || '"', '"—"') WHERE ${NAMED('rows')}
           AND day < (SELECT max(day) FROM account AS newer WHERE newer.lane_id = account.lane_id)`,
      ),
      incidents: database.prepare(
        `DELETE FROM incident WHERE id < (SELECT max(id) FROM incident)
           AND (${NAMED('detail')} OR ${jsonField('detail', '$.id')} = @id)`,
      ),
    };
  }

  /** `plate` as it is kept. */
  erase(plate: string, by: string, why: string, moment: Moment): Erased {
    const records = this.#sql.records.all({ plate }) as { readonly id: number; readonly frame_file: string | null }[];
    const ofBox = records.flatMap(({ id }) => this.#sql.rowsOfBox.all(id) as Row[]);
    const { told, days } = this.#sql;
    told.run({ plate });
    days.run({ plate });
    const rows = [...(this.#sql.rows.all({ plate }) as Row[]), ...ofBox].toSorted((a, b) => a.seq - b.seq);
    // Rows of an open block have no digest to leave.
    this.#chain.seal();
    this.#chain.forget(
      rows.filter(({ linked }) => linked === 1).map(({ seq, text }) => ({ seq, digest: sha256(text) })),
      'erased',
    );
    for (const { seq } of rows) this.#sql.removeRow.run(seq);
    if (rows.length > 0) this.#sql.forgetSizes.run();
    const pictures = this.#space.erase(records);
    for (const { id } of records) this.#sql.incidents.run({ plate, id });
    this.#sql.messages.run({ plate });
    this.#sql.snapshots.run({ plate });
    const erased = { records: records.length, pictures, rows: rows.length };
    this.#say({ kind: 'erased', ...erased, by, why }, moment);
    const left = (query: { get(given: object): unknown }) => query.get({ plate }) as number;
    return {
      ...erased,
      left: {
        records: left(this.#sql.recordsLeft),
        rows: left(this.#sql.rowsLeft) + left(this.#sql.snapshotsLeft),
        elsewhere: namedElsewhere(this.#database, plate),
      },
    };
  }
}

interface Row {
  readonly seq: number;
  readonly text: string;
  readonly linked: 0 | 1;
}
