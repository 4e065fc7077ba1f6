/** A board that misses an answer during the lesson of one car, and one that is gone. */
import { expect, it } from 'vitest';
import { createFieldWatch } from '../../src/app/field-monitor.ts';
import { teach } from '../../src/commission/teach/teach.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import { handClock } from '../sim/hand-clock.ts';

/** Of the car of the first case in teach.test.ts, seconds. */
const LEVELS: readonly (readonly [point: string, from: number, to: number])[] = [
  ['1', 2, 14],
  ['3', 4.3, 21],
  ['5', 13, 17],
];

/** `missedS`: how long the board does not answer, as the arm is up. */
async function lesson(missedS: number) {
  const clock = handClock();
  const watch = createFieldWatch(clock);
  const lane = { id: '1', points: {}, settings: laneSettings({ direction: 'exit', roles: [] }, {}) } as never;
  const began = clock.nowMs();
  const look = (): void => {
    const now = (clock.nowMs() - began) / 1_000;
    for (const [point, from, to] of LEVELS)
      watch.reading('io', {
        ...{ kind: 'level', point, value: now >= from && now < to, atMs: clock.nowMs(), uncertaintyMs: 25 },
      });
  };
  look();
  const job = { signal: new AbortController().signal, progress: () => {}, soFar: () => {}, picture: () => {} };
  const taught = teach(
    { lane, act: 'car', by: 'button' },
    { clock, watch, config: { lanes: [] }, seen: new Map() },
    job,
  )
    .then(({ roles = [] } = {} as never) => roles.map(({ role }) => role).sort())
    .catch((error: { readonly code: string }) => error.code);
  for (let ms = 0; ms < 40_000; ms += 100) {
    await clock.advance(100);
    const isMissed = ms >= 8_000 && ms < 8_000 + missedS * 1_000;
    if (ms === 8_000 && missedS > 0) watch.lost('io');
    if (!isMissed) look();
  }
  return taught;
}

it('one missed answer costs no lesson; a board that is gone ends it', async () => {
  const learnt = await lesson(0);
  expect(learnt).toEqual(['approach', 'barrier', 'down']);
  expect(await lesson(0.6)).toEqual(learnt);
  expect(await lesson(10)).toBe('conflict');
});
