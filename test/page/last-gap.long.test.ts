/** A time in which a lane was not seen stands on its card when it is over: vehicles of then have no record. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { LaneLive } from '../../src/page/api/api.ts';
import { type ClockUnit, clockUnit } from '../service/clock-unit.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let unit: ClockUnit | undefined;
afterEach(async () => {
  await box?.close();
  await unit?.close();
});
const login = async (): Promise<string> =>
  (await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: PASSWORD } })).cookie ?? '';

const HOUR_MS = 3_600_000;

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
  const again = await login();
  await expect
    .poll(async () => (await laneOf(again))?.lastGap?.what.en)
    .toMatch(/signals could not be seen|not running/);
});

it('an hour without power, of a box without a clock battery, is an hour as soon as a phone has told the time', async () => {
  let synced = true;
  unit = clockUnit();
  box = await pageBox({ machineClock: { places: unit.places, synced: () => synced } });
  let cookie = await box.as('installer');
  await expect.poll(async () => (await laneOf(cookie))?.arm).toBe('closed');
  await expect.poll(async () => (await box.ask('GET', '/api/v1/clock', { cookie })).json.quality).toBe('synced');
  const file = join(box.folder, 'state', 'lanewarden.db');
  box = await box.restart(() => {
    synced = false;
    // As if the machine had been off: its clock is the test's machine's.
    const database = new Sqlite(file);
    database.prepare("UPDATE boot SET boot_id = 'before'").run();
    database.close();
  });
  cookie = await login();
  const gap = async () => (await laneOf(cookie))?.lastGap;
  const lastedMs = async () => {
    const { fromWallMs = 0, toWallMs = 0 } = (await gap()) ?? {};
    return toWallMs - fromWallMs;
  };
  await expect.poll(async () => (await gap())?.what.en).toContain('power cut');
  // At least as long as the test's machine has been up.
  const before = await lastedMs();
  const { nowMs } = (await box.ask('GET', '/api/v1/clock', { cookie })).json;
  const time = { nowMs, wallMs: Date.now() + before + HOUR_MS, roundTripMs: 0 };
  const answer = await box.ask('POST', '/api/v1/clock', { cookie, body: time });
  expect(answer.status, answer.text).toBe(200);
  await expect.poll(lastedMs).toBeGreaterThanOrEqual(before + HOUR_MS);
});
