/**
 * Ten thousand requests (.ci/run: a quarter of them) that their clients abort, at any byte and at any moment, over every route of both servers and as everybody who may ask:
 * the compiled program does not end, nothing of them is left open or lying about, and it answers as before.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ofMinutes } from '../at-length.ts';
import { type Answered, askAt, PASSWORD } from '../page/page-box.ts';
import { DIST, eventually, start } from '../stories/processes.ts';
import { type KnownRequest, requestsOf } from './requests.ts';

const AT_ONCE = 16;
/** Of a request that gets no answer. */
const PATIENCE_MS = 150;
const SCRIPT = fileURLToPath(new URL('load/whole-box.mjs', import.meta.url));
/** Not in its description: they are the makers' own. */
const CAMERAS: readonly KnownRequest[] = [
  { method: 'POST', path: '/api/v1/cameras/cam1', body: { type: 'application/json', bytes: Buffer.from('{}') } },
];

interface Shot {
  readonly url: string;
  readonly request: KnownRequest;
  readonly headers: Readonly<Record<string, string>>;
}

/** Repeatable chance. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** Resolves when the client has gone; how far it came: bytes sent, or bytes read. */
function abort({ url, request, headers }: Shot, roll: (sides: number) => number): Promise<'head' | 'body' | 'answer'> {
  const { hostname, port, protocol } = new URL(url);
  const { method, path, body } = request;
  const own = { host: `${hostname}:${port}`, ...headers, ...(body && { 'content-type': body.type }) };
  const length = body === undefined ? {} : { 'content-length': String(body.bytes.length) };
  const fields = Object.entries({ ...own, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${fields.join('')}\r\n`);
  const whole = Buffer.concat([head, body?.bytes ?? Buffer.alloc(0)]);
  const kind = roll(4);
  const sent =
    kind === 0 ? whole.subarray(0, roll(head.length)) : kind === 1 ? whole.subarray(0, roll(whole.length)) : whole;
  const readMax = kind === 3 ? roll(3_000) : 0;
  const waitMs = kind === 2 ? roll(40) : PATIENCE_MS;
  return new Promise((resolve) => {
    const raw = connect(Number(port), hostname);
    const socket: Socket = protocol === 'https:' ? connectSecurely({ socket: raw, rejectUnauthorized: false }) : raw;
    let read = 0;
    const leave = () => {
      if (roll(2) === 0) raw.resetAndDestroy();
      else raw.destroy();
    };
    const timer = setTimeout(leave, kind === 0 ? roll(20) : waitMs);
    for (const each of [raw, socket]) each.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      read += bytes.length;
      if (read > readMax) leave();
    });
    raw.once('close', () => {
      clearTimeout(timer);
      resolve(read > 0 ? 'answer' : sent.length < head.length ? 'head' : 'body');
    });
    socket.write(sent);
  });
}

test.each<[string, number]>([
  ['plain', ofMinutes(6_000, 1_500)],
  ['secure', ofMinutes(4_000, 1_000)],
])('%s: %i aborted requests end nothing', async (transport, count) => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-aborted-'));
  const box = start(process.execPath, [SCRIPT, DIST, folder, transport]);
  const line = async (index: number): Promise<string> => {
    await eventually('the box says its line', () => box.lines().length > index, box.output);
    return box.lines()[index] ?? '';
  };
  try {
    const { url, intake, token } = JSON.parse(await line(0)) as Record<'url' | 'intake' | 'token', string>;
    const code = readFileSync(join(folder, 'state', 'page', 'setup-code'), 'utf8').trim();
    const first = await askAt(url, 'POST', '/api/v1/setup', {
      body: { code, user: 'installer', password: PASSWORD },
    });
    const cookies = new Map<string, string>([['installer', first.cookies]]);
    for (const role of ['viewer', 'operator'])
      await askAt(url, 'POST', '/api/v1/users', {
        cookie: first.cookies,
        body: { user: role, password: PASSWORD, role },
      });
    /** Some of the requests log their own session out. */
    const logIn = async (): Promise<void> => {
      for (const role of ['viewer', 'operator', 'installer']) {
        const cookie = cookies.get(role) ?? '';
        const now = await askAt(url, 'GET', '/api/v1/session', { cookie });
        if (now.json?.state === 'in') continue;
        cookies.set(
          role,
          (await askAt(url, 'POST', '/api/v1/login', { cookie, body: { user: role, password: PASSWORD } })).cookies,
        );
      }
    };
    await logIn();
    const described = async (at: string, cookie = ''): Promise<Answered> => {
      const answer = await askAt(at, 'GET', '/api/openapi.json', { cookie });
      expect(answer.status).toBe(200);
      return answer;
    };
    const [, asset = '/'] = /(?:src|href)="(\/[^"]+)"/.exec((await askAt(url, 'GET', '/')).text) ?? [];
    const page = [
      ...requestsOf((await described(url, first.cookies)).json),
      ...['/', asset, '/nowhere'].map((path) => ({ method: 'GET', path })),
    ];
    const pushed = [
      ...requestsOf((await described(intake)).json),
      ...CAMERAS,
      { method: 'GET', path: '/api/openapi.json' },
    ];
    const shots = (): readonly Shot[] => [
      ...[...cookies.values(), ''].flatMap((cookie) =>
        page.map((request) => ({ url, request, headers: cookie === '' ? {} : { cookie } })),
      ),
      ...page.map((request) => ({ url, request, headers: { authorization: `Bearer ${token}` } })),
      ...['', `Bearer ${token}`, 'Bearer wrong'].flatMap((authorization) =>
        pushed.flatMap((request) =>
          Array(4).fill({ url: intake, request, headers: authorization === '' ? {} : { authorization } }),
        ),
      ),
    ];
    box.process.stdin?.write('\n');
    const before = JSON.parse(await line(1)) as { descriptors: number };
    const roll = dice(transport.length);
    const reached = { head: 0, body: 0, answer: 0 };
    let done = 0;
    const least = () => Math.min(...Object.values(reached));
    // A slow machine gives fewer answers in that time: it goes on until enough of them were cut.
    while (done < count || least() <= count / 100) {
      await logIn();
      const all = shots();
      const round = Array.from(
        { length: Math.min(500, Math.max(count - done, 100)) },
        (_, n) => all[(done * 7 + n) % all.length] as Shot,
      );
      const work = async (): Promise<void> => {
        for (let shot = round.pop(); shot !== undefined; shot = round.pop()) {
          reached[await abort(shot, roll)] += 1;
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(box.process.exitCode, box.output()).toBeNull();
    }

    // Two more readers of the database, three pipes of the process that parses, and a few that close just now.
    const most = before.descriptors + 8;
    let index = 2;
    let last = { descriptors: Number.POSITIVE_INFINITY, left: ['unknown'] };
    const open = async () => {
      box.process.stdin?.write('\n');
      last = JSON.parse(await line(index));
      index += 1;
      return { left: last.left, descriptors: Math.max(last.descriptors, most) };
    };
    await expect.poll(open, { interval: 100 }).toEqual({ left: [], descriptors: most });
    process.stdout.write(
      `${transport}: ${JSON.stringify(reached)}, descriptors ${before.descriptors} → ${last.descriptors}\n`,
    );
    await logIn();
    const overview = await askAt(url, 'GET', '/api/v1/overview', { cookie: cookies.get('installer') ?? '' });
    expect(overview.status).toBe(200);
    const grant = { id: 'after', lane: overview.json.lanes[0].id };
    expect(
      (await askAt(intake, 'POST', '/api/v1/grants', { body: grant, headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(202);
    expect((await askAt(url, 'GET', '/api/v1/backup', { cookie: cookies.get('installer') ?? '' })).status).toBe(200);
    box.process.stdin?.end();
    expect(await box.ended, box.output()).toBe(0);
  } finally {
    box.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
