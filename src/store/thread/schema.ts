/**
 * The tables, as steps from each version to the next. A step that has been released is never changed; a new one is added.
 *
 * Columns ending in `_ms` are lane time (whole milliseconds, monotonic, continued over reboots) unless they begin with `wall_`.
 * No AUTOINCREMENT: it writes a page more with every row. Instead the newest row of a table is never deleted, so numbers never repeat.
 */

/** Of an open record why it was not accepted, up to the first colon. It stands in an index: never changed. */
export function tallyWhy(row = ''): string {
  const of = (column: string): string => (row === '' ? column : `${row}.${column}`);
  const why = `coalesce(${of('last_why')}, '')`;
  return `iif(${of('state')} IN ('waiting', 'held', 'parked', 'review'), substr(${why}, 1, instr(${why} || ':', ':') - 1), '')`;
}

/** The plate of a record, and why it was made. They stand in indexes: never changed. */
export const RECORD_PLATE = `iif(json_valid(body), body ->> '$.release.plate.text', NULL)`;
export const RECORD_DESC = `iif(json_valid(body), body ->> '$.release.desc', NULL)`;

/** A record more. */
const tallyMore = (row: string): string =>
  `INSERT INTO tally VALUES (${row}.lane_id, ${row}.state, ${tallyWhy(row)}, 1)
      ON CONFLICT (lane_id, state, why) DO UPDATE SET records = records + 1;`;

/** One less: a row of none stays, because most records come and go between the same two. */
const tallyLess = (row: string): string =>
  `UPDATE tally SET records = records - 1 WHERE lane_id = ${row}.lane_id AND state = ${row}.state AND why = ${tallyWhy(row)};`;

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE boot (
    boot_seq INTEGER PRIMARY KEY,
    boot_id TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    lane_offset_ms INTEGER NOT NULL,
    -- wall time = Clock.nowMs + wall_offset_ms, by the best knowledge so far
    wall_offset_ms INTEGER NOT NULL,
    offset_source TEXT NOT NULL,
    quality TEXT NOT NULL,
    synced_at_ms INTEGER
  ) STRICT;

  CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    boot_seq INTEGER NOT NULL,
    lane_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;

  -- Settings in force, and engine states, as of the journal row \`seq\` (0: before the first).
  CREATE TABLE epoch (
    lane_id TEXT NOT NULL, seq INTEGER NOT NULL, settings TEXT NOT NULL, PRIMARY KEY (lane_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshot (
    lane_id TEXT NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (lane_id, seq)
  ) STRICT;

  CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    lane_id TEXT NOT NULL,
    release_id TEXT NOT NULL,
    -- Unique by its making; an index would cost a page with every record.
    serial TEXT NOT NULL,
    serial_kind TEXT NOT NULL,
    state TEXT NOT NULL,
    boot_seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    put_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    time_quality TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    unknown_answers INTEGER NOT NULL DEFAULT 0,
    sent_ms INTEGER,
    settled_ms INTEGER,
    picture TEXT NOT NULL,
    picture_why TEXT,
    frame_file TEXT,
    frame_bytes INTEGER,
    frame_crc32 INTEGER,
    last_why TEXT,
    seqno TEXT,
    warning TEXT,
    body TEXT NOT NULL,
    UNIQUE (lane_id, release_id)
  ) STRICT;
  -- Entry records' ids used as serials can collide, unlike those that are generated.
  CREATE INDEX release_entry_serial ON release (serial) WHERE serial_kind = 'entry';
  CREATE INDEX release_waiting ON release (id, due_ms) WHERE state = 'waiting';
  CREATE INDEX release_framed ON release (id, frame_bytes) WHERE frame_file IS NOT NULL;

  CREATE TABLE attempt (
    release_id INTEGER NOT NULL, number INTEGER NOT NULL, at_ms INTEGER NOT NULL, why TEXT NOT NULL, answer TEXT,
    PRIMARY KEY (release_id, number)
  ) STRICT, WITHOUT ROWID;

  -- What was dropped, removed, put aside or decided by a person: who and why.
  CREATE TABLE incident (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- Frames from just before and after a record's picture. A table of its own, so that a record's row is read without them.
  CREATE TABLE beside (
    release_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    -- From the release's moment; before it: negative.
    offset_ms INTEGER NOT NULL,
    frame_file TEXT NOT NULL,
    frame_bytes INTEGER NOT NULL,
    frame_crc32 INTEGER NOT NULL,
    PRIMARY KEY (release_id, place)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Blind times: on the box only.
  CREATE TABLE observation (
    id INTEGER PRIMARY KEY,
    lane_id TEXT NOT NULL,
    why TEXT NOT NULL,
    -- Of the camera or the intake channel; else empty.
    name TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    wall_from_ms INTEGER NOT NULL,
    wall_to_ms INTEGER NOT NULL,
    gap TEXT NOT NULL,
    UNIQUE (lane_id, why, name, from_ms)
  ) STRICT;
  `,
  `
  -- The chain (chain.ts): of each row its salt (16 bytes) and the beginning of its digest (8). NULL: from before the chain.
  ALTER TABLE journal ADD COLUMN link BLOB;
  CREATE TABLE chain (first INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;
  -- \`root\`, and \`digests\` while some rows are left: written when rows of the block are deleted by a rule.
  CREATE TABLE chain_block (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, head TEXT NOT NULL, root TEXT, digests TEXT, rule TEXT
  ) STRICT;
  -- Heads that were signed to leave the box.
  CREATE TABLE chain_head (
    last INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, chain TEXT NOT NULL, head TEXT NOT NULL,
    key TEXT NOT NULL, signature TEXT NOT NULL, ways TEXT NOT NULL
  ) STRICT;
  -- What a record rests on: rows of its lane behind an engine state, or from shortly before it, until shortly after it.
  CREATE TABLE rest (
    release_id INTEGER PRIMARY KEY, lane_id TEXT NOT NULL, snapshot_seq INTEGER NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- What the box was told beside the lanes, the newest under each key (park-facts/park-facts.ts). Time is lane time.
  CREATE TABLE park_fact (
    kind TEXT NOT NULL, key TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
  ) STRICT;
  CREATE INDEX park_fact_age ON park_fact (kind, at_ms);
  -- What people say of a record; the last one counts. No other table has these types in this order (lost-rows.ts).
  CREATE TABLE mark (
    release_id INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, wall_ms INTEGER NOT NULL,
    PRIMARY KEY (release_id, number)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Observations go to a broker, each until it has it. Those of earlier versions stay on the box.
  ALTER TABLE observation ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
  UPDATE observation SET published = 1;
  CREATE INDEX observation_unpublished ON observation (id) WHERE published = 0;
  `,
  `
  -- The account, a row a lane and Beijing day: JSON of src/account; \`line\` is what the day comes to.
  CREATE TABLE account (
    lane_id TEXT NOT NULL, day TEXT NOT NULL, line TEXT NOT NULL, rows TEXT NOT NULL, PRIMARY KEY (lane_id, day)
  ) STRICT;
  CREATE INDEX account_day ON account (day);
  CREATE INDEX release_wall ON release (wall_ms);
  `,
  `
  -- What leaves the box over a destination that can carry a number. \`used\`: up to here messages are kept below or have left; the
  -- numbers behind it, up to \`reserved\`, may have been given in memory. \`record\`: the newest that was told of.
  CREATE TABLE numbering (
    destination TEXT PRIMARY KEY, chain TEXT NOT NULL, series TEXT NOT NULL, used INTEGER NOT NULL, reserved INTEGER NOT NULL,
    record INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- Messages that the destination does not have yet.
  CREATE TABLE outgoing (
    id INTEGER PRIMARY KEY, destination TEXT NOT NULL, series TEXT NOT NULL, n INTEGER NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- How many records are where (lists/record-lists.ts), so that nobody counts them. \`why\`: the beginning of the last reason of one that is open; else empty.
  CREATE TABLE tally (
    lane_id TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (lane_id, state, why)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO tally SELECT lane_id, state, ${tallyWhy('release')}, count(*) FROM release GROUP BY 1, 2, 3;
  CREATE TRIGGER tally_put AFTER INSERT ON release BEGIN
    ${tallyMore('new')}
  END;
  CREATE TRIGGER tally_gone AFTER DELETE ON release BEGIN
    ${tallyLess('old')}
  END;
  CREATE TRIGGER tally_moved AFTER UPDATE OF state, last_why ON release
    WHEN old.state <> new.state OR ${tallyWhy('old')} <> ${tallyWhy('new')} BEGIN
    ${tallyLess('old')}
    ${tallyMore('new')}
  END;
  -- The records of each count, in their order.
  CREATE INDEX release_place ON release (lane_id, state, ${tallyWhy()});
  -- Tries again: a record that the platform takes at once never comes in here.
  CREATE INDEX release_due ON release (due_ms, ${tallyWhy()}) WHERE state = 'waiting' AND attempts > 0;
  CREATE INDEX release_settled ON release (settled_ms, frame_bytes) WHERE state IN ('delivered', 'withdrawn', 'dropped');
  CREATE INDEX release_uncorrected ON release (boot_seq)
    WHERE time_quality = 'unknown' AND sent_ms IS NULL AND state IN ('waiting', 'review', 'held', 'parked');
  CREATE INDEX beside_bytes ON beside (frame_bytes);
  -- Rows of the box are found by their numbers only.
  CREATE INDEX journal_lane ON journal (lane_id) WHERE lane_id <> '';
  -- What the rows of a lane take, as far as they were counted.
  CREATE TABLE journal_size (lane_id TEXT PRIMARY KEY, bytes INTEGER NOT NULL, counted_seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- What destinations beside the platform are told of, each from its own place (numbering.place); kept until all of them are past it. \`ref\`: the
  -- record or the observation. Empty while there is no such destination.
  CREATE TABLE outbound (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, wall_ms INTEGER NOT NULL, ref INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  INSERT INTO outbound (kind, wall_ms, ref, body)
    SELECT 'release', wall_ms, id, '' FROM release WHERE id > (SELECT min(record) FROM numbering) ORDER BY id;
  ALTER TABLE numbering ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE numbering ADD COLUMN day TEXT NOT NULL DEFAULT '';
  -- Numbers that an earlier version had reserved may have left the box: then another series begins.
  UPDATE numbering SET chain = '' WHERE reserved > used;
  ALTER TABLE numbering DROP COLUMN reserved;
  ALTER TABLE numbering DROP COLUMN record;
  ALTER TABLE outgoing ADD COLUMN record INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outgoing ADD COLUMN wall_ms INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Records of a lane that has not earned reporting have a state of their own.
  DROP INDEX IF EXISTS release_uncorrected;
  CREATE INDEX IF NOT EXISTS release_unsent ON release (time_quality, boot_seq)
    WHERE sent_ms IS NULL AND state IN ('waiting', 'review', 'kept', 'held', 'parked');
  -- A lane that was reporting under an earlier version goes on.
  INSERT INTO park_fact (kind, key, at_ms, body)
    SELECT 'reporting', lane_id, 0, '{"earned":{"how":"before"}}' FROM release
    WHERE state IN ('waiting', 'held', 'parked', 'delivered') AND serial_kind <> 'foreign' GROUP BY lane_id
    ON CONFLICT (kind, key) DO NOTHING;
  `,
  `
  -- A search for a plate reads this instead of every record.
  CREATE INDEX IF NOT EXISTS release_plate ON release (${RECORD_PLATE});
  `,
  `
  -- Peers that an earlier version sent to have no confirmation yet (src/app/confirmed-peers.ts).
  INSERT INTO park_fact (kind, key, at_ms, body) SELECT 'peer', 'before', 0, '{}' FROM boot WHERE true LIMIT 1
    ON CONFLICT (kind, key) DO NOTHING;
  `,
  `
  -- Where in the chain each row of the other tables stands (chain/row-facts.ts): \`seq\` of the journal, and the salt of its digest there; without
  -- one it is gone. A later step that changes rows, or columns other than by a new one, has to have them said again.
  CREATE TABLE IF NOT EXISTS row_fact (name TEXT PRIMARY KEY, salt BLOB, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Sheets that are final, and so in the chain (days/final-sheets.ts): \`span\` is a day or a month.
  CREATE TABLE IF NOT EXISTS sheet (span TEXT PRIMARY KEY, sha256 TEXT NOT NULL, sums TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX IF NOT EXISTS release_desc ON release (${RECORD_DESC});
  `,
  `
  -- Each payment wrote a page of it, and only the search for the oldest, once in a while, read it.
  DROP INDEX IF EXISTS park_fact_age;
  `,
];
