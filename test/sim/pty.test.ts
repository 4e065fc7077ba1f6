/** The simulated board on real terminal devices: the far end is a pty pair, the program's side is a real SerialPort. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/devices/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';

const REQUEST = Buffer.from('010200000008 79CC'.replace(' ', ''), 'hex');
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-pty-'));
const [near, far] = [join(folder, 'near'), join(folder, 'far')];
let socat: ChildProcess;

async function openPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  return port;
}

beforeAll(async () => {
  socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`]);
  await once(socat, 'spawn');
  for (let tries = 0; tries < 200 && !(existsSync(near) && existsSync(far)); tries += 1) await wait(25);
});
afterAll(() => {
  socat.kill();
  rmSync(folder, { recursive: true });
});

describe('a board on a pty', () => {
  it('answers, and says nothing more once it is no longer served', async () => {
    const farEnd = createFarEnd({ clock: systemClock() });
    const board = createWaveshareBoard({ inputs: () => [true, true] });
    farEnd.attach(board);
    const device = await openPort(far);
    const stop = new AbortController();
    serveOnStream(device, farEnd, stop.signal);
    const port = await openPort(near);
    let heard = Buffer.alloc(0);
    const whole = new Promise<void>((resolve) => {
      port.on('data', (piece: Buffer) => {
        heard = Buffer.concat([heard, piece]);
        if (heard.length >= 6) resolve();
      });
    });
    port.write(REQUEST);
    await whole;
    expect(heard.toString('hex')).toMatch(/^01020103/);
    stop.abort();
    port.write(REQUEST);
    await new Promise((resolve) => port.drain(resolve));
    await wait(50);
    expect(board.answered).toBe(1);
    for (const open of [port, device]) await new Promise((resolve) => open.close(resolve));
  });
});
