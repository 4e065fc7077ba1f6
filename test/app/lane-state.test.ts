/** When a lane keeps its engine's state: a start folds the events behind it, so those of a quiet lane must not reach back for days. */
import { expect, it } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { Boot, Journal, Outbox } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';

const HOUR = 3_600_000;

function quietLane() {
  const clock = handClock(1_000, Date.UTC(2026, 10, 27));
  const kept: number[] = [];
  const journal: Journal = {
    ...{ append: () => true, flush: async () => {}, epoch: () => {} },
    snapshot: () => void kept.push(Math.floor(clock.nowMs() / HOUR)),
    load: async () => ({ state: undefined, rows: [] }),
  };
  const bridge = new Bridge({
    ...{ laneId: '1001', clock, journal, outbox: {} as Outbox, points: new Map() },
    settings: laneSettings({ direction: 'exit', roles: ['approach'] }, {}),
    signals: { approach: { activeLow: false, debounceMs: 20 } },
    boot: { laneOffsetMs: 0 } as Boot,
    wallMsAt: (nowMs) => nowMs,
    record: () => {
      throw new RangeError('no release');
    },
    on: { failed: () => undefined },
  });
  const edge = (on: boolean) =>
    bridge.feed({ kind: 'edge', role: 'approach', on, atMs: bridge.nowMs(), uncertaintyMs: 25 });
  return { bridge, clock, kept, edge };
}

it('an hour after the last one with the next event, and none where nothing happens', async () => {
  const { bridge, clock, kept, edge } = quietLane();
  await bridge.start();
  kept.length = 0;
  for (let at = 0; at < 18; at += 1) {
    clock.jump(HOUR / 6);
    edge(at % 2 === 0);
  }
  expect(kept).toEqual([1, 2, 3]);
  clock.jump(20 * HOUR);
  expect(kept).toHaveLength(3);
  edge(true);
  edge(false);
  expect(kept).toEqual([1, 2, 3, 23]);
});
