/** An update by page, over HTTP: only a package that the holder of the key has signed is left for root, one at a time, and what becomes of it is told. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UpdatePlaces } from '../../src/box/updates.ts';
import { UpdateError } from '../../src/system/update-error.ts';
import { clearRequest, takeRequest, writeResult } from '../../src/system/update-request.ts';
import { withSignature } from '../../src/system/update-signature.ts';
import { askAt, type PageBox, pageBox } from './page-box.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const content = Buffer.from('what dpkg would install');
const signed = withSignature(content, sign(null, content, privateKey));
const TYPE = { 'content-type': 'application/vnd.debian.binary-package' };

/** What a package lays out, elsewhere: the spool, the word of root, the key, the unit. */
const base = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
const places: UpdatePlaces = {
  spool: join(base, 'update'),
  result: join(base, 'run', 'result.json'),
  releases: base,
  keys: { trusted: [join(base, 'update.pub')], revoked: [] },
  unit: join(base, 'lanewarden-update.path'),
};
let box: PageBox;
let cookie: string;
let operator: string;
beforeAll(async () => {
  box = await pageBox({ updates: places });
  cookie = await box.as('installer');
  operator = await box.as('operator');
});
afterAll(async () => {
  await box?.close();
  rmSync(base, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(base, { recursive: true, force: true });
  mkdirSync(join(base, 'run'), { recursive: true });
  writeFileSync(places.unit, '');
  writeFileSync(places.keys.trusted[0] as string, publicKey.export({ type: 'spki', format: 'pem' }));
});

const give = (raw: Buffer, headers: Record<string, string> = {}) =>
  askAt(box.url, 'POST', '/api/v1/update', { raw, cookie, headers: { ...TYPE, 'accept-language': 'en', ...headers } });
const get = async (path: string) => (await box.ask('GET', `/api/v1/${path}`, { cookie })).json;
const leftOvers = () => readdirSync(join(box.folder, 'state', 'page')).filter((name) => name.startsWith('in-'));
const isAsked = () => existsSync(join(places.spool, 'request'));
const audited = async () => (await get('audit')).slice(0, 1);

describe('a signed package', () => {
  it('is left for root as it came, and who gave it is kept', async () => {
    expect(await get('update')).toEqual({ version: '0.0.0' });
    expect((await box.ask('GET', '/api/v1/jobs/update', { cookie })).status).toBe(404);
    const answer = await give(signed);
    expect(answer.status, answer.text).toBe(202);
    expect(answer.json).toMatchObject({ id: 'update', kind: 'update', state: 'running' });
    expect(readFileSync(join(places.spool, 'package.deb'))).toEqual(signed);
    expect(isAsked()).toBe(true);
    const hash = createHash('sha256').update(signed).digest('hex');
    expect(await audited()).toMatchObject([{ user: 'installer', what: { en: expect.stringContaining(hash) } }]);
    expect(leftOvers()).toEqual([]);
  });

  it('is told of through the restart of the program until it is done', async () => {
    await give(signed);
    writeResult({ state: 'installing' }, places.result);
    takeRequest(places.spool);
    clearRequest(places.spool);
    expect(await get('jobs/update')).toMatchObject({
      state: 'running',
      now: { en: expect.stringMatching(/^checking/) },
    });
    writeResult({ state: 'proving', version: '9.9.9' }, places.result);
    writeFileSync(join(base, 'trial'), 'to=9.9.9\nback=0.0.0\nstarts=1\n');
    box = await box.restart();
    expect(await get('jobs/update')).toMatchObject({
      state: 'running',
      now: { en: expect.stringMatching(/^9\.9\.9 is/) },
    });
    rmSync(join(base, 'trial'));
    expect(await get('jobs/update')).toMatchObject({ state: 'done', now: { en: 'updated to 9.9.9' } });
    expect(await get('jobs')).toMatchObject([{ kind: 'update', state: 'done' }]);
  });

  it('that root refuses is told with the reason, and another may be given', async () => {
    await give(signed);
    takeRequest(places.spool);
    const { code, text } = new UpdateError('downgrade', '1.0.0 < 1.1.0');
    writeResult({ state: 'failed', code, text }, places.result);
    expect(await get('jobs/update')).toMatchObject({ state: 'failed', error: text });
    expect((await give(signed)).status).toBe(202);
  });

  it('is one at a time', async () => {
    const answers = await Promise.all([give(signed), give(signed), give(signed)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    expect((await give(signed)).json).toMatchObject({ code: 'busy' });
    for (const state of ['installing', 'proving'] as const) {
      clearRequest(places.spool);
      writeResult({ state, version: '9.9.9' }, places.result);
      writeFileSync(join(base, 'trial'), 'to=9.9.9\n');
      expect((await give(signed)).json, state).toMatchObject({ code: 'busy' });
      expect(isAsked()).toBe(false);
    }
    expect(leftOvers()).toEqual([]);
  });
});

describe('what is refused leaves nothing for root', () => {
  it.each([
    ['changed', Buffer.concat([Buffer.from('W'), signed.subarray(1)])],
    ['not signed', content],
    ['signed by another', withSignature(content, sign(null, content, generateKeyPairSync('ed25519').privateKey))],
    ['empty', Buffer.alloc(0)],
  ])('a package that is %s', async (_name, raw) => {
    const answer = await give(raw);
    expect(answer.json).toMatchObject({ code: 'invalid', detail: expect.stringContaining('signature') });
    expect(existsSync(places.spool)).toBe(false);
    expect(leftOvers()).toEqual([]);
    expect(await audited()).toMatchObject([{ user: 'installer', what: { en: expect.stringContaining('refused') } }]);
  });

  it('one that is too large, before it is read', async () => {
    const socket = connect(Number(new URL(box.url).port), '127.0.0.1');
    const answer = new Promise<string>((resolve) => socket.on('data', (chunk) => resolve(String(chunk))));
    const heading = [
      `POST /api/v1/update HTTP/1.1`,
      `host: 127.0.0.1`,
      `cookie: ${cookie}`,
      `content-type: ${TYPE['content-type']}`,
    ];
    socket.write(`${[...heading, 'content-length: 64000001'].join('\r\n')}\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('one of anybody but an installer', async () => {
    expect((await give(signed, { cookie: operator })).json.code).toBe('forbidden');
    expect((await box.ask('GET', '/api/v1/update', { cookie: operator })).json.code).toBe('forbidden');
    expect(isAsked()).toBe(false);
  });

  it('a request of another site', async () => {
    expect((await give(signed, { origin: 'https://elsewhere.example' })).json.code).toBe('foreign');
    expect(isAsked()).toBe(false);
  });

  it('any, where there is no key', async () => {
    rmSync(places.keys.trusted[0] as string);
    expect((await get('update')).cannot.zh).toContain('公钥');
    expect((await give(signed)).json).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('no update key'),
    });
    expect(isAsked()).toBe(false);
  });

  it('any, where no unit would take it', async () => {
    rmSync(places.unit);
    expect((await get('update')).cannot.en).toContain('dpkg -i');
    expect((await give(signed)).json).toMatchObject({ code: 'unavailable' });
    expect(isAsked()).toBe(false);
  });
});

it('a box that was not installed as a package says so, and how it is updated instead', async () => {
  const other = await pageBox();
  const installer = await other.as('installer');
  expect((await other.ask('GET', '/api/v1/update', { cookie: installer })).json.cannot.en).toContain('git pull');
  const asked = { raw: signed, cookie: installer, headers: TYPE };
  expect((await other.ask('POST', '/api/v1/update', asked)).json.code).toBe('unavailable');
  await other.close();
});
