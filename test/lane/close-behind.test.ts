/** A lane that has learned how long its vehicles are, and an unread one close behind a car that paid: a trailer, or a vehicle of its own. */
import { describe, expect, it } from 'vitest';
import { edge } from './arbitrary.ts';
import { AFTER_MS, closed, crosses, lane, opened, paid, plate } from './learned-lane.ts';

/** Seconds after the cars of which the lane learns. */
const at = (s: number): number => AFTER_MS + s * 1_000;
const ahead = [
  ...[edge('approach', true, at(20)), plate('湘A6K381', at(20.5)), paid('湘A6K381', at(22.5))],
  ...[...opened('auto', at(22.6)), ...crosses(at(25))],
];
/** B was free for 0.2 s, under a third of what its nose took: that leaves it open. */
const behind = (gapMs: number) =>
  lane(500, [...ahead, edge('approach', true, at(26.4) + gapMs), ...crosses(at(27.8)), ...closed(at(32))]);

describe('an unread one close behind a car that paid', () => {
  it('is possible where A was free for no more than a sixth of what a usual vehicle takes over B at that pace', () => {
    expect(behind(430)).toMatchObject([{ verdict: 'tailgating', confidence: 'possible' }]);
  });

  it('is a vehicle of its own from there on', () => {
    expect(behind(440)).toMatchObject([{ verdict: 'tailgating', confidence: 'likely' }]);
  });
});
