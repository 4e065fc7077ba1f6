/** Review and duty through the page's server: marks kept at once and by role, PINs that slow down and never lock, a CSV of vehicles. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserRole } from '../../src/page/api/api.ts';
import { record, release } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let ids: number[];
/** By role. */
let cookies: Record<UserRole, string>;
beforeAll(async () => {
  box = await pageBox();
  cookies = {} as typeof cookies;
  for (const role of ['booth', 'viewer', 'operator', 'installer'] as const) cookies[role] = await box.as(role);
  ids = [];
  for (const id of ['a', 'b', 'c']) {
    const put = await box.box.host.app?.store.outbox.put(
      record(id, { release: release(id, { plate: { text: `粤B${id.toUpperCase()}1234`, confidence: 0.9 } }) }),
    );
    ids.push(put?.id as number);
  }
});
afterAll(async () => {
  await box?.close();
});
const ask = (method: string, path: string, cookie: string, body?: unknown) =>
  box.ask(method, `/api/v1/${path}`, { cookie, ...(body !== undefined && { body }) });

describe('marks', () => {
  it('of several records at once: who, when, from where, and the request stays as it was', async () => {
    const cookie = cookies.operator;
    const before = (await ask('GET', `releases/${ids[0]}`, cookie)).json.request;
    const marked = await ask('POST', 'releases/mark', cookie, {
      ids: [ids[0], ids[1]],
      kind: 'checked',
      reason: '业主',
    });
    expect(marked).toMatchObject({ status: 200, json: { marked: [ids[0], ids[1]] } });
    await ask('POST', 'releases/mark', cookie, { ids: [ids[0]], kind: 'owed', plate: '粤BA1234', amount: 1500 });
    await ask('POST', 'releases/mark', cookie, { ids: [ids[0]], kind: 'answer', words: '当时道闸坏了' });
    const { json } = await ask('GET', `releases/${ids[0]}/review`, cookie);
    expect(json.marks).toMatchObject([
      { kind: 'checked', reason: '业主', who: expect.any(String), from: '127.0.0.1', atWallMs: expect.any(Number) },
      { kind: 'owed', plate: '粤BA1234', amount: 1500 },
      { kind: 'answer', words: '当时道闸坏了' },
    ]);
    const detail = (await ask('GET', `releases/${ids[0]}`, cookie)).json;
    expect(detail.row.mark).toMatchObject({ kind: 'owed' });
    expect(detail.request).toEqual(before);
    const list = async (marked: string) =>
      (await ask('GET', `releases?marked=${marked}&lane=1001&limit=200`, cookie)).json.items.map(
        ({ id }: { id: number }) => id,
      );
    expect(await list('owed')).toEqual([ids[0]]);
    expect(await list('checked')).toEqual([ids[1]]);
    expect(await list('open')).toContain(ids[2]);
  });

  it('owed, of several at once: each for its own plate, with the amount that was told for it', async () => {
    const cookie = cookies.operator;
    const put = async (id: string, text: string, owed?: { plate: string; by: 'told' | 'tariff'; amount: number }) => {
      const plate = { text, confidence: 0.9 };
      const known = { ...(owed && { owed: { ...owed, wallMs: 0 } }) };
      const kept = await box.box.host.app?.store.outbox.put(record(id, { release: release(id, { plate }), known }));
      return kept?.id as number;
    };
    const several = [
      await put('o1', '粤B00001', { plate: '粤B00001', by: 'told', amount: 1500 }),
      await put('o2', '粤B00002', { plate: '粤B00002', by: 'told', amount: 800 }),
      await put('o3', '粤B00003', { plate: '粤B00003', by: 'tariff', amount: 500 }),
      await put('o4', '粤B00004', { plate: '粤B99999', by: 'told', amount: 500 }),
    ];
    const marks = async (id: number) => (await ask('GET', `releases/${id}/review`, cookie)).json.marks;
    await ask('POST', 'releases/mark', cookie, { ids: several, kind: 'owed' });
    const first = await Promise.all(several.map(async (id) => (await marks(id))[0]));
    expect(first.map(({ plate, amount }) => [plate, amount])).toEqual([
      ['粤B00001', 1500],
      ['粤B00002', 800],
      // An estimate, or what was told of another plate, is nobody's word.
      ['粤B00003', undefined],
      ['粤B00004', undefined],
    ]);
    // What a person writes counts.
    const [one] = several;
    await ask('POST', 'releases/mark', cookie, { ids: [one], kind: 'owed', plate: '粤B00009', amount: 700 });
    await ask('POST', 'releases/mark', cookie, { ids: [one], kind: 'owed', plate: '粤B00009' });
    await ask('POST', 'releases/mark', cookie, { ids: [one], kind: 'recovered' });
    const [, second, third, last] = await marks(one as number);
    expect([second, third, last]).toMatchObject([{ plate: '粤B00009', amount: 700 }, { plate: '粤B00009' }, {}]);
    expect(third).not.toHaveProperty('amount');
    expect(last).not.toHaveProperty('amount');
    // They are settled for what follows.
    await ask('POST', 'releases/mark', cookie, { ids: several, kind: 'checked' });
  });

  it('what a person decided is no release stands open nowhere', async () => {
    const cookie = cookies.operator;
    const put = await box.box.host.app?.store.outbox.put(
      record('held', { release: { ...release('held'), reported: false } }),
    );
    const id = put?.id as number;
    const open = async () => ({
      duty: (await ask('GET', 'duty', cookie)).json.open as number,
      list: (await ask('GET', 'releases?marked=open&limit=200', cookie)).json.items.map(
        (row: { id: number }) => row.id,
      ),
    });
    const before = await open();
    expect(before.list).toContain(id);
    expect((await ask('POST', `releases/${id}/dismiss`, cookie, { why: '拖挂车' })).status).toBe(200);
    const after = await open();
    expect(after.list).not.toContain(id);
    expect(after.duty).toBe(before.duty - 1);
  });

  it('viewer reads, operator marks, booth reads its own', async () => {
    const [viewer, booth] = [cookies.viewer, cookies.booth];
    expect((await ask('GET', `releases/${ids[0]}/review`, viewer)).status).toBe(200);
    expect((await ask('POST', 'releases/mark', viewer, { ids, kind: 'checked' })).status).toBe(403);
    expect((await ask('GET', 'releases', booth)).status).toBe(200);
    expect((await ask('POST', 'releases/mark', booth, { ids, kind: 'checked' })).status).toBe(403);
    expect((await ask('GET', 'overview', booth)).status).toBe(200);
    expect((await ask('GET', 'duty', booth)).status).toBe(200);
  });

  it('what cannot be is refused by name', async () => {
    const cookie = cookies.operator;
    expect((await ask('POST', 'releases/mark', cookie, { ids: [99_999], kind: 'checked' })).status).toBe(404);
    const wordless = await ask('POST', 'releases/mark', cookie, { ids: [ids[2]], kind: 'answer' });
    expect(wordless).toMatchObject({ status: 422, json: { errors: [{ field: 'words' }] } });
    expect((await ask('POST', 'releases/mark', cookie, { ids: [], kind: 'checked' })).status).toBe(422);
  });

  it('the short list of reasons is the office’s', async () => {
    const cookie = cookies.operator;
    expect((await ask('PUT', 'review/reasons', cookie, { reasons: ['业主', '送货'] })).status).toBe(200);
    expect((await ask('GET', `releases/${ids[0]}/review`, cookie)).json.reasons).toEqual(['业主', '送货']);
  });
});

describe('duty', () => {
  it('signs on by PIN at the booth; five wrong ones wait, are noted, and lock nobody out', async () => {
    const [office, booth] = [cookies.operator, cookies.booth];
    expect((await ask('PUT', 'duty/pins', office, { operator: '张三', pin: '123456' })).json).toMatchObject({
      ...{ status: 422, code: 'weakPin' },
    });
    expect((await ask('PUT', 'duty/pins', booth, { operator: '张三', pin: '482915' })).status).toBe(403);
    expect((await ask('PUT', 'duty/pins', office, { operator: '张三', pin: '482915' })).status).toBe(200);
    await ask('PUT', 'duty/pins', office, { operator: '李四', pin: '739164' });
    const sign = (operator: string, pin: string, cookie = booth, newPin?: string) =>
      ask('POST', 'duty/sign-on', cookie, { operator, pin, lanes: ['1001'], ...(newPin && { newPin }) });
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect((await sign('张三', '000001')).json).toMatchObject({ status: 401, code: 'wrongPin' });
    const waits = await sign('张三', '482915');
    expect(waits.status).toBe(429);
    expect(Number(waits.headers['retry-after'])).toBeLessThanOrEqual(60);
    // Another name is free, and so is another user.
    const first = (await sign('李四', '739164', booth, '518203')).json;
    expect(first.lanes[0]).toMatchObject({ operator: '李四', by: 'pin' });
    // Before the first who ever signed on nobody was missing.
    expect(first.oddities).toEqual([]);
    expect((await sign('张三', '482915', office, '640291')).json.lanes[0]).toMatchObject({
      operator: '张三',
      by: 'pin',
    });
    const installer = cookies.installer;
    const rows = (await ask('GET', 'audit', installer)).json as { what: { en: string } }[];
    expect(rows.filter(({ what }) => what.en.includes('five wrong PINs for 张三'))).toHaveLength(1);
    const files = JSON.stringify(rows);
    expect(files).not.toContain('482915');
    expect((await ask('POST', 'duty/affirm', booth, {})).json.lanes[0]).toMatchObject({ operator: '张三' });
  });

  it('to say that nobody has changed is no sign-on: it moves nothing, and stands under the name of who said it', async () => {
    const lanesOf = async () => (await ask('GET', 'duty', cookies.booth)).json.lanes;
    const before = await lanesOf();
    for (const user of ['booth', 'operator'] as const) await ask('POST', 'duty/affirm', cookies[user], {});
    expect(await lanesOf()).toEqual(before);
    const rows = (await ask('GET', 'audit', cookies.installer)).json as { user: string; what: { zh: string } }[];
    const said = rows.filter(({ what }) => what.zh === '说当班没有换人：1001 张三');
    expect(said.map(({ user }) => user)).toEqual(expect.arrayContaining(['booth', 'operator']));
    const shifts = box.box.host.app?.register.shifts ?? [];
    expect(shifts.at(-1)).toMatchObject({ operator: '张三', by: 'pin', affirms: true, source: 'operator' });
  });

  it('survives a restart, and a record made then has its operator and how that is known', async () => {
    box = await box.restart();
    const cookie = cookies.viewer;
    expect((await ask('GET', 'duty', cookie)).json.lanes[0]).toMatchObject({ operator: '张三', by: 'pin' });
    const known = box.box.host.app?.register.recordKnowledge(
      '1001',
      release('x', { releaseAtMs: (box.box.host.app.clock.nowMs() + box.box.host.app.store.boot.laneOffsetMs) | 0 }),
      0,
      null,
    );
    expect(known).toMatchObject({ operator: '张三', operatorBy: 'pin' });
  });
});

describe('known vehicles as a CSV', () => {
  const put = (raw: Buffer, cookie: string, query = '') =>
    box.ask('PUT', `/api/v1/vehicles${query}`, { cookie, raw, headers: { 'content-type': 'text/csv' } });

  it('with a head in Chinese, as Excel saves it in GBK; all of it or nothing', async () => {
    const cookie = cookies.operator;
    // 车牌,类型,说明,结束 / 粤B54321,月卡,月卡A,2099/1/1
    const gbk = Buffer.from(
      'b3b5c5c62cc0e0d0cd2ccbb5c3f72cbde1caf80d0ad4c1423534333231 2cd4c2bfa82cd4c2bfa8412c323039392f312f310d0a'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    expect(await put(gbk, cookie)).toMatchObject({ status: 200, json: { taken: 1, removed: 0 } });
    const faulty = await put(Buffer.from('粤B11111,season,,2026-02-30\n粤B22222,gold\n'), cookie);
    expect(faulty).toMatchObject({ status: 422, json: { errors: [{ field: '1: from' }, { field: '2: kind' }] } });
    expect((await ask('GET', 'duty', cookie)).json.vehicles).toBe(1);
    const whole = await put(Buffer.from('粤B33333,free\n'), cookie, '?replace=1');
    expect(whole.json).toEqual({ taken: 1, removed: 1 });
    expect((await ask('GET', 'duty', cookie)).json.vehicles).toBe(1);
  });
});
