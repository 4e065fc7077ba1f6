/** What is done by commands at the shell, in the audit log that the page shows: every command that changes state or credentials, or takes data out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operator } from '../provision/operator.ts';
import { record, release } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

const PROGRAM = new URL('../../dist/src/main.js', import.meta.url).pathname;
const WHO = `(shell ${userInfo().username}, sudo zhang)`;

const NOBODY = 65_534;

let box: PageBox;
let cookie: string;
let out: string;
beforeAll(async () => {
  box = await pageBox();
  cookie = await box.as('installer');
  out = mkdtempSync(join(tmpdir(), 'lanewarden-shell-'));
});
afterAll(async () => {
  await box?.close();
});

async function sudo(...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { ...process.env, SUDO_USER: 'zhang', LANEWARDEN_PASSPHRASE: 'a long passphrase' };
  const child = spawn(process.execPath, [PROGRAM, ...words, '--lang', 'en'], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  child.stdin.end('another five good words\n');
  const [code] = await once(child, 'close');
  return { code, said };
}
const ofConfig = () => ['--config', box.configFile];
const inFolder = (name: string) => join(out, name);
const noted = async (): Promise<readonly { user: string; what: { zh: string; en: string } }[]> =>
  (await box.ask('GET', '/api/v1/audit', { cookie })).json;
/** What the command added, oldest first. */
async function notedBy(...words: readonly string[]): Promise<readonly string[]> {
  const before = (await noted()).length;
  const { code, said } = await sudo(...words);
  expect(code, said).toBe(0);
  const added = (await noted()).slice(0, -before);
  expect(added.map(({ user }) => user)).toEqual(added.map(() => WHO));
  return added.map(({ what }) => what.en).reverse();
}
async function put(serial: string, text: string): Promise<string> {
  const plate = { text, confidence: 95, agreed: true };
  const kept = await box.box.host.app?.store.outbox.put(record(serial, { release: release(serial, { plate }) }));
  return String(kept?.id);
}

it('credentials: passwords and tokens', async () => {
  expect(await notedBy('token', '--new', 'prom', '--scope', 'metrics', ...ofConfig())).toEqual([
    'made the token prom (metrics)',
  ]);
  expect((await box.ask('GET', '/api/v1/tokens', { cookie })).json[0]).toMatchObject({ name: 'prom', by: WHO });
  expect(await notedBy('token', '--revoke', 'prom', ...ofConfig())).toEqual(['revoked the token prom']);
  await box.as('viewer');
  expect(await notedBy('passwd', 'viewer', ...ofConfig())).toEqual(['set a new password for the user viewer']);
});

it('records: retried, dropped, taken out, brought in', async () => {
  const id = await put('t1', '粤B00001');
  const drop = ['queue', 'drop', id, '--reason', 'test drive', '--yes', ...ofConfig()];
  expect(await notedBy(...drop)).toEqual([`asked to drop record ${id}: test drive`]);
  expect(await notedBy(...drop, '--by', 'boss')).toEqual([`dropped record ${id}: test drive (in the name of boss)`]);
  expect(await notedBy('queue', 'retry', 'all', ...ofConfig())).toEqual([expect.stringMatching(/^retried everything/)]);
  expect(await notedBy('queue', 'export', inFolder('queue.zip'), ...ofConfig())).toEqual([
    'exported the undelivered records',
  ]);
  expect(await notedBy('queue', 'import', inFolder('queue.zip'), ...ofConfig())).toEqual([
    expect.stringMatching(/^imported \d+ records$/),
  ]);
  // To look is no action.
  expect(await notedBy('queue', 'show', id, ...ofConfig())).toEqual([]);
});

it('people and evidence, with no plate', async () => {
  const id = await put('t2', '粤B00002');
  const person = ['person', '粤B00002', ...ofConfig()];
  expect(await notedBy(...person)).toEqual(['searched for one person’s data by plate']);
  expect(await notedBy(...person, '--export', inFolder('person.zip'))).toEqual(['took one person’s data']);
  expect(await notedBy('evidence', id, '--folder', out, ...ofConfig())).toEqual([`took the evidence of record ${id}`]);
  expect(await notedBy(...person, '--erase', '--reason', '2026-17', '--yes')).toEqual([
    'deleted one person’s data: 2026-17',
  ]);
  expect(JSON.stringify(await noted())).not.toContain('粤B0000');
});

it('evidence that is there already is left as it was, and a record that is not there is said in one way', async () => {
  const id = await put('t4', '粤B00004');
  const file = inFolder(`evidence-${id}.zip`);
  writeFileSync(file, 'signed for');
  const evidence = ['evidence', id, '--folder', out, ...ofConfig()];
  const { code, said } = await sudo(...evidence);
  expect({ code, said }).toEqual({ code: 73, said: expect.stringContaining('add --force to replace it') });
  expect(readFileSync(file, 'utf8')).toBe('signed for');
  expect((await sudo(...evidence, '--force')).code).toBe(0);
  expect(statSync(file).size).toBeGreaterThan(1_000);
  for (const words of [
    ['evidence', '999999'],
    ['queue', 'show', '999999'],
    ['why', '999999'],
  ])
    expect({ words, ...(await sudo(...words, ...ofConfig())) }).toMatchObject({ words, code: 66 });
});

it('files: backup, support file, the sheet with its pictures', async () => {
  expect(await notedBy('backup', inFolder('plain.zip'), ...ofConfig())).toEqual(['took a backup']);
  expect(await notedBy('backup', inFolder('box.zip'), '--secrets', ...ofConfig())).toEqual([
    'took a backup with the secrets',
  ]);
  expect(await notedBy('diagnose', inFolder('support.zip'), '--no-disk', ...ofConfig())).toEqual([
    'took the support file',
  ]);
  expect(await notedBy('report', '--day', 'today', '--zip', inFolder('sheet.zip'), ...ofConfig())).toEqual([
    expect.stringMatching(/^took the sheet of \d{4}-\d\d-\d\d with its pictures$/),
  ]);
});

it.skipIf(process.geteuid?.() !== 0)(
  'what sudo writes in a folder is its owner’s, and a link gives nothing away',
  async () => {
    const [theirs, secret] = [inFolder('theirs'), inFolder('secret')];
    mkdirSync(theirs);
    writeFileSync(secret, 'x', { mode: 0o600 });
    symlinkSync(secret, join(theirs, 'link.zip'));
    writeFileSync(join(theirs, 'support.zip'), 'of before');
    chownSync(theirs, NOBODY, NOBODY);
    const id = await put('t3', '粤B00003');
    const to = (name: string) => join(theirs, name);
    for (const words of [
      ['queue', 'export', to('queue.zip')],
      ['diagnose', to('support.zip'), '--no-disk'],
      ['person', '粤B00003', '--export', to('person.zip')],
      ['evidence', id, '--folder', theirs],
      ['report', '--day', 'today', '--zip', to('sheet.zip')],
      ['backup', to('box.zip')],
      ['queue', 'export', to('link.zip')],
    ])
      expect((await sudo(...words, ...ofConfig())).said).not.toMatch(/refused|error/i);
    const files = ['queue', 'support', 'person', `evidence-${id}`, 'sheet', 'box'].map((name) => to(`${name}.zip`));
    for (const file of files) expect({ file, ...own(file) }).toEqual({ file, uid: NOBODY, mode: 0o600 });
    expect(own(secret)).toEqual({ uid: 0, mode: 0o600 });
    expect(statSync(secret).size).toBeGreaterThan(1);
  },
);
const own = (file: string) => ({ uid: statSync(file).uid, mode: statSync(file).mode & 0o777 });

it('a provisioning file that is refused before the program gets it', async () => {
  const file = await (await operator()).make(readFileSync(box.configFile, 'utf8'), 'boxes: { all: { values: {} } }');
  const before = (await noted()).length;
  expect((await sudo('provision', file, ...ofConfig())).code).toBe(1);
  const added = (await noted()).slice(0, -before);
  expect(added).toMatchObject([
    { user: WHO, what: { en: expect.stringContaining('did not apply a provisioning file') } },
  ]);
});

it('a restore stands in the log that came back with it', async () => {
  const [state, config] = [inFolder('state'), inFolder('lanewarden.yaml')];
  const { code, said } = await sudo(...['restore', inFolder('box.zip'), '--yes', '--config', config, '--store', state]);
  expect(code, said).toBe(0);
  const last =
    readFileSync(join(state, 'page', 'audit.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ user: WHO, what: { en: 'restored a backup' } });
});

it('a copy of the store alone gets no audit log', async () => {
  const copy = inFolder('copy');
  mkdirSync(copy);
  cpSync(join(inFolder('state'), 'lanewarden.db'), join(copy, 'lanewarden.db'));
  expect((await sudo('queue', 'export', inFolder('copy.zip'), '--store', copy)).code).toBe(0);
  expect(existsSync(join(copy, 'page'))).toBe(false);
});

it('a configuration changed in its file is noted at the start that takes it up, and once', async () => {
  // Beside the signature in the configuration of the simulated park.
  const found = async () =>
    (await noted()).filter(({ user, what }) => user === '(file)' && !what.en.includes('signed'));
  expect(await found()).toEqual([]);
  writeFileSync(box.configFile, readFileSync(box.configFile, 'utf8').replace('name: 通道A', 'name: 后来'));
  box = await box.restart();
  await expect.poll(found).toHaveLength(1);
  box = await box.restart();
  await expect.poll(async () => (await box.ask('GET', '/api/v1/config/history', { cookie })).status).toBe(200);
  expect(await found()).toHaveLength(1);
});
