/** What live events carry: members that changed, and no time that merely went on. */
import { expect, it } from 'vitest';
import type { DeviceLive, LaneLive, Overview } from '../../src/page/api/api.ts';
import type { LiveEvent } from '../../src/page/api/api-live.ts';
import { LiveChanges } from '../../src/page/live-changes.ts';
import { left } from '../../src/ui/arrivals.ts';
import { withEvent } from '../../src/ui/live-merge.ts';

const LANE: LaneLive = {
  ...{
    id: '1001',
    name: 'A',
    direction: 'exit',
    arm: 'closed',
    armForMs: 5_000,
    levels: { approach: false, down: true },
    occupiedForMs: {},
  },
  ...{
    degraded: [],
    modes: [],
    alarms: [],
    hiddenViews: [],
    granted: false,
    bodies: 0,
    passages: 3,
    reporting: { missing: [] },
  },
};
const DEVICE: DeviceLive = { id: 'rs485-1/io1', kind: 'device', state: 'ok', roundMs: 25, wireShare: 0.2, faults: 0 };
const OVERVIEW: Overview = {
  atWallMs: 1_000_000,
  parkUuid: 'p',
  headline: { id: 'box', level: 'ok', text: { zh: '一切正常', en: 'All is well' } },
  complaints: [],
  lanes: [LANE],
  devices: [DEVICE],
  queue: {
    waiting: 1,
    held: 0,
    parked: 0,
    kept: 0,
    review: 0,
    delivered: 7,
    oldestForMs: 4_000,
    nextTryInMs: 9_000,
    uploader: 'working',
  },
  clock: { quality: 'synced', wallMs: 1_000_000 },
  disk: { freeBytes: 1, framesBytes: 2, framesMaxBytes: 3 },
  config: { state: 'good', faults: 0 },
};

function live() {
  let nowMs = 0;
  const changes = new LiveChanges(() => nowMs);
  expect(changes.of({ event: 'overview', data: OVERVIEW })).toEqual([{ event: 'overview', data: OVERVIEW }]);
  return {
    later: (forMs: number) => {
      nowMs += forMs;
    },
    lane: (changed: Partial<LaneLive>) => changes.of({ event: 'lane', data: { ...LANE, ...changed } }),
    overview: (changed: Partial<Overview>) => changes.of({ event: 'overview', data: { ...OVERVIEW, ...changed } }),
    changes,
  };
}

/** Everything that goes on by itself, `forMs` later. */
const onlyLater = (forMs: number): Partial<Overview> => ({
  atWallMs: OVERVIEW.atWallMs + forMs,
  lanes: [{ ...LANE, armForMs: LANE.armForMs + forMs }],
  queue: { ...OVERVIEW.queue, oldestForMs: 4_000 + forMs, nextTryInMs: Math.max(0, 9_000 - forMs) },
  clock: { quality: 'synced', wallMs: 1_000_000 + forMs },
});

it('nothing is sent of an overview in which only time went on', () => {
  const { later, overview } = live();
  for (const forMs of [5_000, 10_000, 15_000]) {
    later(5_000);
    expect(overview(onlyLater(forMs))).toEqual([]);
  }
});

it('a time that is another one is sent, and so is a clock that was set', () => {
  const { later, overview, lane } = live();
  later(5_000);
  expect(lane({ armForMs: 100 })).toEqual([{ event: 'lane', data: { id: '1001', armForMs: 100, occupiedForMs: {} } }]);
  const set = {
    ...onlyLater(5_000),
    lanes: [{ ...LANE, armForMs: 100 }],
    clock: { quality: 'synced', wallMs: 99_000 },
  } as const;
  expect(overview(set)).toEqual([{ event: 'status', data: { atWallMs: 1_005_000, clock: set.clock } }]);
});

it('a change carries its members whole, the times beside them, and null for what is gone', () => {
  const { later, lane, changes } = live();
  later(2_000);
  const open = { arm: 'open', armForMs: 0, openingForMs: 300, levels: { approach: true, down: null } } as const;
  const first = lane(open);
  expect(first).toEqual([{ event: 'lane', data: { id: '1001', occupiedForMs: {}, ...open } }]);
  const second = lane({ ...LANE, armForMs: 0, passages: 4 });
  expect(second).toEqual([
    {
      event: 'lane',
      data: {
        id: '1001',
        arm: 'closed',
        armForMs: 0,
        levels: LANE.levels,
        occupiedForMs: {},
        passages: 4,
        openingForMs: null,
      },
    },
  ]);
  const merged = [...first, ...second].reduce<Overview>(
    (overview, event: LiveEvent) => withEvent(overview, event) ?? overview,
    OVERVIEW,
  );
  expect(merged.lanes).toEqual([{ ...LANE, armForMs: 0, passages: 4 }]);
  expect(changes.of({ event: 'lane', data: { ...LANE, id: 'unknown' } })).toEqual([]);
});

it('the same plate read again is news, though as much later as time went on', () => {
  const { later, lane } = live();
  const plate = (atWallMs: number) => ({ armForMs: 5_000, lastPlate: { text: '粤B12345', atWallMs } });
  expect(lane(plate(1_000_000))).toHaveLength(1);
  later(10_000);
  expect(lane({ ...plate(1_010_000), armForMs: 15_000 })).toEqual([
    {
      event: 'lane',
      data: { id: '1001', armForMs: 15_000, occupiedForMs: {}, lastPlate: { text: '粤B12345', atWallMs: 1_010_000 } },
    },
  ]);
});

it('figures of a wire that vary by less than a tenth are no news', () => {
  const { changes } = live();
  const device = (roundMs: number) => changes.of({ event: 'device', data: { ...DEVICE, roundMs } });
  expect(device(26)).toEqual([]);
  expect(device(40)).toEqual([{ event: 'device', data: { id: DEVICE.id, roundMs: 40 } }]);
});

it('other lanes or devices are a new overview', () => {
  const { overview } = live();
  const [event] = overview({ lanes: [LANE, { ...LANE, id: '1002' }] });
  expect(event).toMatchObject({ event: 'overview', data: { lanes: [{ id: '1001' }, { id: '1002' }] } });
});

it('what waited for a second person goes from the page when it is over, and its hour goes on beside other news', () => {
  const { overview } = live();
  const waiting = {
    id: 'w',
    kind: 'settings',
    by: 'li',
    sinceWallMs: 0,
    dueInMs: 60_000,
    lanes: [],
    changes: [],
  } as const;
  const shown = (before: Overview, changed: Partial<Overview>): Overview =>
    overview(changed).reduce((merged, event) => withEvent(merged, event) ?? merged, before);
  const held = shown(OVERVIEW, { waiting });
  const inTenMs = Date.now() + 10_000;
  const news = shown(held, { waiting, parkUuid: 'q', devices: [{ ...DEVICE, faults: 1 }] });
  expect(news).toMatchObject({ parkUuid: 'q', devices: [{ faults: 1 }] });
  expect(left(news.waiting as object, 60_000, inTenMs)).toBeLessThanOrEqual(50_000);
  expect(shown(news, {})).not.toHaveProperty('waiting');
});
