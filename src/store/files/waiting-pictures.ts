/** The pictures that the platform has not had yet, of a copy of the database: what a backup takes along. It opens no running store. */
import Sqlite from 'better-sqlite3';
import { OPEN_STATES, sqlStates } from '../record-states.ts';

/** Bounds of one zip without its 64-bit extension, with room for the database. */
const LIMITS = { pictures: 60_000, bytes: 2_000_000_000 };
const UNDELIVERED = sqlStates(OPEN_STATES);

/** Names in the folder of pictures, of the oldest records first. `left`: those that do not fit. */
export function waitingPictures(database: string): { readonly files: readonly string[]; readonly left: number } {
  const open = new Sqlite(database, { readonly: true });
  try {
    const hasBeside = open.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'beside'").get() !== undefined;
    const beside = `UNION ALL SELECT release_id, frame_file, frame_bytes FROM beside
      WHERE release_id IN (SELECT id FROM release WHERE state IN ${UNDELIVERED})`;
    const rows = open
      .prepare<[], { readonly file: string; readonly bytes: number }>(
        `SELECT file, bytes FROM (SELECT id, frame_file AS file, frame_bytes AS bytes FROM release
          WHERE frame_file IS NOT NULL AND state IN ${UNDELIVERED} ${hasBeside ? beside : ''}) ORDER BY id`,
      )
      .all();
    let bytes = 0;
    const past = rows.findIndex((row, index) => {
      bytes += row.bytes;
      return bytes > LIMITS.bytes || index >= LIMITS.pictures;
    });
    const fitting = past === -1 ? rows : rows.slice(0, past);
    return { files: fitting.map(({ file }) => file), left: rows.length - fitting.length };
  } finally {
    open.close();
  }
}
