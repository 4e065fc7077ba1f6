/** A disk that refuses under a running box: the page still lets people in, says so, shows what can be read, and refuses what it cannot keep. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { disk, failDisk, fill, whyNoDisk } from '../store/disks.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

const noDisk = whyNoDisk();
let box: PageBox | undefined;
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await box?.close().catch(() => undefined);
  box = undefined;
});

const login = (user = 'installer', password = PASSWORD) =>
  (box as PageBox).ask('POST', '/api/v1/login', { body: { user, password } });
const overviewOf = async (cookie: string) => (await (box as PageBox).ask('GET', '/api/v1/overview', { cookie })).json;

/** With a delivered record, and its whole reserve. */
async function boxOn(folder: string): Promise<{ at: PageBox; cookie: string; id: number }> {
  const at = await pageBox({ folder });
  box = at;
  const cookie = await at.as('installer');
  at.park.controls.send('manual');
  const releases = async () => (await at.ask('GET', '/api/v1/releases', { cookie })).json.items;
  await expect.poll(async () => (await releases())[0]?.state).toBe('delivered');
  return { at, cookie, id: (await releases())[0].id };
}

describe.skipIf(noDisk !== undefined)(
  `a disk that refuses${noDisk === undefined ? '' : ` (not here: ${noDisk})`}`,
  () => {
    it('full: who logs in is told within ten seconds and looks at records; a decision is kept or refused; with room again all is as before', async () => {
      const { folder } = disk(120);
      const { at, cookie, id } = await boxOn(folder);
      const filler = join(folder, 'filler');
      const eating = setInterval(() => fill(filler), 100);
      stops.push(() => clearInterval(eating));
      const headline = async (of: string) => (await overviewOf(of)).headline;
      const isFull = { level: 'error', text: { en: expect.stringMatching(/full/) } };
      await expect.poll(() => headline(cookie)).toMatchObject(isFull);

      const entered = await login();
      expect(entered.status, entered.text).toBe(200);
      const mine = entered.cookie as string;
      expect(await headline(mine)).toMatchObject(isFull);
      const list = await at.ask('GET', '/api/v1/releases', { cookie: mine });
      const detail = await at.ask('GET', `/api/v1/releases/${id}`, { cookie: mine });
      // Delivered records go before anything that waits.
      expect([list.status, detail.status].join()).toMatch(/^200,(200|404)$/);
      expect((await at.ask('GET', '/api/v1/queue', { cookie: mine })).status).toBe(200);
      // A row has its place for a while yet; a file has none.
      expect([200, 503]).toContain((await at.ask('POST', '/api/v1/queue/retry', { cookie: mine, body: {} })).status);
      const body = { old: PASSWORD, password: 'another four quiet words' };
      const refused = await at.ask('POST', '/api/v1/password', { cookie: mine, body });
      expect(refused.status, refused.text).toBe(503);
      expect(refused.json.detail).toMatch(/磁盘已满/);
      // What could not be kept is not half in force.
      expect((await login('installer', body.password)).status).toBe(401);
      expect((await login()).status).toBe(200);

      clearInterval(eating);
      rmSync(filler);
      await expect.poll(() => headline(mine)).not.toMatchObject(isFull);
      expect((await at.ask('POST', '/api/v1/queue/retry', { cookie: mine, body: {} })).status).toBe(200);
    });

    it('read-only: the overview and the login go on, the rest says why it cannot', async () => {
      const { folder } = disk(120);
      const { at, cookie } = await boxOn(folder);
      const { queue } = await overviewOf(cookie);
      failDisk(folder);
      await expect.poll(async () => (await overviewOf(cookie)).disk.stalled).toBe('readonly');
      const entered = await login();
      expect(entered.status, entered.text).toBe(200);
      const overview = await overviewOf(entered.cookie as string);
      expect(overview.headline).toMatchObject({ level: 'error', text: { en: expect.stringMatching(/read-only/) } });
      expect(overview.queue.delivered).toBe(queue.delivered);
      const list = await at.ask('GET', '/api/v1/releases', { cookie: entered.cookie as string });
      expect(list.status).toBe(503);
      expect(list.json.detail).toMatch(/只读/);
    });
  },
);
