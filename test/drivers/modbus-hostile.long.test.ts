/** A hostile wire over 10,000 polls: whatever comes late, doubled, cut, garbled or from somebody else, no reading is wrong. */
import { afterAll, expect, it } from 'vitest';
import { createMaster } from '../../drivers/modbus/master.ts';
import { pacedClock } from '../../src/clock.ts';
import { LinkError, ProtocolError } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { createSlaves, type Fault, sealed } from './slave.ts';
import { createWire, type Wire } from './wire.ts';

/** The wire and the bus live on one clock: on a busy machine a late answer must not become later than the test says. */
const paced = pacedClock(2, 2);
afterAll(() => paced.close());

/** The board's inputs show how often it was asked, so that a stale or foreign answer shows. */
const truthful = (fault: Fault): Wire =>
  createWire({
    farEnd: createSlaves(
      [{ unit: 1, bit: () => true }],
      (_, request, count) => fault(sealed(1, 2, 1, count & 255), request, count),
      (ms) => paced.sleep(ms),
    ),
  });

it('10,000 polls with late, doubled, cut, garbled, foreign and refused answers: no wrong reading', {
  timeout: 180_000,
}, async () => {
  let seed = 99;
  const chance = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed / 0x7fffffff) * 100;
  };
  const kinds = { late: 0, doubled: 0, cut: 0, garbled: 0, foreign: 0, refused: 0, lost: 0 };
  const wire = truthful((answer, _, count) => {
    const dice = count > 3 ? chance() : 100;
    const soon = (kind: keyof typeof kinds | undefined, ...pieces: Uint8Array[]) => {
      if (kind !== undefined) kinds[kind] += 1;
      return pieces.map((bytes) => ({ afterMs: kind === 'late' ? 18 : 0, bytes }));
    };
    if (dice < 0.5) return soon('late', answer);
    if (dice < 2) return soon('doubled', answer, answer);
    if (dice < 2.5) return soon('cut', answer.slice(0, 4));
    const flipped = Uint8Array.from(answer, (byte, at) => (at === 3 ? byte ^ 0x10 : byte));
    if (dice < 3.5) return soon('garbled', flipped);
    if (dice < 4) return soon('foreign', sealed(9, 2, 1, 0xaa));
    if (dice < 4.5) return soon('refused', sealed(1, 0x82, 6));
    if (dice < 5) return soon('lost');
    return soon(undefined, answer);
  });
  const settings = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const bus = createBus(await openPort(settings, { clock: paced, binding: wire.binding }), { clock: paced });
  const master = createMaster(bus, { unit: 1, timeoutMs: 12 });
  let wrong = 0;
  let right = 0;
  for (let poll = 1; poll <= 10_000; poll += 1) {
    const asked = wire.written.length;
    const bits = await master.read({ function: 2, address: 0, quantity: 8 }).catch((error: unknown) => {
      expect(error instanceof LinkError || error instanceof ProtocolError, String(error)).toBe(true);
      return undefined;
    });
    if (bits === undefined) continue;
    const value = bits.reduce((sum, bit, at) => sum + bit * 2 ** at, 0);
    if (value === ((asked + 1) & 255)) right += 1;
    else wrong += 1;
  }
  expect(wrong).toBe(0);
  expect(right).toBeGreaterThan(9_000);
  for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(20);
  await bus.close();
});
