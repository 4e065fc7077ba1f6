/** The worlds: possible in a real lane, the same again with the same seed, and true to what they say of themselves. */
import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/lane/types.ts';
import { createLoopDetector } from '../../src/sim/loop-detector.ts';
import { createMachineArm } from '../../src/sim/machine-arm.ts';
import { newMover } from '../../src/sim/movers.ts';
import { createRandom } from '../../src/sim/random.ts';
import type { WorldManner } from '../../src/sim/worlds/manner.ts';
import { playPark } from '../../src/sim/worlds/park.ts';
import { canSee } from '../../src/sim/worlds/sight.ts';
import { WORLD_NAMES, WORLDS } from '../../src/sim/worlds/worlds.ts';
import { atLength } from '../at-length.ts';

const VEHICLES = atLength(120, 40);

describe.each(WORLD_NAMES)('the world %s', (name) => {
  const park = playPark(WORLDS[name], VEHICLES, 7);

  it('is the same again with the same seed', () => {
    expect(playPark(WORLDS[name], VEHICLES, 7)).toEqual(park);
  });

  it('shows contacts that change one after the other, and messages in order', () => {
    for (const { edges, beam } of park.lanes)
      for (const all of [edges, beam]) {
        const levels = new Map<Role, boolean>();
        let lastMs = Number.NEGATIVE_INFINITY;
        for (const { role, on, atMs } of all) {
          expect(atMs).toBeGreaterThanOrEqual(lastMs);
          // A command may be given again while its contact is still closed.
          if (!['auto', 'button', 'remote'].includes(role)) expect(levels.get(role) ?? false).toBe(!on);
          levels.set(role, on);
          lastMs = atMs;
        }
      }
    const times = park.messages.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('knows of each vehicle how it came and went', () => {
    expect(park.vehicles.length).toBeGreaterThanOrEqual(VEHICLES);
    const byId = new Map(park.openings.map((opening) => [opening.id, opening]));
    for (const vehicle of park.vehicles) {
      const { onBMs, offBMs, goneMs, arrivedMs, opening, authorised, means, back } = vehicle;
      expect(goneMs).toBeGreaterThan(arrivedMs);
      // Whoever has not gone through has gone back.
      if (offBMs === undefined) expect(back).toBeDefined();
      else expect(offBMs).toBeGreaterThan(onBMs ?? Number.POSITIVE_INFINITY);
      if (authorised) expect(['paid', 'free', 'season']).toContain(means);
      if (opening !== undefined) expect(byId.get(opening)?.vehicles).toContain(vehicle.id);
    }
    for (const { startMs, endMs } of park.openings) expect(endMs).toBeGreaterThan(startMs);
  });
});

describe('a vehicle that comes again', () => {
  const onlyBack = { ...WORLDS.backs, mix: { backOut: 1 } };
  const againIn = (manner: WorldManner) => {
    const { vehicles } = playPark(manner, 60, 7);
    return vehicles.flatMap((again) => {
      const before = vehicles.find(({ id }) => id === again.cameAs);
      return before === undefined ? [] : [{ before, again }];
    });
  };

  it('is the same vehicle, with or without a plate', () => {
    const visits = againIn({ ...onlyBack, manners: { ...onlyBack.manners, kinds: { motorcycle: 1 } } });
    expect(visits.length).toBeGreaterThan(30);
    for (const { before, again } of visits) {
      expect(before.back).toBe('honest');
      expect(again).toMatchObject({ kind: before.kind, way: before.way, authorised: true });
      expect(again.plate).toBe(before.plate);
    }
    expect(new Set(visits.map(({ again }) => again.plate === undefined)).size).toBe(2);
  });

  it('has a plate that is as dirty as it was', () => {
    const visits = againIn({ ...onlyBack, sight: { ...onlyBack.sight, unreadable: 0.5, wrongLength: 0, misread: 0 } });
    const unread = visits.filter(({ before }) => before.reads.length === 0);
    expect(unread.length).toBeGreaterThan(10);
    for (const { again } of unread) expect(again.reads).toEqual([]);
  });
});

describe('a place', () => {
  it('has a detector that swallows gaps shorter than it holds, and keeps longer ones', () => {
    const said: [boolean, number][] = [];
    const manner = { riseMs: 20, fallMs: 100, chatter: 0, dropout: 0 };
    const detector = createLoopDetector(manner, createRandom(1), (on, atMs) => said.push([on, atMs]));
    for (const [occupied, atMs] of [
      [true, 0],
      [false, 500],
      [true, 580],
      [false, 1_000],
      [true, 1_150],
    ] as const)
      detector.metal(occupied, atMs, false);
    detector.advance(2_000);
    expect(said).toEqual([
      [true, 20],
      [false, 1_100],
      [true, 1_170],
    ]);
  });

  it('has a detector that chatters when it does', () => {
    const said: boolean[] = [];
    const manner = { riseMs: 20, fallMs: 100, chatter: 1, dropout: 0 };
    const detector = createLoopDetector(manner, createRandom(1), (on) => said.push(on));
    detector.metal(true, 0, false);
    detector.advance(1_000);
    expect(said).toEqual([true, false, true]);
  });

  it('has an arm that opens again when something comes under it', () => {
    const said: string[] = [];
    const manner = { upMs: 1_000, closeDelayMs: 500, patienceMs: 5_000, counts: false };
    const arm = createMachineArm(manner, (limit, on) => said.push(`${limit} ${on ? 'on' : 'off'}`));
    arm.open(0);
    let atMs = 0;
    const run = (forMs: number, loopB: boolean): void => {
      for (const untilMs = atMs + forMs; atMs < untilMs; ) {
        atMs += 20;
        arm.step(atMs, 20, loopB);
      }
    };
    run(1_500, false);
    run(1_000, true);
    run(900, false);
    expect(said).toEqual(['down off', 'up on', 'up off']);
    run(1_000, true);
    expect(said.at(-1)).toBe('up on');
    run(2_500, false);
    expect(said.at(-1)).toBe('down on');
    expect(arm.still).toBe(true);
  });

  it('has a camera that sees a follower only past the one ahead', () => {
    const camera = {
      ...{ trigger: 'video' as const, atM: 1, heightM: 1.4, besideM: 1, nearM: 1, farM: 8 },
      ...{ rated: true, sided: true },
    };
    const random = createRandom(1);
    const at = (frontM: number) => ({ ...newMover(1, 'van', 1, frontM, random), lengthM: 5 });
    expect(canSee(camera, at(-4), undefined)).toBe(true);
    // Its rear is at −3, a metre before the one that follows.
    expect(canSee(camera, at(-4), at(2))).toBe(false);
    // Gone past the camera.
    expect(canSee(camera, at(-0.4), at(6))).toBe(true);
    expect(canSee(camera, at(0.5), at(6))).toBe(false);
  });
});
