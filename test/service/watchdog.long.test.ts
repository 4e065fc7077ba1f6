/** The watchdog's word, from the compiled program to a socket as a service manager has it: a dead field is no reason to fall silent, a stuck loop is. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually, laneConfig, PROGRAM, ptyPair, start, temporaryFolder } from '../stories/processes.ts';
import { notifySocket } from './notify-socket.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';
const PERIOD_MS = 600;

/** A lane whose board does not answer, whose camera and platform are away. */
async function deadField(atEnd: (end: () => void | Promise<void>) => void) {
  const folder = temporaryFolder();
  const pty = await ptyPair(folder);
  atEnd(async () => void (await pty.socat.end('SIGKILL')));
  const socket = notifySocket(folder);
  atEnd(() => socket.close());
  const config = laneConfig(folder, { port: pty.near, platformUrl: NOWHERE, cameraUrl: NOWHERE, secret: 'x' });
  const run = (environment: Record<string, string> = {}, before: readonly string[] = []) => {
    const running = start(process.execPath, [...before, PROGRAM, 'run', '--config', config, '--lang', 'en'], {
      NOTIFY_SOCKET: socket.path,
      WATCHDOG_USEC: String(PERIOD_MS * 1000),
      ...environment,
    });
    atEnd(() => void running.process.kill('SIGKILL'));
    return running;
  };
  const fed = () => socket.told().filter((word) => word === 'WATCHDOG=1').length;
  return { folder, config, socket, run, fed };
}

/** Not one word more in three periods. */
async function staysSilent(fed: () => number): Promise<void> {
  const before = fed();
  await new Promise((resolve) => setTimeout(resolve, 3 * PERIOD_MS));
  expect(fed()).toBe(before);
}

// They wait for seconds that nobody can hurry: side by side.
describe.concurrent('the watchdog', () => {
  it('is fed while the board, the camera and the platform are dead, and hears of the end', async ({
    onTestFinished,
  }) => {
    const { socket, run, fed } = await deadField(onTestFinished);
    const running = run();
    await eventually('it is ready', () => socket.told().includes('READY=1'), running.output);
    await running.says('no answer');
    const before = fed();
    await eventually('it is fed on', () => fed() >= before + 8, running.output);
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
    expect(socket.told().at(-1)).toBe('STOPPING=1');
    expect(socket.told().filter((word) => word === 'READY=1')).toHaveLength(1);
  });

  it('is meant for the process that WATCHDOG_PID names', async ({ onTestFinished }) => {
    const { socket, run, fed } = await deadField(onTestFinished);
    const running = run({ WATCHDOG_PID: '1' });
    await eventually('it is ready', () => socket.told().includes('READY=1'), running.output);
    await staysSilent(fed);
    expect(fed()).toBe(0);
  });

  it('is not fed when the loop of a device stands still, although another on the wire is polled', async ({
    onTestFinished,
  }) => {
    const { config, run, fed, socket } = await deadField(onTestFinished);
    const device = '- { id: io1,';
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace(device, `- { id: bad, kind: stuck, unit: 9 }\n      ${device}`),
    );
    const running = run({}, ['--import', fileURLToPath(new URL('./stuck-kind.mjs', import.meta.url))]);
    await eventually('it is fed at first', () => fed() > 3, running.output);
    await running.says('line rs485-1 has not responded');
    await staysSilent(fed);
    expect(socket.told()).toContain('READY=1');
    // What is stuck does not stop either: it is not waited for.
    await running.end('SIGTERM');
    expect(running.process.signalCode, running.output()).toBe('SIGKILL');
  });

  it('is not fed when the disk holds the store thread, and the program ends by itself', async ({ onTestFinished }) => {
    const { folder, run, fed } = await deadField(onTestFinished);
    const library = join(folder, 'hang.so');
    const source = fileURLToPath(new URL('./hang.c', import.meta.url));
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
    const flag = join(folder, 'hang');
    const running = run({ LD_PRELOAD: library, HANG_WHEN: flag });
    await eventually('it is fed at first', () => fed() > 3, running.output);
    writeFileSync(flag, '');
    await running.says('store has not responded');
    await staysSilent(fed);
    // A thread inside the disk cannot be joined: the process kills itself.
    await running.ended;
    expect(running.process.signalCode, running.output()).toBe('SIGKILL');
  });

  it('speaks through systemd-notify when its library is missing', async ({ onTestFinished }) => {
    const { folder, socket, run, fed } = await deadField(onTestFinished);
    // Node finds no such module: as on a machine on which the addon did not build.
    const hook = `import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
        if (name === 'unix-dgram') throw Object.assign(new Error('missing'), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      }\`));`;
    const file = join(folder, 'missing.mjs');
    writeFileSync(file, hook);
    const running = run({}, ['--import', file]);
    await eventually('it is ready', () => socket.told().includes('READY=1'), running.output);
    await eventually('it is fed', () => fed() > 1, running.output);
    expect(running.output()).toContain('NotifyAccess=all');
  });
});
