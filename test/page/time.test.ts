/** Sessions and failed attempts on a clock that is moved by hand; and the stream with a client that cannot keep up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { LoginThrottle } from '../../src/http/login-throttle.ts';
import { sendStream } from '../../src/http/send.ts';
import { IDLE_MS, SESSION_MS, Sessions } from '../../src/page/access/sessions.ts';
import { Stream } from '../../src/page/stream.ts';
import { handClock } from '../sim/hand-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-sessions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MINUTE_MS = 60_000;

describe('a session', () => {
  it('ends when it is not used, and when it is old however much it is used', async () => {
    const clock = handClock();
    const sessions = await Sessions.open(folder, clock);
    const idle = await sessions.create('anna');
    clock.jump(IDLE_MS - 1);
    expect(sessions.find(idle.token)?.user).toBe('anna');
    clock.jump(IDLE_MS - 1);
    expect(sessions.find(idle.token)?.user).toBe('anna');
    clock.jump(IDLE_MS);
    expect(sessions.find(idle.token)).toBeUndefined();

    const busy = await sessions.create('anna');
    for (let ms = 0; ms < SESSION_MS - MINUTE_MS; ms += MINUTE_MS) {
      clock.jump(MINUTE_MS);
      expect(sessions.find(busy.token)).toBeDefined();
    }
    clock.jump(MINUTE_MS);
    expect(sessions.find(busy.token)).toBeUndefined();
  });

  it('that only a stream keeps open is not used', async () => {
    const clock = handClock();
    const sessions = await Sessions.open(folder, clock);
    const { session } = await sessions.create('anna');
    clock.jump(IDLE_MS - 1);
    expect(sessions.has(session)).toBe(true);
    clock.jump(1);
    expect(sessions.has(session)).toBe(false);
  });

  it('is not used by what an open page asks by itself; that of a booth stays open for a day', async () => {
    const clock = handClock();
    const sessions = await Sessions.open(folder, clock, undefined, (user) => user === 'booth');
    const { token } = await sessions.create('anna');
    const booth = await sessions.create('booth');
    clock.jump(IDLE_MS - 1);
    expect(sessions.find(token, false)?.user).toBe('anna');
    clock.jump(1);
    expect(sessions.find(token)).toBeUndefined();
    clock.jump(23 * 60 * MINUTE_MS);
    expect(sessions.find(booth.token, false)?.user).toBe('booth');
    clock.jump(60 * MINUTE_MS);
    expect(sessions.find(booth.token)).toBeUndefined();
  });

  it('of before goes on after a restart as long as it would have', async () => {
    const clock = handClock();
    const { token } = await (await Sessions.open(folder, clock)).create('anna');
    clock.jump(IDLE_MS - 1);
    expect((await Sessions.open(folder, clock)).find(token)?.user).toBe('anna');
    clock.jump(IDLE_MS);
    expect((await Sessions.open(folder, clock)).find(token)).toBeUndefined();
  });
});

it('failures in a row wait 30 s, doubled up to 15 minutes, and a success forgets them', async () => {
  const clock = handClock();
  const attempts = new LoginThrottle(clock, 'password');
  const attempt = (name: string, isRight: boolean) => attempts.attempt(name, async () => isRight);
  const waitsMs = (name = '192.0.2.7 as anna', isRight = false): Promise<number> =>
    attempt(name, isRight).then(
      () => 0,
      (error: { headers: Record<string, string> }) => Number(error.headers['retry-after']) * 1_000,
    );
  for (let count = 0; count < 5; count += 1) expect(await waitsMs()).toBe(0);
  const waits: number[] = [];
  for (let count = 0; count < 7; count += 1) {
    waits.push((await waitsMs()) / 1_000);
    clock.jump((waits.at(-1) as number) * 1_000);
    expect(await waitsMs()).toBe(0);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
  // The same address under another name, and the same name from another address.
  expect(await waitsMs('192.0.2.7 as eve')).toBe(0);
  expect(await waitsMs('192.0.2.8 as anna')).toBe(0);
  clock.jump(900_000);
  expect(await waitsMs('192.0.2.7 as anna', true)).toBe(0);
  for (let count = 0; count < 5; count += 1) expect(await waitsMs()).toBe(0);
  expect(await waitsMs()).toBe(30_000);
});

it('attempts that go on at the same time are no way around, and one that could not be made does not count', async () => {
  const clock = handClock();
  const attempts = new LoginThrottle(clock, 'pin');
  let end = (_: boolean): void => {};
  const open = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  const five = Array.from({ length: 5 }, () => attempts.attempt('anna', () => open));
  await expect(attempts.attempt('anna', () => open)).rejects.toMatchObject({ code: 'tooManyRequests' });
  end(false);
  expect((await Promise.all(five)).map(({ failures }) => failures)).toEqual([1, 2, 3, 4, 5]);
  const broken = () => Promise.reject(new Error('the disk'));
  for (let count = 0; count < 9; count += 1) await expect(attempts.attempt('eve', broken)).rejects.toThrow('the disk');
  expect(await attempts.attempt('eve', async () => false)).toEqual({ isRight: false, failures: 1 });
});

it('a client that cannot keep up is dropped, and the others hear everything', async () => {
  let slow = 0;
  const stream = new Stream(systemClock(), () => {
    slow += 1;
  });
  const server = createServer((_, response) => {
    const wish = { signals: true, staff: true, visible: { own: undefined, isBooth: false } };
    const watcher = { user: 'anna', isAlive: () => true };
    void stream
      .attach(wish, watcher, async () => undefined)
      .then((events) => sendStream(response, { type: 'text/event-stream' }, events));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = () => new Promise<IncomingMessage>((resolve) => get(url, { agent: false }, resolve));
  const [stuck, awake] = [await open(), await open()];
  stuck.pause();
  stuck.on('error', () => undefined);
  let bytes = 0;
  awake.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  awake.on('error', () => undefined);
  const text = { zh: 'x'.repeat(10_000), en: 'x'.repeat(10_000) };
  let published = 0;
  while (slow === 0 && published < 20_000) {
    for (let count = 0; count < 10; count += 1) {
      published += 1;
      stream.publish({ event: 'log', data: { n: published, atWallMs: 0, level: 'info', text, ids: {} } });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(slow).toBe(1);
  expect(stream.clients).toBe(1);
  await expect.poll(() => bytes).toBeGreaterThan(published * 20_000);
  stream.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
