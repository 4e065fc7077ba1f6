/** Our driver against a slave of libmodbus on a pseudo terminal: a peer that no code of ours shares. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusProfile } from '../../drivers/modbus/profile.ts';
import { systemClock } from '../../src/clock.ts';
import type { Reading } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { type PtyPair, ptyPair } from '../line/pty.ts';
import { missing } from '../line/tools.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

describe.skipIf(missing('socat', 'gcc', 'modbus.h'))('a slave of libmodbus', () => {
  const clock = systemClock();
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-libmodbus-'));
  let pair: PtyPair;
  let slave: ChildProcess;
  beforeAll(async () => {
    const program = join(folder, 'slave');
    const source = fileURLToPath(new URL('libmodbus-slave.c', import.meta.url));
    execFileSync('gcc', ['-O1', '-I/usr/include/modbus', '-o', program, source, '-lmodbus']);
    pair = await ptyPair();
    slave = spawn(program, [pair.far], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(slave.stdout as NodeJS.ReadableStream, 'data');
  });
  afterAll(async () => {
    slave?.kill('SIGKILL');
    await pair?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read right: inputs, coils, words and a counter across its low word', async () => {
    const port = await openPort(
      { port: pair.near, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
      { clock },
    );
    const bus = createBus(port, { clock });
    const profile = modbusProfile.parse({
      maker: 'libmodbus',
      model: 'slave',
      source: 'test/drivers/libmodbus-slave.c',
      transport: ['rtu'],
      probe: { function: 3, address: 2, quantity: 2, expect: [0x4102, 0x4103] },
      read: [
        { kind: 'level', function: 2, address: 0, quantity: 8, points: { di0: 0, di1: 1, di2: 2, di7: 7 } },
        { kind: 'level', function: 1, address: 0, quantity: 3, points: { do0: 0, do1: 1 } },
        { kind: 'word', function: 3, address: 5, quantity: 1, points: { low: 0, high: 14 } },
        { kind: 'counter32', function: 4, address: 0, quantity: 2, wordOrder: 'highFirst', points: { count: 0 } },
      ],
    });
    const driver = createModbusDriver({ profile, unit: 1, pollMs: 5, timeoutMs: LONGEST_WAIT_MS }, { bus, clock });
    const stop = new AbortController();
    const readings: Reading[] = [];
    await driver.run((reading) => {
      readings.push(reading);
      if (readings.length >= 400) stop.abort();
    }, stop.signal);
    const expected: Record<string, boolean> = {
      di0: true,
      di1: false,
      di2: true,
      di7: true,
      do0: false,
      do1: true,
      low: true,
      high: true,
    };
    const counts = readings.flatMap((each) => (each.kind === 'pulses' ? [each.count] : []));
    for (const reading of readings)
      if (reading.kind === 'level') expect(reading.value, reading.point).toBe(expected[reading.point]);
    // Every read counts one; the first gives the base.
    expect(counts.slice(1).every((count) => count === 1)).toBe(true);
    expect(counts.length).toBeGreaterThan(30);
    await bus.close();
  });
});
