/** Old cameras and PLCs on a raw socket: HTTP/1.0, no `Host`, no `Content-Length`. They are served, and what is refused says so everywhere. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { PushAccount } from '../../src/intake/pushes/push-account.ts';
import { RefusedSenders } from '../../src/intake/refused-senders.ts';
import { type Gate, openGate, TOKEN } from './gate.ts';

let gate: Gate | undefined;
afterEach(async () => {
  await gate?.close();
  gate = undefined;
});

/** Everything the server says until it ends the connection, to one request sent in one piece. */
function said(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      answer += piece;
      // HTTP/1.1 keeps the connection: the answers here have a length.
      const [, length, body] = /content-length: (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/i.exec(answer) ?? [];
      if (length !== undefined && Buffer.byteLength(body ?? '') >= Number(length)) socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) => (answer === '' ? reject(error) : resolve(answer)));
  });
}

const BODY = JSON.stringify({ lane: '1001', plate: '粤B12345', id: 'order-1' });
const HEAD = `Authorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n`;
const post = (version: string, more: string, body = BODY): string =>
  `POST /api/v1/grants HTTP/${version}\r\n${HEAD}${more}\r\n${body}`;
const LENGTH = `Content-Length: ${Buffer.byteLength(BODY)}\r\n`;

describe('a client without Host', () => {
  it.each([
    ['HTTP/1.0', post('1.0', LENGTH)],
    ['HTTP/1.1', post('1.1', LENGTH)],
    ['HTTP/1.0 with an empty one', post('1.0', `Host:\r\n${LENGTH}`)],
    ['HTTP/1.1 with what is no host', post('1.1', `Host: http://gate box/\r\n${LENGTH}`)],
  ])('by %s is served', async (_, request) => {
    gate = await openGate();
    const answer = await said(gate.url, request);
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(answer).toContain('"status":"accepted"');
    expect(gate.events).toHaveLength(1);
  });

  it.each(['1.0', '1.1'])('by GET of HTTP/%s gets what it asks for', async (version) => {
    gate = await openGate();
    const answer = await said(gate.url, `GET /api/openapi.json HTTP/${version}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"openapi":');
  });

  it.each([
    ['1.0', ''],
    ['1.1', ''],
    ['1.0', BODY],
    ['1.1', BODY],
  ])('by POST of HTTP/%s without Content-Length is told so in words, and logged', async (version, body) => {
    gate = await openGate();
    const answer = await said(gate.url, post(version, '', body));
    expect(answer).toMatch(/^HTTP\/1\.1 411 /);
    expect(answer).toContain('Content-Length');
    expect(gate.lines.filter((line) => line.includes('pms'))).not.toEqual([]);
    expect(gate.events).toEqual([]);
  });

  it.each(['/api\\v1', '*'])('at %s, no path of HTTP, is not found in words', async (path) => {
    gate = await openGate();
    const answer = await said(gate.url, `POST ${path} HTTP/1.0\r\n${HEAD}${LENGTH}\r\n${BODY}`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"code":"notFound"');
  });
});

it('what is no HTTP at all is answered, logged, and in the list of refused senders and of pushes', async () => {
  const clock = systemClock();
  const refused = new RefusedSenders(() => clock.nowMs());
  const pushes = new PushAccount(clock);
  gate = await openGate(clock, undefined, { refused, pushes });
  const answer = await said(gate.url, 'PLATE=粤B12345;GATE=1\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"malformed"');
  expect(gate.lines.some((line) => line.includes('no HTTP request') && line.includes('127.0.0.1'))).toBe(true);
  expect(refused.rows).toMatchObject([{ code: 'malformed', from: '127.0.0.1', count: 1 }]);
  expect(pushes.all()).toMatchObject([{ isUnknown: true, rows: [{ outcome: 'refused', why: 'malformed' }] }]);
});
