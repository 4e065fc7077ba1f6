/** Clocks of tills that are wrong: whoever has paid is accused by none of them. Every payment here names a car that leaves at once, let out by hand. */
import { describe, expect, it } from 'vitest';
import type { Grant, LaneEvent } from '../../src/lane/types.ts';
import { START_MS } from './arbitrary.ts';
import { MINUTE_MS, passage, plateOf, TillLane } from './tills.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A lane at which one pays after the other. */
class Lane extends TillLane {
  #count = 0;

  /** A payment that arrives now, stamped by a clock that is `aheadMs` ahead of ours. */
  pays(atMs: number, aheadMs: number, more: Partial<Grant> = {}): string {
    this.#count += 1;
    const grant: Grant = {
      ...{ id: `g${this.#count}`, scope: 'lane', plate: plateOf(this.#count), count: 1, kind: 'paid', source: 'pms' },
      issuedAtMs: atMs + aheadMs,
      ...more,
    };
    return this.hears(grant, atMs);
  }

  /** The one that paid last comes, and a hand lets it out. */
  leaves(atMs: number): void {
    for (const event of passage(plateOf(this.#count), atMs)) this.feed(event);
  }
}

/** Payments a few minutes apart, each with its clock, of whoever then leaves `goMs` later. */
function paidBy(clocks: readonly (Partial<Grant> & { readonly aheadMs: number })[], goMs = 20_000) {
  const lane = new Lane();
  const words = clocks.map(({ aheadMs, ...more }, index) => {
    const atMs = START_MS + (index + 1) * 2 * MINUTE_MS;
    const word = lane.pays(atMs, aheadMs, more);
    lane.leaves(atMs + goMs);
    return word;
  });
  return { lane, words, accused: lane.accused() };
}

const times = <T>(count: number, of: (index: number) => T): T[] => [...Array(count).keys()].map(of);
const nobody = { accused: [], refused: 0 };
const outcome = ({ words, accused }: ReturnType<typeof paidBy>) => ({
  accused,
  refused: words.filter((word) => word !== 'counts').length,
});

describe('a payer is not accused by a clock:', () => {
  it('nine good payments, one of two minutes ahead, then a right one', () => {
    const clocks = [...times(9, () => 0), 120_000, 0, 0].map((aheadMs) => ({ aheadMs }));
    expect(outcome(paidBy(clocks))).toEqual(nobody);
    expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
  });

  it.each([[{}], [{ till: true }], [{ operator: true }]])('two tills behind one token, one 90 s fast (%j)', (named) => {
    const clocks = times(60, (index) => ({
      aheadMs: index % 2 === 0 ? 90_000 : 0,
      ...('till' in named && { till: `${index % 2}` }),
      ...('operator' in named && { operator: `${index % 2}` }),
    }));
    expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
  });

  it('Beijing time with a Z behind one of two tills', () => {
    const clocks = times(60, (index) => ({ aheadMs: index % 2 === 0 ? 8 * HOUR_MS : 0 }));
    expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
  });

  it('UTC that calls itself Beijing time behind one of two tills', () => {
    for (const till of [true, false]) {
      const clocks = times(60, (index) => ({
        aheadMs: index % 2 === 0 ? -8 * HOUR_MS : 0,
        ...(till && { till: `${index % 2}` }),
      }));
      expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
    }
  });

  it('one that jumps', () => {
    const jumps = [0, -9, 4, -2, 10, -10, 1, -6].map((minutes) => minutes * MINUTE_MS);
    const clocks = times(80, (index) => ({ aheadMs: jumps[Math.floor(index / 7) % jumps.length] ?? 0 }));
    expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
  });

  it('one that begins again in the year 2000, and says until when the payment is good', () => {
    const clocks = times(24, (index) => ({ aheadMs: index < 12 ? 0 : -9_000 * DAY_MS }));
    expect(outcome(paidBy(clocks, 58_000))).toEqual(nobody);
  });

  it('ten minutes slow, with an end of its own a quarter of an hour later', () => {
    const lane = new Lane();
    for (let index = 1; index <= 20; index += 1) {
      const atMs = START_MS + index * 20 * MINUTE_MS;
      const expiresAtMs = atMs - 10 * MINUTE_MS + 15 * MINUTE_MS;
      expect(lane.pays(atMs, -10 * MINUTE_MS, { scope: 'park', expiresAtMs })).toBe('counts');
      lane.leaves(atMs + 14 * MINUTE_MS);
    }
    expect(lane.accused()).toEqual([]);
  });
});

describe('the clock of a till', () => {
  const learned = (aheadMs: number, count: number): Lane => {
    const lane = new Lane();
    for (let index = 1; index <= count; index += 1) lane.pays(START_MS + index * MINUTE_MS, aheadMs, { till: '1' });
    return lane;
  };
  const laterMs = (minutes: number): number => START_MS + minutes * MINUTE_MS;

  it('is learned from ten messages; until then their arrival is the stamp', () => {
    expect(learned(0, 9).pays(laterMs(240), -2 * HOUR_MS, { till: '1' })).toBe('counts');
    expect(learned(0, 10).pays(laterMs(240), -2 * HOUR_MS, { till: '1' })).toBe('expired');
  });

  it('is that of the till alone', () => {
    expect(learned(0, 10).pays(laterMs(240), -2 * HOUR_MS, { till: '2' })).toBe('counts');
  });

  it('is forgotten after a day', () => {
    expect(learned(0, 10).pays(laterMs(20) + DAY_MS, -2 * HOUR_MS, { till: '1' })).toBe('counts');
  });

  it('was set when it is behind what it said last: nothing is known of it then', () => {
    const lane = learned(0, 12);
    expect(lane.pays(laterMs(20), -HOUR_MS, { till: '1' })).toBe('counts');
    expect(lane.pays(laterMs(240), -2 * HOUR_MS, { till: '1' })).toBe('counts');
  });

  it('was set when two messages running are as much off as each other', () => {
    const lane = learned(0, 12);
    expect(lane.pays(laterMs(240), -HOUR_MS, { till: '1' })).toBe('expired');
    expect(lane.pays(laterMs(250), -HOUR_MS, { till: '1' })).toBe('counts');
  });

  it.each([
    ['late, after those that were paid after it', -5 * MINUTE_MS],
    ['stamped in the future', 5 * MINUTE_MS],
  ])('stays known when one message is %s', (_, aheadMs) => {
    const lane = learned(0, 12);
    expect(lane.pays(laterMs(14), aheadMs, { till: '1' })).toBe('counts');
    lane.pays(laterMs(15), 0, { till: '1' });
    expect(lane.pays(laterMs(240), -2 * HOUR_MS, { till: '1' })).toBe('expired');
  });

  it('stays known while what waited in an outage comes, the last first', () => {
    const lane = learned(0, 12);
    for (let index = 1; index <= 5; index += 1) lane.pays(laterMs(240) + index, -index * 20 * MINUTE_MS, { till: '1' });
    lane.pays(laterMs(241), 0, { till: '1' });
    expect(lane.pays(laterMs(480), -2 * HOUR_MS, { till: '1' })).toBe('expired');
  });

  it('was set when three messages agree: what it was off by before is nothing to it', () => {
    const lane = learned(0, 12);
    for (const minutes of [20, 21, 22]) expect(lane.pays(laterMs(minutes), -HOUR_MS, { till: '1' })).toBe('counts');
    expect(lane.pays(laterMs(23), 0, { till: '1' })).toBe('counts');
    expect(lane.pays(laterMs(240), -2 * HOUR_MS, { till: '1' })).toBe('counts');
  });

  it.each([
    [8, 20 * MINUTE_MS, 1],
    [60, MINUTE_MS, 40],
    [60, MINUTE_MS, 3_000],
    [200, 5_000, 20],
  ])('stays known while what waited in an outage comes in its order (%d, %d ms apart)', (count, apartMs, eachMs) => {
    const lane = learned(0, 12);
    const words = times(count, (index) => {
      const aheadMs = (index - count) * apartMs - index * eachMs - 20 * MINUTE_MS;
      return lane.pays(laterMs(240) + index * eachMs, aheadMs, { till: '1' });
    });
    expect(new Set(words)).toEqual(new Set(['expired']));
    expect(lane.pays(laterMs(480), -2 * HOUR_MS, { till: '1' })).toBe('expired');
  });

  it('covers nobody whom a hand lets out while what waited in an outage comes', () => {
    const lane = learned(0, 12);
    const [comes, , ...goes] = passage('', laterMs(240));
    lane.feed(comes as LaneEvent);
    for (let index = 0; index < 30; index += 1)
      lane.pays(laterMs(240) + 500 + index, (index - 90) * MINUTE_MS, { till: '1' });
    for (const event of goes) lane.feed(event);
    expect(lane.accused()).toEqual(['?']);
  });

  it('learns nothing from stamps of the future, and shows them', () => {
    const lane = learned(3 * MINUTE_MS, 10);
    lane.until(laterMs(11));
    expect(lane.state.lane.kept.senders).toMatchObject([{ source: 'pms', till: '1', offsetMs: -3 * MINUTE_MS }]);
    expect(lane.pays(laterMs(12), 0, { till: '1' })).toBe('counts');
  });

  it('is taken off what it stamps, and lengthens an end that was given', () => {
    const lane = learned(-8 * HOUR_MS, 10);
    const atMs = laterMs(30);
    expect(lane.pays(atMs, -8 * HOUR_MS, { till: '1', expiresAtMs: atMs - 8 * HOUR_MS + 1_000 })).toBe('counts');
    expect(lane.pays(atMs, -9 * HOUR_MS, { till: '1', expiresAtMs: atMs - 9 * HOUR_MS + 1_000 })).toBe('expired');
  });
});

it('what was paid in an outage of an hour is told at its end: nobody who was let out meanwhile stays accused', () => {
  const lane = new Lane();
  const cars = times(20, (index) => START_MS + (index + 1) * 3 * MINUTE_MS);
  for (const [index, atMs] of cars.entries()) for (const event of passage(plateOf(index + 1), atMs)) lane.feed(event);
  const toldMs = START_MS + 90 * MINUTE_MS;
  lane.until(toldMs);
  const released = lane.effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release.id] : []));
  for (const [index, atMs] of cars.entries()) lane.pays(toldMs + index, atMs + 1_000 - toldMs - index);
  lane.until(toldMs + MINUTE_MS);
  const takenBack = lane.effects.flatMap((effect) => (effect.kind === 'withdraw' ? [effect.releaseId] : []));
  expect(released).toHaveLength(20);
  expect(takenBack).toEqual(released);
});

it('a payment of another stay of that plate pays for none', () => {
  const lane = new Lane();
  for (const event of passage(plateOf(1), START_MS)) lane.feed(event);
  lane.pays(START_MS + 90 * MINUTE_MS, -60 * MINUTE_MS);
  lane.pays(START_MS + 91 * MINUTE_MS, -3 * HOUR_MS, { plate: plateOf(1) });
  expect(lane.effects.filter(({ kind }) => kind === 'withdraw')).toEqual([]);
});

describe('an answer', () => {
  it('is worked out after everything received before it, of the same millisecond too', () => {
    const lane = new Lane();
    for (let index = 1; index <= 9; index += 1) lane.pays(START_MS + index * MINUTE_MS, 0);
    const atMs = START_MS + 4 * HOUR_MS;
    expect(lane.pays(atMs, -3 * HOUR_MS)).toBe('counts');
    expect(lane.pays(atMs, -2 * HOUR_MS), 'the one before it made the clock known').toBe('expired');
  });

  it('says of a payment told again under another number, whose car has gone, that it was told before', () => {
    const lane = new Lane();
    const atMs = START_MS + MINUTE_MS;
    lane.pays(atMs, 0);
    lane.leaves(atMs + 1_000);
    expect(lane.pays(atMs + 30_000, 0, { id: 'again', plate: plateOf(1) })).toBe('repeated');
  });

  it('says `counts` of no payment that then covers nobody', () => {
    const { lane, words } = paidBy(
      times(40, (index) => ({ aheadMs: index % 3 === 0 ? 7 * MINUTE_MS : 0 })),
      58_000,
    );
    expect(new Set(words)).toEqual(new Set(['counts']));
    const used = lane.effects.filter(
      ({ kind, ...effect }) => kind === 'note' && JSON.stringify(effect).includes('grantUsed'),
    );
    expect(used).toHaveLength(40);
  });
});
