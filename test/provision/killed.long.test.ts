/** The real program, killed at any moment of a provisioning: the former configuration is back, and the same file can be applied again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { boxName } from '../../src/page/access/box-name.ts';
import type { ProvisionResult } from '../../src/provision/spool.ts';
import { freePort } from '../../src/sim/management-system.ts';
import { dist } from '../store/open.ts';
import { type Operator, operator, provision } from './operator.ts';

const clock = systemClock();
const place = mkdtempSync(join(tmpdir(), 'lanewarden-killed-'));
const [file, state] = [join(place, 'lanewarden.yaml'), join(place, 'state')];
const children: ChildProcess[] = [];
let desk: Operator;
let row: string;
let port: number;

const yaml = (name: string) => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:1", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: bus, port: "modbus-tcp://127.0.0.1:1", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-poe-eth-io-8ch }] }
lanes:
  - { id: "1001", name: ${name}, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1 } }
page: { https: false, listen: "127.0.0.1:${port}" }
store: { path: state }
`;

beforeAll(async () => {
  port = await freePort();
  writeFileSync(file, yaml('旧'));
  writeFileSync(join(place, 'secrets.yaml'), 'cloud.appSecret: "123"\n', { mode: 0o600 });
  desk = await operator();
  row = (await provision('id', '--config', file, '--store', state)).out;
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(dist, 'src/main.js'), 'run', '--config', file], { stdio: 'ignore' });
  children.push(child);
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status < 500,
      () => false,
    );
  await expect.poll(isUp).toBe(true);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

const result = (): ProvisionResult | undefined => {
  const path = join(state, 'provision/result.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
};
/** By the command, as at the box; it waits for how it goes. */
function apply(path: string) {
  const words = ['provision', path, '--config', file, '--store', state, '--lang', 'en'];
  const child = spawn(process.execPath, [join(dist, 'src/main.js'), ...words, '--trust', desk.key]);
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended: ended.then((code) => ({ code, said })) };
}

it('is as it was after each kill, and takes the file in the end', async () => {
  const made = await desk.make(yaml('$(gate)'), `boxes:\n${row.replace('{}', '{ gate: 新 }').replaceAll(/^/gm, '  ')}`);
  let program = await start();
  // From the moment it is taken: while it is checked, at the restart of the lanes, and on trial.
  for (const afterMs of [0, 300, 900, 1_300, 2_000, 5_000]) {
    const { child } = apply(made);
    await expect.poll(() => existsSync(join(state, 'provision/applying.json'))).toBe(true);
    await clock.sleep(afterMs);
    await kill(program);
    child.kill('SIGKILL');
    program = await start();
    await expect.poll(() => result()?.state).toBe('failed');
    expect(result(), `killed after ${afterMs} ms`).toMatchObject({ code: 'interrupted' });
    expect(readFileSync(file, 'utf8'), `killed after ${afterMs} ms`).toContain('name: 旧');
  }
  const { code, said } = await apply(made).ended;
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('the box is well') });
  expect(readFileSync(file, 'utf8')).toContain('name: 新');
  expect(said).toContain(desk.key.slice(0, 4));
  expect(boxName()).not.toBe('');
  await kill(program);
});
