/** `lanewarden passwd` and `setup-code` on the files of a box that runs. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { labelCommand } from '../../src/cli/access/label.ts';
import { passwdCommand, setupCodeCommand } from '../../src/cli/access/passwd.ts';
import { tokenCommand } from '../../src/cli/access/token.ts';
import { commandRun, programRun } from '../cli/program-run.ts';
import { PASSWORD, pageBox } from './page-box.ts';

const NOBODY = 65_534;

const ENGLISH = { LANG: 'en' };

it('the code is shown until it is used; a forgotten password is set at the box, and sessions of before end', async () => {
  const box = await pageBox({ secure: true });
  const store = `${box.folder}/state`;
  const before = await commandRun(setupCodeCommand, { store }, [], ENGLISH);
  expect(before).toMatchObject({ code: 0, err: '' });
  expect(before.out).toMatch(/SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}\n(\w{4}-){3}\w{4}\n/);
  const cookie = await box.as('installer');
  expect(await commandRun(setupCodeCommand, { store }, [], ENGLISH)).toMatchObject({ code: 69 });

  const set = (user: string, word: string) =>
    commandRun(
      passwdCommand(() => Readable.from([`${word}\n`])),
      { store },
      [user],
      ENGLISH,
    );
  expect(await set('nobody', PASSWORD)).toMatchObject({ code: 2, err: expect.stringContaining('installer') });
  expect(await set('installer', 'short')).toMatchObject({ code: 1 });
  expect(await set('installer', 'another five good words')).toMatchObject({ code: 0 });
  const login = (password: string) => box.ask('POST', '/api/v1/login', { body: { user: 'installer', password } });
  await expect.poll(async () => (await login('another five good words')).status).toBe(200);
  expect((await login(PASSWORD)).status).toBe(401);
  expect((await box.ask('GET', '/api/v1/overview', { cookie })).status).toBe(401);
  const { cookie: again = '' } = await login('another five good words');
  const rows: readonly { user: string; what: { en: string } }[] = (
    await box.ask('GET', '/api/v1/audit', { cookie: again })
  ).json;
  const [reset, ...others] = rows.filter(({ what }) => what.en === 'set a new password for the user installer');
  expect(reset?.user, 'by the user of the system').toMatch(/^\(shell .+\)$/);
  expect(others, 'refused ones are no resets').toEqual([]);
  await box.close();
});

it('without rights on the folder each command says so, not that the program never ran', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-test-'));
  mkdirSync(join(folder, 'page'));
  const config = join(mkdtempSync(join(tmpdir(), 'lanewarden-test-')), 'lanewarden.yaml');
  writeFileSync(config, `store: { path: "${folder}" }\n`);
  const commands = [tokenCommand, setupCodeCommand, labelCommand, passwdCommand(() => Readable.from([]))];
  const run = (...words: string[]) => programRun(commands, [...words, '--lang', 'en'], {});
  chmodSync(folder, 0o000);
  const isRoot = process.geteuid?.() === 0;
  // Nothing is withheld from root.
  if (isRoot) {
    for (const file of [dirname(config), config]) chmodSync(file, 0o755);
    process.seteuid?.(NOBODY);
  }
  try {
    const denied = { code: 77, err: expect.stringContaining('sudo') };
    for (const words of [['token'], ['setup-code'], ['passwd', 'installer']])
      expect(await run(...words, '--store', folder), words[0]).toMatchObject(denied);
    expect(await run('label', '--config', config), 'label').toMatchObject(denied);
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o700);
  }
});
