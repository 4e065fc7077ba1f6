/**
 * mbpoll (Debian), a Modbus master on libmodbus that no code of ours shares: it reads the simulated board on a pseudo terminal, and our
 * driver on the same board says the same.
 */
import { execFile } from 'node:child_process';
import { SerialPort } from 'serialport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModbusDriver, modbusKind } from '../../drivers/modbus/driver.ts';
import type { ModbusProfile } from '../../drivers/modbus/profile.ts';
import { systemClock } from '../../src/clock.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/devices/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { type PtyPair, ptyPair } from '../line/pty.ts';
import { missing } from '../line/tools.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

describe.skipIf(missing('socat', 'mbpoll'))('the simulated board, read by mbpoll', () => {
  const clock = systemClock();
  const inputs = [true, false, true, true, false, false, true, false];
  const relays = [false, true, false, false, false, false, false, true];
  const modes = [0, 1, 2, 3, 0, 0, 0, 0];
  const board = createWaveshareBoard({ unit: 7, inputs: () => inputs, relays: () => relays, modes, version: 213 });
  const served = new AbortController();
  let pair: PtyPair;
  let device: SerialPort;

  beforeAll(async () => {
    pair = await ptyPair();
    device = new SerialPort({ path: pair.far, baudRate: 9_600, autoOpen: false });
    await new Promise<void>((resolve, reject) => device.open((error) => (error ? reject(error) : resolve())));
    const farEnd = createFarEnd({ clock });
    farEnd.attach(board);
    serveOnStream(device, farEnd, served.signal);
  });
  afterAll(async () => {
    served.abort();
    await new Promise((resolve) => device.close(resolve));
    await pair.end();
  });

  /** What mbpoll prints, and how it ended. */
  const mbpoll = (...words: readonly string[]): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      const all = ['-m', 'rtu', '-b', '9600', '-P', 'none', '-a', '7', '-0', '-1', '-o', '2', ...words];
      execFile('mbpoll', all, { timeout: LONGEST_WAIT_MS }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, said: stdout + stderr }),
      );
    });
  async function read(...words: readonly string[]): Promise<readonly number[]> {
    const { code, said } = await mbpoll(...words, pair.near);
    expect(code, said).toBe(0);
    return [...said.matchAll(/^\[\d+\]:\s+(\S+)/gm)].map(([, value]) => Number(value));
  }

  it('gives its inputs, relays, modes, address and version', async () => {
    expect(await read('-t', '1', '-r', '0', '-c', '8')).toEqual(inputs.map(Number));
    expect(await read('-t', '0', '-r', '0', '-c', '8')).toEqual(relays.map(Number));
    expect(await read('-t', '4', '-r', String(0x1000), '-c', '8')).toEqual(modes);
    expect(await read('-t', '4', '-r', String(0x4000), '-c', '1')).toEqual([7]);
    expect(await read('-t', '4', '-r', String(0x8000), '-c', '1')).toEqual([213]);
  });

  it('refuses what it does not have, and answers no other unit', async () => {
    expect((await mbpoll('-t', '4', '-r', '0', '-c', '1', pair.near)).said).toMatch(/Illegal data address/i);
    expect((await mbpoll('-t', '3', '-r', '0', '-c', '1', pair.near)).said).toMatch(/Illegal function/i);
    expect((await mbpoll('-t', '1', '-r', '0', '-c', '8', '-a', '8', '-o', '0.2', pair.near)).said).toMatch(
      /timed out/i,
    );
    expect(board.commandsSeen).toEqual([]);
  });

  it('sees a command of mbpoll as one, so that it would see one of ours', async () => {
    await mbpoll('-t', '0', '-r', '2', pair.near, '1');
    expect(board.commandsSeen.map((frame) => Buffer.from(frame).toString('hex', 0, 6))).toEqual(['07050002ff00']);
  });

  it('is read by our driver as mbpoll reads it', async () => {
    const port = await openPort(
      { port: pair.near, baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
      { clock },
    );
    const bus = createBus(port, { clock });
    const profile = readProfile(modbusKind.profiles as never, 'waveshare-modbus-rtu-io-8ch').profile as ModbusProfile;
    const notices: unknown[] = [];
    const driver = createModbusDriver(
      { profile, unit: 7, pollMs: 25 },
      { bus, clock, notice: (notice) => notices.push(notice) },
    );
    const stop = new AbortController();
    const levels: Record<string, boolean> = {};
    await driver.run((reading) => {
      if (reading.kind === 'level') levels[reading.point] = reading.value;
      if (Object.keys(levels).length === 8) stop.abort();
    }, stop.signal);
    await bus.close();
    expect(Object.values(levels).map(Number)).toEqual(await read('-t', '1', '-r', '0', '-c', '8'));
    expect(notices).toEqual([{ kind: 'localLinkage', values: modes }]);
  });
});
