/** The prepared statements of the outbox, without decisions. */
import type { Database } from './database.ts';

const FRESH = [
  ...(['id', 'lane_id', 'release_id', 'serial', 'serial_kind', 'state', 'boot_seq', 'at_ms', 'put_ms'] as const),
  ...(['due_ms', 'wall_ms', 'time_quality', 'sent_ms', 'picture', 'body'] as const),
] as const;
export type FreshColumn = (typeof FRESH)[number];

/** SQLite gives the number: one above the highest. A release that already has a record changes nothing. */
const INSERT = `INSERT INTO release (${FRESH.join(', ')}) VALUES (${FRESH.map((column) => `@${column}`).join(', ')})
  ON CONFLICT (lane_id, release_id) DO NOTHING`;

const UNSENT = "sent_ms IS NULL AND state IN ('waiting', 'review', 'kept', 'held', 'parked')";
const UNCORRECTED = `time_quality = 'unknown' AND ${UNSENT}`;
/** Of this box, and dated by what has turned out to be wrong. */
const CONTRADICTED = `${UNSENT} AND serial_kind <> 'foreign'
  AND (time_quality = 'estimated' OR (boot_seq = @ownSeq AND time_quality <> 'unknown'))`;
/** A smaller error of the time stays. */
const WORTH_CORRECTING_MS = 1_000;

/** As the index `release_due` has it. */
export const TRIED = `state = 'waiting' AND attempts > 0`;
/** Records that wait for their first try are due soon after they were put: those that are not due yet are among so many of the newest. */
const UNTRIED_MAX = 200;

export function outboxSql(database: Database) {
  const ids = (order: 'ASC' | 'DESC') =>
    `SELECT id FROM release WHERE state = 'waiting' AND due_ms <= ? AND id > ? ORDER BY id ${order} LIMIT ?`;
  const due = (order: 'ASC' | 'DESC') =>
    database.prepare(`SELECT * FROM release WHERE id IN (${ids(order)}) ORDER BY id ${order}`);
  return {
    insert: database.prepare(INSERT),
    maxId: database.prepare('SELECT max(id) AS id FROM release'),
    byId: database.prepare('SELECT * FROM release WHERE id = ?'),
    byRelease: database.prepare('SELECT id, serial, state, picture FROM release WHERE lane_id = ? AND release_id = ?'),
    serialTaken: database.prepare("SELECT lane_id, release_id FROM release WHERE serial = ? AND serial_kind = 'entry'"),
    // Two releases of the same moment are put shortly after each other.
    serialUsed: database.prepare(
      'SELECT lane_id, release_id FROM (SELECT * FROM release ORDER BY id DESC LIMIT 32) WHERE serial = ?',
    ),
    frame: database.prepare(
      `UPDATE release SET picture = 'attached', frame_file = ?, frame_bytes = ?, frame_crc32 = ?, due_ms = min(due_ms, ?)
       WHERE id = ?`,
    ),
    noFrame: database.prepare(
      `UPDATE release SET picture = 'none', picture_why = ?, frame_file = NULL, frame_bytes = NULL, frame_crc32 = NULL,
         due_ms = min(due_ms, ?) WHERE id = ?`,
    ),
    due: { oldest: due('ASC'), newest: due('DESC') },
    nextDue: database
      .prepare(
        `SELECT min(due_ms) FROM (SELECT * FROM
           (SELECT due_ms FROM release INDEXED BY release_due WHERE ${TRIED} AND due_ms > @after ORDER BY due_ms LIMIT 1)
           UNION ALL SELECT due_ms FROM
           (SELECT due_ms FROM release INDEXED BY release_waiting WHERE state = 'waiting' ORDER BY id DESC LIMIT ${UNTRIED_MAX})
             WHERE due_ms > @after)`,
      )
      .pluck(),
    leaving: database.prepare(`UPDATE release SET sent_ms = ? WHERE id = ? AND state = 'waiting' AND sent_ms IS NULL`),
    unsent: database.prepare(`UPDATE release SET sent_ms = NULL WHERE id = ? AND state = 'waiting'`),
    delivered: database.prepare(
      `UPDATE release SET state = 'delivered', settled_ms = ?, seqno = ?, warning = ?, attempts = attempts + 1 WHERE id = ?`,
    ),
    retry: database.prepare(
      `UPDATE release SET due_ms = ?, last_why = ?, attempts = attempts + 1, unknown_answers = unknown_answers + ?
       WHERE id = ? AND state = 'waiting'`,
    ),
    settle: database.prepare(
      `UPDATE release SET state = ?, settled_ms = ?, last_why = ?, attempts = attempts + 1 WHERE id = ? AND state = 'waiting'`,
    ),
    withdraw: database.prepare(
      `UPDATE release SET state = 'withdrawn', settled_ms = ?, last_why = ?
       WHERE lane_id = ? AND release_id = ? AND (${UNSENT} OR state IN ('held', 'parked'))`,
    ),
    counts: database.prepare('SELECT state, sum(records) AS count FROM tally GROUP BY state'),
    rest: database.prepare('INSERT OR REPLACE INTO rest VALUES (?, ?, ?, ?, ?)'),
    attempt: database.prepare(
      'INSERT OR REPLACE INTO attempt (release_id, number, at_ms, why, answer) VALUES (?, ?, ?, ?, ?)',
    ),
    forgetAttempts: database.prepare('DELETE FROM attempt WHERE release_id = ? AND number <= ?'),
    corrected: database.prepare(
      `UPDATE release SET
         wall_ms = at_ms + @laneToWallMs,
         time_quality = @quality,
         due_ms = CASE WHEN attempts > 0 OR @quality = 'unknown' THEN due_ms
           WHEN picture = 'pending' THEN put_ms + @attachWithinMs ELSE put_ms END
       WHERE boot_seq = @bootSeq AND ${UNCORRECTED}`,
    ),
    raised: database.prepare(
      `UPDATE release SET wall_ms = at_ms + @notBeforeMs
       WHERE boot_seq = @bootSeq AND ${UNCORRECTED} AND wall_ms < at_ms + @notBeforeMs`,
    ),
    contradicted: database.prepare(
      `UPDATE release INDEXED BY release_unsent SET wall_ms = at_ms + @laneToWallMs, time_quality = @quality
       WHERE boot_seq = @bootSeq AND ${CONTRADICTED} AND abs(wall_ms - at_ms - @laneToWallMs) > ${WORTH_CORRECTING_MS}`,
    ),
    contradictedBoots: database
      .prepare(`SELECT DISTINCT boot_seq FROM release INDEXED BY release_unsent WHERE boot_seq > 0 AND ${CONTRADICTED}`)
      .pluck(),
    uncorrectedBoots: database
      .prepare(`SELECT DISTINCT boot_seq FROM release INDEXED BY release_unsent WHERE ${UNCORRECTED}`)
      .pluck(),
  };
}
