/** A lane that knows how long the pulses of its relay are, and flashes on the same wire that are none of them. */
import { describe, expect, it } from 'vitest';
import type { LaneEvent } from '../../src/lane/types.ts';
import { edge } from './arbitrary.ts';
import { AFTER_MS, closed, crosses, lane, opened, plate } from './learned-lane.ts';

/** Seconds after the cars of which the lane learns: their pulses were of 0.3 s. */
const at = (s: number): number => AFTER_MS + s * 1_000;
const READ_AFTER_MS = 500;
const flash = (lengthMs: number): readonly LaneEvent[] => [
  edge('auto', true, at(21)),
  edge('auto', false, at(21) + lengthMs),
];
const comes = [edge('approach', true, at(20)), plate('湘A6K381', at(20.5))];
const goes = [...crosses(at(28)), ...closed(at(31))];
const byButton = (lengthMs: number) =>
  lane(READ_AFTER_MS, [...comes, ...flash(lengthMs), ...opened('button', at(26)), ...goes]);
const raised: readonly LaneEvent[] = [edge('down', false, at(21.15)), edge('up', true, at(22.65))];

describe('a flash of the relay while a car stands on A', () => {
  it('is no payment under a quarter of the usual length, and the hand that opens later is told', () => {
    expect(byButton(74)).toMatchObject([{ verdict: 'manual', plate: { text: '湘A6K381' }, confidence: 'sure' }]);
  });

  it('is a pulse from there on', () => {
    expect(byButton(75)).toEqual([]);
  });

  it('is one as well where the arm rises on it: the relay has become shorter', () => {
    expect(lane(READ_AFTER_MS, [...comes, ...flash(50), ...raised, ...goes])).toEqual([]);
  });

  it('is usual once twenty were so short', () => {
    const events: LaneEvent[] = [];
    for (let index = 0; index < 20; index += 1) {
      const offsetMs = index * 60_000;
      for (const event of [...comes, ...flash(50), ...raised, ...goes])
        events.push({ ...event, atMs: event.atMs + offsetMs });
    }
    const lastMs = 20 * 60_000;
    const waits = [...comes, ...flash(50), ...opened('button', at(26)), ...goes];
    expect(
      lane(READ_AFTER_MS, [...events, ...waits.map((event) => ({ ...event, atMs: event.atMs + lastMs }))]),
    ).toEqual([]);
  });

  it('is no pulse where a hand opens at once', () => {
    const by = lane(READ_AFTER_MS, [...comes, ...flash(50), ...opened('button', at(21.5)), ...goes]);
    expect(by).toMatchObject([{ verdict: 'manual', desc: 'button' }]);
  });
});
