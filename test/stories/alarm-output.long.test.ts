/**
 * The whole program with a board and a siren: every byte it ever sends, with the siren off as it comes, switched on at a port of its own,
 * and at every place where it must not be. The lane goes on in all of them.
 */
import { readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/devices/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { createRelayBoard } from '../drivers/relay-board.ts';
import { slaveCrc } from '../drivers/slave.ts';
import { endings } from '../endings.ts';
import { CLOSED_LANE, carLetOutByButton } from './board.ts';
import { joined } from './lane.ts';
import { eventually, type platformProcess, program, ptyPair, type Running, temporaryFolder } from './processes.ts';

type Platform = Awaited<ReturnType<typeof platformProcess>>;

const SECRET = 'siren-story-secret';
const clock = systemClock();
/** Both boards at the far end of a pty, and every request that came, whole: all that this program sends has eight bytes. */
async function twoBoards(path: string) {
  const levels = { ...CLOSED_LANE };
  const board = createWaveshareBoard({ inputs: () => Object.values(levels) });
  const siren = createRelayBoard({ unit: 9, nowMs: clock.nowMs });
  const requests: Buffer[] = [];
  let held = Buffer.alloc(0);
  const serial = new SerialPort({ path, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  serial.on('error', () => {});
  const served = new AbortController();
  const farEnd = createFarEnd({ clock });
  farEnd.attach(board);
  farEnd.attach({
    receive(bytes) {
      held = Buffer.concat([held, bytes]);
      const answers: Uint8Array[] = [];
      for (; held.length >= 8; held = held.subarray(8)) {
        const request = Buffer.from(held.subarray(0, 8));
        requests.push(request);
        siren.farEnd((answer) => answers.push(answer)).hear(request);
      }
      return answers;
    },
  });
  serveOnStream(serial, farEnd, served.signal);
  endings.push(() => {
    served.abort();
    if (serial.isOpen) serial.close(() => {});
  });
  return { wired: { board, levels, close: () => {} }, siren, requests };
}

/** A siren on a line of its own, at `port`. */
const ownLine = (port: string, device: string): string =>
  `  - id: alarm\n    port: ${port}\n    baudRate: 38400\n    devices:\n      - ${device}\ncameras:`;
const SIREN =
  '{ id: siren, kind: alarm-output, board: waveshare-modbus-rtu-relay-d-8ch, unit: 9, relay: 3, onMs: 500, timeoutMs: 1000';

type Place = (config: string, near: string, own: string, folder: string) => string;

async function letOut({ wired }: Awaited<ReturnType<typeof twoBoards>>, running: Running, platform: Platform) {
  await carLetOutByButton(wired, running);
  await running.says('unpaid release');
  await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
}

async function story(place: Place, begin: (...parts: Parameters<typeof letOut>) => Promise<void> | void = letOut) {
  const folder = temporaryFolder();
  const pty = await ptyPair(folder);
  const own = await ptyPair(temporaryFolder());
  endings.push(
    () => pty.socat.end('SIGKILL'),
    () => own.socat.end('SIGKILL'),
  );
  const read = await twoBoards(pty.far);
  const alarm = await twoBoards(own.far);
  const { platform, config } = await joined(folder, pty.near, SECRET);
  writeFileSync(config, place(readFileSync(config, 'utf8'), pty.near, own.near, folder));
  expect(readFileSync(config, 'utf8')).toContain('alarm-output');
  const running = program(['run', '--config', config, '--lang', 'en']);
  endings.push(() => running.process.kill('SIGKILL'));
  await begin(read, running, platform);
  return { read, alarm, running, platform, config };
}

/** A gate that opens when `isOn` begins, as one does whose input the siren is wired to. @returns how often it did */
function gateAt(isOn: () => boolean, levels: { down: boolean; up: boolean }): { readonly opened: () => number } {
  let opened = 0;
  let wasOn = false;
  const timer = setInterval(() => {
    const on = isOn();
    if (on && !wasOn && levels.down) {
      opened += 1;
      setTimeout(() => Object.assign(levels, { down: false, up: true }), 200);
      setTimeout(() => Object.assign(levels, { down: true, up: false }), 1_500);
    }
    wasOn = on;
  }, 10);
  endings.push(() => clearInterval(timer));
  return { opened: () => opened };
}

const acting = (requests: readonly Buffer[]): readonly string[] =>
  requests.filter((request) => (request[1] ?? 0) > 4).map((request) => request.toString('hex', 0, 6));

it.each([
  ['that is not switched on never switches', ''],
  ['that is switched on switches its own relay, on and off, and nothing else', ', enabled: true'],
])('an alarm output %s', async (_, enabled) => {
  const { read, alarm, running } = await story((config, _near, own) =>
    config.replace('cameras:', ownLine(own, `${SIREN}${enabled} }`)),
  );
  if (enabled !== '')
    await eventually('the siren is off again', () => alarm.siren.switched.length >= 2, running.output);
  expect((await running.end()).code, running.output()).toBe(0);

  expect(read.requests.length).toBeGreaterThan(50);
  for (const request of read.requests) {
    expect([...request.subarray(6)], request.toString('hex')).toEqual(slaveCrc(request.subarray(0, 6)));
    expect(request[0]).toBe(1);
  }
  expect(read.wired.board.commandsSeen).toEqual([]);
  expect(acting(read.requests)).toEqual([]);
  expect(acting(alarm.requests)).toEqual(enabled === '' ? [] : ['09050002ff00', '090500020000']);
  if (enabled === '') expect(alarm.requests).toEqual([]);
});

it.each<[string, Place]>([
  [
    'on the wire that is read',
    (config) => config.replace(/(\n +- \{ ?id: \w+, kind: modbus[^\n]*)/, `$1\n      - ${SIREN}, enabled: true }`),
  ],
  [
    'at a link to the tty that is read',
    (config, near, _own, folder) => {
      symlinkSync(readlinkSync(near), join(folder, 'by-id'));
      return config.replace('cameras:', ownLine(join(folder, 'by-id'), `${SIREN}, enabled: true }`));
    },
  ],
  [
    'on the network, as configured for an older version',
    (config) => config.replace('cameras:', ownLine('tcp://127.0.0.1:9', `${SIREN}, enabled: true }`)),
  ],
])('an alarm output %s sends nothing and says why, and the lane goes on', async (_, place) => {
  const { read, alarm, running } = await story(place);
  await running.says('has no serial port of its own');
  expect((await running.end()).code, running.output()).toBe(0);
  expect(read.requests.length).toBeGreaterThan(50);
  expect(read.requests.filter(([unit, code]) => unit !== 1 || (code ?? 0) > 4)).toEqual([]);
  expect(read.siren.switched).toEqual([]);
  expect(alarm.requests).toEqual([]);
});

it('a siren that is wired to the input of the barrier is found by the arm, reported, and opens it no more', async () => {
  const { read, alarm, running, config, platform } = await story(
    (file, _near, own) =>
      // The verdict when the arm is down again.
      file.replace('cameras:', ownLine(own, `${SIREN}, enabled: true }`)).replace('settle: 300ms', 'settle: 3s'),
    () => undefined,
  );
  const { switched } = alarm.siren;
  const { levels } = read.wired;
  const gate = gateAt(() => switched.filter(({ on }) => on).length > switched.filter(({ on }) => !on).length, levels);
  // Its opening by nobody is an unpaid release, for which it sounds again: without an end, if nothing stopped it.
  await carLetOutByButton(read.wired, running);
  await running.says('raised the arm of lane 1001');
  const opened = gate.opened();
  expect(opened).toBeGreaterThan(1);
  await eventually('the arm is down', () => levels.down, running.output);
  const before = platform.records().length;
  await carLetOutByButton(read.wired, running);
  await eventually('records go on', () => platform.records().length >= before + 2, running.output);
  expect((await running.end()).code, running.output()).toBe(0);
  expect(gate.opened(), running.output()).toBe(opened);
  expect(switched.filter(({ on }) => on)).toHaveLength(opened);
  // Stopped over a restart, until a person confirms it.
  const checked = program(['check', '--config', config, '--lang', 'en']);
  await checked.ended;
  expect(checked.output()).toContain('siren');
  expect(checked.output()).toContain('raised an arm');
});
