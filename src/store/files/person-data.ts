/**
 * What a store that may be in use holds about one plate, without changing anything, and where copies of it may lie. It opens the database itself,
 * read-only, and is meant for a command of its own process.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_RECORD, OWN_ROW, plateQueries } from '../chain/erasure.ts';
import type { OutboxRecord } from '../record-types.ts';
import { type ReleaseRow, recordFromRow } from '../thread/records.ts';
import { openReadOnly } from './journal-reader.ts';

export interface PersonData {
  readonly records: readonly OutboxRecord[];
  /** The journal: reads and payments, as they were written. */
  readonly rows: readonly {
    readonly seq: number;
    readonly lane: string;
    readonly wallMs: number;
    readonly event: string;
  }[];
  readonly pictures: readonly { readonly record: number; readonly file: string; readonly bytes: Uint8Array }[];
  /** Rows of other tables that name it: what the box was told, days, messages, known vehicles; and rows of the journal about records. */
  readonly elsewhere: readonly { readonly table: string; readonly row: object }[];
  /** Records of others that name it, such as one that let it out behind somebody: these are not this person's. */
  readonly named: readonly number[];
}

/** `plate` as records hold it. Throws StoreError `unavailable`, `newer`. */
export function personData(folder: string, plate: string): PersonData {
  const database = openReadOnly(folder);
  try {
    database.exec('BEGIN');
    const asked = { plate };
    const found = database.prepare(`SELECT * FROM release WHERE ${OWN_RECORD} ORDER BY id`).all(asked) as ReleaseRow[];
    const beside = database.prepare('SELECT frame_file FROM beside WHERE release_id = ?').pluck();
    const pictures = found.flatMap((row) =>
      [row.frame_file, ...(beside.all(row.id) as string[])].flatMap((file) => picture(folder, row.id, file)),
    );
    const rows = database.prepare(
      `SELECT seq, lane_id AS lane, wall_ms AS wallMs, event FROM journal WHERE ${OWN_ROW} ORDER BY seq`,
    );
    const named = database.prepare(
      `SELECT id FROM release WHERE instr(body, '"' || @plate || '"') > 0 AND NOT ${OWN_RECORD} ORDER BY id`,
    );
    return {
      records: found.map((row) => recordFromRow(row)),
      rows: rows.all(asked) as PersonData['rows'][number][],
      pictures,
      elsewhere: plateQueries(database).flatMap(({ name, from }) =>
        (database.prepare(`SELECT * FROM ${from}`).all(asked) as Record<string, unknown>[]).map((row) => ({
          table: name,
          row: withoutBytes(row),
        })),
      ),
      named: named.pluck().all(asked) as number[],
    };
  } finally {
    database.close();
  }
}

/** Digests are of no use to a person, and JSON holds no bytes. */
const withoutBytes = (row: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => !(value instanceof Uint8Array)));

function picture(folder: string, record: number, file: string | null): PersonData['pictures'] {
  if (file === null) return [];
  try {
    return [{ record, file, bytes: new Uint8Array(readFileSync(join(folder, 'frames', file))) }];
  } catch {
    // Its row says that it was there.
    return [];
  }
}

/** What else of the state folder may hold it: copies of the database from before an update, damaged ones, lost pictures; and notes of people. */
export function copiesOf(folder: string): readonly string[] {
  const names = (place: string): readonly string[] => {
    try {
      return readdirSync(place);
    } catch {
      return [];
    }
  };
  const own =
    /^(lanewarden\.db(-wal|-shm)?|frames|page|config|alive|lock|running|verified\.json|.*\.sock|commissioning.*|ballast.*)$/;
  const beside = names(folder).filter((name) => !own.test(name));
  const notes = names(join(folder, 'page')).filter((name) => /^audit/.test(name));
  return [...beside.map((name) => join(folder, name)), ...notes.map((name) => join(folder, 'page', name))];
}
