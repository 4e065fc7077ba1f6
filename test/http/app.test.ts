/** What both servers answer to errors, other methods and unknown paths, over a real socket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allowOnly, createHttpApp, requestListener, streamAnswer } from '../../src/http/app.ts';
import { CLOSE, Problem, tooManyRequests } from '../../src/http/problem.ts';

class DiskError extends Error {}

let server: Server;
let url: string;
const broken: string[] = [];
const problems: string[] = [];
let cut: Error | undefined;

beforeAll(async () => {
  const app = createHttpApp({
    headers: { 'referrer-policy': 'no-referrer' },
    texts: { notFound: { title: { zh: '无', en: 'none' }, detail: { zh: '没有', en: 'nothing here' } } },
    before: ({ headers }) => {
      if (headers['x-foreign'] !== undefined) throw new Problem('foreign', CLOSE);
    },
    onProblem: ({ code }) => problems.push(code),
    problemOf: (error) => (error instanceof DiskError ? new Problem('unavailable') : undefined),
    broken: (message) => broken.push(message),
  });
  app.get('/ok', (context) => context.json({ ok: true }));
  app.get('/defect', () => {
    throw new TypeError('no such thing');
  });
  app.get('/disk', () => {
    throw new DiskError('read-only');
  });
  app.get('/often', () => {
    throw tooManyRequests(0.2);
  });
  app.get('/stream', ({ env }) =>
    streamAnswer(env.outgoing, { type: 'text/plain' }, Readable.from(['a', 'b']), (error) => {
      cut = error;
    }),
  );
  allowOnly(app, new Map([['/ok', ['GET']]]));
  server = createServer(requestListener(app)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}${path}`, init);

it('every answer carries the headers, a problem too', async () => {
  for (const path of ['/ok', '/nowhere', '/defect']) {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('cache-control'), path).toBe('no-store');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
  }
});

it('an unknown path is a problem in the words of the server and the language of the client', async () => {
  const answer = await get('/nowhere', { headers: { 'accept-language': 'en' } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await answer.json()).toMatchObject({ code: 'notFound', detail: 'nothing here' });
  expect(problems).toContain('notFound');
});

it('another method is answered with the allowed ones', async () => {
  const answer = await get('/ok', { method: 'POST' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
});

it('a defect is logged with its stack, and the answer does not show it', async () => {
  const answer = await get('/defect');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('no such thing');
  expect(broken.at(-1)).toMatch(/no such thing\n +at /);
});

it('an error of a known class has its problem, and is logged', async () => {
  expect((await get('/disk')).status).toBe(503);
  expect(broken.at(-1)).toContain('read-only');
});

it('a check before the routes refuses, and the connection ends', async () => {
  const answer = await get('/ok', { headers: { 'x-foreign': '1' } });
  expect([answer.status, answer.headers.get('connection')]).toEqual([403, 'close']);
});

it('Retry-After is whole seconds, at least one', async () => {
  expect((await get('/often')).headers.get('retry-after')).toBe('1');
});

it('a stream is sent whole, and its end is without an error', async () => {
  cut = new Error('not called');
  expect(await (await get('/stream')).text()).toBe('ab');
  await expect.poll(() => cut).toBeUndefined();
});
