/** The day's sheet over HTTP, through the whole box: a message and no vehicle, and every refusal. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant } from '../../src/lane/types.ts';
import { record } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

let page: PageBox;
let cookie: string;
beforeAll(async () => {
  page = await pageBox();
  cookie = await page.as('viewer');
});
afterAll(() => page.close());

const get = (path: string) => page.ask('GET', `/api/v1/${path}`, { cookie });

test('today is read from memory and from the rows kept, and closes', async () => {
  const app = page.box.host.app;
  const [lane] = app?.config.lanes ?? [];
  const bridge = app?.bridges.get(lane?.id ?? '');
  await app?.register.signOn('张三', [lane?.id ?? '']);
  const grant: Grant = {
    id: 'g1',
    scope: 'lane',
    kind: 'paid',
    count: 1,
    issuedAtMs: bridge?.nowMs() ?? 0,
    source: 'test',
    expiresAtMs: (bridge?.nowMs() ?? 0) + 60_000,
    amount: 1_500,
    currency: 'CNY',
  };
  bridge?.feed({ kind: 'grant', grant, atMs: bridge.nowMs() });
  bridge?.feed({ kind: 'revoke', grantId: 'g1', why: 'cancelled', atMs: bridge.nowMs() + 10 });
  bridge?.feed({ kind: 'tick', atMs: bridge.nowMs() + 2_000 });
  const { status, json } = await get('account?day=today');
  expect(status).toBe(200);
  expect(json).toMatchObject({
    isToday: true,
    gaps: [],
    byShift: [{ operator: '张三' }],
    payments: { total: 1, columns: [{ column: 'ended.cancelled', count: 1, amount: 1_500 }] },
  });
  const csv = await get('account.csv?day=today');
  expect(csv.text).toMatch(/,张三,.*,15\.00,\d\d-\d\d \d\d:\d\d\r\n/);
  expect((await get('overview')).json.today).toMatchObject({ passages: 0, byHand: 0, tailgating: 0 });
  expect((await get('account/trend.svg?day=today')).text).toMatch(/^<svg /);
});

test('the sheet as a zip, and a question with the record it is about', async () => {
  const { store, config } = page.box.host.app ?? {};
  const [lane] = config?.lanes ?? [];
  const at = { laneId: lane?.id ?? '', releaseWallMs: Date.now() - 3 * 86_400_000 };
  const put = await store?.outbox.put(record('r1', at));
  const day = new Date(at.releaseWallMs + 8 * 3_600_000).toISOString().slice(0, 10);
  const question = { kind: 'passageUnclear', atWallMs: at.releaseWallMs, releaseId: 'r1' };
  const rows = { rows: {}, questions: [question], moreQuestions: 0, corrections: [] };
  await store?.accounts.keep(at.laneId, day, JSON.stringify(rows), '{}');
  const { json } = await get(`account?day=${day}`);
  expect(json.questions).toMatchObject([question]);
  expect(json.records).toMatchObject([{ id: put?.id, lane: at.laneId, releaseId: 'r1', picture: expect.any(String) }]);
  const zip = await get(`account.zip?day=${day}`);
  expect(zip.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="lanewarden-account-${day}.zip"`,
  });
  expect(zip.text).toContain(`records-${day}.csv`);
  expect((await get('account.zip?day=tomorrow')).status).toBe(404);
});

test('a month by attendant comes to what its days do, with what moved after they were final', async () => {
  const { store, config } = page.box.host.app ?? {};
  const [lane] = config?.lanes ?? [];
  const laneId = lane?.id ?? '';
  const month = '2026-02';
  const keep = async (day: string, rows: object, corrections: readonly object[] = []) =>
    store?.accounts.keep(laneId, day, JSON.stringify({ rows, questions: [], moreQuestions: 0, corrections }), '{}');
  const shift = Date.parse(`${month}-03T22:00:00+08:00`);
  await keep(`${month}-03`, {
    '9\t张三\topening\thand.button': [2, 0],
    '9\t张三\tpassage\treported.manual': [2, 0],
    '9\t张三\towed\testimated': [2, 1_000],
    [`23\t李四\tpassage\tcovered.paid\t${shift}`]: [5, 0],
  });
  const move = { day: `${month}-03`, hour: 23, operator: '李四', since: shift, part: 'payment', amount: 700, count: 1 };
  await keep(
    `${month}-04`,
    { [`1\t李四\tpassage\tcovered.paid\t${shift}`]: [3, 0], '4\t\tpassage\tcovered.free': [1, 0] },
    [{ ...move, column: 'usedLate' }],
  );
  const { json } = await get(`account/month?month=${month}`);
  expect(json).toMatchObject({ isFinal: true, total: { passages: 11, payments: 1, amount: 700 } });
  expect(json.days).toHaveLength(28);
  for (const day of ['03', '04']) {
    const sheet = (await get(`account?day=${month}-${day}`)).json;
    expect(json.days[Number(day) - 1]).toEqual({ ...sheet.byLane[0], key: `${month}-${day}` });
  }
  expect(json.byOperator).toMatchObject([
    { key: '李四', shifts: 1, passages: 8, amount: 700 },
    { key: '张三', byHand: 2, unpaid: 2, owedEstimated: 1_000 },
    { key: '', passages: 1 },
  ]);
  const csv = await get(`account/month.csv?month=${month}`);
  expect(csv.text.trim().split('\r\n')).toHaveLength(5);
  expect(csv.text).toContain(`${month}-04,${lane?.name},无人签到,0,`);
  expect((await get(`account/trend.svg?month=${month}`)).text).toContain(`<title>${month}-28: 0</title>`);
  for (const no of ['2026-13', 'today', '2999-01']) expect((await get(`account/month?month=${no}`)).status).toBe(404);
});

test('yesterday is what it opens with, and is empty on a new box', async () => {
  expect((await get('account')).json).toMatchObject({ isToday: false, isEmpty: true });
});

test('a day or a lane that is none is not found', async () => {
  for (const query of ['day=2026-02-30', 'day=tomorrow', 'lane=nowhere'])
    expect((await get(`account?${query}`)).status).toBe(404);
  expect((await page.ask('GET', '/api/v1/account', {})).status).toBe(401);
});
