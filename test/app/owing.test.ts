/** What an unpaid exit would have cost: told, else by the tariff, else no sum; each stay and each charge once. */
import { describe, expect, it } from 'vitest';
import type { Tariff } from '../../src/account/tariff.ts';
import type { EnteredCar, GrantedCar } from '../../src/app/register/car-facts.ts';
import { Owing, type StayFacts } from '../../src/app/register/owing.ts';
import type { ChargeMessage } from '../../src/intake/events.ts';
import { release } from '../store/open.ts';

const PLATE = '粤B12345';
const MINUTE_MS = 60_000;
const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
/** Lane time of a minute after noon. */
const at = (minute: number): number => 1_000_000 + minute * MINUTE_MS;
const wall = (minute: number): number => NOON_MS + minute * MINUTE_MS;
const TARIFF: Tariff = {
  ...{ carTypes: ['1'], freeMs: 30 * MINUTE_MS, deductFree: false, dailyMaxPer: '24h' },
  steps: [{ everyMs: 60 * MINUTE_MS, fen: 500 }],
};
const charge = (minute: number, amount: number, id = `c${minute}`): ChargeMessage => ({
  ...{ id, plate: PLATE, amount, source: 'pms', atMs: at(minute), wallMs: wall(minute) },
  ...{ untilMs: at(minute + 60), untilWallMs: wall(minute + 60) },
});
const entered: EnteredCar = { id: 'e', atMs: at(-90), wallMs: wall(-90), carType: '1' };
const car = { plate: PLATE, carType: '1' };
const granted = (minute: number, kind: GrantedCar['kind'] = 'paid'): GrantedCar => ({
  ...{ grantId: 'g', kind, atMs: at(minute) },
});
const exit = (minute: number, more: Partial<ReturnType<typeof release>> = {}) =>
  release('r', {
    plate: { text: PLATE, confidence: 0.9 },
    direction: 'exit',
    passed: true,
    ...more,
    releaseAtMs: at(minute),
  });

function owed(owing: Owing, minute: number, known: StayFacts, more = {}) {
  const { by, amount, wallMs } = owing.of(exit(minute, more), wall(minute), known) ?? {};
  return by && { by, amount, wallMs };
}

describe('the sum of an unpaid exit', () => {
  it('is what was asked, before what the tariff says', () => {
    const owing = new Owing([TARIFF]);
    expect(owed(owing, 0, { entered, car })).toEqual({ by: 'tariff', amount: 1000, wallMs: wall(-90) });
    owing.asked(charge(-10, 700));
    expect(owed(owing, 0, { entered, car })).toEqual({ by: 'told', amount: 700, wallMs: wall(-10) });
    expect(owed(owing, 0, {})).toMatchObject({ by: 'told' });
  });

  it('is that asked last, as long as it is the price', () => {
    const owing = new Owing([TARIFF]);
    expect(owing.asked(charge(-10, 700))?.change).toMatchObject({ kind: 'charge', key: PLATE });
    expect(owing.asked(charge(-10, 700))).toBeUndefined();
    expect(owing.asked(charge(-20, 300))).toBeUndefined();
    owing.asked(charge(-5, 900));
    expect(owed(owing, 0, {})).toMatchObject({ amount: 900 });
    expect(owed(owing, -7, {})).toBeUndefined();
    expect(owed(owing, 54, {})).toMatchObject({ amount: 900 });
    expect(owed(owing, 55, {})).toBeUndefined();
    expect(owed(owing, 55, { entered, car })).toMatchObject({ by: 'tariff', amount: 1500 });
  });

  it('is none of what has been paid since; opened from afar is not paid', () => {
    const owing = new Owing([TARIFF]);
    owing.asked(charge(-10, 700));
    expect(owed(owing, 0, { entered, car, granted: granted(-5) })).toBeUndefined();
    expect(owed(owing, 0, { entered, car, granted: granted(-5, 'remoteOpen') })).toMatchObject({ by: 'told' });
    // Paid before it was asked for more, and paid for an earlier stay.
    expect(owed(owing, 0, { entered, car, granted: granted(-20) })).toMatchObject({ by: 'told' });
    expect(owed(new Owing([TARIFF]), 0, { entered, car, granted: granted(-100) })).toMatchObject({ by: 'tariff' });
    expect(owed(new Owing([TARIFF]), 0, { entered, car, granted: granted(-20) })).toBeUndefined();
  });

  it('is none without a tariff that fits, for a pass that holds, or where nobody left', () => {
    expect(owed(new Owing([]), 0, { entered, car })).toBeUndefined();
    const owing = new Owing([TARIFF]);
    expect(owed(owing, 0, { entered })).toBeUndefined();
    expect(owed(owing, 0, { entered, car: { ...car, carType: '2' } })).toBeUndefined();
    const ended = { ...car, carType: '2', endedWallMs: wall(-600) };
    expect(owed(owing, 0, { entered, car: ended })).toMatchObject({ by: 'tariff', amount: 1000 });
    expect(owed(owing, 0, { entered, car }, { direction: 'entry' })).toBeUndefined();
    expect(owed(owing, 0, { entered, car }, { passed: false })).toBeUndefined();
    expect(owing.of(release('r', { direction: 'exit', releaseAtMs: at(0) }), wall(0), {})).toBeUndefined();
  });

  it('is counted once: who leaves again without a new entry owes nothing that can be said', () => {
    const owing = new Owing([TARIFF]);
    owing.asked(charge(-10, 700));
    expect(owing.left(PLATE, at(0), entered)).toMatchObject({ kind: 'left', key: PLATE });
    // Asked for again, as when the journal is folded again: the same.
    expect(owed(owing, 0, { entered, car })).toMatchObject({ by: 'told', amount: 700 });
    expect(owed(owing, 20, { entered, car })).toBeUndefined();
    expect(owing.left(PLATE, at(20), entered)).toBeUndefined();
    const back = { ...entered, atMs: at(30), wallMs: wall(30) };
    expect(owed(owing, 100, { entered: back, car })).toMatchObject({ by: 'tariff', amount: 1000 });
    owing.left(PLATE, at(100), back);
    expect(owed(owing, 100, { entered: back, car })).toMatchObject({ by: 'tariff', amount: 1000 });
    expect(owed(owing, 200, { entered: back, car })).toBeUndefined();
  });

  it('is none of a stay that ended by a covered passage', () => {
    const owing = new Owing([TARIFF]);
    owing.left(PLATE, at(-20), entered);
    expect(owed(owing, 0, { entered, car })).toBeUndefined();
  });
});
