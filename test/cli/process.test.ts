import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lanewarden } from './in-process.ts';

/** `npm test` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(command: string, words: readonly string[]) {
  const child = spawn(command, words, {
    env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '', LANEWARDEN_SECRET: 'x' },
    stdio: 'pipe',
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    written.out += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    written.err += String(bytes);
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...written })));
  return { child, written, ended };
}

const run = (...words: string[]) => start(process.execPath, [PROGRAM, ...words]).ended;

describe('the built program', () => {
  test('is there: npm run build makes it', () => {
    expect(existsSync(PROGRAM)).toBe(true);
  });

  test('check: all of a long report comes through a pipe, and its end says that no box can poll so much', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-process-'));
    const file = join(folder, 'lanewarden.yaml');
    const each = (row: (n: number) => string): string => Array.from({ length: 200 }, (_, n) => row(n)).join('\n');
    const profile = 'waveshare-modbus-poe-eth-io-8ch';
    writeFileSync(
      file,
      `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
${each((n) => `  - { id: b${n}, port: "modbus-tcp://192.0.2.${n}:502", devices: [{ id: io${n}, kind: modbus, profile: ${profile}, pollMs: 5 }] }`)}
lanes:
${each((n) => `  - { id: "${n}", direction: exit, points: { down: io${n}.di1 } }`)}
store: { path: state }
`,
    );
    writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "123"\n', { mode: 0o600 });
    const words = ['-c', '"$0" "$1" check --config "$2" | cat', process.execPath, PROGRAM, file];
    const { out } = await start('sh', words).ended;
    expect(out.length).toBeGreaterThan(70_000);
    expect(out.trimEnd().split('\n').at(-1)).toContain('estimated to be too slow: 40000 polls a second');
    rmSync(folder, { recursive: true });
  });

  test('schema: a reader that begins late has all of it', async () => {
    const words = ['-c', '"$0" "$1" schema --lang en | { sleep 1; cat; }', process.execPath, PROGRAM];
    const { out } = await start('sh', words).ended;
    expect(JSON.parse(out)).toMatchObject({ type: 'object' });
    expect(out.length).toBeGreaterThan(70_000);
  });

  test('refuses certificates that are not there, in words: check and run alike', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-process-'));
    const file = join(folder, 'lanewarden.yaml');
    writeFileSync(
      file,
      `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { appSecret: { secret: cloud.appSecret }, ca: company.pem }
lines:
  - id: bus1
    port: /dev/nowhere
    devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }]
lanes: [{ id: "1001", direction: exit, points: { down: io1.di1 } }]
page: { listen: "127.0.0.1:0" }
store: { path: state }
`,
    );
    writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "123"\n', { mode: 0o600 });
    const told = `the file of certificates ${join(folder, 'company.pem')} cannot be read (ENOENT)`;
    const check = await lanewarden(['check', '--config', file]);
    expect(check).toMatchObject({ status: 78, stdout: '' });
    for (const said of [`${file}:3:54`, told, 'check the path']) expect(check.stderr).toContain(said);
    // There is no good configuration of before: the page stays, and says what is wrong.
    const { child, written, ended } = start(process.execPath, [PROGRAM, 'run', '--config', file]);
    await expect.poll(() => `${written.out}${written.err}`).toContain(told);
    child.kill('SIGTERM');
    const { code, out, err } = await ended;
    expect(code).toBe(0);
    expect(`${out}${err}`).not.toMatch(/\n\s+at /);
    rmSync(folder, { recursive: true });
  });

  test('has its commands and exit codes', async () => {
    const [version, missing] = await Promise.all([run('version'), run('check', '--config', '/nowhere.yaml')]);
    const [help, typo] = [await lanewarden(['--help']), await lanewarden(['chek'])];
    for (const name of [
      'run',
      'demo',
      'check',
      'scenario',
      'replay',
      'evidence',
      'verify',
      'probe',
      'snapshot',
      'queue',
      'sign',
      'diagnose',
      'backup',
      'restore',
      'update',
      'completion',
      'profile',
      'schema',
      'version',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect([help.status, version.code, typo.status, missing.code]).toEqual([0, 0, 2, 66]);
    expect(version.out).toMatch(/^lanewarden \d+\.\d+\.\d+(-rc\.\d+)?\n$/);
    expect(typo.stderr).toContain('did you mean check?');
  });

  test('finds the profiles of its devices', async () => {
    const { stdout } = await lanewarden(['schema', '--markdown', 'configuration-devices']);
    expect(stdout).toContain('waveshare-modbus-rtu-io-8ch');
  });

  test('ends quietly when nobody reads on', async () => {
    const { ended } = start('bash', [
      '-c',
      // A command that is still running ends, too: commands.long.test.ts.
      'set -o pipefail; "$0" "$1" schema --lang en | head -n 1 >/dev/null; echo "exit $?"',
      process.execPath,
      PROGRAM,
    ]);
    expect(await ended).toEqual({ code: 0, out: 'exit 0\n', err: '' });
  });

  test('a second signal ends at once what does not end at the first', async () => {
    // What the test cannot see from outside: that the handlers are there, and that the first signal was handled.
    const witness = `
      const on = process.on;
      process.on = function (name, ...rest) {
        const result = on.call(this, name, ...rest);
        if (name === 'SIGTERM') {
          process.on = on;
          on.call(this, name, () => process.stderr.write('heard\\n'));
          process.stderr.write('ready\\n');
        }
        return result;
      };`;
    // sign waits for its standard input, which never ends.
    const words = ['--import', `data:text/javascript,${encodeURIComponent(witness)}`, PROGRAM, 'sign'];
    const { child, written, ended } = start(process.execPath, words);
    await said(() => written.err.includes('ready'));
    child.kill('SIGTERM');
    await said(() => written.err.includes('heard'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143, err: expect.stringContaining('second signal: ending at once') });
  });
});

async function said(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}
