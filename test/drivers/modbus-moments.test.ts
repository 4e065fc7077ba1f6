/** When boards are asked: many wires one after the other, also after the program was held up. */
import { expect, it } from 'vitest';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusProfile } from '../../drivers/modbus/profile.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { handClock } from '../sim/hand-clock.ts';
import { createSlaves } from './slave.ts';
import { createWire } from './wire.ts';

const PROFILE = modbusProfile.parse({
  ...{ maker: 'none', model: 'test', source: 'test', transport: ['rtu'] },
  read: [{ kind: 'level', function: 2, address: 0, quantity: 8, points: { di1: 0 } }],
});
const PERIOD_MS = 25;

/** Twelve boards, a wire each; `asked`: for each the times of its polls. */
async function twelve(signal: AbortSignal) {
  const clock = handClock();
  const asked: number[][] = [];
  for (let wire = 0; wire < 12; wire += 1) {
    const times: number[] = [];
    asked.push(times);
    const slaves = createSlaves([{ unit: 1, bit: () => false }]);
    const { binding } = createWire({
      farEnd: (say) => {
        const slave = slaves(say);
        return {
          hear: (bytes) => {
            times.push(clock.nowMs());
            slave.hear(bytes);
          },
        };
      },
    });
    const settings = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
    const bus = createBus(await openPort(settings, { clock, binding }), { clock });
    const driver = createModbusDriver({ profile: PROFILE, unit: 1, pollMs: PERIOD_MS }, { bus, clock, wire });
    void driver.run(() => {}, signal).catch(() => undefined);
  }
  return { clock, asked };
}

const moments = (times: readonly number[]): number[] => [...new Set(times.map((atMs) => Math.round(atMs) % PERIOD_MS))];

it('asks no more than four wires in the same instant, and keeps their moments after it was held up', async () => {
  const stop = new AbortController();
  const { clock, asked } = await twelve(stop.signal);
  await clock.advance(200);
  const before = asked.map((times) => moments(times.slice(2)));
  expect(before.every((each) => each.length === 1)).toBe(true);
  expect(new Set(before.flat()).size).toBe(3);

  // All are late at once; each is asked at once, once.
  const counted = asked.map(({ length }) => length);
  clock.jump(70);
  await clock.advance(0);
  expect(asked.map(({ length }, wire) => length - (counted[wire] ?? 0))).toEqual(asked.map(() => 1));
  await clock.advance(200);
  expect(asked.map((times, wire) => moments(times.slice((counted[wire] ?? 0) + 1)))).toEqual(before);
  stop.abort();
});
