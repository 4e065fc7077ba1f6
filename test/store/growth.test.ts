/**
 * Costs that do not grow: what people and the service manager ask reads a few pages of a database of any size. Counted are the bytes that this thread
 * reads from files, with SQLite's memory emptied before each question; a look through the records or the journal would read all of theirs.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/store/messages.ts';
import type { RecordState } from '../../src/store/record-types.ts';
import { migrate } from '../../src/store/thread/database.ts';
import type { Ledger } from '../../src/store/thread/ledger.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import { fill } from '../bench/growth/state.ts';
import { handClock } from '../sim/hand-clock.ts';
import { keepHouse, open, openLedger, record, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24);
const DAY = 86_400_000;
const LANES = ['1001', '1002', '1003', '1004'];
const [BUSY, IDLE] = ['1001', '1004'];
/** A question about records: an index of all of them is larger; one that reads pictures' sizes, signals or a lane's state; a part of housekeeping. */
const FEW_BYTES = 120_000;
const MOST_BYTES = 400_000;
const LARGE: readonly string[] = [
  'the disk',
  'the signals around it',
  'the state of a lane that kept it three days ago',
];
const PART_BYTES = 1_000_000;

const bytesRead = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/thread-self/io', 'utf8'))?.[1]);

function big(): string {
  const path = temporaryFolder();
  const filled = fill(
    path,
    {
      ...{ lanes: LANES, busy: 2, days: 3, rowsADay: 2_000, recordsADay: 600, waiting: 2_000, framed: 500 },
      ...{ nowWallMs: WALL },
    },
    false,
  );
  expect(filled).toMatchObject({ records: expect.toSatisfy((count) => count > 5_000) });
  return path;
}

function asker(ledger: Ledger) {
  let id = 0;
  return (name: OperationName, ...given: readonly unknown[]): unknown => {
    id += 1;
    return ledger.execute({ id, name, arguments: given, moment: { nowMs: 3 * DAY, wallMs: WALL }, journal: [] });
  };
}

describe.runIf(process.platform === 'linux')('of a database of ten megabytes', () => {
  const filter = (more: object) => [{ limit: 51, ...more }] as const;
  const questions: readonly (readonly [what: string, name: OperationName, given: readonly unknown[]])[] = [
    ['the counts', 'counts', []],
    ['the causes', 'causes', []],
    ['the next try', 'nextDueMs', [0]],
    ['the disk', 'room', []],
    ['a list', 'list', filter({})],
    ['a list of a lane', 'list', filter({ laneId: BUSY })],
    ['a list of an idle lane', 'list', filter({ laneId: IDLE })],
    ['a list of its own lanes', 'list', filter({ laneIds: [IDLE] })],
    ['a list of what is delivered, behind all that waits', 'list', filter({ states: ['delivered'] })],
    ['a list of what is parked', 'list', filter({ states: ['parked', 'held'] })],
    ['a list of a day', 'list', filter({ fromWallMs: WALL - 2 * DAY, toWallMs: WALL - 2 * DAY + 3_600_000 })],
    ['releases by their names', 'list', filter({ laneId: BUSY, releaseIds: ['g-17', 'g-18'] })],
    ['the number of all', 'countRecords', [{ limit: 10_000 }]],
    ['the number of a lane', 'countRecords', [{ limit: 10_000, laneId: BUSY, states: ['delivered'] }]],
    ['a record', 'get', [100]],
    ['the signals around it', 'around', [BUSY, DAY, DAY + 120_000]],
    ['the state of a lane that kept it three days ago', 'load', [IDLE]],
    ['what leaves next', 'due', [12, 'oldest', 0]],
    ['a tick', 'beat', []],
  ];

  it('each question reads a few pages', () => {
    const path = big();
    const ledger = openLedger(path, {}, 3 * DAY);
    const ask = asker(ledger);
    const found = questions.map(([what, name, given]) => {
      ledger.database.pragma('shrink_memory');
      const before = bytesRead();
      ask(name, ...given);
      return [what, bytesRead() - before] as const;
    });
    ledger.database.pragma('shrink_memory');
    const before = bytesRead();
    ledger.database.prepare(`SELECT count(*) FROM release WHERE body LIKE '%nothing of the kind%'`).get();
    const all = bytesRead() - before;
    ledger.close();
    expect(all).toBeGreaterThan(8 * MOST_BYTES);
    expect(found.filter(([what, bytes]) => bytes > (LARGE.includes(what) ? MOST_BYTES : FEW_BYTES))).toEqual([]);
  });

  it('and so does its opening, and each part of housekeeping', () => {
    const path = big();
    const before = bytesRead();
    const ledger = openLedger(path, { keepRecordsMs: DAY, keepFramesMs: 0, keepJournalMs: DAY }, 3 * DAY);
    expect(bytesRead() - before).toBeLessThan(MOST_BYTES);
    const round = ledger.space.retain({ nowMs: 3 * DAY, wallMs: WALL });
    const parts: number[] = [];
    for (let isDone = false; !isDone; ) {
      ledger.begin();
      const from = bytesRead();
      isDone = round.next().done === true;
      parts.push(bytesRead() - from);
      ledger.commit();
    }
    ledger.close();
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((bytes) => bytes > PART_BYTES)).toEqual([]);
  });
});

it('a large database is read through after the start, and damage of its records found', async () => {
  const path = temporaryFolder();
  const clock = handClock(1_000, WALL);
  openLedger(path).close();
  const file = join(path, 'lanewarden.db');
  const database = new Sqlite(file);
  database.exec(`WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 6000)
    INSERT INTO release (lane_id, release_id, serial, serial_kind, state, boot_seq, at_ms, put_ms, due_ms, wall_ms, time_quality, picture, body)
    SELECT '1001', n || '', n || '', 'generated', 'delivered', 1, 0, 0, 0, 0, 'synced', 'none', printf('%.*c', 6000, 'x') FROM many`);
  const page = database
    .prepare(`SELECT pageno FROM dbstat WHERE name = 'release' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 1000`)
    .pluck()
    .get() as number;
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(2_048, 'no page'), 0, 2_048, (page - 1) * 2_048);
  closeSync(handle);
  const store = await open({ path, clock });
  const notices: string[] = [];
  store.onNotice(({ kind }) => notices.push(kind));
  await store.journal.flush();
  expect(notices).not.toContain('quarantined');
  for (let tick = 0; tick < 15; tick += 1) {
    clock.jump(1_000);
    await store.journal.flush();
  }
  await expect.poll(() => notices).toContain('quarantined');
});

describe('what is counted as it comes', () => {
  const STATES: readonly RecordState[] = ['waiting', 'held', 'parked', 'delivered', 'withdrawn', 'review', 'dropped'];
  const counted = (database: Sqlite.Database) => [
    database.prepare('SELECT lane_id, state, why, records FROM tally WHERE records <> 0 ORDER BY 1, 2, 3').all(),
    database
      .prepare(
        `SELECT lane_id, state, iif(state IN ('waiting', 'held', 'parked', 'review'),
           substr(coalesce(last_why, ''), 1, instr(coalesce(last_why, '') || ':', ':') - 1), '') AS why, count(*) AS records
         FROM release GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      )
      .all(),
  ];

  it('is what a count would say, whatever happened', () => {
    const database = new Sqlite(':memory:');
    migrate(database);
    const text = fc.constantFrom(null, 'timeout', 'timeout: of 20 s', 'http: 500', '');
    const change = fc.record({
      kind: fc.constantFrom('put', 'put', 'change', 'change', 'remove', 'again'),
      ...{ id: fc.integer({ min: 1, max: 8 }), lane: fc.constantFrom('1001', '1002') },
      ...{ state: fc.constantFrom(...STATES), why: text },
    });
    const put = database.prepare(
      `INSERT OR IGNORE INTO release (id, lane_id, release_id, serial, serial_kind, state, boot_seq, at_ms, put_ms, due_ms, wall_ms,
         time_quality, picture, body, last_why) VALUES (@id, @lane, @id || '', '', '', @state, 1, 0, 0, 0, 0, '', '', '', @why)`,
    );
    const others = {
      change: database.prepare('UPDATE release SET state = @state, last_why = @why WHERE id = @id'),
      remove: database.prepare('DELETE FROM release WHERE id = @id'),
      again: database.prepare('UPDATE release SET attempts = attempts + 1, due_ms = 7 WHERE id = @id'),
    };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        database.exec('DELETE FROM release');
        for (const { kind, id, lane, state, why } of changes) {
          if (kind === 'put') put.run({ id, lane, state, why });
          else if (kind === 'change') others.change.run({ id, state, why });
          else others[kind as 'remove' | 'again'].run({ id });
        }
        const [kept, found] = counted(database);
        expect(kept).toEqual(found);
      }),
    );
    database.close();
  });

  it('is counted once of a database of before', () => {
    const path = temporaryFolder();
    const file = join(path, 'lanewarden.db');
    const old = new Sqlite(file);
    migrate(old, MIGRATIONS.slice(0, 8));
    const put = old.prepare(
      `INSERT INTO release (lane_id, release_id, serial, serial_kind, state, boot_seq, at_ms, put_ms, due_ms, wall_ms, time_quality, picture, body, last_why)
       VALUES (?, ?, ?, 'generated', ?, 1, 0, 0, 5, ?, 'synced', 'none', ?, ?)`,
    );
    const body = JSON.stringify({ ...record('1'), laneId: undefined, releaseWallMs: undefined });
    for (let at = 0; at < 30; at += 1)
      put.run(`100${at % 2}`, `r${at}`, `s${at}`, STATES[at % 3], WALL + at, body, at % 2 === 0 ? null : 'timeout: 1');
    old.prepare(`INSERT INTO journal VALUES (?, 1, '1001', 3, 3, '{"kind":"tick","atMs":3}', NULL)`).run(17);
    old.close();
    const ledger = openLedger(path, {}, 10_000);
    const ask = asker(ledger);
    expect(ask('counts')).toMatchObject({ waiting: 10, held: 10, parked: 10, delivered: 0 });
    expect(ask('causes')).toHaveLength(6);
    expect(ask('causes')).toContainEqual({ state: 'held', why: 'timeout', count: 5, oldestWallMs: WALL + 1 });
    expect(ask('list', { laneId: '1001', states: ['waiting'], limit: 9 })).toHaveLength(5);
    expect(ask('load', '1001')).toMatchObject({ rows: [{ seq: 17 }] });
    ledger.close();
  });

  it('the sizes of lanes follow what goes', () => {
    const path = temporaryFolder();
    fill(
      path,
      {
        ...{ lanes: LANES, busy: 2, days: 2, rowsADay: 1_000, recordsADay: 1, waiting: 0, framed: 0 },
        ...{ nowWallMs: WALL },
      },
      true,
    );
    const sizes = () => {
      const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
      const rows = database
        .prepare(
          `SELECT lane_id, bytes, (SELECT total(octet_length(event) + 80) FROM journal WHERE journal.lane_id = journal_size.lane_id) AS found
           FROM journal_size`,
        )
        .all() as { bytes: number; found: number }[];
      database.close();
      return rows;
    };
    for (const limits of [{}, { journalMaxBytes: 60_000 }, { keepJournalMs: DAY }]) {
      keepHouse(path, limits, 2 * DAY + 3_600_000);
      const rows = sizes();
      expect(rows).toHaveLength(LANES.length);
      for (const { bytes, found } of rows) expect(bytes).toBe(found);
    }
  });
});
