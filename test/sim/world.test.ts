/** The simulated lane: edges come in the order nature gives, stories go as told, and the truth says what should be reported. */
import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/lane/types.ts';
import { LANE } from '../../src/sim/loops.ts';
import type { Story, StoryOptions } from '../../src/sim/stories.ts';
import { fixedStory, playTraffic, randomTraffic } from '../../src/sim/traffic.ts';

import { createLaneWorld, type LaneWorld, type LaneWorldOptions } from '../../src/sim/world.ts';
import { itemsOf } from '../../src/simulate/detection/verdict-match.ts';
import { handClock } from './hand-clock.ts';

interface Edge {
  readonly role: Role | 'plate' | 'grant';
  readonly on: boolean;
  readonly atMs: number;
  readonly plate?: string | undefined;
}

const ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'];

/** Plays until the lane is quiet and returns every change, looked at each `everyMs`. */
function play(
  orders: readonly (readonly [Story, StoryOptions])[],
  everyMs = 5,
  seed = 1,
): { edges: Edge[]; world: LaneWorld } {
  const clock = handClock(0);
  const edges: Edge[] = [];
  const callbacks: Pick<LaneWorldOptions, 'onPlate' | 'onGrant'> = {
    onPlate: (plate, atMs) => edges.push({ role: 'plate', on: true, atMs, plate: plate.text }),
    onGrant: (grant) => edges.push({ role: 'grant', on: true, atMs: grant.atMs, plate: grant.plate }),
  };
  const world = createLaneWorld({ clock, laneId: 'L1', seed, ...callbacks });
  for (const [story, options] of orders) world.send(story, options);
  let before = world.levels();
  for (let steps = 0; !world.quiet() && steps < 400_000; steps += 1) {
    clock.jump(everyMs);
    const now = world.levels();
    for (const role of ROLES) if (now[role] !== before[role]) edges.push({ role, on: now[role], atMs: clock.nowMs() });
    before = now;
  }
  expect(world.quiet()).toBe(true);
  return { edges, world };
}

/** `+` rises, `-` falls. */
const order = (edges: readonly Edge[]): string =>
  edges.map(({ role, on }) => (role === 'plate' || role === 'grant' ? role : `${on ? '+' : '-'}${role}`)).join(' ');
const gapMs = (edges: readonly Edge[], from: string, to: string, after = 0): number => {
  const names = edges.map(({ role, on }) => `${on ? '+' : '-'}${role}`);
  const first = names.indexOf(from, after);
  return (edges[names.indexOf(to, first + 1)]?.atMs ?? Number.NaN) - (edges[first]?.atMs ?? Number.NaN);
};

const OPENED_AND_CROSSED = '+up +barrier -approach -barrier -up +down';

describe('one vehicle', () => {
  it('paid: read, granted, opened by the relay, crosses A then B', () => {
    const { edges, world } = play([['paid', { plate: '粤B12345' }]]);
    expect(order(edges)).toBe(`+approach plate grant +auto -down -auto ${OPENED_AND_CROSSED}`);
    expect(world.truth().vehicles).toMatchObject([{ plate: '粤B12345', means: 'paid', authorised: true }]);
    expect(world.truth().openings).toMatchObject([{ cause: 'system', forVehicle: 1, vehicles: [1] }]);
  });

  it.each([
    ['button', '+button -down -button', 'button'],
    ['remote', '+remote -down -remote', 'remote'],
    ['crank', '-down', 'key'],
  ] as const)('%s: let out with nothing paid', (story, opening, cause) => {
    const { edges, world } = play([[story, { plate: '粤B54321' }]]);
    expect(order(edges)).toBe(`+approach plate ${opening} ${OPENED_AND_CROSSED}`);
    const opened = edges.find(({ role }) => role === 'down');
    const { vehicles, openings } = world.truth();
    expect(vehicles).toMatchObject([{ plate: '粤B54321', means: cause, authorised: false }]);
    expect(openings).toMatchObject([{ cause, forVehicle: 1, vehicles: [1] }]);
    expect(Math.abs((openings[0]?.startMs ?? 0) - (opened?.atMs ?? 0))).toBeLessThan(20);
  });

  it('motorcycle: off A before it is on B', () => {
    const { edges } = play([['motorcycle', {}]]);
    expect(order(edges)).toBe('+approach +button -down -button +up -approach +barrier -barrier -up +down');
  });

  it('trailer: a short gap on A, none on B', () => {
    const { edges } = play([['trailer', {}]]);
    expect(order(edges)).toBe(
      '+approach plate grant +auto -down -auto +up +barrier -approach +approach -approach -barrier -up +down',
    );
    expect(gapMs(edges, '-approach', '+approach')).toBeLessThan(600);
  });

  it('back-out: B falls before A, one grant, and it comes again', () => {
    const { edges } = play([['backOut', {}]]);
    const tried = '+approach plate grant +auto -down -auto +up +barrier -barrier -up -approach +down';
    expect(order(edges)).toBe(`${tried} +approach plate +auto -down -auto ${OPENED_AND_CROSSED}`);
  });

  it('nobody: opened and closed over an empty lane', () => {
    const { edges, world } = play([['nobody', {}]]);
    expect(order(edges)).toBe('+button -down -button +up -up +down');
    expect(world.truth()).toMatchObject({ vehicles: [], openings: [{ cause: 'button', vehicles: [] }] });
  });

  it('unread: no plate from the camera', () => {
    const { edges, world } = play([['button', { unread: true }]]);
    expect(order(edges)).not.toContain('plate');
    expect(world.truth().vehicles).toMatchObject([{ means: 'button', reads: [] }]);
  });
});

describe('two vehicles', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'tailgater: its own order on the loops, B falls between them (seed %i)',
    (seed) => {
      const { edges, world } = play([['tailgater', { plate: '粤B66210', followerPlate: '粤A99999' }]], 5, seed);
      const loops = order(edges.filter(({ role }) => role === 'approach' || role === 'barrier'));
      expect(loops).toBe('+approach +barrier -approach +approach -barrier +barrier -approach -barrier');
      expect(edges.filter(({ role }) => role === 'plate')).toHaveLength(2);
      expect(gapMs(edges, '-approach', '+approach')).toBeGreaterThan(700);
      expect(gapMs(edges, '-barrier', '+barrier')).toBeGreaterThan(300);
      const fallsOfUp = edges.filter(({ role, on }) => role === 'up' && !on);
      expect(fallsOfUp).toHaveLength(1);
      const onB = edges.filter(({ role, on }) => role === 'barrier' && on)[1];
      const { vehicles, openings } = world.truth();
      expect(vehicles).toMatchObject([{ means: 'paid' }, { plate: '粤A99999', means: 'follow', authorised: false }]);
      expect(openings).toMatchObject([{ cause: 'system', vehicles: [1, 2] }]);
      expect(vehicles[1]?.gapM).toBeGreaterThan(2);
      expect(Math.abs((vehicles[1]?.onBMs ?? 0) - (onB?.atMs ?? 0))).toBeLessThan(100);
    },
  );

  it('two paid, close: two grants, and the arm stays up between them', () => {
    const { edges } = play([
      ['paid', {}],
      ['paid', { close: true }],
    ]);
    expect(edges.filter(({ role }) => role === 'grant')).toHaveLength(2);
    expect(edges.filter(({ role, on }) => role === 'down' && !on)).toHaveLength(1);
    expect(edges.filter(({ role, on }) => role === 'barrier' && on)).toHaveLength(2);
  });

  it('two paid, polite: the second waits until the arm is down', () => {
    const { edges } = play([
      ['paid', {}],
      ['paid', {}],
    ]);
    expect(edges.filter(({ role, on }) => role === 'down' && !on)).toHaveLength(2);
  });
});

describe('physics', () => {
  it('holds in three hundred random stories: nobody drives through another or under a closed arm, and every vehicle is felt once', () => {
    const clock = handClock(0);
    let [finished, vehicles, onB] = [0, 0, 0];
    let [lowestArm, nearestM] = [1, Number.POSITIVE_INFINITY];
    const world = createLaneWorld({
      ...{ clock, laneId: 'L1', seed: 7 },
      onStory: ({ story, finishedAtMs }) => {
        if (finishedAtMs === undefined) return;
        finished += 1;
        vehicles += { nobody: 0, tailgater: 2, backOut: 2 }[story as string] ?? 1;
      },
    });
    const orders = randomTraffic({ seed: 7, perHour: 400, closeShare: 0.4 });
    let before = world.levels();
    for (let sent = 0; finished < 300; ) {
      if (sent < 300 && sent - finished < 3) {
        const { story, options } = orders.next().value;
        world.send(story, options);
        sent += 1;
      }
      clock.jump(25);
      const levels = world.levels();
      if (levels.barrier && !before.barrier) onB += 1;
      before = levels;
      const scene = world.scene();
      scene.vehicles.forEach((vehicle, index) => {
        const under = vehicle.frontM > LANE.armM && vehicle.frontM - vehicle.lengthM < LANE.armM;
        if (under) lowestArm = Math.min(lowestArm, scene.armPosition);
        const ahead = scene.vehicles[index - 1];
        if (ahead) nearestM = Math.min(nearestM, ahead.frontM - ahead.lengthM - vehicle.frontM);
      });
    }
    expect(lowestArm).toBeGreaterThan(0.6);
    expect(nearestM).toBeGreaterThan(0.3);
    expect(onB).toBe(vehicles);
  });
});

describe('as a function of time', () => {
  it('goes the same however often it is looked at', () => {
    const orders = fixedStory().orders.map(({ story, options }) => [story, options] as const);
    const often = play(orders, 5).world.truth();
    const seldom = play(orders, 1000).world.truth();
    const times = (truth: ReturnType<LaneWorld['truth']>) => truth.vehicles.map(({ goneMs }) => goneMs);
    expect(times(seldom)).toEqual(times(often));
  });

  it('goes on its own while it runs', async () => {
    const clock = handClock();
    const world = createLaneWorld({ clock, laneId: 'L1', seed: 1 });
    const stop = new AbortController();
    const plates: string[] = [];
    const watched = createLaneWorld({ clock, laneId: 'L2', seed: 1, onPlate: ({ text }) => plates.push(text) });
    const running = Promise.all([world.run(stop.signal), watched.run(stop.signal)]);
    watched.send('paid', { plate: '粤B12345' });
    await clock.advance(10_000);
    expect(plates).toEqual(['粤B12345']);
    stop.abort();
    await running;
  });
});

describe('faults and the fire panel', () => {
  it('a stuck loop keeps the arm up until it is mended', () => {
    const clock = handClock();
    const world = createLaneWorld({ clock, laneId: 'L1', seed: 1 });
    world.force('barrier', true);
    world.send('nobody');
    clock.jump(60_000);
    expect(world.levels()).toMatchObject({ barrier: true, up: true });
    world.force('barrier', undefined);
    clock.jump(20_000);
    expect(world.levels()).toMatchObject({ barrier: false, down: true });
  });

  it('fire holds the arm up', () => {
    const clock = handClock();
    const world = createLaneWorld({ clock, laneId: 'L1', seed: 1 });
    world.fire(true);
    clock.jump(60_000);
    expect(world.levels()).toMatchObject({ fire: true, up: true });
    world.fire(false);
    clock.jump(15_000);
    expect(world.levels()).toMatchObject({ fire: false, down: true });
  });

  it('turns cars away when too many wait', () => {
    const world = createLaneWorld({ clock: handClock(), laneId: 'L1', seed: 1 });
    const numbers = Array.from({ length: 60 }, () => world.send('paid'));
    expect(numbers.filter((number) => number === undefined)).toHaveLength(10);
  });
});

function watchedWorld(clock: ReturnType<typeof handClock>): { world: LaneWorld; begun: () => string[] } {
  const all: string[] = [];
  const onStory: LaneWorldOptions['onStory'] = ({ story, finishedAtMs }) => {
    if (finishedAtMs === undefined) all.push(story);
  };
  const world = createLaneWorld({ ...{ clock, laneId: 'L1', seed: 1 }, onStory });
  const begun = (): string[] => {
    world.levels(); // it goes on as it is looked at
    return all;
  };
  return { world, begun };
}

describe('traffic', () => {
  it('the fixed story gives exactly the releases it names', () => {
    const { orders, expected } = fixedStory();
    const { world } = play(orders.map(({ story, options }) => [story, options]));
    const { vehicles, openings } = world.truth();
    const guilty = itemsOf(vehicles, openings).filter(({ guilt }) => guilt === 'guilty');
    expect(guilty.map(({ vehicle }) => vehicle?.plate)).toEqual(expected.map(({ plate }) => plate));
    expect(openings.every((one) => one.vehicles.length > 0 || one.forVehicle !== undefined)).toBe(true);
  });

  it('random traffic repeats with its seed and keeps its shares', () => {
    const take = (seed: number) => {
      const orders = randomTraffic({ seed, perHour: 360 });
      return Array.from({ length: 2000 }, () => orders.next().value);
    };
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
    const paid = take(7).filter(({ story }) => story === 'paid').length / 2000;
    expect(paid).toBeGreaterThan(0.8);
    expect(paid).toBeLessThan(0.88);
    const meanMs = take(7).reduce((sum, { afterMs }) => sum + afterMs, 0) / 2000;
    expect(meanMs).toBeGreaterThan(9000);
    expect(meanMs).toBeLessThan(11_000);
  });

  it('is sent as its times come', async () => {
    const clock = handClock();
    const { world, begun } = watchedWorld(clock);
    const orders = [
      { afterMs: 100, story: 'paid', options: {} },
      { afterMs: 60_000, story: 'button', options: {} },
    ] as const;
    const played = playTraffic(world, clock, orders, new AbortController().signal);
    await clock.advance(59_000);
    expect(begun()).toEqual(['paid']);
    await clock.advance(2000);
    await played;
    expect(begun()).toEqual(['paid', 'button']);
  });

  it('waits while the lane is closed, and goes on', async () => {
    const clock = handClock();
    const { world, begun } = watchedWorld(clock);
    let closed = true;
    const orders = [{ afterMs: 100, story: 'paid', options: {} }] as const;
    const played = playTraffic(world, clock, orders, new AbortController().signal, () => closed);
    await clock.advance(60_000);
    expect(begun()).toEqual([]);
    closed = false;
    await clock.advance(1_000);
    await played;
    expect(begun()).toEqual(['paid']);
  });
});
