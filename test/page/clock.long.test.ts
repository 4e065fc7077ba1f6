/** The time of a phone, over HTTP: an installer's session and nothing else sets the clock, only where no network does, and it is kept who did. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type ClockUnit, clockUnit } from '../service/clock-unit.ts';
import { type PageBox, pageBox } from './page-box.ts';

const HOUR_MS = 3_600_000;
const clock = systemClock();
let unit: ClockUnit;
let box: PageBox;
let cookie: string;
let synced = false;

beforeAll(async () => {
  unit = clockUnit();
  box = await pageBox({ machineClock: { places: unit.places, synced: () => synced } });
  cookie = await box.as('installer');
});
afterAll(async () => {
  await box?.close();
  await unit?.close();
});

const view = async () => (await box.ask('GET', '/api/v1/clock', { cookie })).json;
/** Of a phone whose clock is `aheadMs` ahead of this machine's, which measures its way to the box as the page does: it is busy at times. */
const told = async (aheadMs = 0) => {
  const askedMs = clock.nowMs();
  const { nowMs } = await view();
  const roundTripMs = clock.nowMs() - askedMs;
  return { nowMs, wallMs: clock.wallMs() - roundTripMs / 2 + aheadMs, roundTripMs };
};
/** On a machine with other work on it; a time that was not taken is off by an hour. */
const NEAR_MS = 60_000;
/** How far the box's time is outside of the while in which it said it. */
const offBy = async (aheadMs = 0) => {
  const askedMs = clock.wallMs();
  const { wallMs } = await view();
  return Math.max(0, askedMs + aheadMs - wallMs, wallMs - aheadMs - clock.wallMs());
};
const take = (
  body: unknown,
  as: { readonly cookie?: string; readonly headers?: Record<string, string> } = { cookie },
) => box.ask('POST', '/api/v1/clock', { body, ...as });

describe('a box whose time nobody knows', () => {
  it('offers a phone, to an installer alone', async () => {
    expect(await view()).toMatchObject({ quality: 'unknown' });
    expect(await view()).not.toHaveProperty('cannot');
    for (const role of ['operator', 'auditor', 'viewer', 'booth'] as const) {
      const other = { cookie: await box.as(role) };
      expect((await take(await told(), other)).status, role).toBe(403);
      expect((await box.ask('GET', '/api/v1/clock', other)).status, role).toBe(403);
    }
    expect((await take(await told(), {})).status).toBe(401);
    // No token, whatever it may do else; and no other site.
    const scopes = ['grants', 'read', 'metrics', 'act'];
    const made = await box.ask('POST', '/api/v1/tokens', { cookie, body: { name: 'all', scopes } });
    const bearer = { headers: { authorization: `Bearer ${made.json.token}` } };
    expect((await take(await told(), bearer)).status).toBe(403);
    expect((await take(await told(), { cookie, headers: { origin: 'https://other.example' } })).status).toBe(403);
    expect(unit.set()).toEqual([]);
  });

  it('refuses what cannot be right', async () => {
    const time = await told();
    for (const wrong of [{ wallMs: 0 }, { wallMs: 5e12 }, { nowMs: -1 }, { roundTripMs: -1 }, { wallMs: 'now' }])
      expect((await take({ ...time, ...wrong })).status, JSON.stringify(wrong)).toBe(422);
    // Of a moment that was not yet, or is long over; or measured over a network that says nothing.
    for (const stale of [{ nowMs: time.nowMs + 60_000 }, { nowMs: time.nowMs - 60_000 }, { roundTripMs: 6_000 }])
      expect((await take({ ...time, ...stale })).status, JSON.stringify(stale)).toBe(409);
    expect(unit.set()).toEqual([]);
  });

  it('takes it with its error, for the machine and for its records, and keeps who did it', async () => {
    const time = await told(HOUR_MS);
    const answer = await take(time);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ quality: 'manual' });
    // Two seconds for the phone and half of the round trip; the quartz adds its own.
    const errorMs = 2_000 + time.roundTripMs / 2;
    expect(answer.json.errorMs).toBeGreaterThanOrEqual(errorMs);
    expect(answer.json.errorMs).toBeLessThan(errorMs + 100);
    // Later than the phone said it by what the way to root took.
    const setMs = unit.set().at(-1) ?? 0;
    expect(setMs - time.wallMs).toBeGreaterThanOrEqual(0);
    expect(setMs).toBeLessThanOrEqual(clock.wallMs() + HOUR_MS + 20);
    expect(await offBy(HOUR_MS)).toBeLessThan(NEAR_MS);
    const { json: overview } = await box.ask('GET', '/api/v1/overview', { cookie });
    expect(overview.clock).toMatchObject({ quality: 'manual' });
    expect(overview.clock.errorMs).toBeGreaterThanOrEqual(errorMs);
    const { json: audit } = await box.ask('GET', '/api/v1/audit', { cookie });
    expect(audit[0]).toMatchObject({ user: 'installer', what: { en: expect.stringMatching(/\+3600(\.\d)? s, ±2 s/) } });
    const { json: seen } = await box.ask('GET', '/api/v1/observations', { cookie });
    expect(JSON.stringify(seen)).toMatch(/installer took the time of a phone for the system clock, by \+3[56]\d\d/);
  });

  it('dates a release by it, and says how far that may be off', async () => {
    await box.park.controls.send('manual');
    const releases = async () => (await box.ask('GET', '/api/v1/releases', { cookie })).json.items;
    await expect.poll(async () => (await releases()).length).toBeGreaterThan(0);
    const [{ id }] = await releases();
    const { json } = await box.ask('GET', `/api/v1/releases/${id}`, { cookie });
    expect(json.timeQuality ?? json.row?.timeQuality).toBe('manual');
    expect(JSON.stringify(json.facts)).toContain('dated by a time taken from a phone, ±2 s');
  });

  it('is taken again, and goes on after a restart of the program', async () => {
    // The second tap corrects the first.
    expect((await take(await told())).json).toMatchObject({ quality: 'manual' });
    expect(await offBy()).toBeLessThan(NEAR_MS);
    box = await box.restart();
    await expect.poll(async () => (await view()).errorMs).toBeGreaterThanOrEqual(2_000);
    expect(await offBy()).toBeLessThan(NEAR_MS);
  });
});

describe('the way to root', () => {
  it('says when the system refuses, and changes nothing', async () => {
    const before = unit.set();
    unit.network(true);
    const answer = await take(await told());
    expect(answer.status).toBe(409);
    await expect.poll(unit.said).toContain('synchronised by the network');
    expect(unit.set()).toEqual(before);
    unit.network(false);
  });

  it('believes no request that is of another boot, old, forged or before this version', async () => {
    unit.enable(false);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const nowMs = Math.round(clock.nowMs());
    const wallMs = Math.round(clock.wallMs());
    const before = unit.set();
    for (const line of [
      '',
      `${boot} ${nowMs} ${wallMs} 2000`,
      `other-boot ${nowMs} ${wallMs} 2000 anna`,
      `${boot} ${nowMs - 90_000} ${wallMs} 2000 anna`,
      `${boot} ${nowMs} ${Date.UTC(2020, 0, 1)} 2000 anna`,
      `${boot} ${nowMs} ${Date.UTC(2101, 0, 1)} 2000 anna`,
      `${boot} $(reboot) ${wallMs} 2000 anna`,
      `${boot} ${nowMs} ${wallMs} 2000 anna * *`,
    ]) {
      mkdirSync(unit.places.spool, { recursive: true });
      writeFileSync(join(unit.places.spool, 'request'), `${line}\n`);
      await unit.runOnce();
      expect(unit.said(), line).toContain('the clock is not set');
    }
    expect(unit.set()).toEqual(before);
    unit.enable(true);
  });

  it('says so when nobody takes the request, and leaves none behind', async () => {
    unit.enable(false);
    expect((await take(await told())).status).toBe(503);
    unit.enable(true);
    expect(() => readFileSync(join(unit.places.spool, 'request'))).toThrow();
  });
});

describe('a box that the network tells the time', () => {
  it('has no use for a phone', async () => {
    synced = true;
    await expect.poll(async () => (await view()).quality).toBe('synced');
    expect(await view()).toMatchObject({ cannot: { en: expect.stringContaining('network') } });
    const before = unit.set();
    expect((await take(await told(HOUR_MS))).status).toBe(409);
    expect(unit.set()).toEqual(before);
    // And its word of before no longer counts: the time is the network's.
    expect(await offBy()).toBeLessThan(NEAR_MS);
  });
});
