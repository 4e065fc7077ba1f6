/** A time in which a lane was not seen stands on its card when it is over: vehicles of then have no record. */
import { afterEach, expect, it } from 'vitest';
import type { LaneLive } from '../../src/page/api/api.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
afterEach(() => box?.close());

async function laneOf(cookie: string): Promise<LaneLive | undefined> {
  const { json } = await box.ask('GET', '/api/v1/overview', { cookie });
  return (json.lanes as LaneLive[])[0];
}

it('the cable that was out for a while is told on the status page, also after a restart', async () => {
  box = await pageBox();
  const cookie = await box.as('installer');
  await expect.poll(async () => (await laneOf(cookie))?.arm).toBe('closed');
  box.park.controls.fault('unplug', true);
  await expect.poll(async () => (await laneOf(cookie))?.arm).toBe('unknown');
  expect((await laneOf(cookie))?.lastGap?.what.en ?? '').not.toContain('signals');
  box.park.controls.fault('unplug', false);
  const told = { what: { en: expect.stringContaining('signals could not be seen') } };
  await expect.poll(async () => (await laneOf(cookie))?.lastGap).toMatchObject(told);
  const gap = (await laneOf(cookie))?.lastGap;
  expect(gap?.toWallMs).toBeGreaterThan(gap?.fromWallMs ?? 0);
  box = await box.restart();
  const again = await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: PASSWORD } });
  await expect
    .poll(async () => (await laneOf(again.cookie ?? ''))?.lastGap?.what.en)
    .toMatch(/signals could not be seen|not running/);
});
