/** Which picture a release gets: readings in, records out, with a camera whose pictures say who is before it. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Bridge } from '../src/app/bridge.ts';
import { createRing } from '../src/app/pictures/frame-ring.ts';
import type { Frame } from '../src/driver.ts';
import { laneSettings } from '../src/lane/settings.ts';
import type { Release, Role } from '../src/lane/types.ts';
import type { NewRecord, OutboxRecord } from '../src/store/record-types.ts';
import type { Boot, Journal, Outbox } from '../src/store/types.ts';
import { handClock } from './sim/hand-clock.ts';

const ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'button'];
/** Lane time runs ahead of the clock by this, as after a reboot. */
const LANE_OFFSET_MS = 77_000;

function setUp(ring: { readonly framesPerSecond: number; readonly seconds: number }) {
  const clock = handClock(50_000);
  const levels: Record<string, boolean> = { down: true, up: false, approach: false, barrier: false, button: false };
  /** Who is to be seen. */
  const stage = { inView: 'nobody', asked: 0, momentMs: 0 };
  const taken: WeakRef<Frame>[] = [];
  const camera = {
    snapshot: async (signal: AbortSignal): Promise<Frame> => {
      stage.asked += 1;
      const atMs = clock.nowMs();
      const bytes = new TextEncoder().encode(stage.inView);
      await clock.sleep(80, signal);
      const frame = { bytes, mediaType: 'image/jpeg', atMs } as const;
      taken.push(new WeakRef(frame));
      return frame;
    },
  };
  const releases: Release[] = [];
  const pictures = new Map<number, Frame | { readonly none: string }>();
  const beside: [number, string, string][] = [];
  const seen = (frame: Frame): string => new TextDecoder().decode(frame.bytes);
  const outbox = {
    submit: async (record: NewRecord) => {
      releases.push(record.release);
      return { ...record, id: releases.length, picture: 'pending' } as unknown as OutboxRecord;
    },
    attach: async (id: number, picture: Frame | { readonly none: string }) => void pictures.set(id, picture),
    withdraw: async () => true,
    beside: async (id: number, place: string, frame: Frame) => beside.push([id, place, seen(frame)]) > 0,
  } as unknown as Outbox;
  const journal: Journal = {
    append: () => true,
    flush: async () => {},
    epoch: () => {},
    snapshot: () => {},
    load: async () => ({ state: undefined, rows: [] }),
  };
  const failures: unknown[] = [];
  const bridge = new Bridge({
    laneId: '1001',
    settings: laneSettings({ direction: 'exit', roles: ROLES }, { settle: 2_000 }),
    signals: Object.fromEntries(ROLES.map((role) => [role, { activeLow: false, debounceMs: 20 }])),
    clock,
    boot: { laneOffsetMs: LANE_OFFSET_MS } as Boot,
    journal,
    outbox,
    pictures: createRing({ camera, clock, ...ring, bytesMax: 1_000_000, onFault: () => {} }),
    wallMsAt: (nowMs) => nowMs,
    record: (release, releaseWallMs) => ({ release, releaseWallMs }) as NewRecord,
    on: { failed: (error) => void failures.push(error), pictureFailed: (error) => void failures.push(error) },
  });
  const stop = new AbortController();
  /** Polls for `ms`, as a driver does. */
  const pass = async (ms: number, changes: Partial<Record<Role, boolean>> = {}): Promise<void> => {
    Object.assign(levels, changes);
    for (const untilMs = clock.nowMs() + ms; clock.nowMs() < untilMs; await clock.advance(25))
      for (const role of ROLES)
        bridge.reading(role, {
          kind: 'level',
          point: role,
          value: levels[role] === true,
          atMs: clock.nowMs(),
          uncertaintyMs: 25,
        });
  };
  const picture = (id: number): string => {
    const found = pictures.get(id);
    return found === undefined ? 'nothing' : 'none' in found ? found.none : seen(found);
  };
  const pictureAtMs = (id: number): number => {
    const found = pictures.get(id);
    return found === undefined || 'none' in found ? Number.NaN : found.atMs;
  };
  const start = async (): Promise<void> => {
    await bridge.start();
    void bridge.run(stop.signal);
    await pass(1_000);
  };
  return { bridge, stage, taken, releases, picture, pictureAtMs, beside, pass, start, stop, failures, clock };
}

type Lane = ReturnType<typeof setUp>;

/** The leader has paid; the follower drives in close behind it, while the arm is up. */
async function tailgate({ bridge, stage, pass, clock }: Lane): Promise<void> {
  stage.inView = 'leader';
  await pass(1_500, { approach: true });
  const grant = { id: 'g1', scope: 'lane', kind: 'paid', count: 1, issuedAtMs: bridge.nowMs(), source: 'pms' } as const;
  bridge.feed({ kind: 'grant', grant, atMs: bridge.nowMs() });
  await pass(500);
  await pass(1_200, { down: false });
  await pass(600, { up: true });
  await pass(700, { barrier: true });
  await pass(600, { approach: false });
  stage.inView = 'nobody';
  await pass(500, { barrier: false });
  stage.inView = 'follower';
  await pass(700, { approach: true });
  stage.momentMs = clock.nowMs();
  await pass(700, { barrier: true });
  await pass(600, { approach: false });
  stage.inView = 'nobody';
  await pass(900, { barrier: false });
  await pass(1_500, { up: false });
  await pass(6_000, { down: true });
}

async function payAndPass(lane: Lane): Promise<void> {
  const { bridge, pass } = lane;
  await pass(1_500, { approach: true });
  const id = `g${bridge.nowMs()}`;
  const grant = { id, scope: 'lane', kind: 'paid', count: 1, issuedAtMs: bridge.nowMs(), source: 'pms' } as const;
  bridge.feed({ kind: 'grant', grant, atMs: bridge.nowMs() });
  await pass(500);
  await pass(1_200, { down: false });
  await leave(lane);
}

async function leave({ pass }: Lane): Promise<void> {
  await pass(600, { up: true });
  await pass(700, { barrier: true });
  await pass(600, { approach: false });
  await pass(900, { barrier: false });
  await pass(1_500, { up: false });
  await pass(6_000, { down: true });
}

describe('the picture of a release', () => {
  it.each([
    ['with a ring', { framesPerSecond: 4, seconds: 6 }],
    ['without', { framesPerSecond: 0, seconds: 0 }],
  ])('of a tailgater shows the tailgater, %s', async (_, ring) => {
    const lane = setUp(ring);
    await lane.start();
    await tailgate(lane);
    expect(lane.failures).toEqual([]);
    expect(lane.releases.map(({ verdict }) => verdict)).toEqual(['tailgating']);
    expect(lane.picture(1)).toBe('follower');
    // From when it came onto the safety loop: a poll and the debounce later at most, or the frame of the ring that was nearer.
    const lateMs = lane.pictureAtMs(1) - lane.stage.momentMs;
    expect(Math.abs(lateMs)).toBeLessThanOrEqual(75);
    lane.stop.abort();
    await lane.clock.advance(10);
  });

  it('has the frame before it and the one after it beside it', async () => {
    const lane = setUp({ framesPerSecond: 4, seconds: 6 });
    await lane.start();
    await tailgate(lane);
    expect(lane.beside.map(([id, where]) => [id, where])).toEqual([
      [1, 'before'],
      [1, 'after'],
    ]);
    expect(lane.beside[1]?.[2]).toBe('follower');
    const bare = setUp({ framesPerSecond: 0, seconds: 0 });
    await bare.start();
    await tailgate(bare);
    expect([bare.picture(1), bare.beside]).toEqual(['follower', []]);
  });

  it('of who has paid and passed is let go of, not only after fifteen others', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const lane = setUp({ framesPerSecond: 4, seconds: 6 });
    await lane.start();
    for (let vehicle = 0; vehicle < 5; vehicle += 1) await payAndPass(lane);
    await lane.pass(20_000);
    expect(lane.releases).toEqual([]);
    await setImmediate();
    collect();
    expect(lane.taken.length).toBeGreaterThan(20);
    // Of the last two: an opening is over when the next is acted on, and its picture goes when another is taken.
    expect(lane.taken.filter((frame) => frame.deref() !== undefined).length).toBeLessThanOrEqual(2 * 3);
    // One that nobody pays for has its own all the same.
    lane.stage.inView = 'unpaid';
    await lane.pass(1_000, { approach: true });
    await lane.pass(1_200, { down: false });
    await leave(lane);
    await lane.pass(90_000);
    expect(lane.picture(1)).toBe('unpaid');
    expect(lane.beside.map(([id, where]) => [id, where])).toEqual([
      [1, 'before'],
      [1, 'after'],
    ]);
  });

  it('is of a lane in which somebody is: nobody, no frames', async () => {
    const lane = setUp({ framesPerSecond: 4, seconds: 6 });
    await lane.start();
    await lane.pass(5_000);
    expect(lane.stage.asked).toBe(0);
    await lane.pass(2_000, { approach: true });
    expect(lane.stage.asked).toBeGreaterThanOrEqual(7);
    await lane.pass(500, { approach: false });
    const { asked } = lane.stage;
    await lane.pass(5_000);
    expect(lane.stage.asked).toBe(asked);
  });
});
