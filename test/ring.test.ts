/** The frames around a moment: which one is given, how much is held, and that nothing is taken when nobody is there. */

import { describe, expect, it } from 'vitest';
import { Captures } from '../src/app/pictures/captures.ts';
import { createRing, type RingOptions } from '../src/app/pictures/frame-ring.ts';
import { type Frame, LinkError } from '../src/driver.ts';
import fc from './property.ts';
import { handClock } from './sim/hand-clock.ts';

/** A camera whose pictures take `takesMs` and have `size` bytes; the first is of when it was asked for. */
function setUp(
  options: Partial<RingOptions> & {
    readonly takesMs?: number;
    readonly size?: () => number;
    readonly read?: (room?: Uint8Array) => Uint8Array;
  } = {},
) {
  const clock = handClock(100_000);
  const asked: number[] = [];
  const faults: unknown[] = [];
  const state = { fails: false, underWay: 0, mostUnderWay: 0 };
  const camera = {
    snapshot: async (signal: AbortSignal, room?: Uint8Array): Promise<Frame> => {
      const atMs = clock.nowMs();
      asked.push(atMs);
      state.underWay += 1;
      state.mostUnderWay = Math.max(state.mostUnderWay, state.underWay);
      await clock.sleep(options.takesMs ?? 100, signal);
      state.underWay -= 1;
      if (state.fails) throw new LinkError('refused', 'busy');
      const bytes = options.read?.(room) ?? new Uint8Array(options.size?.() ?? 10);
      return { bytes, mediaType: 'image/jpeg', atMs };
    },
  };
  const ring = createRing({
    camera,
    clock,
    framesPerSecond: 2,
    seconds: 6,
    bytesMax: 1_000,
    onFault: (error) => void faults.push(error),
    ...options,
  });
  /** What a promise gives, with the clock moved on until it does. */
  const soon = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    const done = promise.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    for (let turn = 0; turn < 400 && !settled; turn += 1) await clock.advance(10);
    return done;
  };
  return { clock, ring, asked, faults, state, soon };
}

describe('a ring', () => {
  it('takes frames while a vehicle is present, and none before or after', async () => {
    const { clock, ring, asked } = setUp();
    await clock.advance(5_000);
    expect(asked).toEqual([]);
    ring.present(true);
    await clock.advance(2_050);
    expect(asked.map((atMs) => atMs - 105_000)).toEqual([0, 500, 1_000, 1_500, 2_000]);
    ring.present(false);
    await clock.advance(10_000);
    expect(asked).toHaveLength(5);
    expect(ring.bytes).toBe(0);
    // Again, for the next one.
    ring.present(true);
    await clock.advance(600);
    expect(asked).toHaveLength(7);
  });

  it('goes on while one of two lanes has a vehicle, and not for ever for a loop that is stuck', async () => {
    const { clock, ring, asked } = setUp();
    ring.present(true, 'a');
    ring.present(true, 'b');
    ring.present(false, 'a');
    await clock.advance(1_000);
    const count = asked.length;
    expect(count).toBeGreaterThan(1);
    await clock.advance(20 * 60_000);
    expect(asked.length).toBeLessThanOrEqual(5 * 60 * 2 + 2);
    const stopped = asked.length;
    ring.present(true, 'b');
    await clock.advance(600);
    expect(asked.length).toBeGreaterThan(stopped);
  });

  it('gives the frame nearest to the moment, and those beside it', async () => {
    const { clock, ring, soon, state } = setUp();
    ring.present(true);
    await clock.advance(3_200);
    // Just after a frame at 3 s: that one is nearer than any taken from now on.
    const before = await soon(ring.nearest(103_020));
    expect(before.atMs).toBe(103_000);
    const beside = await soon(ring.around(before));
    expect(beside.before?.atMs).toBe(102_500);
    expect(beside.after?.atMs).toBeGreaterThan(103_000);
    // Long after: the one asked for at once.
    const momentMs = clock.nowMs();
    const now = await soon(ring.nearest(momentMs));
    expect(Math.abs(now.atMs - momentMs)).toBeLessThanOrEqual(100);
    expect(state.mostUnderWay).toBe(1);
  });

  it('waits for the next one when the one under way was asked for before the moment', async () => {
    const { clock, ring, soon } = setUp({ takesMs: 400, framesPerSecond: 0.2 });
    ring.present(true);
    await clock.advance(100);
    const frame = await soon(ring.nearest(100_350));
    expect(frame.atMs).toBe(100_400);
  });

  it('gives what it has when the camera fails at the moment, but nothing that may show another vehicle', async () => {
    const { clock, ring, soon, state, faults } = setUp();
    ring.present(true);
    await clock.advance(1_200);
    state.fails = true;
    expect((await soon(ring.nearest(clock.nowMs()))).atMs).toBe(101_000);
    await clock.advance(2_500);
    await expect(soon(ring.nearest(clock.nowMs()))).rejects.toMatchObject({ code: 'refused' });
    expect(faults).toHaveLength(1);
    state.fails = false;
    await clock.advance(31_000);
    expect(ring.bytes).toBeGreaterThan(0);
  });

  it('asks a camera that fails less and less often', async () => {
    const { clock, ring, asked, state } = setUp();
    state.fails = true;
    ring.present(true);
    await clock.advance(120_000);
    expect(asked.length).toBeLessThan(14);
  });

  it('takes one picture when asked, when it keeps none', async () => {
    const { clock, ring, soon, asked } = setUp({ framesPerSecond: 0, seconds: 0 });
    ring.present(true);
    await clock.advance(5_000);
    expect(asked).toEqual([]);
    const frame = await soon(ring.nearest(clock.nowMs() - 30));
    expect(asked).toHaveLength(1);
    expect(await soon(ring.around(frame))).toEqual({});
  });

  it('falls back to the picture that came with a read', async () => {
    const { clock, ring, soon, state } = setUp({ framesPerSecond: 0 });
    const offered: Frame = { bytes: new Uint8Array(7), mediaType: 'image/jpeg', atMs: clock.nowMs() - 400 };
    ring.offer(offered);
    expect((await soon(ring.nearest(clock.nowMs()))).bytes).not.toHaveLength(7);
    state.fails = true;
    expect((await soon(ring.nearest(100_000))).atMs).toBe(100_000);
    expect((await soon(ring.nearest(99_700))).atMs).toBe(100_000);
    const alone = setUp({ framesPerSecond: 0 });
    alone.ring.offer(offered);
    alone.state.fails = true;
    expect(await alone.soon(alone.ring.nearest(99_700))).toBe(offered);
  });

  it('never holds more than its limit, whatever the camera gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 40 }), async (sizes) => {
        let index = 0;
        const { clock, ring } = setUp({
          takesMs: 0,
          framesPerSecond: 10,
          size: () => sizes[index++ % sizes.length] ?? 0,
        });
        ring.present(true);
        for (let turn = 0; turn < 60; turn += 1) {
          await clock.advance(50);
          if (turn % 7 === 0)
            ring.offer({
              bytes: new Uint8Array(sizes[turn % sizes.length] ?? 0),
              mediaType: 'image/jpeg',
              atMs: clock.nowMs(),
            });
          expect(ring.bytes).toBeLessThanOrEqual(1_000);
        }
        ring.close();
        expect(ring.bytes).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('reads new frames where old ones were, and none over a picture that it has given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            way: fc.constantFrom('nearest', 'take', 'held', 'around', 'none'),
            agoMs: fc.integer({ min: 0, max: 2_500 }),
            isThere: fc.boolean(),
            bytes: fc.integer({ min: 60, max: 110 }),
          }),
          { maxLength: 30 },
        ),
        async (steps) => {
          const places = new Set<ArrayBufferLike>();
          let bytes = 100;
          let number = 0;
          /** Every picture is all of one number, in the place that it was offered where it fits there. */
          const read = (room?: Uint8Array): Uint8Array => {
            number += 1;
            const whole = room !== undefined && room.length >= bytes ? room.subarray(0, bytes) : new Uint8Array(bytes);
            places.add(whole.buffer);
            return whole.fill(number);
          };
          const { clock, ring, soon } = setUp({ bytesMax: 1_200, read });
          const given = new Map<Frame, string>();
          const take = (frame: Frame | undefined): void => {
            if (frame !== undefined && !given.has(frame)) given.set(frame, frame.bytes.join());
          };
          for (const step of [...steps, ...steps]) {
            bytes = step.bytes;
            ring.present(step.isThere);
            const atMs = clock.nowMs() - step.agoMs;
            if (step.way === 'nearest') take(await soon(ring.nearest(atMs)));
            if (step.way === 'take') take(await soon(ring.take()));
            if (step.way === 'held') take(ring.held(atMs));
            const [last] = [...given.keys()].slice(-1);
            if (step.way === 'around' && last !== undefined)
              for (const frame of Object.values(await soon(ring.around(last)))) take(frame);
            await clock.advance(700);
          }
          for (const [frame, was] of given) expect(frame.bytes.join()).toBe(was);
          const before = places.size;
          bytes = 100;
          ring.present(true);
          await clock.advance(60_000);
          // As many as it holds, and those that were too small or too large.
          expect(places.size - before).toBeLessThanOrEqual(30);
          expect(ring.bytes).toBeLessThanOrEqual(1_200);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ends at once', async () => {
    const { clock, ring, asked } = setUp({ takesMs: 60_000 });
    ring.present(true);
    await clock.advance(10);
    ring.close();
    await clock.advance(10_000);
    ring.present(true);
    await clock.advance(1_000);
    expect(asked).toHaveLength(1);
  });
});

describe('captures', () => {
  const frame = (size: number, atMs = 0): Frame => ({ bytes: new Uint8Array(size), mediaType: 'image/jpeg', atMs });
  const megabyte = 1024 * 1024;

  it('keep pictures until they are fetched, sixteen at most', async () => {
    const clock = handClock();
    const pictures = {
      present: () => {},
      nearest: async (atMs: number) => frame(1, atMs),
      held: () => undefined,
      around: async () => ({}),
    };
    const captures = new Captures({ pictures, clock, failed: () => {} });
    for (let index = 0; index < 20; index += 1) captures.begin(`c${index}`, index);
    expect(captures.take('c3')).toBeUndefined();
    expect(await captures.take('c4')?.picture).toMatchObject({ atMs: 4 });
    expect(captures.take('c4')).toBeUndefined();
  });

  it('drop the oldest frames beside them first, and never a picture', async () => {
    const clock = handClock();
    const beside = { before: frame(megabyte), after: frame(megabyte) };
    const pictures = {
      present: () => {},
      nearest: async (atMs: number) => frame(1, atMs),
      held: () => undefined,
      around: async () => beside,
    };
    const captures = new Captures({ pictures, clock, failed: () => {} });
    for (let index = 0; index < 6; index += 1) captures.begin(`c${index}`, index);
    await clock.advance(1);
    expect(await captures.take('c0')?.around).toEqual({});
    expect(await captures.take('c0')?.picture).toBeUndefined();
    expect(await captures.take('c1')?.picture).toMatchObject({ atMs: 1 });
    expect(await captures.take('c5')?.around).toBe(beside);
  });

  it('say why there is no picture, and wait three seconds for one', async () => {
    const clock = handClock();
    const failed: unknown[] = [];
    const nearest = async (atMs: number): Promise<Frame> => {
      if (atMs === 1) throw new LinkError('denied', 'no');
      return new Promise(() => {});
    };
    const held = (atMs: number): Frame | undefined => (atMs === 3 ? frame(1, 2) : undefined);
    const captures = new Captures({
      pictures: { present: () => {}, nearest, held, around: async () => ({}) },
      clock,
      failed: (error) => void failed.push(error),
    });
    captures.begin('denied', 1);
    captures.begin('never', 2);
    captures.begin('held', 3);
    const [denied, never, late] = [captures.take('denied'), captures.take('never'), captures.take('held')];
    await clock.advance(2_990);
    expect(failed).toHaveLength(1);
    await clock.advance(20);
    expect([await denied?.picture, await never?.picture]).toEqual([{ none: 'denied' }, { none: 'timeout' }]);
    expect(await never?.around).toEqual({});
    // A camera that hangs at the moment itself: what the ring has of it is better than nothing.
    expect(await late?.picture).toMatchObject({ atMs: 2 });
  });
});
