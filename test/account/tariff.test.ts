/** What a stay costs: at every edge of the tariff, and never less for a longer stay. */
import { describe, expect, it } from 'vitest';
import { STAY_MOST_MS, stayFen, type Tariff, tariffFor } from '../../src/account/tariff.ts';
import fc from '../property.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (time: string): number => Date.parse(`2026-11-${time}:00+08:00`);
const HOURLY: Tariff = {
  ...{ freeMs: 30 * MINUTE_MS, deductFree: false, dailyMaxPer: '24h' },
  steps: [
    { forMs: HOUR_MS, everyMs: HOUR_MS, fen: 500 },
    { everyMs: 30 * MINUTE_MS, fen: 100 },
  ],
};
const CAPPED: Tariff = { ...HOURLY, dailyMaxFen: 3000 };
const NIGHT: Tariff = { ...CAPPED, night: { fromMinutes: 22 * 60, toMinutes: 7 * 60, fen: 800 } };

describe('a stay costs', () => {
  const cost = (tariff: Tariff, from: string, to: string): number | undefined => stayFen(tariff, at(from), at(to));

  it.each([
    ['25T09:00', '25T09:00', 0],
    ['25T09:00', '25T09:30', 0],
    ['25T09:00', '25T09:31', 500],
    ['25T09:00', '25T10:00', 500],
    ['25T09:00', '25T10:01', 600],
    ['25T09:00', '25T10:31', 700],
  ])('by free minutes and steps: %s to %s, %i fen', (from, to, fen) => {
    expect(cost(HOURLY, from, to)).toBe(fen);
  });

  it('from the very millisecond over', () => {
    const fromMs = at('25T09:00');
    expect(stayFen(HOURLY, fromMs, fromMs + 30 * MINUTE_MS + 1)).toBe(500);
    expect(stayFen(HOURLY, fromMs, fromMs + HOUR_MS + 1)).toBe(600);
  });

  it('without its free time where that is deducted', () => {
    const deducted = { ...HOURLY, deductFree: true };
    expect(cost(deducted, '25T09:00', '25T09:30')).toBe(0);
    expect(cost(deducted, '25T09:00', '25T10:30')).toBe(500);
    expect(cost(deducted, '25T09:00', '25T10:31')).toBe(600);
  });

  it.each([
    ['24h', '25T09:00', '25T22:00', 2900],
    ['24h', '25T09:00', '26T08:59', 3000],
    ['24h', '25T09:00', '26T09:00', 3000],
    ['24h', '25T09:00', '26T09:01', 3500],
    ['24h', '25T09:00', '28T09:00', 9000],
    // Two hours before midnight, two after it: each day begins with its first step.
    ['day', '25T22:00', '26T02:00', 1400],
    ['24h', '25T22:00', '26T02:00', 1100],
    ['day', '25T09:00', '26T00:00', 3000],
    ['day', '25T09:00', '26T00:01', 3500],
    ['day', '25T09:00', '28T00:00', 9000],
  ] as const)('no more than the most, per %s: %s to %s, %i fen', (dailyMaxPer, from, to, fen) => {
    expect(cost({ ...CAPPED, dailyMaxPer }, from, to)).toBe(fen);
  });

  it.each([
    ['25T20:00', '25T22:00', 700],
    ['25T20:00', '25T22:01', 1500],
    ['25T20:00', '26T07:00', 1500],
    ['25T20:00', '26T07:30', 1600],
    ['25T23:00', '26T06:00', 800],
    // From within a night, whose price is taken once though it goes on over midnight.
    ['26T01:00', '26T05:00', 800],
    ['25T09:00', '28T09:00', 9000],
  ])('what the night costs: %s to %s, %i fen', (from, to, fen) => {
    expect(cost(NIGHT, from, to)).toBe(fen);
  });

  it('by the hour at night, no more than the most of it', () => {
    const hourly = { ...NIGHT, night: { fromMinutes: 1320, toMinutes: 420, everyMs: HOUR_MS, fen: 100, maxFen: 500 } };
    expect(cost(hourly, '25T22:00', '26T01:30')).toBe(400);
    expect(cost(hourly, '25T22:00', '26T07:00')).toBe(500);
  });

  it('nothing that can be said, when it never was or was too long', () => {
    expect(cost(HOURLY, '25T09:00', '25T08:59')).toBeUndefined();
    expect(stayFen(HOURLY, at('01T09:00'), at('01T09:00') + STAY_MOST_MS)).toBeGreaterThan(0);
    expect(stayFen(HOURLY, at('01T09:00'), at('01T09:00') + STAY_MOST_MS + 1)).toBeUndefined();
  });
});

describe('the tariff of a car', () => {
  const large = { ...HOURLY, carDescs: ['大型车'] };
  const temporary = { ...HOURLY, carTypes: ['1'] };

  it('is the first that fits, and none asks for what is not known', () => {
    const all = [large, temporary, HOURLY];
    expect(tariffFor(all, { carType: '1', carDesc: '大型车' })).toBe(large);
    expect(tariffFor(all, { carType: '1' })).toBe(temporary);
    expect(tariffFor(all, {})).toBe(HOURLY);
    expect(tariffFor([large, temporary], { carType: '2' })).toBeUndefined();
    expect(tariffFor([], { carType: '1' })).toBeUndefined();
  });
});

const minutes = (most: number) => fc.integer({ min: 1, max: most }).map((count) => count * MINUTE_MS);
const fen = fc.nat({ max: 2_000 });
const step = fc.record({ forMs: minutes(600), everyMs: minutes(120), fen });
const tariffs: fc.Arbitrary<Tariff> = fc
  .record({
    freeMs: fc.oneof(fc.constant(0), minutes(90)),
    deductFree: fc.boolean(),
    first: fc.array(step, { maxLength: 3 }),
    last: fc.record({ everyMs: minutes(120), fen }),
    dailyMaxFen: fc.option(fc.nat({ max: 20_000 }), { nil: undefined }),
    dailyMaxPer: fc.constantFrom('24h' as const, 'day' as const),
    night: fc.option(
      fc.record({
        fromMinutes: fc.integer({ min: 0, max: 1439 }),
        toMinutes: fc.integer({ min: 0, max: 1440 }),
        everyMs: fc.option(minutes(240), { nil: undefined }),
        fen,
        maxFen: fc.option(fc.nat({ max: 5_000 }), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ first, last, ...rest }) => JSON.parse(JSON.stringify({ ...rest, steps: [...first, last] })) as Tariff);

it('a longer stay never costs less, and no period more than its most', () => {
  const entered = fc.nat({ max: 2 * 1440 }).map((count) => at('25T00:00') + count * MINUTE_MS);
  const stays = fc.array(fc.nat({ max: STAY_MOST_MS / 6 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(tariffs, entered, stays, (tariff, fromMs, all) => {
      const costs = all.sort((a, b) => a - b).map((forMs) => stayFen(tariff, fromMs, fromMs + forMs) ?? Number.NaN);
      for (const [index, cost] of costs.entries()) {
        expect(cost).toBeGreaterThanOrEqual(costs[index - 1] ?? 0);
        const periods = Math.ceil((all[index] ?? 0) / (24 * HOUR_MS)) + 1;
        expect(cost).toBeLessThanOrEqual(periods * (tariff.dailyMaxFen ?? Number.POSITIVE_INFINITY));
      }
    }),
  );
});
