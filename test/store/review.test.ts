/** What a person does with records in bulk or to their content: filters, causes, retry of all, corrections that keep what was. */

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Release } from '../../src/lane/types.ts';
import type { RecordFilter, Store } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { dropByTwo, open, record, release, temporaryFolder } from './open.ts';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 10, 24, 4, 0, 0);

async function filled(): Promise<{ readonly path: string; readonly store: Store }> {
  const path = temporaryFolder();
  const store = await open({ path, attachWithinMs: 0 });
  const put = (id: string, laneId: string, atWallMs: number, more: Partial<Release> = {}) =>
    store.outbox.put(record(id, { laneId, releaseWallMs: atWallMs, release: release(id, more) }));
  await put('1', '1001', NOON_MS - DAY_MS, { plate: { text: '粤B12345', confidence: 1 } });
  await put('2', '1001', NOON_MS, { method: 3, desc: 'tailgating', plate: { text: '湘E24680', confidence: 1 } });
  await put('3', '1002', NOON_MS + 1, { reported: false });
  await put('4', '1002', NOON_MS + DAY_MS, { method: 2, desc: 'fire' });
  return { path, store };
}

describe('the list of records', () => {
  it('goes by time, lane, method, kind, plate and state, together and page by page', async () => {
    const { store } = await filled();
    const ids = async (filter: Omit<RecordFilter, 'limit'>, limit = 10) =>
      (await store.review.list({ ...filter, limit })).map(({ id }) => id);
    expect(await ids({})).toEqual([4, 3, 2, 1]);
    expect(await ids({ fromWallMs: NOON_MS, toWallMs: NOON_MS + DAY_MS }), 'from there, before that').toEqual([3, 2]);
    expect(await ids({ laneId: '1002' })).toEqual([4, 3]);
    expect(await ids({ method: 1 })).toEqual([3, 1]);
    expect(await ids({ desc: 'fire' })).toEqual([4]);
    expect(await ids({ plateContains: '粤b·12 3' })).toEqual([1]);
    expect(await ids({ plateContains: '%' })).toEqual([]);
    expect(await ids({ states: ['review'] })).toEqual([3]);
    expect(await ids({ laneId: '1001', method: 3, toWallMs: NOON_MS })).toEqual([]);
    expect(await ids({ beforeId: 4 }, 2)).toEqual([3, 2]);
  });

  it('shows what waits for a person however old it is, also by a part of its plate', async () => {
    const { store } = await filled();
    const plate = { text: '苏C13579', confidence: 1 };
    const old = record('5', {
      releaseWallMs: NOON_MS - 90 * DAY_MS,
      release: release('5', { reported: false, plate }),
    });
    const { id } = await store.outbox.put(old);
    const inbox = { who: 'operator', voice: 'both', fromWallMs: NOON_MS } as const;
    for (const part of ['苏C135', 'C13579', '3579']) {
      const filter = { inbox, plateContains: part, limit: 10 };
      expect(
        (await store.review.list(filter)).map((found) => found.id),
        part,
      ).toEqual([id]);
      expect(await store.review.count(filter), part).toBe(1);
    }
  });

  it('finds a plate among many without reading their texts', async () => {
    const path = temporaryFolder();
    const many = await open({ path, attachWithinMs: 0 });
    await many.outbox.put(record('1', { release: release('1', { plate: { text: '粤B12345', confidence: 1 } }) }));
    await many.close();
    const database = new Sqlite(join(path, 'lanewarden.db'));
    const columns = database.prepare(
      `SELECT name FROM pragma_table_info('release') WHERE name NOT IN ('id', 'release_id')`,
    );
    const rest = columns.pluck().all().join(', ');
    database.exec(`INSERT INTO release (release_id, ${rest}) WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      SELECT i, ${rest.replace('body', "json_set(body, '$.release.plate.text', '湘E' || i)")} FROM n, release WHERE id = 1`);
    database.close();
    const again = await open({ path, attachWithinMs: 0 });
    const took = async (filter: Omit<RecordFilter, 'limit'>) => {
      const beganMs = performance.now();
      const found = await again.review.list({ ...filter, limit: 50 });
      return { ms: performance.now() - beganMs, found: found.length };
    };
    const [text, plate] = [[], []] as [number[], number[]];
    // In turn, and the least of each: what else the machine does is in the others.
    for (let at = 0; at < 7; at += 1) {
      const [byText, byPlate] = [await took({ method: 3 }), await took({ plateContains: 'B123' })];
      expect([byText.found, byPlate.found]).toEqual([0, 1]);
      text.push(byText.ms);
      plate.push(byPlate.ms);
    }
    expect(Math.min(...plate)).toBeLessThan(Math.min(...text) / 3);
    // Slice by slice the same as at once, whatever else is asked.
    const ids = Array.from({ length: 20_000 }, (_, at) => 20_000 - at);
    for (const part of ['E1999', '湘E1999', '湘 e1999', '湘', '77', '20000']) {
      const digits = part.replace(/\D/g, '');
      const wanted = ids.filter(
        (id) => id > 1 && (part.toUpperCase().includes('E') ? `${id}`.startsWith(digits) : `${id}`.includes(digits)),
      );
      for (const more of [
        {},
        { beforeId: 19_995 },
        { laneId: '1001' },
        { laneId: '1002' },
      ] as Partial<RecordFilter>[]) {
        const right = more.laneId === '1002' ? [] : wanted.filter((id) => id < (more.beforeId ?? 1e9));
        const found = await again.review.list({ ...more, plateContains: part, limit: 300 });
        expect(
          found.map(({ id }) => id),
          `${part} ${JSON.stringify(more)}`,
        ).toEqual(right.slice(0, 300));
        expect(await again.review.count({ ...more, plateContains: part, limit: 100_000 })).toBe(right.length);
      }
    }
    // What came or changed since the last search, by whoever, is found by the next.
    const ids9 = async (part: string) => {
      const filter = { plateContains: part, limit: 9, beforeId: 1e9 };
      expect(await again.review.count(filter)).toBe((await again.review.list(filter)).length);
      return (await again.review.list(filter)).map(({ id }) => id);
    };
    expect(await ids9('88776')).toEqual([]);
    const plateOf = (text: string) => release('new', { plate: { text, confidence: 1 } });
    const { id } = await again.outbox.put(record('new', { release: plateOf('粤Z88776') }));
    expect(await ids9('88776')).toEqual([id]);
    expect(await again.review.correct(id, { plate: { text: '沪A77665' } }, '王稽核', '')).toBe(true);
    expect([await ids9('88776'), await ids9('沪A77665')]).toEqual([[], [id]]);
    const other = new Sqlite(join(path, 'lanewarden.db'));
    other.exec("UPDATE release SET body = json_set(body, '$.release.plate.text', '京A00001') WHERE id = 4711");
    other.close();
    expect(await ids9('京A0')).toEqual([4711]);
    await again.close();
    // After a start the plates are read one slice after the other, so that the first search finds them read: it computes next to nothing.
    const computedByTheFirst = async (slices: number) => {
      const clock = handClock(5_000, NOON_MS);
      const store = await open({ path, clock, attachWithinMs: 0 });
      for (let slice = 0; slice < slices; slice += 1) {
        await clock.advance(250);
        await store.review.count({ limit: 1 });
      }
      const before = process.cpuUsage();
      expect(await store.review.count({ plateContains: '京A0', limit: 9 })).toBe(1);
      const { user, system } = process.cpuUsage(before);
      await store.close();
      return user + system;
    };
    const [cold, warm] = [[], []] as [number[], number[]];
    for (let at = 0; at < 3; at += 1) {
      cold.push(await computedByTheFirst(0));
      warm.push(await computedByTheFirst(6));
    }
    expect(Math.min(...warm)).toBeLessThan(Math.min(...cold) / 3);
  });
});

describe('causes', () => {
  it('counts what is on the box by state and code, with the oldest and the next try', async () => {
    const clock = handClock(5_000, NOON_MS);
    const store = await open({ path: temporaryFolder(), clock, attachWithinMs: 0 });
    for (const id of ['1', '2', '3', '4', '5', '6'])
      await store.outbox.put(record(id, { releaseWallMs: NOON_MS + Number(id) }));
    await store.outbox.retry(1, 9_000, 'timeout');
    await store.outbox.retry(2, 4_000, 'timeout');
    await store.outbox.retry(3, 1_000, 'signature: 1401 park_uuid=…');
    await store.outbox.park(4, 'rejected: 1400 plate: wrong');
    await store.outbox.delivered(5, {});
    expect(await store.review.causes()).toEqual([
      { state: 'waiting', why: 'timeout', count: 2, oldestWallMs: NOON_MS + 1, nextTryMs: 9_000 },
      { state: 'parked', why: 'rejected', count: 1, oldestWallMs: NOON_MS + 4 },
      { state: 'waiting', count: 1, oldestWallMs: NOON_MS + 6, nextTryMs: 5_000 },
      { state: 'waiting', why: 'signature', count: 1, oldestWallMs: NOON_MS + 3, nextTryMs: 6_000 },
    ]);
  });
});

describe('retry of all', () => {
  it('takes the states it is told, and of those waiting what has been tried', async () => {
    const store = await open({ path: temporaryFolder(), attachWithinMs: 60_000 });
    for (const id of ['1', '2', '3', '4']) await store.outbox.put(record(id));
    await store.outbox.retry(1, 900_000, 'timeout');
    await store.outbox.park(2, 'rejected: 1400');
    await store.outbox.hold(3, 'hint: x');
    let told = 0;
    store.outbox.onChange(() => {
      told += 1;
    });
    expect(await store.outbox.due(10)).toEqual([]);
    expect(await store.review.requeueAll(['waiting', 'parked'], '张三')).toBe(2);
    expect((await store.outbox.due(10)).map(({ id }) => id)).toEqual([1, 2]);
    expect(told).toBe(1);
    expect(await store.review.requeueAll(['parked'], '张三')).toBe(0);
    expect(told).toBe(1);
    expect(await store.outbox.counts()).toMatchObject({ held: 1, waiting: 3 });
  });
});

describe('a correction', () => {
  it('changes what is sent, keeps what was and who did it, and sends the record again under its serial', async () => {
    const { path, store } = await filled();
    const { serial } = (await store.review.get(2))?.record ?? {};
    await store.outbox.park(2, 'rejected: 1400 plate: wrong');
    const plate = { text: '湘e·24689', color: 'blue' } as const;
    expect(await store.review.correct(2, { plate }, '张三', '看错一位')).toBe(true);
    expect(await store.review.correct(2, { desc: 'button' }, '李四', '岗亭放行')).toBe(true);
    const { record: found } = (await store.review.get(2)) ?? {};
    expect(found).toMatchObject({
      serial,
      state: 'waiting',
      reason: '人工更正：岗亭放行；原为按钮开闸，按钮开闸后有车通过',
      methodDesc: '按钮开闸',
      release: { method: 1, desc: 'button', plate: { text: '湘E24689', color: 'blue' } },
      corrections: [
        { who: '张三', why: '看错一位', was: { plate: { text: '湘E24680' }, reason: '按钮开闸后有车通过' } },
        { who: '李四', why: '岗亭放行', was: { desc: 'tailgating', method: 3 } },
      ],
    });
    expect((await store.outbox.due(10)).map(({ id }) => id)).toContain(2);
    expect((await store.review.list({ plateContains: '24689', limit: 1 }))[0]?.id).toBe(2);
    await store.close();
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const kept = database.prepare(`SELECT detail FROM incident WHERE kind = 'corrected' ORDER BY id`).pluck().all();
    expect(kept.map((detail) => JSON.parse(String(detail)) as unknown)).toMatchObject([
      { who: '张三' },
      { who: '李四' },
    ]);
    database.close();
  });

  it('takes a plate away, and what the lane decided stays however often it is corrected', async () => {
    const { store } = await filled();
    for (let at = 0; at < 30; at += 1)
      expect(await store.review.correct(1, { plate: { text: `粤B${10_000 + at}` } }, 'x', 'y')).toBe(true);
    expect(await store.review.correct(1, { plate: { text: ' ' } }, 'x', 'none to be seen')).toBe(true);
    const { record: found } = (await store.review.get(1)) ?? {};
    expect(found?.release.plate).toBeUndefined();
    expect(found?.corrections).toHaveLength(20);
    expect(found?.corrections?.[0]?.was.plate?.text).toBe('粤B12345');
  });

  it('is refused for what is delivered, dropped, on the wire or the same', async () => {
    const { store } = await filled();
    const correct = (id: number, text = '粤B99999') => store.review.correct(id, { plate: { text } }, 'x', 'y');
    expect(await correct(1, '粤B12345')).toBe(false);
    await store.outbox.sending(1);
    expect(await correct(1)).toBe(false);
    await store.outbox.retry(1, 0, 'timeout');
    expect(await correct(1)).toBe(true);
    await store.outbox.delivered(1, {});
    await dropByTwo(store.review, 2, 'x', 'y');
    for (const id of [1, 2, 99]) expect(await correct(id)).toBe(false);
  });

  it('is refused for what is damaged: no correction makes it whole', async () => {
    const { path, store } = await filled();
    const database = new Sqlite(join(path, 'lanewarden.db'));
    database.prepare(`UPDATE release SET body = '{' WHERE id = 1`).run();
    database.close();
    expect(await store.review.correct(1, { plate: { text: '粤B99999' } }, 'x', 'y')).toBe(false);
  });

  it('counts answers of unknown meaning anew, as for another record', async () => {
    const { store } = await filled();
    await store.outbox.retry(1, 0, 'unknown', { unknownCode: true });
    expect((await store.review.get(1))?.record.unknownAnswers).toBe(1);
    expect(await store.review.correct(1, { plate: { text: '粤B99999' } }, 'x', 'y')).toBe(true);
    expect((await store.review.get(1))?.record.unknownAnswers).toBe(0);
  });
});

it('an answer that comes when a record is settled changes nothing of it', async () => {
  const { store } = await filled();
  await store.outbox.delivered(1, {});
  await store.outbox.retry(1, 0, 'timeout');
  expect((await store.review.get(1))?.record).toMatchObject({ state: 'delivered', attempts: 1 });
});

describe('a record that is on the wire', () => {
  it('is not dropped; what another process dropped meanwhile stays dropped, whatever the platform answers', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const { id } = await store.outbox.put(record('1'));
    await store.outbox.sending(id);
    expect(await dropByTwo(store.review, id, 'x', 'y')).toBe(false);
    await store.journal.flush();
    const command = await open({ path, tool: true });
    expect(await dropByTwo(command.review, id, '张三', '测试车')).toBe(true);
    await command.close();
    await store.outbox.park(id, 'rejected: 1400');
    expect((await store.review.get(id))?.record).toMatchObject({ state: 'dropped', lastWhy: 'dropped: 测试车' });
  });
});
