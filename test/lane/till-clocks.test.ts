/**
 * Five tills behind one token, their clocks ten minutes slow to ten fast, one of them jumping: nobody who paid is accused because of a clock, and what is
 * answered `accepted` counts. CARS=100000 (`npm run proof -- clocks`): the whole.
 */
import { expect, it } from 'vitest';
import type { LaneEvent } from '../../src/lane/types.ts';
import { createRandom } from '../../src/sim/random.ts';
import { paidCars, passage, TillLane } from './tills.ts';

const CARS = Number(process.env.CARS ?? 1_500);
/** Cars whose events are made ready at once: nobody pays further ahead. */
const AHEAD = 80;

it(`${CARS} payments: nobody is accused, and every one that is accepted is used`, { timeout: 0 }, () => {
  const lane = new TillLane();
  const refused: string[] = [];
  let waiting: (LaneEvent | Extract<LaneEvent, { kind: 'grant' }>)[] = [];
  const feedUntil = (atMs: number): void => {
    waiting.sort((one, other) => one.atMs - other.atMs);
    const due = waiting.filter((event) => event.atMs < atMs);
    waiting = waiting.slice(due.length);
    for (const event of due)
      if (event.kind !== 'grant') lane.feed(event);
      else if (lane.hears(event.grant, event.atMs) !== 'counts') refused.push(event.grant.id);
  };
  let made = 0;
  for (const { plate, comesMs, grant, arrivesMs } of paidCars(CARS, createRandom(37))) {
    waiting.push(...passage(plate, comesMs), { kind: 'grant', grant, atMs: arrivesMs });
    made += 1;
    if (made % AHEAD === 0) feedUntil(comesMs - 15 * 60_000);
  }
  feedUntil(Number.POSITIVE_INFINITY);
  expect({ accused: lane.accused(), refused }).toEqual({ accused: [], refused: [] });
  const used = lane.effects.filter((effect) => effect.kind === 'note' && effect.fact.kind === 'grantUsed');
  expect(used).toHaveLength(CARS);
});
