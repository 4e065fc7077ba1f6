/** What the list and the status page say of delivery: tries and time of one that arrived, why another waits, small pictures, totals of ranges. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookie: string;
beforeAll(async () => {
  box = await pageBox({ speed: 10 });
  cookie = await box.as('operator');
});
afterAll(async () => {
  await box?.close();
});
const ask = (path: string) => box.ask('GET', `/api/v1/${path}`, { cookie });
const newest = async () => (await ask('releases')).json.items[0];

it('a delivered record has its tries, the time of delivery and a small picture; its camera is online', async () => {
  box.park.controls.send('manual');
  await expect.poll(async () => (await newest())?.state).toBe('delivered');
  const row = await newest();
  expect(row).toMatchObject({ attempts: expect.any(Number), picture: 'attached' });
  expect(row.attempts).toBeGreaterThan(0);
  expect(row.deliveredWallMs).toBeGreaterThan(row.releaseWallMs);
  expect(row).not.toHaveProperty('waits');
  // Where the picture tool is not built the small one is the picture itself.
  const small = await ask(`releases/${row.id}/picture?where=small`);
  expect(small).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
  expect((await ask(`releases/${row.id}/picture?where=small`)).text).toBe(small.text);
  const { devices } = (await ask('overview')).json;
  expect(devices.find(({ id }: { id: string }) => id === 'camera/cam1')).toMatchObject({ state: 'ok' });
});

it('one that waits says why, in both languages', async () => {
  expect((await box.ask('POST', '/api/v1/queue/pause', { cookie, body: {} })).status).toBeLessThan(300);
  box.park.controls.send('manual');
  const paused = { zh: expect.stringMatching(/暂停/), en: expect.stringMatching(/paused/i) };
  await expect.poll(newest).toMatchObject({ state: 'waiting', waits: paused });
  await box.ask('POST', '/api/v1/queue/resume', { cookie, body: {} });
  await expect.poll(async () => (await newest())?.state).toBe('delivered');
});

it('the list counts all that a range of days lets through', async () => {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const { items, total } = (await ask(`releases?day=${today}&to=${today}&limit=1`)).json;
  expect(items).toHaveLength(1);
  expect(total).toBeGreaterThanOrEqual(2);
  expect((await ask('releases?day=2020-01-01&to=2020-01-31')).json).toMatchObject({ items: [], total: 0 });
});
