/**
 * The description of the interface against the server that it describes: a client generated from it is type-checked with the tests, every GET
 * answer is what its schema says and no more, and every example works as it is copied.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXAMPLE_PAYMENT } from '../../src/page/api/examples.ts';
import { allRoutes } from '../../src/page/listener.ts';
import type { Route } from '../../src/page/routes.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Answers, get } from './client/box-api.ts';
import { clientOf, type Description, type Operation } from './client/generate.ts';
import { faultsOf } from './client/json-schema.ts';
import { askAt, PASSWORD, type PageBox, pageBox } from './page-box.ts';

const run = promisify(execFile);
let box: PageBox;
let cookie: string;
let token: string;
let description: Description;
let routes: readonly Route[];
/** A record that is there. */
let id: number;
const operations = (): readonly { path: string; method: string; operation: Operation }[] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

beforeAll(async () => {
  box = await pageBox({ secure: true, speed: 3 });
  cookie = await box.as('installer');
  token = (
    await box.ask('POST', '/api/v1/tokens', { cookie, body: { name: 'all', scopes: ['read', 'metrics', 'act'] } })
  ).json.token;
  box.park.controls.send('manual');
  await vi.waitFor(async () => {
    const { items } = (await box.ask('GET', '/api/v1/releases', { cookie })).json;
    expect(items[0]?.picture).toBe('attached');
    id = items[0].id;
  }, LONGEST_WAIT_MS);
  // The one that the examples ask for.
  const bridge = box.box.host.app?.bridges.get('1001');
  const nowMs = bridge?.nowMs() ?? 0;
  const grant = {
    id: EXAMPLE_PAYMENT,
    scope: 'lane',
    kind: 'paid',
    count: 1,
    issuedAtMs: nowMs,
    source: 'pms',
  } as const;
  bridge?.feed({ kind: 'grant', grant, atMs: nowMs });
  await vi.waitFor(() => expect(box.box.host.app?.grants.get(EXAMPLE_PAYMENT)).toBeDefined(), LONGEST_WAIT_MS);
  description = (await box.ask('GET', '/api/openapi.json', { cookie, headers: { 'accept-language': 'en' } })).json;
  const opened = await box.box.page?.opened;
  if (opened !== undefined) routes = allRoutes(opened.page);
});
afterAll(async () => {
  await box?.close();
});

it('a client generated from it is the one that the tests are compiled against', async () => {
  await expect(clientOf(description)).toMatchFileSnapshot('client/box-api.ts');
});

it('each operation has an id of its own, a typed answer and an example of its body that its schema takes', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('getReleasesByIdTimeline');
  for (const { operation } of operations()) {
    const [content] = Object.values(operation.responses['2XX']?.content ?? {});
    expect(Object.keys(content?.schema ?? {}), operation.operationId).not.toEqual([]);
  }
  const { parameters = [] } = description.paths['/api/v1/releases']?.get ?? {};
  expect(parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    schema: expect.objectContaining({ type: 'integer', maximum: 200 }),
  });
  for (const { method, path, body } of routes.filter((each) => each.body !== undefined)) {
    const example = description.paths[path]?.[method.toLowerCase()]?.requestBody?.content['application/json']?.example;
    expect(body?.safeParse(example).success, `${method} ${path}`).toBe(true);
  }
});

/** For the generated client; with the token, or with the session where none may. */
async function ask(path: string): Promise<unknown> {
  const withToken = await box.ask('GET', path, { headers: { authorization: `Bearer ${token}` } });
  const { status, json } = withToken.json?.code === 'forbidden' ? await box.ask('GET', path, { cookie }) : withToken;
  if (status !== 200) throw new Error(`${path}: ${status} ${json?.code}`);
  return json;
}

it('every GET answer is as described: nothing undeclared, nothing missing', async () => {
  // What gives the lists something to show.
  const { id: job } = (await box.ask('POST', '/api/v1/jobs', { cookie, body: { kind: 'diagnose' } })).json;
  await box.ask('POST', '/api/v1/releases/mark', { cookie, body: { ids: [id], kind: 'checked', reason: '施工' } });
  const { yaml, base } = await get(ask, '/api/v1/config');
  await box.ended(
    (await box.ask('PUT', '/api/v1/config', { cookie, body: { yaml: `${yaml}# \n`, base } })).json,
    cookie,
  );
  await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
  const [earlier] = await get(ask, '/api/v1/config/history');
  expect(earlier?.id).toBeDefined();

  const asked: string[] = [];
  // A capture is a file whose content is a camera's own (test/page/pushes.test.ts).
  const others = ['/api/v1/demo', '/api/v1/pushes/{push}/capture'];
  const paths = Object.entries(description.paths).filter(
    ([path, { get: operation }]) => operation && !others.includes(path),
  );
  for (const [path, { get: operation }] of paths) {
    const schema = operation?.responses['2XX']?.content['application/json']?.schema;
    if (schema === undefined) continue;
    const named = {
      lane: '1001',
      payment: EXAMPLE_PAYMENT,
      record: id,
      id: path.includes('history/') ? (earlier?.id ?? '') : path.includes('/jobs/') ? job : id,
    };
    const answer = await get(ask, path as keyof Answers, named);
    expect(faultsOf(answer, schema, description.components.schemas), path).toEqual([]);
    asked.push(path);
  }
  expect(asked.length).toBeGreaterThan(28);
});

it('the generated client reads a record and its signals, by their types', async () => {
  const { items, total } = await get(ask, '/api/v1/releases');
  expect(total).toBe(items.length);
  const row = items.find(({ picture }) => picture === 'attached');
  const timeline = await get(ask, '/api/v1/releases/{id}/timeline', { id: row?.id ?? 0 });
  expect(timeline.signals.map(({ role }) => role)).toContain('down');
  const { request, tries } = await get(ask, '/api/v1/releases/{id}', { id: row?.id ?? 0 });
  expect(request.find(({ name }) => name === 'parking_serial')?.value).toBe(row?.serial);
  expect(tries.length).toBeLessThan(5);
});

it('every event of the live stream is as described', async () => {
  const events = await new Promise<readonly unknown[]>((resolve, reject) => {
    const url = `${box.url}/api/v1/live?signals=1&frames=rs485-1`;
    const asked = httpsGet(
      url,
      { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (!/event: release/.test(text) || !text.endsWith('\n\n')) return;
          asked.destroy();
          const found = text.matchAll(/^event: (.*)\ndata: (.*)$/gm);
          resolve([...found].map(([, event = '', data = '']) => ({ event, data: JSON.parse(data) })));
        });
      },
    );
    asked.on('error', reject);
    box.park.controls.send('manual');
  });
  const { LiveEvent = {} } = description.components.schemas;
  for (const event of events)
    expect(faultsOf(event, LiveEvent, description.components.schemas), JSON.stringify(event)).toEqual([]);
  expect(new Set(events.map((each) => (each as { event: string }).event)).size).toBeGreaterThan(4);
});

describe('an example', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanewarden-curl-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As one shell runs them, which a program of this size starts more slowly than all of theirs: the status of each. */
  async function copied(...sources: readonly string[]): Promise<readonly number[]> {
    const timed = sources.map((each) => each.replace('curl ', "curl -w '%{stderr}%{http_code}\\n' --max-time 20 "));
    const { stderr } = await run('sh', ['-ec', timed.join('\n')], {
      ...{ cwd: folder, maxBuffer: 100_000_000, env: { ...process.env, TOKEN: token } },
    });
    return stderr.trim().split('\n').map(Number);
  }
  const sample = (operation: Operation | undefined): string => operation?.['x-codeSamples'][0]?.source ?? '';

  it('that reads works as it is copied, with a token or a session, against the certificate of this box', async () => {
    const login = sample(description.paths['/api/v1/login']?.post);
    expect(login).toMatch(/^curl -sS -k --pinnedpubkey 'sha256\/\/[\w+/]{43}=' /);
    expect(await copied(login.replace('USER', 'installer').replace('PASSWORD', PASSWORD))).toEqual([200]);
    const left = [
      '/api/v1/live',
      '/api/v1/demo',
      '/api/v1/jobs/{id}',
      '/api/v1/jobs/{id}/picture',
      '/api/v1/pushes/{push}/capture',
    ];
    left.push('/api/v1/commissioning/{lane}/picture');
    const asked = Object.entries(description.paths).flatMap(([path, { get: operation }]) =>
      operation === undefined || left.includes(path) ? [] : [sample(operation)],
    );
    expect(asked.length).toBeGreaterThan(30);
    const answered = await copied(...asked);
    expect(asked.map((each, at) => [each, answered[at]])).toEqual(asked.map((each) => [each, 200]));
  });

  it('that acts works with a token', async () => {
    for (const path of ['/api/v1/queue/retry', '/api/v1/releases/mark'])
      expect(await copied(sample(description.paths[path]?.post)), path).toEqual([200]);
  });

  it('refuses another key than that of this box', async () => {
    const other = sample(description.paths['/api/v1/queue']?.get).replace(/sha256\/\/.{6}/, 'sha256//AAAAAA');
    await expect(copied(other)).rejects.toThrow(/public key|pinnedpubkey|90/i);
  });

  it('of the intake pays, with the token of the configuration or one made here', async () => {
    const [intake = ''] = box.box.host.app?.intakePorts.urls ?? [];
    const { json } = await askAt(intake, 'GET', '/api/openapi.json');
    token = (await box.ask('POST', '/api/v1/tokens', { cookie, body: { name: 'pay', scopes: ['grants'] } })).json.token;
    for (const [path, { post }] of Object.entries((json as Description).paths))
      if (post?.['x-codeSamples'] !== undefined)
        expect(await copied(sample(post)), `${path} ${sample(post)}`).toEqual([202]);
  });
});
