/** Tokens of programs over HTTP, on page and intake: what each scope may, revoking, guessing, and what is kept of them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenCommand } from '../../src/cli/access/token.ts';
import { TOKEN_SCOPES, type TokenScope } from '../../src/http/token-scopes.ts';
import { TOKENS_MAX } from '../../src/page/access/made-tokens.ts';
import { allRoutes } from '../../src/page/listener.ts';
import type { Route } from '../../src/page/routes.ts';
import { commandRun } from '../cli/program-run.ts';
import { ownMs } from '../own-time.ts';
import { record, release } from '../store/open.ts';
import { type Asked, askAt, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let installer: string;
let routes: readonly Route[];
let intake: string;
const token = new Map<TokenScope, string>();
const bearer = (value: string, more: Asked = {}): Asked => ({
  ...more,
  headers: { authorization: `Bearer ${value}`, ...more.headers },
});
const as = (scope: TokenScope, method: string, path: string, more?: Asked) =>
  box.ask(method, path, bearer(token.get(scope) ?? '', more));
const make = (name: string, scopes: readonly string[]) =>
  box.ask('POST', '/api/v1/tokens', { cookie: installer, body: { name, scopes } });
const revoke = (name: string) => box.ask('DELETE', `/api/v1/tokens/${name}`, { cookie: installer });
const file = (name: string) => join(box.folder, 'state', 'page', name);
const audit = async (): Promise<readonly { user: string; what: { en: string } }[]> =>
  (await box.ask('GET', '/api/v1/audit', { cookie: installer })).json;
const grant = (value: string, id: string) =>
  askAt(intake, 'POST', '/api/v1/grants', bearer(value, { body: { id, lane: '1001', plate: '粤B12345' } }));

const command = (options: Readonly<Record<string, unknown>>) =>
  commandRun(tokenCommand, { store: join(box.folder, 'state'), ...options }, [], { LANG: 'en' });

beforeAll(async () => {
  box = await pageBox();
});
afterAll(async () => {
  await box?.close();
});

it('a token for the metrics works before anybody has typed a password', async () => {
  const { code, out } = await command({ new: 'prometheus', scope: ['metrics'] });
  expect(code).toBe(0);
  const made = out.trim();
  expect((await box.ask('GET', '/metrics', bearer(made))).text).toContain('lanewarden_running 1');
  expect((await box.ask('GET', '/metrics')).json.code).toBe('setup');
  expect((await box.ask('GET', '/api/v1/overview', bearer(made))).json.code).toBe('forbidden');
});

describe('a scope', () => {
  beforeAll(async () => {
    installer = await box.as('installer');
    const opened = await box.box.page?.opened;
    if (opened !== undefined) routes = allRoutes(opened.page);
    for (const scope of TOKEN_SCOPES) token.set(scope, (await make(`only-${scope}`, [scope])).json.token);
    [intake = ''] = box.box.host.app?.intakePorts.urls ?? [];
  });

  it('opens the routes that name it, and no other', async () => {
    for (const each of routes.filter(
      ({ role, path }) => role !== 'anyone' && role !== 'setup' && path !== '/api/v1/live',
    ))
      for (const scope of TOKEN_SCOPES) {
        const body = each.method === 'GET' || each.method === 'DELETE' ? {} : { raw: '{"nothing":"of the kind"}' };
        const path = each.path.replaceAll(/\{\w+\}/g, '999999');
        const { status, json } = await as(scope, each.method, path, body);
        const name = `${each.method} ${each.path} with ${scope}`;
        if (each.scope !== scope) expect(json?.code, name).toBe('forbidden');
        else expect([401, 403], name).not.toContain(status);
      }
  });

  it('changes no configuration, no lane, no user and no token, and gives out nothing that is secret', () => {
    const may = (wanted: TokenScope) =>
      routes.filter(({ scope }) => scope === wanted).map(({ method, path }) => `${method} ${path}`);
    expect(may('grants')).toEqual([]);
    expect(may('metrics').sort()).toEqual(['GET /metrics', 'GET /readyz']);
    expect(may('act').sort()).toEqual([
      'POST /api/v1/queue/retry',
      'POST /api/v1/releases/mark',
      'POST /api/v1/releases/{id}/report',
      'POST /api/v1/releases/{id}/retry',
    ]);
    expect(may('read').every((each) => each.startsWith('GET '))).toBe(true);
    expect(may('read').join()).not.toMatch(
      /config|users|tokens|backup|support|audit|log|update|commissioning|jobs|evidence\}?$/,
    );
  });

  it('grants pays at the intake; the others are refused there', async () => {
    expect(await grant(token.get('grants') ?? '', 'g1')).toMatchObject({ status: 202, json: { status: 'accepted' } });
    for (const scope of ['read', 'metrics', 'act'] as const)
      expect(await grant(token.get(scope) ?? '', 'g2')).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    // It is a channel like those of the configuration: what it brings shows that payments come in.
    const { channels } = (await box.ask('GET', '/api/v1/intake', { cookie: installer })).json;
    expect(channels.find(({ id }: { id: string }) => id === 'only-grants')).toMatchObject({ up: true });
  });

  it('act marks, by its name in record and audit; read does not', async () => {
    const { store } = box.box.host.app ?? {};
    const { id } = (await store?.outbox.put(record('t1', { release: release('t1') }))) ?? {};
    const body = { ids: [id], kind: 'checked', reason: '施工' };
    expect(await as('read', 'POST', '/api/v1/releases/mark', { body })).toMatchObject({ status: 403 });
    expect((await as('act', 'POST', '/api/v1/releases/mark', { body })).json).toEqual({ marked: [id] });
    const { marks } = (await as('read', 'GET', `/api/v1/releases/${id}/review`)).json;
    expect(marks).toMatchObject([{ who: 'token:only-act', kind: 'checked' }]);
    expect((await audit())[0]).toMatchObject({
      user: 'token:only-act',
      what: { en: `reviewed record ${id}: rightful` },
    });
  });

  it('read watches the live stream until it is revoked', async () => {
    const { token: short } = (await make('short', ['read'])).json;
    const { headers, body } = await fetch(`${box.url}/api/v1/live`, { headers: { authorization: `Bearer ${short}` } });
    expect(headers.get('content-type')).toContain('event-stream');
    const reader = body?.getReader();
    await reader?.read();
    const beganMs = ownMs();
    await revoke('short');
    let isDone = false;
    while (!isDone) isDone = (await reader?.read())?.done ?? true;
    expect(ownMs() - beganMs).toBeLessThan(1_000);
  });
});

describe('a token', () => {
  it('that is revoked is worth nothing at once, here and at the intake', async () => {
    const { json } = await make('brief', ['grants', 'read']);
    expect((await box.ask('GET', '/api/v1/queue', bearer(json.token))).status).toBe(200);
    expect((await grant(json.token, 'b1')).status).toBe(202);
    expect((await revoke('brief')).status).toBe(200);
    const refused = await box.ask('GET', '/api/v1/queue', bearer(json.token));
    expect(refused).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    expect((await grant(json.token, 'b2')).status).toBe(401);
    expect((await revoke('brief')).status).toBe(404);
  });

  it('that the command revokes is refused within a second', async () => {
    const { json } = await make('by-command', ['read']);
    expect((await box.ask('GET', '/api/v1/queue', bearer(json.token))).status).toBe(200);
    expect((await command({ revoke: 'by-command' })).code).toBe(0);
    const beganMs = ownMs();
    await expect.poll(async () => (await box.ask('GET', '/api/v1/queue', bearer(json.token))).status).toBe(401);
    expect(ownMs() - beganMs).toBeLessThan(1_000);
  });

  it('is shown once, and kept as a hash in a file that nobody else reads', async () => {
    const { json } = await make('once', ['read']);
    expect(json.token).toMatch(/^lw_[\w-]{43}$/);
    const list = await box.ask('GET', '/api/v1/tokens', { cookie: installer });
    expect(list.text + readFileSync(file('tokens.json'), 'utf8') + box.lines.join('')).not.toContain(json.token);
    expect(statSync(file('tokens.json')).mode & 0o777).toBe(0o600);
    expect(list.json.find(({ name }: { name: string }) => name === 'once')).toMatchObject({
      by: 'installer',
      of: 'page',
    });
    // Those of the configuration stand beside them, as they always were.
    expect(list.json.at(-1)).toMatchObject({ name: 'pms', scopes: ['grants', 'metrics'], of: 'config' });
    expect((await audit()).map(({ what }) => what.en)).toContain('made the token once (read)');
  });

  it('shows when it was last used, also after a restart', async () => {
    const find = async () =>
      (await box.ask('GET', '/api/v1/tokens', { cookie: installer })).json.find(
        ({ name }: { name: string }) => name === 'once',
      );
    expect(await find()).not.toHaveProperty('lastUsedWallMs');
    const { json } = await make('used', ['read']);
    await box.ask('GET', '/api/v1/queue', bearer(json.token));
    const rows = async () => (await box.ask('GET', '/api/v1/tokens', { cookie: installer })).json;
    const used = (await rows()).find(({ name }: { name: string }) => name === 'used').lastUsedWallMs;
    expect(Math.abs(used - Date.now())).toBeLessThan(10_000);
    box = await box.restart();
    [intake = ''] = box.box.host.app?.intakePorts.urls ?? [];
    expect((await rows()).find(({ name }: { name: string }) => name === 'used').lastUsedWallMs).toBe(used);
    expect((await command({})).out).toMatch(/^used {2}read {2}made 20\S+\+08:00 installer {2}last used 20\S+\+08:00$/m);
    expect((await box.ask('GET', '/api/v1/queue', bearer(json.token))).status).toBe(200);
  });

  it('that takes the name of another has not been used by that', async () => {
    const find = async () =>
      (await box.ask('GET', '/api/v1/tokens', { cookie: installer })).json.find(
        ({ name }: { name: string }) => name === 'swapped',
      );
    const { json } = await make('swapped', ['read']);
    await box.ask('GET', '/api/v1/queue', bearer(json.token));
    expect(await find()).toHaveProperty('lastUsedWallMs');
    await command({ revoke: 'swapped' });
    const { out } = await command({ new: 'swapped', scope: ['read'] });
    await expect.poll(async () => (await find()).by).toMatch(/^\(shell /);
    expect(await find()).not.toHaveProperty('lastUsedWallMs');
    await box.ask('GET', '/api/v1/queue', bearer(out.trim()));
    expect(await find()).toHaveProperty('lastUsedWallMs');
    await revoke('swapped');
  });

  it('whose uses an earlier version wrote, by names, keeps them, unless it was made later', async () => {
    const [usedWallMs, longAgo] = [Date.now() - 5, Date.parse('2026-01-01')];
    const uses = { used: usedWallMs, once: longAgo, pms: longAgo };
    box = await box.restart(() => writeFileSync(file('token-uses.json'), JSON.stringify({ version: 1, uses })));
    [intake = ''] = box.box.host.app?.intakePorts.urls ?? [];
    const rows = (await box.ask('GET', '/api/v1/tokens', { cookie: installer })).json;
    const of = (wanted: string) => rows.find(({ name }: { name: string }) => name === wanted);
    expect(of('used').lastUsedWallMs).toBe(usedWallMs);
    expect(of('once')).not.toHaveProperty('lastUsedWallMs');
    expect(of('pms').lastUsedWallMs).toBe(longAgo);
  });

  it('has a name of its own, a scope there is, and there are not too many', async () => {
    expect(await make('used', ['read'])).toMatchObject({ status: 409, json: { code: 'conflict' } });
    expect(await make('pms', ['read'])).toMatchObject({ status: 409 });
    expect(await make('x', [])).toMatchObject({ status: 422 });
    expect(await make('x', ['config'])).toMatchObject({ status: 422 });
    let last = await make('many-0', ['read']);
    for (let each = 1; last.status === 201; each += 1) last = await make(`many-${each}`, ['read']);
    expect(last).toMatchObject({ status: 409, json: { detail: expect.stringContaining(String(TOKENS_MAX)) } });
    expect((await box.ask('GET', '/api/v1/tokens', { cookie: installer })).json).toHaveLength(TOKENS_MAX + 1);
  });

  it('of a file that a later version wrote keeps the scopes that are known', async () => {
    const kept = JSON.parse(readFileSync(file('tokens.json'), 'utf8'));
    const tokens = [
      ...kept.tokens.map((each: object) => ({ ...each, scopes: ['read', 'later'], more: 1 })),
      { name: 'broken' },
    ];
    writeFileSync(file('tokens.json'), JSON.stringify({ version: 2, tokens }));
    await expect.poll(async () => (await as('act', 'GET', '/api/v1/queue')).status).toBe(200);
    writeFileSync(file('tokens.json'), JSON.stringify(kept));
  });

  it('that is guessed is slowed down, and noted once', async () => {
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 30)
      statuses.push(
        (await box.ask('GET', '/api/v1/queue', bearer(`lw_wrong-${statuses.length}`, { from: '127.0.0.9' }))).status,
      );
    expect(statuses.slice(0, 6)).toEqual(Array(6).fill(401));
    expect(statuses.at(-1)).toBe(429);
    const noted = (await audit()).filter(({ user, what }) => user === '(token)' && what.en.includes('127.0.0.9'));
    expect(noted).toHaveLength(1);
  });
});

it('a token of the configuration may be for the metrics alone, from the first start, before any password', async () => {
  const own = 'metrics-only-0123456789';
  const other = await pageBox({
    prepare: (file) => {
      const yaml = readFileSync(file, 'utf8');
      const tokens = `tokens: [{ name: prom, secret: intake.prom, scopes: [metrics] }, `;
      writeFileSync(
        file,
        yaml
          .replace(/tokens: ?\[/, tokens)
          .replace(/tokens:\n(\s*)- /, `tokens:\n$1- { name: prom, secret: intake.prom, scopes: [metrics] }\n$1- `),
      );
      writeFileSync(
        join(file, '../secrets.yaml'),
        `${readFileSync(join(file, '../secrets.yaml'), 'utf8')}\nintake.prom: ${own}\n`,
      );
    },
  });
  try {
    expect((await other.ask('GET', '/metrics', bearer(own))).text).toContain('lanewarden_running 1');
    const [url = ''] = other.box.host.app?.intakePorts.urls ?? [];
    const body = { id: 'g9', lane: '1001', plate: '粤B12345' };
    expect(await askAt(url, 'POST', '/api/v1/grants', bearer(own, { body }))).toMatchObject({ status: 403 });
    expect(other.box.host.app?.intake.channels.all().map(({ id }) => id)).not.toContain('prom');
  } finally {
    await other.close();
  }
});
