/** The built program as a user meets it: every command with help and with wrong arguments, and bash that completes. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandName, MANUAL } from '../../src/text/commands/manual.ts';
import { WRONG } from './command-table.ts';

const PROGRAM = resolve('dist/src/main.js');
const names = Object.keys(MANUAL) as readonly CommandName[];
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-commands-'));
const empty = join(folder, 'empty');

beforeAll(() => {
  mkdirSync(empty);
  writeFileSync(join(empty, 'there.txt'), '');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/lanewarden'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(join(folder, 'bin/lanewarden'), 0o755);
  writeFileSync(
    join(folder, 'lanewarden.yaml'),
    'lanes: [{ id: "1001" }, { id: "1002" }, { id: east }]\ncameras: [{ id: cam1 }]\nstore: { path: state }\n',
  );
  cpSync('test/kept/0.1/state', join(folder, 'state'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(program: string, words: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}) {
  const { LANEWARDEN_CONFIG: _, LC_MESSAGES: __, ...inherited } = process.env;
  const env = {
    ...inherited,
    LANG: 'en_US.UTF-8',
    LC_ALL: '',
    PATH: `${join(folder, 'bin')}:${inherited.PATH}`,
    ...more,
  };
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { out: '', err: '' };
  child.stdout.on('data', (bytes) => (written.out += String(bytes)));
  child.stderr.on('data', (bytes) => (written.err += String(bytes)));
  return new Promise<Ended>((done) => child.on('close', (code) => done({ code, ...written })));
}

describe.each(names)('%s', (name) => {
  test('helps in the language of the terminal, and answers wrong arguments as documented', async () => {
    // All rows in one process: commands.test.ts.
    const [words, code] = WRONG[name][0] ?? [['--wibble'], 2];
    const [help, wrong] = await Promise.all([
      run('lanewarden', ['help', name], empty, { LC_ALL: 'zh_CN.UTF-8' }),
      run('lanewarden', [name, ...words], empty),
    ]);
    expect(help).toMatchObject({ code: 0, err: '', out: expect.stringContaining('\n示例：\n  lanewarden ') });
    expect(wrong).toMatchObject({ code, out: '' });
    expect(wrong.err).not.toMatch(/\n\s+at |[\u4e00-\u9fff]/u);
    expect(readdirSync(empty)).toEqual(['there.txt']);
  });
});

/** Lines as typed, a tab after them. */
const COMPLETED: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['lanewarden ba', ['backup']],
  ['lanewarden help ver', ['verify', 'version']],
  ['lanewarden --lang ', ['zh', 'en']],
  ['lanewarden --lang zh che', ['check']],
  ['lanewarden replay --la', ['--last', '--lane', '--lang']],
  ['lanewarden report --day y', ['yesterday']],
  ['lanewarden replay --lane ', ['1001', '1002', 'east']],
  ['lanewarden report --lane 100', ['1001', '1002']],
  ['lanewarden snapshot ', ['cam1']],
  ['lanewarden passwd ', ['installer']],
  ['lanewarden passwd --store nowhere ', []],
  ['lanewarden profile ', ['list', 'show', 'lint', 'schema', 'rehearse']],
  ['lanewarden profile show waveshare-modbus-rtu-io-8ch', ['waveshare-modbus-rtu-io-8ch']],
  ['lanewarden queue sh', ['show']],
  ['lanewarden queue ls --state par', ['parked']],
  ['lanewarden queue show ', ['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']],
  ['lanewarden check -c lanew', ['lanewarden.yaml']],
  ['lanewarden verify --store sta', ['state']],
  ['lanewarden completion b', ['bash']],
];

test('bash completes commands, options, and the names of lanes, cameras, records, users and profiles', async () => {
  const script = COMPLETED.map(
    ([line]) => `
      COMP_WORDS=(${line}${line.endsWith(' ') ? " ''" : ''})
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _lanewarden
      echo "\${COMPREPLY[@]}"`,
  );
  const { code, out, err } = await run(
    'bash',
    ['-c', `eval "$(lanewarden completion bash)"${script.join('')}`],
    folder,
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const found = out.split('\n').map((words) => words.split(' ').filter(Boolean));
  expect(COMPLETED.map(([line], index) => [line, found[index]])).toEqual(COMPLETED);
});

test('backup replaces no file, unless told to', async () => {
  const file = join(folder, 'box.zip');
  writeFileSync(file, 'precious');
  const demo = await run('lanewarden', ['demo', '--once', '--keep', join(folder, 'demo')], folder);
  expect(demo.code).toBe(0);
  const words = ['backup', file, '--config', join(folder, 'demo/lanewarden.yaml')];
  const first = await run('lanewarden', words, folder);
  expect(first).toMatchObject({ code: 73, out: '', err: expect.stringContaining('add --force') });
  const second = await run('lanewarden', [...words, '--force'], folder);
  expect(second).toMatchObject({ code: 0, err: '', out: expect.stringContaining('backed up to') });
});

test('a command that is still running ends quietly when nobody reads on', async () => {
  const words = ['-c', 'set -o pipefail; lanewarden demo --speed 20 | head -n 1 >/dev/null'];
  expect(await run('bash', words, empty)).toEqual({ code: 0, out: '', err: '' });
});
