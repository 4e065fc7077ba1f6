/** Backup, restore, export and support file by page: made beside the lanes, and without a secret where none belongs. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookie: string;
beforeAll(async () => {
  box = await pageBox();
  cookie = await box.as('installer');
});
afterAll(async () => {
  await box?.close();
});

const SECRET = 'demonstration-secret';

/** A request whose answer or body is a file. */
function file(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) {
  return new Promise<{ readonly status: number; readonly bytes: Buffer; readonly headers: IncomingMessage['headers'] }>(
    (resolve, reject) => {
      const asked = request(`${box.url}/api/v1/${path}`, { method, agent: false, headers: { cookie, ...headers } });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks), headers: response.headers }),
        );
      });
      asked.end(body);
    },
  );
}
const leftOvers = () => readdirSync(join(box.folder, 'state', 'page')).filter((name) => /^(made|in)-/.test(name));

describe('a backup', () => {
  it('holds configuration and database, no secrets, and leaves nothing on the box', async () => {
    const { status, bytes, headers } = await file('GET', 'backup');
    expect(status, bytes.toString('utf8').slice(0, 300)).toBe(200);
    expect(headers['content-disposition']).toContain('lanewarden-backup.zip');
    const parts = unzipSync(bytes);
    const own = Object.keys(parts).filter((name) => !/^(config\/history|frames)\//.test(name));
    expect(own.sort()).toEqual(['backup.json', 'lanewarden.db', 'lanewarden.yaml', 'page/audit.jsonl']);
    expect(Object.values(parts).some((part) => Buffer.from(part).includes(SECRET))).toBe(false);
    await expect.poll(leftOvers).toEqual([]);
  });

  it('with secrets needs a passphrase, and comes back with it', async () => {
    expect((await file('GET', 'backup?secrets=1')).status).toBe(422);
    const json = { 'content-type': 'application/json' };
    const made = await file('POST', 'backup', JSON.stringify({ passphrase: 'a long passphrase' }), json);
    expect(made.status).toBe(200);
    expect(Object.keys(unzipSync(made.bytes))).toContain('locked.bin');
    expect(made.bytes.includes(SECRET)).toBe(false);

    writeFileSync(box.configFile, readFileSync(box.configFile, 'utf8').replace('name: 通道A', 'name: 后来'));
    const put = async (passphrase: string) => {
      const headers = { 'content-type': 'application/zip', 'lanewarden-passphrase': encodeURIComponent(passphrase) };
      const answer = await file('POST', 'restore', made.bytes, headers);
      expect(answer.status, answer.bytes.toString('utf8')).toBe(202);
      return box.ended(JSON.parse(answer.bytes.toString('utf8')), cookie);
    };
    expect(await put('the wrong one')).toMatchObject({
      state: 'failed',
      error: {
        zh: expect.stringContaining('口令不对'),
        en: expect.stringContaining('passphrase of the backup is wrong'),
      },
    });
    expect((await box.ask('GET', '/api/v1/overview', { cookie })).json.lanes).toHaveLength(1);
    expect(await put('a long passphrase')).toMatchObject({ state: 'done' });
    expect(readFileSync(box.configFile, 'utf8')).toContain('name: 通道A');
    // The log that came back with it says so, once, by the name of the user of the page.
    const rows: readonly { user: string; what: { en: string } }[] = (await box.ask('GET', '/api/v1/audit', { cookie }))
      .json;
    expect(rows[0]).toMatchObject({ user: 'installer', what: { en: 'restored a backup' } });
    // The configuration of the simulated park has a signature that it tells of payments.
    expect(rows.filter(({ user }) => user !== 'installer' && user !== '(file)')).toEqual([]);
    const overview = (await box.ask('GET', '/api/v1/overview', { cookie })).json;
    expect(overview).toMatchObject({ config: { state: 'good' }, lanes: [{ name: '通道A' }] });
    expect(leftOvers()).toEqual([]);
  });

  it('that is none is refused, and everything goes on', async () => {
    const answer = await file('POST', 'restore', Buffer.from('no zip'), { 'content-type': 'application/zip' });
    const job = await box.ended(JSON.parse(answer.bytes.toString('utf8')), cookie);
    expect(job).toMatchObject({ state: 'failed', error: { zh: expect.any(String) } });
    expect((await box.ask('GET', '/api/v1/overview', { cookie })).json.lanes).toHaveLength(1);
  });
});

it('the undelivered records are a zip', async () => {
  const { status, bytes } = await file('GET', 'queue/export');
  expect(status).toBe(200);
  expect(Object.keys(unzipSync(bytes))).toEqual(['records.json']);
});

it('the support file has no secret in it', async () => {
  const { status, bytes } = await file('GET', 'support');
  expect(status).toBe(200);
  const parts = unzipSync(bytes);
  expect(Object.keys(parts).length).toBeGreaterThan(2);
  for (const [name, part] of Object.entries(parts)) expect(Buffer.from(part).includes(SECRET), name).toBe(false);
});

it('a file whose client goes away while it is made, or while it is sent, ends nothing and leaves nothing', async () => {
  for (const path of ['queue/export', 'support', 'backup'])
    for (const waitMs of [0, 100, 400, 900, 1_500]) {
      const asked = request(`${box.url}/api/v1/${path}`, { agent: false, headers: { cookie } });
      asked.on('error', () => undefined);
      asked.on('response', (response) => {
        response.on('error', () => undefined);
        response.once('data', () => asked.destroy());
      });
      asked.end();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      asked.destroy();
    }
  await expect.poll(leftOvers).toEqual([]);
  await expect.poll(async () => (await file('GET', 'queue/export')).status).toBe(200);
});

it('the first page of a new box takes a backup, with the code of its first start, and has its users then', async () => {
  const json = { 'content-type': 'application/json' };
  const { bytes } = await file('POST', 'backup', JSON.stringify({ passphrase: 'a long passphrase' }), json);
  const page = join(box.folder, 'state', 'page');
  const [users, audit] = ['users.json', 'audit.jsonl'].map((name) => readFileSync(join(page, name), 'utf8'));
  // Another box in its place: nobody has been here.
  box = await box.restart(() => rmSync(page, { recursive: true }));
  cookie = '';
  const state = async () => (await box.ask('GET', '/api/v1/session')).json.state;
  expect(await state()).toBe('setup');
  const give = (code: string, passphrase: string) =>
    file('POST', 'setup/restore', bytes, {
      'content-type': 'application/zip',
      'lanewarden-setup-code': encodeURIComponent(code),
      'lanewarden-passphrase': encodeURIComponent(passphrase),
    });
  const code = readFileSync(join(page, 'setup-code'), 'utf8').trim();
  const refused = await give('AAAA-BBBB-CCCC-DDDD', 'a long passphrase').catch(() => undefined);
  expect(refused?.status ?? 401).toBe(401);
  expect(await state(), 'the body of a stranger is not read').toBe('setup');
  const wrong = await give(code, 'another passphrase');
  expect(wrong.status).toBe(422);
  expect(JSON.parse(wrong.bytes.toString('utf8'))).toMatchObject({
    code: 'invalid',
    detail: expect.stringMatching(/^备份的口令不对/),
  });
  expect(await state()).toBe('setup');
  const answer = await give(code, 'a long passphrase');
  expect(JSON.parse(answer.bytes.toString('utf8'))).toMatchObject({ state: 'login' });
  expect(readFileSync(join(page, 'users.json'), 'utf8')).toBe(users);
  expect(readFileSync(join(page, 'audit.jsonl'), 'utf8')).toContain(audit?.split('\n')[0]);
  expect((await give(code, 'a long passphrase')).status, 'once').toBe(404);
  const body = { user: 'installer', password: PASSWORD };
  expect((await box.ask('POST', '/api/v1/login', { body })).json).toMatchObject({ state: 'in', role: 'installer' });
  expect(leftOvers()).toEqual([]);
});
