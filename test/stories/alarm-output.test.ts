/** The whole program with a board and a siren on one wire: every byte it ever sends, with the siren off as it comes and switched on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/modbus-slave.ts';
import { createRelayBoard } from '../drivers/relay-board.ts';
import { slaveCrc } from '../drivers/slave.ts';
import { CLOSED_LANE, carLetOutByButton } from './board.ts';
import { eventually, laneConfig, platformProcess, program, ptyPair, temporaryFolder } from './processes.ts';

const SECRET = 'siren-story-secret';
const clock = systemClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

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

it.each([
  ['that is not switched on never switches', ''],
  ['that is switched on switches its own relay, on and off, and nothing else', ', enabled: true'],
])(
  'an alarm output %s',
  async (_, enabled) => {
    const folder = temporaryFolder();
    const pty = await ptyPair(folder);
    endings.push(() => pty.socat.end('SIGKILL'));
    const { wired, siren, requests } = await twoBoards(pty.far);
    const platform = await platformProcess(SECRET);
    endings.push(() => platform.running.end());
    const config = laneConfig(folder, {
      port: pty.near,
      platformUrl: platform.url,
      cameraUrl: 'http://127.0.0.1:9/',
      secret: SECRET,
      settings: 'settle: 300ms',
    });
    const device = `{ id: siren, kind: alarm-output, board: waveshare-modbus-rtu-relay-d-8ch, unit: 9, relay: 3, onMs: 500, timeoutMs: 1000${enabled} }`;
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace(/(\n +- \{ ?id: \w+, kind: modbus[^\n]*)/, `$1\n      - ${device}`),
    );
    expect(readFileSync(config, 'utf8')).toContain('alarm-output');
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.process.kill('SIGKILL'));
    await carLetOutByButton(wired, running);
    await running.says('unpaid release');
    await eventually('the record is at the platform', () => platform.records().length > 0, running.output);
    if (enabled !== '') await eventually('the siren is off again', () => siren.switched.length >= 2, running.output);
    expect((await running.end()).code, running.output()).toBe(0);

    expect(requests.length).toBeGreaterThan(50);
    for (const request of requests) {
      expect([...request.subarray(6)], request.toString('hex')).toEqual(slaveCrc(request.subarray(0, 6)));
      expect([1, 9]).toContain(request[0]);
    }
    expect(wired.board.commandsSeen).toEqual([]);
    const acting = requests.filter((request) => (request[1] ?? 0) > 4).map((request) => request.toString('hex', 0, 6));
    expect(acting).toEqual(enabled === '' ? [] : ['09050002ff00', '090500020000']);
    if (enabled === '') expect(requests.filter(([unit]) => unit === 9)).toEqual([]);
  },
  60_000,
);
