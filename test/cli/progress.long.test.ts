/** Long commands on a terminal: how far they are, in colour unless NO_COLOR says otherwise, and nothing of it where it is none. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { writePark } from '../../src/simulate/park-file.ts';
import { pointsOf } from '../../src/simulate/simulate-plan.ts';
import { open, record, temporaryFolder } from '../store/open.ts';
import { DIST } from '../stories/processes.ts';

/** `name`: of what it says how far it is. */
interface Long {
  readonly words: readonly string[];
  readonly name: string;
  /** Of what it says in the end. */
  readonly last: string;
}
const COMMANDS: Record<string, Long> = {
  simulate: {
    words: ['simulate', '--vehicles', '300', '--world', 'ordinary', '--lang', 'en'],
    name: 'ordinary',
    last: 'ordinary',
  },
};
const NAMES = ['simulate', 'backup', 'restore', 'report'];

const BOARD = { id: 'io1', kind: 'modbus', profile: 'waveshare-modbus-rtu-io-8ch', unit: 1, pollMs: 25 };
let zip: string;
beforeAll(async () => {
  const folder = temporaryFolder.keep();
  const config = writePark(folder, {
    cloud: { url: 'http://127.0.0.1:1' },
    lines: [{ id: 'rs485-1', port: '/dev/none', baudRate: 9_600, devices: [BOARD] }],
    cameras: [],
    lanes: [{ id: '1001', name: 'A', direction: 'exit', points: pointsOf((at) => `io1.di${at + 1}`) }],
    ...{ intake: '127.0.0.1:0', state: join(folder, 'state') },
    secrets: { 'cloud.appSecret': 'secret', 'intake.pms': 'a token of the management system' },
  });
  const store = await open({ path: join(folder, 'state') });
  await store.outbox.put(record('1'));
  await store.close();
  zip = join(folder, 'box.zip');
  const ofConfig = ['--config', config, '--lang', 'en'];
  COMMANDS.backup = { words: ['backup', '--force', zip, ...ofConfig], name: zip, last: 'box.zip' };
  COMMANDS.restore = { words: ['restore', '--yes', zip, ...ofConfig], name: zip, last: 'restored' };
  COMMANDS.report = { words: ['report', '--last', '3d', ...ofConfig], name: String.raw`\d{4}-\d\d-\d\d`, last: '-' };
});

/** `script` gives it a terminal of its own. */
function onTerminal(name: string, environment: Readonly<Record<string, string>>, ends = 0): string {
  const words = [process.execPath, join(DIST, 'src/main.js'), ...(COMMANDS[name] as Long).words].join(' ');
  const { stdout, status } = spawnSync('script', ['--quiet', '--return', '--command', words, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '', ...environment },
  });
  expect(status, stdout).toBe(ends);
  return stdout.replaceAll('\u001b', 'ESC');
}

it.each(NAMES)('%s says how far it is, and leaves nothing of it behind', (command) => {
  const { name, last } = COMMANDS[command] as Long;
  const shown = onTerminal(command, {});
  expect(shown).toMatch(new RegExp(`ESC\\[36m${name} \\d+ %ESC\\[0m`));
  // The last of it is cleared before anything else comes.
  const rest = shown.slice(shown.lastIndexOf('ESC[2K'));
  expect(rest).toContain(last);
  expect(rest).not.toContain(' %ESC');
});

it.each(NAMES)('%s is without colour where NO_COLOR is set', (command) => {
  const shown = onTerminal(command, { NO_COLOR: '1' });
  expect(shown).toMatch(new RegExp(`\\rESC\\[2K${(COMMANDS[command] as Long).name} \\d+ %`));
  expect(shown).not.toContain('ESC[36m');
});

it.each(NAMES)('%s says nothing of it in a pipe', (command) => {
  const words = [join(DIST, 'src/main.js'), ...(COMMANDS[command] as Long).words];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(stderr).not.toContain('%');
  expect(stdout + stderr).not.toContain('\u001b');
});

it('is gone as well where a command fails', () => {
  const bytes = readFileSync(zip);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  writeFileSync(zip, bytes);
  const shown = onTerminal('restore', {}, 1);
  expect(shown).toMatch(/ \d+ %ESC\[0m/);
  expect(shown.slice(shown.lastIndexOf('ESC[2K'))).toMatch(/^ESC\[2K.*backup/);
});
