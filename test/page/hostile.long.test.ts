/** No request holds up the lanes, for half a minute here and for ten by `npm run proof -- requests`; what cannot be read within its limits is refused in words. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONGEST_TEST_MS } from '../longest-wait.ts';
import { latenessUnder, watched } from './hostile.ts';
import { type PageBox, pageBox } from './page-box.ts';

/** Shorter than a box has, so that more of them come in. */
const LONGEST_MS = 600;
const text = (yaml: string) => ({ body: { yaml } });

/** The processes that read texts for this one. */
function readers(): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('parse-worker');
    } catch {
      return false;
    }
  });
}

let box: PageBox;
beforeAll(async () => {
  box = await pageBox({ parseLimits: { longestMs: LONGEST_MS } });
  // Loads the routes, and the process that parses.
  await box.ask('POST', '/api/v1/config/check', { cookie: await box.as('installer'), ...text('version: 1') });
});
afterAll(() => box?.close());

describe('a text that takes long to read', () => {
  it('is refused in words when its time is over, and the next one is read', async () => {
    const cookie = await box.as('installer');
    const keys = Array.from({ length: 90_000 }, (_, at) => `k${at}: 1\n`).join('');
    const answer = await box.ask('POST', '/api/v1/config/edit', {
      cookie,
      body: { yaml: keys, path: ['a'], value: 1 },
      headers: { 'accept-language': 'en' },
    });
    expect(answer.json).toMatchObject({ code: 'invalid', detail: expect.stringContaining('not read within 0.6 s') });
    await expect
      .poll(async () => (await box.ask('POST', '/api/v1/config/check', { cookie, ...text('version: 1') })).status)
      .toBe(200);
  });

  it('is still waited for when the whole service is told to stop', async () => {
    const cookie = await box.as('installer');
    const keys = Array.from({ length: 90_000 }, (_, at) => `k${at}: 1\n`).join('');
    const options = { cookie, body: { yaml: keys }, headers: { 'accept-language': 'en' } };
    const answer = box.ask('POST', '/api/v1/config/check', options);
    const telling = setInterval(() => {
      for (const pid of readers()) process.kill(pid, 'SIGTERM');
    }, 50);
    expect((await answer.finally(() => clearInterval(telling))).json.detail).toContain('not read within 0.6 s');
  });

  it('by merge keys or anchors without end is refused by their name', async () => {
    const cookie = await box.as('installer');
    const check = async (yaml: string): Promise<string> => {
      const answered = await box.ask('POST', '/api/v1/config/check', { cookie, ...text(yaml) });
      return answered.json.faults.map(({ message }: { message: { en: string } }) => message.en).join('\n');
    };
    await expect.poll(() => check('a: &a {x: 1}\nb: {<<: *a}\n')).toContain('merge keys (<<) are not supported');
    await expect.poll(() => check(`a: &a 1\nb: [${'*a, '.repeat(200)}]\n`)).toContain('at most 200 anchors');
  });
});

describe('a draft to be rehearsed', () => {
  const whole = () => readFileSync(box.configFile, 'utf8');
  it.each([
    ['with faults', () => whole() + Array.from({ length: 2_500 }, (_, at) => `k${at}: 1\n`).join('')],
    ['without any, and long', () => whole() + '# x\n'.repeat(60_000)],
  ])('is not read by the thread of the lanes: %s', async (_, yaml) => {
    const cookie = await box.as('installer');
    const turns: number[] = [];
    const body = { yaml: yaml(), system: 'gone', secrets: {} };
    const asked = box.ask('POST', '/api/v1/config/rehearse', { cookie, body });
    const { status } = await watched(asked, (turn) => void turns.push(turn));
    expect(status).toBe(422);
    expect(Math.max(...turns)).toBeLessThan(100);
  });
});

describe('a configuration that is long for its comments', () => {
  it('is applied without being read by the thread of the lanes', async () => {
    // How long a text may take to read is measured above; a busy machine takes longer over this one.
    const own = await pageBox({ parseLimits: { longestMs: LONGEST_TEST_MS } });
    try {
      const cookie = await own.as('installer');
      const { yaml, base } = (await own.ask('GET', '/api/v1/config', { cookie })).json;
      const long = yaml + Array.from({ length: 110_000 }, (_, at) => `# ${at}\n`).join('');
      const turns: number[] = [];
      const applied = own
        .ask('PUT', '/api/v1/config', { cookie, body: { yaml: long, base } })
        .then(({ json }) => own.ended(json, cookie));
      const { result } = await watched(applied, (turn) => void turns.push(turn));
      expect(result).toMatchObject({ state: 'trial' });
      expect(Math.max(...turns)).toBeLessThan(150);
    } finally {
      await own.close();
    }
  });
});

describe('a body of a million values', () => {
  it.each([
    ['lists', () => `[${'[],'.repeat(999_000)}1]`],
    ['numbers', () => `[${'1,'.repeat(1_400_000)}1]`],
    ['members', () => `{${Array.from({ length: 200_000 }, (_, at) => `"k${at}":[0]`).join(',')}}`],
  ])('is refused in words before it is parsed: %s', async (_, value) => {
    const cookie = await box.as('installer');
    const raw = Buffer.from(`{"yaml":"a: 1","path":["a"],"value":${value()}}`);
    const turns: number[] = [];
    const headers = { 'accept-language': 'en', 'content-type': 'application/json' };
    const asked = box.ask('POST', '/api/v1/config/edit', { cookie, headers, raw });
    const { status, json } = await watched(asked, (turn) => void turns.push(turn));
    expect({ status, json }).toMatchObject({
      status: 413,
      json: { code: 'tooLarge', detail: expect.stringContaining('more than 20000 values') },
    });
    expect(Math.max(...turns)).toBeLessThan(100);
  });
});

describe('a file that uses up the memory it may have', () => {
  it('is refused in words, ends nothing but its own reading, and the next one is read', async () => {
    const small = await pageBox({ parseLimits: { memoryMb: 40 } });
    try {
      const cookie = await small.as('installer');
      const headers = { 'accept-language': 'en', 'content-type': 'text/csv' };
      // In a thread, V8 would end the whole program where the array of its cells outgrows the memory.
      const all = await small.ask('PUT', '/api/v1/vehicles', { cookie, headers, raw: ','.repeat(7_500_000) });
      expect(all.json).toMatchObject({ code: 'invalid', detail: expect.stringContaining('more memory than there is') });
      const one = await small.ask('PUT', '/api/v1/vehicles', { cookie, headers, raw: '粤B12345,free\n' });
      expect(one.json).toMatchObject({ taken: 1 });
    } finally {
      await small.close();
    }
  });
});

it('no request at any route makes the lanes late or ends the program', async () => {
  const lateness = await latenessUnder(box, 30_000, Math.trunc(Date.now() / 1_000) % 1_000_000, 31);
  // Only what this thread computes counts: that the machine is busy is in no figure.
  expect(lateness.p999Ms, JSON.stringify(lateness)).toBeLessThan(100);
  process.stdout.write(`${JSON.stringify(lateness)}\n`);
});
