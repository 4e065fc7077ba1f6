/**
 * Requests made to hold up the lanes: texts, files and messages that take long to read. While they go in, one after the other, the lateness of the
 * thread of the lanes is measured; the sender runs in that thread too, so what is measured is an upper limit.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import fc from 'fast-check';
import type { z } from 'zod';
import { allRoutes } from '../../src/page/listener.ts';
import type { Route } from '../../src/page/routes.ts';
import type { PageBox } from './page-box.ts';

export interface Hostile {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const MERGES = (count: number): string => `a: &a {x: 1}\nb:\n${'  <<: *a\n'.repeat(count)}`;

/** What was seen to hold up the box of 1.0.0-rc.1 for 135 s, and more of its kind; up to `bytes`. */
const TEXTS: Readonly<Record<string, (bytes: number) => string>> = {
  'merge keys': (bytes) => MERGES(bytes / 10),
  'merge keys of YAML 1.1': (bytes) => `%YAML 1.1\n---\n${MERGES(bytes / 10)}`,
  'maps that merge': (bytes) => `a: &a {x: 1}\nb:\n${'  - {<<: *a}\n'.repeat(bytes / 12)}`,
  'aliases without anchors': (bytes) => 'a: *x\n'.repeat(bytes / 6),
  'keys without end': (bytes) => Array.from({ length: bytes / 10 }, (_, at) => `k${at}: 1\n`).join(''),
  'the same key': (bytes) => 'a: 1\n'.repeat(bytes / 5),
  'lanes without end': (bytes) => `version: 1\nlanes:\n${'  - {id: "1", direction: exit}\n'.repeat(bytes / 32)}`,
  'flow nested': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'blocks nested': (bytes) => Array.from({ length: Math.sqrt(bytes) }, (_, at) => `${' '.repeat(at)}a:\n`).join(''),
  'aliases that repeat themselves': (bytes) =>
    Array.from({ length: Math.min(40, bytes / 20) }, (_, at) =>
      at === 0 ? 'a0: &a0 [1,2,3,4,5,6,7,8,9]\n' : `a${at}: &a${at} [${`*a${at - 1},`.repeat(4)}]\n`,
    ).join(''),
  'a large anchor, repeated': (bytes) => `a: &a "${'x'.repeat(bytes / 2)}"\nb: [${'*a,'.repeat(90)}]\n`,
  'one long text': (bytes) => `a: "${'\\u0041'.repeat(bytes / 6)}"`,
  numbers: (bytes) => `a: [${'0,'.repeat(bytes / 2)}]`,
  documents: (bytes) => '---\n'.repeat(bytes / 4),
  tags: (bytes) => '- !x 1\n'.repeat(bytes / 7),
  comments: (bytes) => '# x\n'.repeat(bytes / 4),
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const OF_JSON = { type: 'application/json' } as const;

/** One of `seed`; the same each time. */
export function hostileOf(seed: number): Hostile {
  const names = Object.keys(TEXTS);
  const one = fc.record({
    name: fc.constantFrom(...names),
    bytes: fc.constantFrom(6_400, 64_000, 300_000, 900_000),
    where: fc.constantFrom('check', 'edit', 'save', 'secrets', 'intake', 'json', 'rehearse'),
    path: fc.array(fc.oneof(fc.constantFrom('lanes', 'a', 'b', '__proto__', 0, 9_999), fc.string({ maxLength: 5 })), {
      minLength: 1,
      maxLength: 20,
    }),
  });
  const [chosen] = fc.sample(one, { seed, numRuns: 1 });
  if (chosen === undefined) throw new Error('nothing was chosen');
  const { name, bytes, where, path } = chosen;
  const yaml = TEXTS[name]?.(bytes) ?? '';
  const what = `${where}: ${name}, ${bytes} bytes`;
  const at = (method: string, to: string, body: unknown): Hostile => ({
    what,
    method,
    path: to,
    bytes: json(body),
    ...OF_JSON,
  });
  switch (where) {
    case 'edit':
      return at('POST', '/api/v1/config/edit', { yaml, path, value: { x: [[[[yaml.length]]]] } });
    case 'rehearse':
      return at('POST', '/api/v1/config/rehearse', { yaml, system: 'booth', secrets: {} });
    case 'save':
      return at('PUT', '/api/v1/config', { yaml, base: '0', secrets: {} });
    case 'secrets': {
      const all = Array.from({ length: 199 }, (_, index) => [`s.k${index}`, '"\n'.repeat(2_000)] as const);
      return at('POST', '/api/v1/config/check', { yaml, secrets: Object.fromEntries(all) });
    }
    case 'json': {
      const body = Buffer.from(`{"yaml":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`);
      return { what, method: 'POST', path: '/api/v1/config/check', bytes: body, ...OF_JSON };
    }
    case 'intake': {
      const body = Buffer.from(`{"yaml":[${'{"a":0},'.repeat(bytes / 8)}0],"__proto__":1}`);
      return { what, method: 'POST', path: '/api/v1/config/check', bytes: body, ...OF_JSON };
    }
    default:
      return at('POST', '/api/v1/config/check', { yaml });
  }
}

/** These end the session that asks, never end by themselves, or are meant to stop the lanes. */
const LEFT_OUT =
  /\/(logout|login|password|setup|setup\/restore|restore|live|session|update)$|\/users|\/tokens|\/maintenance$|\/queue\/pause$/;

const LINE = '粤B12345,free,说明,2026-01-01,2026-12-31\n';
const FILES: Readonly<Record<string, (bytes: number) => Buffer>> = {
  // Whole, but for its last line: all of it is read and none is taken.
  lines: (bytes) => Buffer.from(`${LINE.repeat(bytes / 50)}粤B1,gold\n`),
  'one line': (bytes) => Buffer.from(`粤B12345,"${'x'.repeat(bytes)}`),
  commas: (bytes) => Buffer.from(','.repeat(bytes)),
  GBK: (bytes) => Buffer.concat([Buffer.from([0xd4, 0xc1]), Buffer.alloc(bytes, 0xc1)]),
  'zip heads': (bytes) => Buffer.from('PK\x03\x04'.repeat(bytes / 4)),
  'json nested': (bytes) => Buffer.from('['.repeat(bytes)),
  zeros: (bytes) => Buffer.alloc(bytes),
};
const SIZES = [0, 100, 64_000, 900_000, 7_500_000];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      null,
      true,
      -1,
      0,
      1e308,
      '',
      '__proto__',
      'constructor',
      '粤B\u202e1',
      "' OR 1=1 --",
      'x'.repeat(20_000),
    ),
    fc.string({ maxLength: 50 }),
    fc.array(tie('any'), { maxLength: 300 }),
    fc.dictionary(fc.string({ maxLength: 12 }), tie('any'), { maxKeys: 30 }),
  ),
})).any;

/** Any request at any route: its names with any values, any query, any body or file. */
export function anyOf(seed: number, routes: readonly Route[]): Hostile {
  const open = routes.filter(({ path }) => !LEFT_OUT.test(path));
  const wide = fc.record({
    route: fc.constantFrom(...open),
    name: fc.oneof(fc.constantFrom('1', '0', '-1', '1001', '9'.repeat(30), '%2e%2e', '%00'), fc.webSegment()),
    query: fc.webQueryParameters({ size: 'large' }),
    file: fc.constantFrom(...Object.values(FILES)),
    bytes: fc.constantFrom(...SIZES),
    body: fc.dictionary(fc.constantFrom('ids', 'kind', 'user', 'lanes', 'why', 'yaml', 'id', 'operator', 'pin'), value),
  });
  const [chosen] = fc.sample(wide, { seed, numRuns: 1 });
  if (chosen === undefined) throw new Error('nothing was chosen');
  const { route, name, query, file, bytes, body } = chosen;
  const known = Array.isArray(route.query) ? route.query : Object.keys((route.query as z.ZodObject)?.shape ?? {});
  const asked = [query, ...known.map((each) => `${each}=${name}`)].join('&');
  const path = `${route.path.replaceAll(/\{\w+\}/g, name)}?${asked.slice(0, 4_000)}`;
  const what = `${route.method} ${path.slice(0, 100)}`;
  const { method } = route;
  if (route.file !== undefined)
    return { what: `${what}, ${bytes} bytes`, method, path, type: route.file.type, bytes: file(bytes) };
  return { what, method, path, bytes: method === 'GET' ? Buffer.alloc(0) : json(body), ...OF_JSON };
}

export interface Lateness {
  readonly requests: number;
  readonly p999Ms: number;
  readonly worstMs: number;
  /** The request during which it was. */
  readonly worst: string;
}

const EVERY_MS = 5;

/** What this thread has computed since the process began. Other work of the machine is not in it: a busy machine makes every thread late. */
const computedMs = (): number =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** `work`, and what this thread computes meanwhile without a turn for a timer, each time. */
export function watched<Value>(work: Promise<Value>, took: (turnMs: number) => void): Promise<Value> {
  let beforeMs = computedMs();
  const timer = setInterval(() => {
    const nowMs = computedMs();
    took(nowMs - beforeMs);
    beforeMs = nowMs;
  }, EVERY_MS);
  return work.finally(() => clearInterval(timer));
}

/** Sends them until `ms` are over, and at least `least`, however slow the machine is. Every answer is one of ours, and not that of a defect. Lateness: computed without a turn for a timer. */
export async function latenessUnder(box: PageBox, ms: number, firstSeed = 1, least = 1): Promise<Lateness> {
  const cookie = await box.as('installer');
  const opened = await box.box.page?.opened;
  const routes = opened === undefined ? [] : allRoutes(opened.page);
  let hasEnded = false;
  void box.box.host.failed.catch(() => {
    hasEnded = true;
  });
  const untilMs = performance.now() + ms;
  const turns: number[] = [];
  let requests = 0;
  let worst = { ms: 0, what: '' };
  for (let seed = firstSeed; performance.now() < untilMs || requests < least; seed += 1) {
    // Texts that are made to be slow, and any request at any route, in turn.
    const hostile = seed % 2 === 0 ? hostileOf(seed) : anyOf(seed, routes);
    const status = await watched(sent(box.url, hostile, cookie), (turn) => {
      turns.push(turn);
      if (turn > worst.ms) worst = { ms: turn, what: `${hostile.what}, seed ${seed}` };
    });
    if (status >= 500 && status !== 503) throw new Error(`${hostile.what}, seed ${seed}: ${status}`);
    requests += 1;
  }
  if (hasEnded || box.box.host.app === undefined) throw new Error('the program would have ended');
  turns.sort((a, b) => a - b);
  const p999Ms = turns[Math.floor(turns.length * 0.999)] ?? 0;
  return { requests, p999Ms, worstMs: worst.ms, worst: worst.what };
}

/** Resolves to the status; nothing of the answer is read here. */
function sent(url: string, { method, path, type, bytes }: Hostile, cookie: string): Promise<number> {
  const headers = { cookie, 'content-type': type, 'content-length': bytes.length };
  return new Promise((resolve, reject) => {
    const client = request(`${url}${path}`, { method, headers, agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    client.once('error', reject);
    client.end(bytes);
  });
}
