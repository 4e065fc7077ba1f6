/** Every route of the one table with every role; what may not be in an answer; bodies and paths that nobody means well with. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserRole } from '../../src/page/api/api.ts';
import { allRoutes } from '../../src/page/listener.ts';
import type { RouteRole } from '../../src/page/operations.ts';
import type { JsonAnswer, PageRequest, Route } from '../../src/page/routes.ts';
import { type Answered, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let routes: readonly Route[];
/** What a request is answered whose body never ends. */
let byDrops: Promise<string>;
const ROLES: readonly UserRole[] = ['booth', 'viewer', 'operator', 'auditor', 'installer'];
/** Who may, by the role that a route names. */
const WHO: Readonly<Record<Exclude<RouteRole, 'anyone' | 'setup'>, readonly UserRole[]>> = {
  booth: ROLES,
  viewer: ['viewer', 'operator', 'auditor', 'installer'],
  office: ['operator', 'auditor', 'installer'],
  operator: ['operator', 'installer'],
  auditor: ['auditor', 'installer'],
  installer: ['installer'],
};
const cookies = new Map<UserRole, string>();
/** What the installer was answered: some answers are files that a program of its own makes. */
const given = new Map<Route, Answered>();
/** Written into the park's secrets by its configuration. */
const SECRETS = ['demonstration-secret', 'demonstration-token-of-the-management-system'];

beforeAll(async () => {
  box = await pageBox();
  for (const role of ROLES) cookies.set(role, await box.as(role));
  const opened = await box.box.page?.opened;
  if (opened !== undefined) routes = allRoutes(opened.page);
  // It takes ten seconds, beside the other tests.
  byDrops = new Promise<string>((resolve, reject) => {
    const asked = request(`${box.url}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve((JSON.parse(text) as { code: string }).code));
    });
    asked.write('{');
  });
  byDrops.catch(() => undefined);
});
afterAll(async () => {
  await box?.close();
});

const may = (role: UserRole | undefined, needed: RouteRole): boolean => {
  if (needed === 'anyone') return true;
  if (needed === 'setup') return false;
  return role !== undefined && WHO[needed].includes(role);
};

/** An address of the route that harms nothing: nothing there is of that name. */
const addressOf = ({ path }: Route): string => path.replaceAll(/\{\w+\}/g, '999999');

/** What a request is refused with before any handler sees it, by who asks. */
async function refused(each: Route, role: UserRole | undefined): Promise<string | undefined> {
  const cookie = role && cookies.get(role);
  // Query and body are ones that no schema takes: a handler that is reached does nothing.
  const body = each.method === 'GET' || each.method === 'DELETE' ? {} : { raw: '{"nothing":"of the kind"}' };
  const address = `${addressOf(each)}${each.path.endsWith('.zip') ? '?day=never' : ''}`;
  const answer = await box.ask(each.method, address, { ...(cookie !== undefined && { cookie }), ...body });
  if (role === 'installer') given.set(each, answer);
  return ['unauthorized', 'forbidden', 'setup'].includes(answer.json?.code) ? (answer.json.code as string) : undefined;
}

describe('the table of routes', () => {
  it('is what the interface answers, each with its role', async () => {
    const streams = ['/api/v1/live'];
    const sessions = ['/api/v1/logout', '/api/v1/login', '/api/v1/password'];
    for (const each of routes.filter(({ path }) => !streams.includes(path) && !sessions.includes(path))) {
      const name = `${each.method} ${each.path}`;
      if (each.role === 'setup') {
        expect((await box.ask(each.method, each.path, { body: {} })).status, name).toBe(404);
        continue;
      }
      expect(await refused(each, undefined), `${name} without a session`).toBe(
        may(undefined, each.role) ? undefined : 'unauthorized',
      );
      for (const role of ROLES)
        expect(await refused(each, role), `${name} as ${role}`).toBe(may(role, each.role) ? undefined : 'forbidden');
    }
  });

  it('has a role for everything that changes something, but for the login', () => {
    const open = routes.filter(({ role }) => role === 'anyone').map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      'GET /api/v1/session',
      'GET /healthz',
      'GET /readyz',
      'POST /api/v1/login',
      'POST /api/v1/logout',
    ]);
  });

  it('lets a booth read of its lanes, sign on, and no more', () => {
    const its = routes.filter(({ role }) => may('booth', role) && !may(undefined, role));
    expect(its.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /api/v1/account',
      'GET /api/v1/account/trend.svg',
      'GET /api/v1/duty',
      'GET /api/v1/live',
      'GET /api/v1/overview',
      'GET /api/v1/releases',
      'GET /api/v1/releases/{id}',
      'GET /api/v1/releases/{id}/picture',
      'GET /api/v1/releases/{id}/review',
      'POST /api/v1/duty/affirm',
      'POST /api/v1/duty/sign-off',
      'POST /api/v1/duty/sign-on',
      'POST /api/v1/password',
    ]);
  });

  it('lets an auditor change nothing: beyond what any user sends it is a question, or a word on what another did', () => {
    const sent = routes.filter(({ method, role }) => method !== 'GET' && may('auditor', role) && !may('booth', role));
    expect(sent.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'DELETE /api/v1/jobs/{id}',
      'POST /api/v1/evidence/verify',
      'POST /api/v1/person/export',
      'POST /api/v1/person/find',
      // To agree to `wrong`: test/page/decide.test.ts.
      'POST /api/v1/releases/decide',
      'POST /api/v1/releases/{id}/dismiss',
      'POST /api/v1/waiting/agree',
      'POST /api/v1/waiting/withdraw',
    ]);
  });

  it('is described whole, with bodies', async () => {
    const { json } = await box.ask('GET', '/api/openapi.json', { cookie: cookies.get('viewer') as string });
    expect(json.openapi).toBe('3.1.0');
    for (const { method, path } of routes) expect(json.paths[path], path).toHaveProperty(method.toLowerCase());
    expect(json.components.schemas.Problem.properties.code.enum).toContain('weakPassword');
    expect(json.paths['/api/v1/login'].post.requestBody.content['application/json'].schema.properties).toHaveProperty(
      'user',
    );
  });

  it('answers another method with those that there are', async () => {
    const answer = await box.ask('PUT', '/api/v1/overview', { body: {}, cookie: cookies.get('installer') as string });
    expect(answer.json.code).toBe('methodNotAllowed');
    expect(answer.headers.allow).toBe('GET');
  });
});

it('no answer holds a secret', async () => {
  const cookie = cookies.get('installer') as string;
  for (const each of routes.filter(({ method, path }) => method === 'GET' && path !== '/api/v1/live')) {
    const isAnswered = given.get(each)?.status === 200;
    const { text, headers } = isAnswered
      ? (given.get(each) as Answered)
      : await box.ask('GET', addressOf(each), { cookie });
    for (const secret of SECRETS) expect(text + JSON.stringify(headers), each.path).not.toContain(secret);
  }
  expect(box.lines.join('')).not.toContain(SECRETS[0]);
});

it('figures are for users and for tokens of the intake', async () => {
  const token = await box.ask('GET', '/metrics', { headers: { authorization: `bearer ${SECRETS[1]}` } });
  expect(token.text).toMatch(/lanewarden_records\{state="waiting"\} \d/);
  expect((await box.ask('GET', '/metrics', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  const other = await box.ask('GET', '/api/v1/overview', { headers: { authorization: `Bearer ${SECRETS[1]}` } });
  expect(other.status).toBe(403);
});

it('health says one word, to anybody', async () => {
  expect((await box.ask('GET', '/healthz')).json).toEqual({ status: 'ok' });
  expect((await box.ask('GET', '/readyz')).json).toEqual({ status: 'ok' });
});

it('why nothing leaves is for who may act on it: no stranger in the network and no booth learns it', async () => {
  const cookie = cookies.get('operator') as string;
  expect((await box.ask('POST', '/api/v1/queue/pause', { cookie, body: {} })).status).toBe(200);
  const ready = routes.find(({ path }) => path === '/readyz') as Route;
  const asked = async (address: string, role?: UserRole) => {
    const who = role && { user: role, role, own: undefined };
    const answer = await ready.handle({ address, ...(who && { who }) } as PageRequest, undefined as never);
    return (answer as JsonAnswer).json;
  };
  expect(await asked('192.0.2.7')).toEqual({ status: 'ok' });
  expect(await asked('::ffff:192.0.2.7', 'booth')).toEqual({ status: 'ok' });
  for (const role of ['viewer', 'operator', 'auditor', 'installer'] as const)
    expect(await asked('192.0.2.7', role), role).toEqual({ status: 'ok', paused: true });
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '::1'])
    expect(await asked(address), address).toEqual({ status: 'ok', paused: true });
  const monitor = (token: string) => box.ask('GET', '/readyz', { headers: { authorization: `Bearer ${token}` } });
  expect((await monitor(SECRETS[1] as string)).json).toEqual({ status: 'ok', paused: true });
  expect(await monitor('wrong')).toMatchObject({ status: 200, json: { status: 'ok' } });
  expect((await box.ask('POST', '/api/v1/queue/resume', { cookie, body: {} })).status).toBe(200);
});

describe('a path', () => {
  it('reaches nothing but the files of the page', async () => {
    for (const path of [
      '/../package.json',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/assets/%00',
      '/licences.json',
      '/assets/',
      '//etc/passwd',
      '/index.html.map',
      '/api/v1/releases/../users',
      '/api/v1/releases/1%2f..%2f..%2fusers',
    ]) {
      const answer = await box.ask('GET', path);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.text, path).not.toContain('lanewarden"');
    }
  });

  it('of a file that never changes may be kept, of the page not', async () => {
    const page = await box.ask('GET', '/');
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(page.text) ?? [];
    expect(page.headers['cache-control']).toBe('no-store');
    const asset = await box.ask('GET', script, { headers: { 'accept-encoding': 'gzip' } });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-encoding']).toBe('gzip');
  });
});

describe('a body', () => {
  const cookie = (): string => cookies.get('installer') as string;
  const login = (raw: string | Buffer, headers: Record<string, string> = {}) =>
    box.ask('POST', '/api/v1/login', { raw, headers });

  it('that is too large is not read', async () => {
    expect((await login(JSON.stringify({ user: 'x'.repeat(100_000), password: 'y' }))).json.code).toBe('tooLarge');
    const { host, port } = { host: '127.0.0.1', port: Number(new URL(box.url).port) };
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, host, () => {
        socket.write(
          `POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n{`,
        );
      });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toContain('413');
  });

  it('of a stranger is not waited for', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const asked = request(`${box.url}/api/v1/config`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
      asked.write('{');
    });
    expect(status).toBe(401);
  });

  it('that comes by drops is given up', async () => expect(await byDrops).toBe('slow'), 20_000);

  it.each([
    ['not JSON', 'json', '{'],
    ['a list', 'json', '[]'],
    ['not UTF-8', 'encoding', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a prototype', 'invalid', '{"user":"a","password":"b","__proto__":{"role":"installer"}}'],
    ['a hidden prototype', 'invalid', '{"user":"a","password":"b","\\u005f_proto__":{"x":1}}'],
    ['another field', 'invalid', '{"user":"a","password":"b","constructor":{}}'],
    ['another type', 'invalid', '{"user":{"$ne":1},"password":"b"}'],
  ])('that is %s is refused', async (_, code, raw) => {
    expect((await login(raw)).json.code).toBe(code);
  });

  it('that is packed is refused', async () => {
    expect((await login('{}', { 'content-encoding': 'gzip' })).json.code).toBe('mediaType');
  });

  it('that is wrong says in which field, in the language asked for', async () => {
    const answer = await box.ask('POST', '/api/v1/users', {
      cookie: cookie(),
      body: { user: '-', password: 'x', role: 'king' },
      headers: { 'accept-language': 'en' },
    });
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json.errors).toEqual([
      { field: 'user', message: 'has the wrong format' },
      { field: 'role', message: 'must be one of booth, viewer, operator, auditor, installer' },
    ]);
    const query = await box.ask('GET', '/api/v1/releases?limit=1000', { cookie: cookie() });
    expect(query.json.errors).toEqual([{ field: 'limit', message: '不能大于 200' }]);
  });
});

it('every kind of release can be asked for and corrected to', async () => {
  const cookie = cookies.get('installer') as string;
  const { methods } = (await box.ask('GET', '/api/v1/releases', { cookie })).json;
  const names = methods.map(({ text }: { text: { zh: string } }) => text.zh);
  expect(names).toHaveLength(14);
  expect(names).toEqual(expect.arrayContaining(['系统开闸无缴费', '折返未出场', '可疑跟车', '原因不明']));
});

it('the last installer stays, and a user who is deleted is out at once', async () => {
  const cookie = cookies.get('installer') as string;
  expect((await box.ask('DELETE', '/api/v1/users/installer', { cookie })).json).toMatchObject({
    ...{ code: 'conflict', detail: '这是最后一个安装员，不能删：请先添加另一个' },
  });
  expect((await box.ask('DELETE', '/api/v1/users/viewer', { cookie })).status).toBe(200);
  expect((await box.ask('GET', '/api/v1/overview', { cookie: cookies.get('viewer') as string })).status).toBe(401);
  const { json } = await box.ask('GET', '/api/v1/audit', { cookie });
  expect(json[0]).toMatchObject({ user: 'installer', what: { en: 'removed the user viewer' } });
});

it('a filter that programs cannot use is refused, and lets nothing through', async () => {
  const answer = await box.ask('GET', '/api/v2/releases?method=button&limit=1', {
    cookie: cookies.get('installer') as string,
    headers: { 'accept-language': 'en' },
  });
  expect([answer.status, answer.json.errors]).toEqual([
    422,
    [{ field: 'method', message: 'is not a field of this message' }],
  ]);
});
