/** The store's promises, through its facade and its real thread: what was acknowledged is there after the next open, once. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { LaneEvent } from '../../src/lane/types.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { ulid } from '../../src/store/thread/ulid.ts';
import type { Store } from '../../src/store/types.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';
import { dropByTwo, frame, jpeg, open, record, release, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);
const edge = (atMs: number): LaneEvent => ({ kind: 'edge', role: 'down', on: true, atMs, uncertaintyMs: 25 });

describe('the folder', () => {
  it('is for nobody else, and so is what is in it', async () => {
    const path = join(temporaryFolder(), 'deep', 'state');
    const store = await open({ path });
    const { id } = await store.outbox.put(record('1'));
    await store.outbox.attach(id, frame(2_000));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    const [picture] = readdirSync(join(path, 'frames'));
    expect(statSync(join(path, 'frames', picture ?? '')).mode & 0o077).toBe(0);
  });

  it('that cannot be used is said at once', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    await expect(open({ path })).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
  });

  it('written by a newer version is left alone', async () => {
    const path = temporaryFolder();
    await (await open({ path })).close();
    const database = new Sqlite(join(path, 'lanewarden.db'));
    database.pragma('user_version = 999');
    database.close();
    await expect(open({ path })).rejects.toMatchObject({ code: 'newer' });
  });
});

describe('the journal', () => {
  it('gives back the last snapshot and what came after it, per lane and in order', async () => {
    const path = temporaryFolder();
    const first = await open({ path });
    first.journal.append('1001', edge(1));
    first.journal.append('1002', edge(2));
    first.journal.snapshot('1001', { seen: 1 });
    first.journal.append('1001', edge(3));
    first.journal.append('1001', edge(4));
    await first.close();
    const { journal } = await open({ path });
    expect(await journal.load('1001')).toEqual({
      state: { seen: 1 },
      rows: [
        { seq: expect.any(Number), event: edge(3) },
        { seq: expect.any(Number), event: edge(4) },
      ],
    });
    expect(await journal.load('1002')).toMatchObject({ state: undefined, rows: [{ event: edge(2) }] });
  });

  it('keeps an event as it was when it was appended', async () => {
    const { journal } = await open({ path: temporaryFolder() });
    const event = { kind: 'edge', role: 'down', on: true, atMs: 1, uncertaintyMs: 0 } as const;
    const changed = { ...event };
    journal.append('1001', changed);
    Object.assign(changed, { atMs: 99 });
    expect((await journal.load('1001')).rows[0]?.event).toEqual(event);
  });

  it('is on the disk without anybody asking, in groups', async () => {
    const path = temporaryFolder();
    const { journal } = await open({ path });
    for (let at = 0; at < 20; at += 1) journal.append('1001', edge(at));
    const rows = () => {
      const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
      try {
        return database.prepare("SELECT count(*) FROM journal WHERE lane_id <> ''").pluck().get();
      } finally {
        database.close();
      }
    };
    expect(rows()).toBe(0);
    await expect.poll(rows, { interval: 20 }).toBe(20);
  });

  it('is never behind a release that it explains', async () => {
    const path = temporaryFolder();
    const { journal, outbox } = await open({ path });
    journal.append('1001', edge(1));
    journal.append('1001', edge(2));
    await outbox.put(record('1'));
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    expect(database.prepare("SELECT count(*) FROM journal WHERE lane_id <> ''").pluck().get()).toBe(2);
    database.close();
  });

  it('says false when its queue is full, and notes the gap', async () => {
    const clock = handClock(1_000, WALL);
    const store = await open({ path: temporaryFolder(), clock });
    const notices: string[] = [];
    store.onNotice((notice) => notices.push(JSON.stringify(notice)));
    let taken = 0;
    while (taken < 30_000 && store.journal.append('1001', edge(taken))) taken += 1;
    expect(taken).toBe(20_000);
    expect(store.journal.append('1001', edge(taken))).toBe(false);
    expect(store.status()).toMatchObject({ queuedEvents: 20_000, eventsNotJournalled: 2 });
    await store.journal.flush();
    expect(store.journal.append('1001', edge(7))).toBe(true);
    await store.journal.flush();
    expect(notices).toContain(JSON.stringify({ kind: 'gap', events: 2 }));
    expect((await store.journal.load('1001')).rows).toHaveLength(20_001);
  });
});

describe('a record', () => {
  it('gets its serial in put, once and for ever', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const put = await store.outbox.put(record('1'));
    expect(put.serial).toMatch(/^1001-[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(await store.outbox.put(record('1', { reason: 'something else' }))).toEqual(put);
    await store.close();
    const again = await open({ path });
    expect(await again.outbox.put(record('1'))).toEqual(put);
    expect(await again.outbox.counts()).toMatchObject({ waiting: 1, delivered: 0 });
    const other = await open({ path: temporaryFolder() });
    expect((await other.outbox.put(record('1'))).serial, 'another box on this machine').not.toBe(put.serial);
  });

  it('takes the entry record’s id as its serial, and a second one a suffix', async () => {
    const { outbox } = await open({ path: temporaryFolder() });
    const one = await outbox.put(record('1', { entrySerial: 'E-77' }));
    const two = await outbox.put(record('2', { entrySerial: 'E-77' }));
    expect(one.serial).toBe('E-77');
    expect(two.serial).toMatch(/^E-77-.{26}$/);
  });

  it('comes back with all that was put, and its picture byte for byte', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const plate = { text: '粤B12345', confidence: 0.98, color: 'blue' } as const;
    const whole = record('1', { operator: '张三', release: release('1', { plate, captureId: 'c1' }) });
    const { id } = await store.outbox.put(whole);
    await store.outbox.attach(id, frame(100_000));
    await store.close();
    const { outbox } = await open({ path });
    const [due] = await outbox.due(10);
    expect(due).toMatchObject({ ...whole, picture: 'attached', state: 'waiting', attempts: 0, sent: false });
    expect(Buffer.from((await outbox.picture(id)) ?? [])).toEqual(Buffer.from(jpeg(100_000)));
  });

  it('waits for its picture, then goes without', async () => {
    const clock = handClock(5_000, WALL);
    const { outbox } = await open({ path: temporaryFolder(), clock, attachWithinMs: 3_000 });
    const { id } = await outbox.put(record('1'));
    expect(await outbox.due(10)).toEqual([]);
    expect(await outbox.nextDueMs()).toBe(8_000);
    clock.jump(3_000);
    expect(await outbox.due(10)).toMatchObject([{ id, picture: 'pending' }]);
    const none = await outbox.put(record('2'));
    await outbox.attach(none.id, { none: 'timeout' });
    expect((await outbox.due(10))[1]).toMatchObject({ picture: 'none', pictureWhy: 'timeout' });
    expect(await outbox.picture(none.id)).toBeUndefined();
  });

  it('that need not be reported is kept for review until a person reports it', async () => {
    const { outbox, review } = await open({ path: temporaryFolder() });
    const { id, state } = await outbox.put(record('1', { release: release('1', { reported: false }) }));
    await outbox.attach(id, { none: 'noCamera' });
    expect(state).toBe('review');
    expect(await outbox.due(10)).toEqual([]);
    expect(await review.requeue(id, '张三')).toBe(true);
    expect(await outbox.due(10)).toMatchObject([{ id }]);
  });

  it('is withdrawn before it is sent, never after', async () => {
    const { outbox } = await open({ path: temporaryFolder() });
    const early = await outbox.put(record('1'));
    const late = await outbox.put(record('2'));
    expect(await outbox.withdraw('1001', '1', 'paid')).toBe(true);
    expect(await outbox.sending(early.id)).toBeUndefined();
    expect(await outbox.sending(late.id)).toMatchObject({ record: { id: late.id } });
    expect(await outbox.withdraw('1001', '2', 'paid')).toBe(false);
    expect(await outbox.withdraw('1001', 'unheard of', 'paid')).toBe(false);
    expect(await outbox.counts()).toMatchObject({ withdrawn: 1, waiting: 1 });
  });

  it('that is not there is refused, not invented', async () => {
    const { outbox } = await open({ path: temporaryFolder() });
    await expect(outbox.delivered(4711, {})).rejects.toMatchObject({ name: 'StoreError', code: 'unknown' });
    // The refusal costs nobody else anything.
    await expect(outbox.put(record('1'))).resolves.toMatchObject({ id: 1 });
  });

  it('keeps every try, with what the platform said', async () => {
    const { outbox, review } = await open({ path: temporaryFolder() });
    const { id } = await outbox.put(record('1'));
    await outbox.retry(id, 0, 'timeout');
    await outbox.hold(id, 'hint: x', { answer: { status: 200, code: '1001', hint: 'x' } });
    const found = await review.get(id);
    expect(found?.attempts.map(({ why, answer }) => ({ why, answer }))).toEqual([
      { why: 'timeout', answer: undefined },
      { why: 'hint: x', answer: { status: 200, code: '1001', hint: 'x' } },
    ]);
    expect(found?.record).toMatchObject({ state: 'held', attempts: 2, lastWhy: 'hint: x' });
  });

  it('dropped by a person is kept with who and why, and not sent', async () => {
    const path = temporaryFolder();
    const { outbox, review } = await open({ path });
    const { id } = await outbox.put(record('1'));
    expect(await dropByTwo(review, id, '李四', 'test drive')).toBe(true);
    expect(await dropByTwo(review, id, '李四', 'again')).toBe(false);
    expect(await review.requeue(id, '李四')).toBe(false);
    expect(await outbox.counts()).toMatchObject({ dropped: 1, waiting: 0 });
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    expect(database.prepare(`SELECT detail FROM incident WHERE kind = 'dropped'`).pluck().get()).toBe(
      JSON.stringify({ id, who: '李四', second: 'installer', why: 'test drive' }),
    );
    database.close();
  });
});

describe('the order', () => {
  it('is oldest first, and newest first for what has just happened', async () => {
    const { outbox } = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    for (const id of ['1', '2', '3', '4']) await outbox.put(record(id));
    expect((await outbox.due(3)).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect((await outbox.due(2, 'newest')).map(({ id }) => id)).toEqual([4, 3]);
  });

  it('lets nobody wait behind a record that is to be tried again later', async () => {
    const clock = handClock(10_000, WALL);
    const { outbox } = await open({ path: temporaryFolder(), clock, attachWithinMs: 0 });
    const poison = await outbox.put(record('1'));
    await outbox.put(record('2'));
    await outbox.retry(poison.id, 60_000, 'busy: 503');
    expect((await outbox.due(10)).map(({ id }) => id)).toEqual([2]);
    clock.jump(60_000);
    expect((await outbox.due(10)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('survives a reboot whose monotonic clock begins at nothing and whose wall clock begins in 1970', async () => {
    const path = temporaryFolder();
    const before = handClock(500_000, WALL);
    const first = await open({ path, clock: before, bootId: 'one', attachWithinMs: 0 });
    const { id } = await first.outbox.put(record('1'));
    await first.outbox.retry(id, 60_000, 'timeout');
    await first.close();
    const after = handClock(20_000, 0);
    const { outbox, boot } = await open({ path, clock: after, bootId: 'two', attachWithinMs: 0 });
    expect(boot).toMatchObject({ newBoot: true, unclean: false });
    // 20 s of the 60 have certainly passed since the power came back.
    expect(await outbox.nextDueMs()).toBe(60_000);
    after.jump(39_000);
    expect(await outbox.due(10)).toEqual([]);
    after.jump(1_000);
    expect(await outbox.due(10)).toMatchObject([{ id }]);
  });
});

describe('pictures', () => {
  it('that changed on the disk are not given out, and the record says so', async () => {
    const path = temporaryFolder();
    const { outbox, review } = await open({ path });
    const { id } = await outbox.put(record('1'));
    await outbox.attach(id, frame(50_000));
    const [name = ''] = readdirSync(join(path, 'frames'));
    const bytes = readFileSync(join(path, 'frames', name));
    bytes.writeUInt8((bytes.readUInt8(30_000) + 1) & 0xff, 30_000);
    writeFileSync(join(path, 'frames', name), bytes);
    expect(await outbox.picture(id)).toBeUndefined();
    expect((await review.get(id))?.record).toMatchObject({ picture: 'none', pictureWhy: 'damaged', state: 'waiting' });
  });

  it('nobody refers to are swept at the start', async () => {
    const path = temporaryFolder();
    const first = await open({ path });
    const { id } = await first.outbox.put(record('1'));
    await first.outbox.attach(id, frame(1_000));
    await first.close();
    writeFileSync(join(path, 'frames', 'orphan.jpg'), 'x');
    const second = await open({ path });
    expect(await second.outbox.picture(id)).toBeDefined();
    expect(readdirSync(join(path, 'frames'))).toHaveLength(1);
  });

  it('are all that the sweep takes, and one that cannot be removed keeps neither the others nor the start', async () => {
    const path = temporaryFolder();
    await (await open({ path })).close();
    const frames = join(path, 'frames');
    for (const name of ['lost+found', '0.jpg']) mkdirSync(join(frames, name));
    for (const name of ['1.jpg', 'notes.txt']) writeFileSync(join(frames, name), 'x');
    const store = await open({ path });
    await store.outbox.counts();
    expect(readdirSync(frames).sort()).toEqual(['0.jpg', 'lost+found', 'notes.txt']);
  });

  it('whose folder is gone: the store makes it anew and keeps the picture', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    const { id } = await store.outbox.put(record('1'));
    rmSync(join(path, 'frames'), { recursive: true });
    await store.outbox.attach(id, frame(1_000));
    expect(await store.outbox.picture(id)).toBeDefined();
    expect(notices.map(({ kind }) => kind)).toEqual(['stalled', 'recovered']);
  });

  it('above the quota go oldest delivered first, then oldest waiting, never a record', async () => {
    const { outbox, review } = await open({ path: temporaryFolder(), framesMaxBytes: 100_000 });
    const ids: number[] = [];
    for (let at = 1; at <= 4; at += 1) {
      const { id } = await outbox.put(record(String(at)));
      await outbox.attach(id, frame(24_000, at));
      ids.push(id);
    }
    await outbox.delivered(3, {});
    const fifth = await outbox.put(record('5'));
    await outbox.attach(fifth.id, frame(24_000, 5));
    const pictures = async () => (await review.list({ limit: 10 })).toReversed().map(({ picture }) => picture);
    expect(await pictures()).toEqual(['attached', 'attached', 'none', 'attached', 'attached']);
    const sixth = await outbox.put(record('6'));
    await outbox.attach(sixth.id, frame(24_000, 6));
    expect(await pictures()).toEqual(['none', 'attached', 'none', 'attached', 'attached', 'attached']);
    expect((await review.get(1))?.record).toMatchObject({ pictureWhy: 'overQuota', state: 'waiting' });
    expect(await outbox.counts()).toMatchObject({ waiting: 5, delivered: 1 });
  });
});

describe('retention', () => {
  it('removes delivered pictures, then delivered records, by lane time, and nothing that waits', async () => {
    const clock = handClock(1_000, WALL);
    const path = temporaryFolder();
    const store = await open({ path, clock, keepFramesMs: 3_600_000, keepRecordsMs: 7_200_000 });
    const { outbox, review } = store;
    for (const id of ['1', '2', '3']) {
      const put = await outbox.put(record(id));
      await outbox.attach(put.id, frame(1_000));
    }
    await outbox.delivered(1, { seqno: 's' });
    // A wall clock that jumps ten years expires nothing.
    clock.step(10 * 365 * 86_400_000);
    await beats(store, clock, 600);
    expect((await review.get(1))?.record.picture).toBe('attached');
    clock.jump(3_600_000);
    await beats(store, clock, 600);
    await expect.poll(async () => (await review.get(1))?.record.picture).toBe('none');
    expect(readdirSync(join(path, 'frames'))).toHaveLength(2);
    clock.jump(3_600_000);
    await beats(store, clock, 600);
    await expect.poll(() => review.get(1)).toBeUndefined();
    expect(await outbox.counts()).toMatchObject({ waiting: 2, delivered: 0 });
  });

  /** The store keeps house once in 600 beats of a second; the first of them does at once. */
  async function beats(store: Store, clock: HandClock, count: number): Promise<void> {
    for (let beat = 0; beat < count; beat += 1) {
      clock.jump(1_000);
      await store.journal.flush();
    }
  }
});

describe('closing', () => {
  it('marks a clean stop; anything else is an unclean one', async () => {
    const path = temporaryFolder();
    const first = await open({ path });
    expect(first.boot).toMatchObject({ unclean: false, newBoot: true, blindMs: 0 });
    await first.close();
    const alive = readFileSync(join(path, 'alive'));
    const second = await open({ path });
    expect(second.boot).toMatchObject({ unclean: false, newBoot: false });
    await second.close();
    // A torn block: half of the old one, half of nothing.
    writeFileSync(join(path, 'alive'), Buffer.concat([alive.subarray(0, 250), Buffer.alloc(alive.length - 250)]));
    expect((await open({ path })).boot).toMatchObject({ unclean: true, newBoot: false });
  });

  it('refuses what comes later', async () => {
    const store = await open({ path: temporaryFolder() });
    await store.close();
    await expect(store.outbox.put(record('1'))).rejects.toMatchObject({ code: 'closed' });
    expect(store.journal.append('1001', edge(1))).toBe(false);
  });
});

describe('a tool beside the running bridge', () => {
  it('sees and changes records without beginning a run', async () => {
    const path = temporaryFolder();
    const bridge = await open({ path, attachWithinMs: 0 });
    const { id } = await bridge.outbox.put(record('1'));
    await bridge.outbox.park(id, 'rejected: 1400');
    const tool = await open({ path, tool: true });
    expect(await tool.review.list({ states: ['parked'], limit: 5 })).toMatchObject([{ id }]);
    expect(await tool.review.requeue(id, 'technician')).toBe(true);
    await tool.close();
    // A start of more than half a second sees signs of life after its own moment, and its time of the lanes is ahead by that.
    await expect.poll(() => bridge.outbox.due(5)).toMatchObject([{ id }]);
  });

  it('may put the first record of a new box', async () => {
    const path = temporaryFolder();
    const bridge = await open({ path });
    const tool = await open({ path, tool: true });
    const imported = await tool.outbox.put(record('imported'));
    await tool.close();
    const own = await bridge.outbox.put(record('own'));
    expect(own.id).toBeGreaterThan(imported.id);
  });

  it.runIf(process.getuid?.() === 0)('that is root leaves the service its pictures', async () => {
    const path = temporaryFolder();
    const bridge = await open({ path });
    const { id } = await bridge.outbox.put(record('1'));
    const NOBODY = 65_534;
    chownSync(join(path, 'frames'), NOBODY, NOBODY);
    await bridge.outbox.attach(id, frame(500));
    const [file = ''] = readdirSync(join(path, 'frames'));
    expect(statSync(join(path, 'frames', file))).toMatchObject({ uid: NOBODY, gid: NOBODY });
  });

  it.runIf(process.getuid?.() === 0)(
    'that is root, as `sudo lanewarden run`, leaves the service all it makes',
    async () => {
      const path = temporaryFolder();
      const NOBODY = 65_534;
      chownSync(path, NOBODY, NOBODY);
      const bridge = await open({ path });
      await bridge.close();
      const made = readdirSync(path);
      expect(made).toEqual(expect.arrayContaining(['alive', 'frames', 'lanewarden.db']));
      expect(made.filter((name) => statSync(join(path, name)).uid !== NOBODY)).toEqual([]);
    },
  );

  it('goes by the last sign of life where its own clock is that of another boot or machine', async () => {
    const path = temporaryFolder();
    const DAY_MS = 86_400_000;
    const box = await open({ path, clock: handClock(3 * DAY_MS, 0), bootId: 'a' });
    const { id } = await box.outbox.put(record('1'));
    await box.outbox.park(id, 'rejected: 1400');
    await box.close();
    const tool = await open({ path, clock: handClock(200 * DAY_MS, 0), bootId: 'b', tool: true });
    expect(await tool.review.requeue(id, 'technician')).toBe(true);
    await tool.close();
    const again = await open({ path, clock: handClock(10_000, 0), bootId: 'c' });
    expect(await again.outbox.due(5)).toMatchObject([{ id }]);
  });
});

describe('a ULID', () => {
  it('carries its time in front, in order, and never repeats', () => {
    expect(ulid(0).slice(0, 10)).toBe('0000000000');
    expect(ulid(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41');
    expect(ulid(-5).slice(0, 10)).toBe('0000000000');
    expect(ulid(Number.NaN)).toHaveLength(26);
    expect(new Set(Array.from({ length: 1_000 }, () => ulid(WALL))).size).toBe(1_000);
  });
});

it('leaves no temporary file behind', async () => {
  const path = temporaryFolder();
  const { outbox } = await open({ path });
  const { id } = await outbox.put(record('1'));
  // A folder that takes no new file costs the picture, not the record.
  chmodSync(join(path, 'frames'), 0o700);
  await outbox.attach(id, frame(10));
  expect(readdirSync(join(path, 'frames')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(existsSync(join(path, 'lanewarden.db-wal'))).toBe(true);
});
