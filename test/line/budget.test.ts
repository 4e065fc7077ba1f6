/** What a wire can carry, against the table of reliability.md 8.1. */
import { describe, expect, it } from 'vitest';
import { modbusKind } from '../../drivers/modbus/driver.ts';
import { serialLineKind } from '../../drivers/serial-line/driver.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { turnMs, wireBudget } from '../../src/line/bus-load.ts';

const wire = (baudRate: number, parity: 'none' | 'even' = 'none', port = '/dev/x') =>
  ({ port, baudRate, parity, dataBits: 8, stopBits: 1 }) as const;
const eightInputs = { requestBytes: 8, answerBytes: 6, turnaroundMs: 0, gapMs: 0 };
const modbus = (name: string, pollMs = 25, wanted?: Set<string>) => {
  const { profile } = readProfile(modbusKind.profiles as never, name);
  const use = modbusKind.wireUse?.({ unit: 1, pollMs, profile: profile as never }, wanted);
  if (use === undefined) throw new Error('a Modbus board asks');
  return use;
};

const line = (name: string, pollMs?: number) => {
  const { profile } = readProfile(serialLineKind.profiles as never, name);
  const use = serialLineKind.wireUse?.({ ...(pollMs !== undefined && { pollMs }), profile: profile as never });
  if (use === undefined) throw new Error('this controller is asked');
  return use;
};

describe('a controller that speaks lines of text', () => {
  it('is counted with its question and its status', () => {
    // *STAT# → *STATabcdefghi#
    expect(line('star-hash-controller').turns).toEqual([
      { requestBytes: 6, answerBytes: 15, turnaroundMs: 10, gapMs: 0 },
    ]);
    expect(line('star-hash-controller')).toMatchObject({ everyMs: 100, reportsChanges: true });
    const { load, roundMs } = wireBudget(wire(9_600), [
      line('star-hash-controller', 25),
      modbus('waveshare-modbus-rtu-io-8ch'),
    ]) ?? { load: 0, roundMs: 0 };
    expect(roundMs).toBeCloseTo(36 + 23.6, 0);
    expect(load).toBeGreaterThan(2);
  });
});

describe('one turn', () => {
  it.each([
    [9_600, 22.6, 24.1],
    [19_200, 11.3, 12.0],
    [38_400, 7.15, 7.5],
    [115_200, 4.72, 4.8],
  ])('takes at %d baud what the floor of the table says', (baudRate, plain, even) => {
    expect(turnMs(wire(baudRate), eightInputs)).toBeCloseTo(plain, 1);
    expect(turnMs(wire(baudRate, 'even'), eightInputs)).toBeCloseTo(even, 1);
  });

  it('takes longer for a device that thinks or wants more silence', () => {
    expect(turnMs(wire(38_400), { ...eightInputs, turnaroundMs: 5 })).toBeCloseTo(10.4, 1);
    expect(turnMs(wire(38_400), { ...eightInputs, gapMs: 10 })).toBeCloseTo(7.15 - 1.75 + 10, 1);
    expect(turnMs(wire(9_600, 'none', 'modbus-tcp://192.0.2.1'), { ...eightInputs, turnaroundMs: 5 })).toBe(5);
  });
});

describe('a wire', () => {
  const board = 'waveshare-modbus-rtu-io-8ch';
  it('is found too slow for four boards at 9600 baud, and says how slow', () => {
    const budget = wireBudget(
      wire(9_600),
      [board, board, board, board].map((name) => modbus(name)),
    );
    expect(budget?.roundMs).toBeCloseTo(94.4, 0);
    expect(budget?.requestedMs).toBe(25);
    expect(budget?.load).toBeGreaterThan(3);
    expect(budget?.everyMs).toEqual(Array(4).fill(budget?.roundMs));
  });

  it('carries two boards at 38400, and one fast beside one slow', () => {
    expect(wireBudget(wire(38_400), [modbus(board), modbus(board)])?.load).toBeLessThan(1);
    const mixed = wireBudget(wire(9_600), [modbus(board, 50), modbus(board, 1_000)]);
    expect(mixed?.load).toBeLessThan(1);
    expect(mixed?.everyMs).toEqual([50, 1_000]);
  });

  it('is relieved by reading only the counters that are wired', () => {
    const all = wireBudget(wire(9_600), [modbus('moxa-iologik-r1212')]);
    const two = wireBudget(wire(9_600), [modbus('moxa-iologik-r1212', 25, new Set(['di0', 'di1']))]);
    expect(two?.roundMs).toBeLessThan((all?.roundMs ?? 0) * 0.75);
  });

  it('has no budget when nobody asks on it', () => {
    expect(wireBudget(wire(9_600), [])).toBeUndefined();
  });
});
