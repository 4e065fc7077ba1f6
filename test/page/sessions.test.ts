/** From the set-up code to the end of a session, over HTTP: what a thief, a guesser and another site can do, which is nothing. */
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let secure: PageBox;
beforeAll(async () => {
  [box, secure] = await Promise.all([pageBox(), pageBox({ secure: true })]);
});
afterAll(async () => {
  await Promise.all([box?.close(), secure?.close()]);
});

const login = (user: string, password: string, at = box) =>
  at.ask('POST', '/api/v1/login', { body: { user, password } });

describe('before there is a password', () => {
  it('only the set-up page answers', async () => {
    expect((await box.ask('GET', '/api/v1/session')).json).toMatchObject({ state: 'setup', demo: false });
    for (const path of ['/api/v1/overview', '/api/v1/config', '/api/v1/log', '/metrics'])
      expect((await box.ask('GET', path)).json.code).toBe('setup');
    expect((await login('admin', 'admin')).json.code).toBe('setup');
    expect((await box.ask('GET', '/')).status).toBe(200);
  });

  it('the code is in the log and in a file that only its owner reads', () => {
    const file = join(box.folder, 'state', 'page', 'setup-code');
    const code = readFileSync(file, 'utf8').trim();
    expect(code).toMatch(/^([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(box.lines.join('')).toContain(code);
  });

  it('a wrong code, a weak password and a code used twice are refused', async () => {
    const set = (body: object) => secure.ask('POST', '/api/v1/setup', { body });
    const code = readFileSync(join(secure.folder, 'state', 'page', 'setup-code'), 'utf8').trim();
    expect((await set({ code: 'AAAA-BBBB-CCCC-DDDD', user: 'anna', password: PASSWORD })).json.code).toBe('wrongCode');
    for (const password of [
      'short',
      'password1234',
      'qwertyuiop12',
      'lanewarden2026',
      'aaaaaaaaaaaaaa',
      'anna-anna-anna',
      '123456789012',
    ])
      expect((await set({ code, user: 'anna', password })).json.code, password).toBe('weakPassword');
    const answer = await set({ code: code.toLowerCase().replaceAll('-', ' '), user: 'anna', password: PASSWORD });
    expect(answer.json).toMatchObject({ state: 'in', user: 'anna', role: 'installer' });
    expect((await set({ code, user: 'eve', password: PASSWORD })).status).toBe(404);
  });
});

describe('a session', () => {
  it('is a cookie that no script and no other site gets, and over HTTPS no other host', async () => {
    await box.as('installer');
    const [plain] = (await login('installer', PASSWORD)).headers['set-cookie'] as string[];
    expect(plain).toMatch(/^lanewarden=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const [https] = (await login('anna', PASSWORD, secure)).headers['set-cookie'] as string[];
    expect(https).toMatch(/^__Host-lanewarden=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  });

  it('is not kept on the disk as the cookie has it', async () => {
    const cookie = await box.as('installer');
    const kept = readFileSync(join(box.folder, 'state', 'page', 'sessions.json'), 'utf8');
    expect(kept).not.toContain(cookie.split('=')[1]);
  });

  it('ends at logout for whoever copied it', async () => {
    const { cookie = '' } = await login('installer', PASSWORD);
    expect((await box.ask('GET', '/api/v1/overview', { cookie })).status).toBe(200);
    await box.ask('POST', '/api/v1/logout', { cookie, body: {} });
    expect((await box.ask('GET', '/api/v1/overview', { cookie })).json.code).toBe('unauthorized');
  });

  it('is another one after the login than before: a planted one is worth nothing', async () => {
    const planted = 'lanewarden=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const answer = await box.ask('POST', '/api/v1/login', {
      cookie: planted,
      body: { user: 'installer', password: PASSWORD },
    });
    expect(answer.cookie).not.toBe(planted);
    expect((await box.ask('GET', '/api/v1/overview', { cookie: planted })).status).toBe(401);
    const first = answer.cookie ?? '';
    const second = await box.ask('POST', '/api/v1/login', {
      cookie: first,
      body: { user: 'installer', password: PASSWORD },
    });
    expect(second.cookie).not.toBe(first);
    expect((await box.ask('GET', '/api/v1/overview', { cookie: first })).status).toBe(401);
  });

  it('survives a restart of the program, and ends with the password', async () => {
    const one = await pageBox();
    const cookie = await one.as('installer');
    const again = await one.restart();
    expect((await again.ask('GET', '/api/v1/session', { cookie })).json.state).toBe('in');
    const other = (await login('installer', PASSWORD, again)).cookie ?? '';
    const changed = await again.ask('POST', '/api/v1/password', {
      cookie,
      body: { old: PASSWORD, password: 'six other words in blue' },
    });
    expect(changed.json.state).toBe('in');
    for (const former of [cookie, other])
      expect((await again.ask('GET', '/api/v1/overview', { cookie: former })).status).toBe(401);
    expect((await again.ask('GET', '/api/v1/overview', { cookie: changed.cookie ?? '' })).status).toBe(200);
    await again.close();
  });

  it('of one user there are eight at most', async () => {
    const cookies: string[] = [];
    for (let count = 0; count < 9; count += 1) cookies.push((await login('installer', PASSWORD)).cookie ?? '');
    expect((await box.ask('GET', '/api/v1/overview', { cookie: cookies[0] as string })).status).toBe(401);
    expect((await box.ask('GET', '/api/v1/overview', { cookie: cookies[8] as string })).status).toBe(200);
  });
});

describe('another site', () => {
  it('cannot act with the cookie of a visitor', async () => {
    const { cookie = '' } = await login('installer', PASSWORD);
    const post = (headers: Record<string, string>, raw = '{}') =>
      box.ask('POST', '/api/v1/queue/retry', { cookie, raw, headers });
    const host = new URL(box.url).host;
    expect((await post({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await post({ origin: 'http://evil.example' })).json.code).toBe('foreign');
    expect((await post({ origin: 'null' })).json.code).toBe('foreign');
    expect((await post({ 'sec-fetch-site': 'cross-site' })).json.code).toBe('foreign');
    expect((await post({ 'sec-fetch-site': 'same-site' })).json.code).toBe('foreign');
    expect((await post({ 'content-type': 'text/plain' })).json.code).toBe('mediaType');
    expect((await post({ 'content-type': 'application/x-www-form-urlencoded' })).json.code).toBe('mediaType');
  });

  it('cannot make its own name point here', async () => {
    for (const host of [
      'evil.example',
      'evil.example:8080',
      '192.0.2.7',
      '[2001:db8::7]',
      'localhost.evil.example',
      'a@localhost',
    ])
      expect((await box.ask('GET', '/', { headers: { host } })).status, host).toBeGreaterThanOrEqual(400);
    for (const host of ['localhost', `localhost:${new URL(box.url).port}`, '127.0.0.1', '[::1]:80'])
      expect((await box.ask('GET', '/', { headers: { host } })).status, host).toBe(200);
  });

  it('gets an answer in words without a Host, and the log has a line', async () => {
    const { hostname, port } = new URL(box.url);
    for (const version of ['1.0', '1.1']) {
      const socket = connect(Number(port), hostname);
      socket.end(`GET / HTTP/${version}\r\nAccept-Language: en\r\n\r\n`);
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain('"code":"foreign"');
      expect(answer).toContain('has no header Host');
    }
    expect(box.lines.filter((line) => line.includes('has no header Host'))).toHaveLength(1);
  });

  it('cannot frame it, run a script in it or keep what it says', async () => {
    for (const path of ['/', '/api/v1/session', '/nothing']) {
      const { headers } = await box.ask('GET', path);
      expect(headers['content-security-policy']).toContain(
        "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});

it('plain HTTP on the port of HTTPS leads to HTTPS and says nothing else', async () => {
  const { host } = new URL(secure.url);
  const answer = await import('./page-box.ts').then(({ askAt }) => askAt(`http://${host}`, 'GET', '/api/v1/session'));
  expect(answer.status).toBe(308);
  expect(answer.headers.location).toBe(`https://${host}/`);
  expect(answer.text).toBe('');
});
