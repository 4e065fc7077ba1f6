/** The last gate before a Modbus wire: only a read of the configured unit goes out, whatever was called above. */
import { expect, it } from 'vitest';
import { createMaster, mustRead } from '../../drivers/modbus/master.ts';
import type { Bus } from '../../src/driver.ts';

const request = (unit: number, code: number, length = 8): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at === 0 ? unit : at === 1 ? code : 0));
const passes = (bytes: Uint8Array, unit: number): boolean => {
  try {
    mustRead(bytes, unit);
    return true;
  } catch {
    return false;
  }
};

it('of all function codes only the four reads pass', () => {
  const passing = Array.from({ length: 256 }, (_, code) => code).filter((code) => passes(request(7, code), 7));
  expect(passing).toEqual([1, 2, 3, 4]);
});

it('no other unit, no broadcast, and one request at a time', () => {
  expect(passes(request(8, 2), 7)).toBe(false);
  expect(passes(request(0, 2), 0)).toBe(false);
  for (const length of [0, 1, 2, 7, 9, 16]) expect(passes(request(7, 2, length), 7)).toBe(false);
});

it('stands before the bus', async () => {
  const sent: Uint8Array[] = [];
  const bus = {
    transport: 'serial',
    exchange: async (bytes: Uint8Array) => void sent.push(bytes),
  } as unknown as Bus;
  const read = createMaster(bus, { unit: 0, timeoutMs: 10 }).read({ function: 2, address: 0, quantity: 8 });
  await expect(read).rejects.toMatchObject({ code: 'unexpected' });
  expect(sent).toEqual([]);
});
