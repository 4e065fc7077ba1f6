/** One signed file from the operator's desk to a running box: what it brings, what is refused and why, and what comes back when the box is not well. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writtenPeers } from '../../src/config/written-peers.ts';
import { boxName } from '../../src/page/access/box-name.ts';
import { fileId, ProvisionSpool } from '../../src/provision/spool.ts';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { type Operator, operator, provision, tampered } from './operator.ts';

const TOKEN = 'lw_0123456789abcdef0123456789abcdef';
let box: PageBox;
let desk: Operator;
let key: string;
let spool: ProvisionSpool;
let places: readonly string[];
let template: string;

beforeAll(async () => {
  box = await pageBox({ provisionTrial: { provenMs: 1_500, withinMs: 6_000 } });
  desk = await operator();
  spool = new ProvisionSpool(join(box.folder, 'state'));
  places = ['--config', box.configFile, '--store', join(box.folder, 'state')];
  const { out } = await provision('id', ...places);
  [, key = ''] = /key: "([0-9a-f]{64})"/.exec(out) ?? [];
  expect(out.startsWith(`${boxName()}:\n`)).toBe(true);
  template = readFileSync(box.configFile, 'utf8').replace(/name: .*/, 'name: $(gate) # as on the sign');
});
afterAll(async () => {
  await box?.close();
});

const row = (gate: string, more = '') =>
  `boxes:\n  ${boxName()}:\n    key: "${key}"\n    values: { gate: "${gate}" }\n${more}`;
const name = (): string | undefined => box.box.host.config?.lanes[0]?.name;
/** As the command leaves it. */
async function leave(file: string, trust = desk.key) {
  await spool.leave({ text: readFileSync(file, 'utf8'), trust });
  await expect.poll(async () => (await spool.result())?.state).toMatch(/done|failed/);
  return spool.result();
}

it('says what is wrong before the box is asked', async () => {
  // For later: only a box that reads its devices can be found to read them no more.
  await expect.poll(() => box.box.host.app?.hasRead()).toBe(true);
  const file = await desk.make(template, row('东口'));
  expect(await provision(file, ...places)).toMatchObject({
    code: 1,
    err: expect.stringContaining(desk.key.slice(0, 4)),
  });
  // One that was compared badly is no question of trusting nobody yet, and pins nothing.
  for (const trust of ['1a2b-3c4d-5e6f-7081', desk.key.slice(0, 12)]) {
    const refused = await provision(file, '--trust', trust, ...places);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(`(--trust) is not the one that signed`) });
    expect(refused.err).toContain(`≠ ${trust})`);
  }
  const { err } = await provision('show', tampered(file, '东口', '西口'), ...places);
  expect(err).toContain('the signature is wrong');
  writeFileSync(`${file}.half`, readFileSync(file, 'utf8').slice(0, 500));
  expect((await provision(`${file}.half`, ...places)).err).toContain('copy it again');
  const other = await desk.make(template, 'boxes:\n  lanewarden-none: { values: { gate: a } }\n');
  expect((await provision('show', other, ...places)).err).toContain('lanewarden provision id');
  const sealed = await desk.make(template, row('a').replace(key, '9'.repeat(64)));
  expect((await provision('show', sealed, ...places)).err).toContain('sealed for another box');
});

it('is not made with faults, each at its row', async () => {
  await expect(desk.make(template, row('a').replace('gate:', 'gaet:'))).rejects.toThrow(/values lacks gate/);
  await expect(desk.make(template.replace('version: 1', 'version: 2'), row('a'))).rejects.toThrow(/line \d+/);
  await expect(desk.make(template, row('a', 'tokens: [{ name: x, scopes: [root], token: "" }]\n'))).rejects.toThrow(
    /tokens/,
  );
  const bare = `boxes:\n  a: { values: { gate: a } }\nsecrets: { cloud.appSecret: x }\n`;
  await expect(desk.make(template, bare)).rejects.toThrow(/need the key of the box/);
});

it('shows in words what it would change, and no secret', async () => {
  const file = await desk.make(template, row('东口', 'secrets: { cloud.other: "very-secret" }\n'));
  const { out } = await provision('show', file, ...places);
  expect(out).toMatch(/lanes\[1001\]\.name: .* → 东口/);
  expect(out).toContain('configuration: 1 change\n');
  expect(out).toContain('cloud.other (new)');
  expect(`${out}${readFileSync(file, 'utf8')}`).not.toContain('very-secret');
});

it('brings configuration, secrets, users and tokens, and stands in the audit log and the chain', async () => {
  const more = `secrets: { cloud.other: "very-secret" }
users: [{ user: wang, role: operator, password: "${PASSWORD}" }, { user: li, role: installer, password: "${PASSWORD}" }]
tokens: [{ name: prometheus, scopes: [metrics], token: "${TOKEN}" }]
`;
  const file = await desk.make(template, row('东口', more));
  expect(await leave(file)).toMatchObject({ state: 'done' });
  expect(name()).toBe('东口');
  expect(box.box.host.state.state).toBe('good');
  expect(readFileSync(box.configFile, 'utf8')).toContain('name: 东口 # as on the sign');
  expect(readFileSync(join(dirname(box.configFile), 'secrets.yaml'), 'utf8')).toContain('very-secret');
  const metrics = await box.ask('GET', '/metrics', { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(metrics.text).toContain('lanewarden_running 1');
  // The page looks for what other programs changed every few seconds.
  await expect
    .poll(async () => (await box.ask('POST', '/api/v1/login', { body: { user: 'li', password: PASSWORD } })).status)
    .toBe(200);
  const { cookie = '' } = await box.ask('POST', '/api/v1/login', { body: { user: 'li', password: PASSWORD } });
  const audit = (await box.ask('GET', '/api/v1/audit', { cookie })).json;
  expect(audit.find(({ user }: { user: string }) => user === '(provision)').what.en).toContain(desk.key.slice(0, 4));
  const seen = (await box.box.host.app?.store.looks.observations(50)) ?? [];
  expect(seen.some(({ seen: { why } }) => why === 'provisioned')).toBe(true);
  expect(await leave(file), 'the same once more').toMatchObject({
    state: 'done',
    text: { en: expect.stringMatching(/already/) },
  });
});

it('confirms destinations near the box that its operator names, and no other; what acts is refused at the desk', async () => {
  const asked: string[] = [];
  const receiver = createHttpServer((request, response) => {
    asked.push(`${request.url}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const ping = (name: string, path: string): string =>
    `  - { name: ${name}, kind: ping, url: "${url}${path}", every: 10s }\n`;
  const both = `${template}\ndestinations:\n${ping('alive', '/alive')}${ping('other', '/other')}`;
  const acting = `${template}\ndestinations:\n${ping('gate', '/bha-api/open-door.cgi')}`;
  await expect(desk.make(acting, row('东口', 'confirm: [gate]\n'))).rejects.toThrow(/known to act/);
  await expect(desk.make(both, row('东口', 'confirm: [nobody]\n'))).rejects.toThrow(/nobody of confirm/);
  const query = both.replace('/alive', '/alive?x=1');
  await expect(desk.make(query, row('东口', 'confirm: [alive]\n'))).rejects.toThrow(/alive of confirm/);
  const file = await desk.make(both, row('东口', 'confirm: [alive]\n'));
  expect((await provision('show', file, ...places)).out).toContain('that the operator confirms: alive');
  expect(await leave(file)).toMatchObject({ state: 'done' });
  await expect.poll(() => asked).toContain('/alive');
  expect(asked).not.toContain('/other');
  const { app } = box.box.host;
  const [alive, other] = writtenPeers(app?.config ?? { destinations: [], intake: {} as never });
  expect(alive && app?.peers.of(alive)).toMatchObject({
    how: 'provision',
    by: expect.stringContaining(desk.key.slice(0, 4)),
  });
  expect(other && app?.peers.of(other)).toBeUndefined();
  receiver.closeAllConnections();
  receiver.close();
});

it('refuses another operator, and one that is older than the last', async () => {
  const stranger = await operator();
  const other = await stranger.make(template, row('西口'));
  expect(await leave(other, stranger.key)).toMatchObject({ state: 'failed', code: 'otherOperator' });
  const older = await desk.make(template, row('西口'));
  expect(await leave(await desk.make(template, row('南口')))).toMatchObject({ state: 'done' });
  expect(await leave(older)).toMatchObject({ state: 'failed', code: 'older' });
  expect(name()).toBe('南口');
});

it('comes back by itself from a configuration that does not come up', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
  const { port } = taken.address() as { port: number };
  const bad = template.replace(/^intake:[\s\S]*?(?=^\w)/m, '');
  const file = await desk.make(
    `${bad}\nintake: { http: { enabled: true, listen: '127.0.0.1:${port}' } }\n`,
    row('北口'),
  );
  expect(await leave(file)).toMatchObject({ state: 'failed', code: 'notWell' });
  taken.close();
  expect(name()).toBe('南口');
  expect(readFileSync(box.configFile, 'utf8')).toContain('南口');
});

it('comes back by itself from one with which no device is read any more', async () => {
  const file = await desk.make(template.replaceAll(/port: \S+/g, 'port: /dev/nothing-here'), row('北口'));
  expect(await leave(file)).toMatchObject({ state: 'failed', code: 'notWell' });
  expect(name()).toBe('南口');
  await expect.poll(() => box.box.host.app?.hasRead()).toBe(true);
});

it('goes on where a power cut came after the configuration was kept, before the users were added', async () => {
  const file = await desk.make(
    template,
    row('南口', `users: [{ user: zhao, role: viewer, password: "${PASSWORD}" }]\n`),
  );
  const text = readFileSync(file, 'utf8');
  box = await box.restart(() => writeFileSync(join(spool.folder, 'applying.json'), JSON.stringify({ text })));
  await expect.poll(async () => (await spool.result())?.id).toBe(fileId(text));
  await expect.poll(async () => (await spool.result())?.state).toBe('done');
  await expect
    .poll(async () => (await box.ask('POST', '/api/v1/login', { body: { user: 'zhao', password: PASSWORD } })).status)
    .toBe(200);
});

it('goes by page as well, and asks to compare the operator of the first file', async () => {
  const own = await pageBox({ provisionTrial: { provenMs: 500, withinMs: 6_000 } });
  try {
    const cookie = await own.as('installer');
    const viewer = await own.as('viewer');
    const post = (path: string, raw: Buffer, more: Record<string, string> = {}, as = cookie) =>
      own.ask('POST', `/api/v1/${path}`, {
        cookie: as,
        raw,
        headers: { 'content-type': 'application/vnd.lanewarden.provision', 'accept-language': 'en', ...more },
      });
    const { json: view } = await own.ask('GET', '/api/v1/provision', { cookie });
    expect(view).toEqual({ name: boxName(), key: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const yaml = readFileSync(own.configFile, 'utf8').replace(/name: .*/, 'name: $(gate)');
    const file = readFileSync(await desk.make(yaml, row('东口').replace(key, view.key)));
    expect((await post('provision/look', file, {}, viewer)).status).toBe(403);
    const look = await post('provision/look', file);
    expect(look.json).toMatchObject({ trusted: false, lines: [{ en: 'configuration: 1 change' }, {}] });
    expect(await post('provision', file)).toMatchObject({
      status: 422,
      json: { detail: expect.stringMatching(/trust/) },
    });
    expect(await post('provision', file.subarray(0, 300))).toMatchObject({ status: 422 });
    const wrong = await post('provision', file, { 'lanewarden-trust': '1a2b-3c4d-5e6f-7081' });
    expect(wrong).toMatchObject({
      status: 422,
      json: { detail: expect.stringContaining('is not the one that signed') },
    });
    const [refusal] = (await own.ask('GET', '/api/v1/audit', { cookie })).json;
    expect(refusal).toMatchObject({ user: 'installer', what: { en: expect.stringContaining('did not apply') } });
    const { status, json } = await post('provision', file, { 'lanewarden-trust': look.json.signedBy });
    expect(status).toBe(202);
    expect(await own.ended(json, cookie)).toMatchObject({ kind: 'provision', state: 'done' });
    expect(own.box.host.config?.lanes[0]?.name).toBe('东口');
    expect((await own.ask('GET', '/api/v1/provision', { cookie })).json.operator).toBe(look.json.signedBy);
    expect((await post('provision/look', file)).json.trusted).toBe(true);
  } finally {
    await own.close();
  }
});
