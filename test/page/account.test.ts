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

test('yesterday is what it opens with, and is empty on a new box', async () => {
  expect((await get('account')).json).toMatchObject({ isToday: false, isEmpty: true });
});

test('a day or a lane that is none is not found', async () => {
  for (const query of ['day=2026-02-30', 'day=tomorrow', 'lane=nowhere'])
    expect((await get(`account?${query}`)).status).toBe(404);
  expect((await page.ask('GET', '/api/v1/account', {})).status).toBe(401);
});
