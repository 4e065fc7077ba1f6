import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, pacedClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import { GUESS_LIMITS } from '../../src/http/guess-throttle.ts';
import { Tokens } from '../../src/http/tokens.ts';
import { configuredTokens } from '../../src/intake/configured-tokens.ts';
import { Deduplication } from '../../src/intake/deduplication.ts';
import type { IntakeOutcome } from '../../src/intake/events.ts';
import { TokenBucket } from '../../src/limits.ts';
import { handClock } from '../sim/hand-clock.ts';
import { type Gate, openGate, TOKEN } from './gate.ts';

const GRANTS = '/api/v1/grants';
const tokensOf = (tokens: Parameters<typeof configuredTokens>[0], clock: Clock) =>
  new Tokens({ clock, limits: GUESS_LIMITS.intake, configured: () => configuredTokens(tokens) });
let gate: Gate;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gate?.close();
});

describe('tokens', () => {
  test.each([
    ['none', {}],
    ['another', { authorization: 'Bearer wrong-token-0123456789' }],
    ['one more character', { authorization: `Bearer ${TOKEN}x` }],
    ['one less', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['an empty one', { authorization: 'Bearer ' }],
  ])('%s: 401, nothing accepted, and the answer says no more', async (_what, headers) => {
    gate = await openGate();
    const response = await fetch(gate.url + GRANTS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      body: JSON.stringify({ id: 'a', lane: '1001' }),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
    expect(gate.events).toEqual([]);
    expect(gate.lines.join()).not.toContain(TOKEN);
  });

  test('each system has its own, and one that is removed is worth nothing', async () => {
    const two = [
      { name: 'pms', value: TOKEN },
      { name: 'kiosk', value: 'kiosk-token-0123456789' },
    ];
    gate = await openGate(undefined, two);
    const asKiosk = { authorization: 'Bearer kiosk-token-0123456789' };
    await gate.post(GRANTS, { id: 'a', lane: '1001' }, asKiosk);
    expect(gate.events).toMatchObject([{ grant: { source: 'kiosk' } }]);
    await gate.close();
    gate = await openGate(undefined, two.slice(0, 1));
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' }, asKiosk)).status).toBe(401);
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
  });

  test('while one is changed both are taken, until the old one ends at its moment', () => {
    const clock = handClock();
    const [old, next] = ['old-token-0123456789', 'new-token-0123456789'];
    const tokens = tokensOf(
      [
        { name: 'pms', secret: new Secret(next) },
        { name: 'pms-old', secret: new Secret(old), untilWallMs: clock.wallMs() + 60_000 },
      ],
      clock,
    );
    expect([tokens.holder(`Bearer ${old}`)?.name, tokens.holder(`Bearer ${next}`)?.name]).toEqual(['pms-old', 'pms']);
    clock.step(59_999);
    expect(tokens.holder(`Bearer ${old}`)?.name).toBe('pms-old');
    clock.step(1);
    expect(tokens.holder(`Bearer ${old}`)).toBeUndefined();
    expect(tokens.holder(`Bearer ${next}`)?.name).toBe('pms');
  });

  test('guessing is slowed down, and a good token from the same address is not', async () => {
    gate = await openGate();
    const wrong = { authorization: 'Bearer wrong-token-0123456789' };
    const statuses: number[] = [];
    const slowed = () => statuses.filter((status) => status === 429).length;
    const beganMs = performance.now();
    while (slowed() < 2 && statuses.length < 200) statuses.push((await gate.post(GRANTS, '{}', wrong)).status);
    expect(slowed()).toBe(2);
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
    // One more for each second that twenty took.
    expect(statuses.length - slowed()).toBeLessThanOrEqual(21 + (performance.now() - beganMs) / 1_000);
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
    expect(gate.lines.filter((line) => line.includes('refused'))).toHaveLength(1);
  });

  test('an address that has shown a good token waits for no guess of another', async () => {
    const tokens = tokensOf([{ name: 'pms', secret: new Secret(TOKEN) }], handClock());
    const good = `Bearer ${TOKEN}`;
    await tokens.admit(good, '10.0.0.1');
    for (let each = 1; each <= 100; each += 1)
      await expect(tokens.admit('Bearer wrong-token-0123456789', `10.1.0.${each}`)).rejects.toThrow();
    // The clock stands: whoever has to wait waits for ever.
    const atOnce = (address: string) =>
      Promise.race([tokens.admit(good, address).then(({ name }) => name), new Promise((next) => setImmediate(next))]);
    expect(await atOnce('10.0.0.2')).toBeUndefined();
    expect(await atOnce('10.0.0.1')).toBe('pms');
  });

  test('only hashes are kept', () => {
    const tokens = tokensOf([{ name: 'pms', secret: new Secret(TOKEN) }], handClock());
    expect(JSON.stringify(tokens)).not.toContain(TOKEN);
    expect(tokens.holder(`bearer ${TOKEN}`)?.name).toBe('pms');
  });
});

describe('what is not a message', () => {
  test.each([
    ['not JSON', '{"id":', {}, 400, 'json'],
    ['nothing', '', {}, 400, 'json'],
    ['GBK', new Uint8Array([0x7b, 0x22, 0xd4, 0xc1, 0x22, 0x7d]), {}, 400, 'encoding'],
    ['a form', 'id=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'mediaType'],
    ['compressed', '{}', { 'content-encoding': 'gzip' }, 415, 'mediaType'],
    ['a hundred thousand brackets', '['.repeat(100_000), {}, 422, 'invalid'],
  ])('%s', async (_what, body, headers, status, code) => {
    gate = await openGate();
    expect(await gate.post(GRANTS, body, headers as Record<string, string>)).toMatchObject({ status, body: { code } });
  });

  test('a byte order mark does no harm', async () => {
    gate = await openGate();
    expect((await gate.post(GRANTS, `\ufeff${JSON.stringify({ id: 'a', lane: '1001' })}`)).status).toBe(202);
  });

  test('other paths and methods', async () => {
    gate = await openGate();
    expect(await gate.post('/api/v1/gate/open', {})).toMatchObject({ status: 404, body: { code: 'notFound' } });
    const get = await fetch(gate.url + GRANTS);
    expect({ status: get.status, allow: get.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  });
});

describe('bodies that are too large or too slow', () => {
  test('a length of 100 MB is refused before a byte of it is read', async () => {
    gate = await openGate();
    const { socket, answer } = raw(`Content-Length: 100000000\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(socket.bytesWritten).toBeLessThan(1000);
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
  });

  test('100 MB without a length are refused after the first, and what follows is not kept', async () => {
    gate = await openGate();
    const before = process.memoryUsage().arrayBuffers;
    const { socket, answer } = raw('Transfer-Encoding: chunked\r\n');
    const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);
    let sent = 0;
    socket.on('error', () => {});
    while (sent < 100_000_000 && !socket.destroyed) {
      sent += chunk.length;
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 413 .*"code":"tooLarge"/s);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
  });

  test('one that comes in drops is given up after ten seconds, and others are served meanwhile', async () => {
    const clock = pacedClock(20);
    gate = await openGate(clock);
    const startMs = clock.nowMs();
    const { socket, answer } = raw('Content-Length: 1000\r\n');
    socket.write('{');
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 .*"code":"slow"/s);
    expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(10_000);
    clock.close();
  });

  test('a sender that goes away in the middle leaves nothing behind', async () => {
    gate = await openGate();
    const { socket } = raw('Content-Length: 1000\r\n');
    socket.write('{"id":');
    socket.destroy();
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).status).toBe(202);
    expect(gate.events).toHaveLength(1);
  });
});

describe('a store that does not answer', () => {
  test('is said to be full after ten seconds, and the grant counts once when it is sent again', async () => {
    const clock = pacedClock(20);
    gate = await openGate(clock);
    let keep: (outcome: IntakeOutcome) => void = () => {};
    let calls = 0;
    gate.accept = () => {
      calls += 1;
      return new Promise<IntakeOutcome>((resolve) => {
        keep = resolve;
      });
    };
    expect(await gate.post(GRANTS, { id: 'a', lane: '1001' })).toMatchObject({ status: 503, body: { code: 'full' } });
    keep('accepted');
    expect((await gate.post(GRANTS, { id: 'a', lane: '1001' })).body.status).toBe('duplicate');
    expect(calls).toBe(1);
    clock.close();
  });
});

describe('rates', () => {
  test('a flood is told to wait, and nothing of it is half accepted', async () => {
    gate = await openGate();
    const batch = (name: string) =>
      Array.from({ length: 500 }, (_, index) => ({ id: `${name}${index}`, lane: '1001' }));
    const statuses: number[] = [];
    for (const name of 'abcd') {
      const answer = await gate.post(GRANTS, batch(name));
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect(statuses.slice(0, 2)).toEqual([202, 202]);
    expect(statuses).toContain(429);
    expect(gate.events.length % 500).toBe(0);
  });

  test('a bucket fills with time and never above its rim', () => {
    const clock = handClock();
    const bucket = new TokenBucket(clock, 2, 4);
    expect([bucket.take(4), bucket.take(1)]).toEqual([{ waitSeconds: 0 }, { waitSeconds: 1 }]);
    clock.jump(1000);
    expect([bucket.take(2), bucket.take(1)].map(({ waitSeconds }) => waitSeconds)).toEqual([0, 1]);
    clock.jump(1_000_000);
    expect([bucket.take(4), bucket.take(1)].map(({ waitSeconds }) => waitSeconds)).toEqual([0, 1]);
  });
});

describe('the memory of ids', () => {
  const told = (id: string, sameForMs?: number) => ({
    id,
    content: { lane: '1' },
    ...(sameForMs === undefined ? {} : { sameForMs }),
  });

  test('forgets the oldest beyond its limit, and those told for a while after that while', () => {
    const clock = handClock();
    const memory = new Deduplication(clock, 3);
    memory.keep(told('brief', 5000), Promise.resolve('accepted'));
    for (const id of ['a', 'b']) memory.keep(told(id), Promise.resolve('accepted'));
    clock.jump(4999);
    expect(memory.differences(told('brief'))).toEqual([]);
    clock.jump(1);
    expect(memory.differences(told('brief'))).toBeUndefined();
    for (const id of ['c', 'd']) memory.keep(told(id), Promise.resolve('accepted'));
    expect(['a', 'b', 'c', 'd'].map((id) => memory.outcome({ id }) !== undefined)).toEqual([false, true, true, true]);
  });
});

test('closing lets a request under way end, and takes no more', async () => {
  gate = await openGate();
  let keep: (outcome: IntakeOutcome) => void = () => {};
  let isAsked: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  gate.accept = () => {
    isAsked();
    return new Promise<IntakeOutcome>((resolve) => {
      keep = resolve;
    });
  };
  const answer = gate.post(GRANTS, { id: 'a', lane: '1001' });
  await asked;
  const closed = gate.close();
  keep('accepted');
  expect((await answer).status).toBe(202);
  await closed;
  await expect(fetch(`${gate.url}/api/openapi.json`)).rejects.toThrow();
});

test('a port that is taken is said as the system says it', async () => {
  gate = await openGate();
  const { createIntake } = await import('../../src/intake/http.ts');
  const port = Number(new URL(gate.url).port);
  const config = { enabled: true, listen: { host: '127.0.0.1', port }, tokens: [] };
  const nothing = () => {};
  const second = createIntake({
    config,
    version: '0',
    clock: handClock(),
    lanes: [],
    parkUuid: '',
    laneTimeMs: (wallMs) => wallMs,
    laneNowMs: () => Date.now(),
    accept: async () => 'accepted',
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
});

/** A POST whose body is sent by hand. `answer` is all that came until the connection ended. */
function raw(headers: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(gate.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.write(
    `POST ${GRANTS} HTTP/1.1\r\nHost: box\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n${headers}\r\n`,
  );
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('utf8');
  });
  const answer = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(text));
    socket.on('error', () => {});
  });
  return { socket, answer };
}
