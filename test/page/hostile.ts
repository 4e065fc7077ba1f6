/**
 * Requests made to hold up the lanes: texts, files and messages that take long to read. While they go in, one after the other, the lateness of the
 * thread of the lanes is measured; the sender runs in that thread too, so what is measured is an upper limit.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import fc from 'fast-check';
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
    where: fc.constantFrom('check', 'edit', 'save', 'secrets', 'intake', 'json'),
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

/** Sends them until `ms` are over. Every answer is one of ours, and not that of a defect. Lateness: computed without a turn for a timer. */
export async function latenessUnder(box: PageBox, ms: number, firstSeed = 1): Promise<Lateness> {
  const cookie = await box.as('installer');
  const untilMs = performance.now() + ms;
  const turns: number[] = [];
  let requests = 0;
  let worst = { ms: 0, what: '' };
  for (let seed = firstSeed; performance.now() < untilMs; seed += 1) {
    const hostile = hostileOf(seed);
    let beforeMs = computedMs();
    const timer = setInterval(() => {
      const nowMs = computedMs();
      const turn = nowMs - beforeMs;
      beforeMs = nowMs;
      turns.push(turn);
      if (turn > worst.ms) worst = { ms: turn, what: `${hostile.what}, seed ${seed}` };
    }, EVERY_MS);
    const status = await sent(box.url, hostile, cookie).finally(() => clearInterval(timer));
    if (status >= 500 && status !== 503) throw new Error(`${hostile.what}, seed ${seed}: ${status}`);
    requests += 1;
  }
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
