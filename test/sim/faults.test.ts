/** What goes wrong by name: on the wire, at boards, loops, camera and platform; several at a time, and all put right again. */
import { describe, expect, it } from 'vitest';
import { createFarEnd } from '../../src/sim/devices/far-end.ts';
import { createFaults, FAULTS } from '../../src/sim/faults.ts';
import { createLaneWorld } from '../../src/sim/world.ts';
import { createDemoControls } from '../../src/simulate/demo/demo-controls.ts';
import { plannedFault } from '../../src/simulate/fault-words.ts';
import { handClock } from './hand-clock.ts';

function parts() {
  const clock = handClock(0);
  const farEnd = createFarEnd({ clock, seed: 1 });
  const world = createLaneWorld({ clock, laneId: 'L1', seed: 1 });
  const seen: string[] = [];
  const wire = { behave: farEnd.behave, unplug: () => seen.push('unplug'), plug: () => seen.push('plug') };
  const board = { powered: true };
  const camera = { behave: ({ kind }: { readonly kind: string }) => seen.push(`camera ${kind}`) };
  const platform = { behave: (how?: { readonly kind: string }) => seen.push(`platform ${how?.kind ?? 'good'}`) };
  const faults = createFaults({ wires: [wire], boards: [board], worlds: [world], cameras: [camera], platform });
  const answers = async (count: number): Promise<readonly number[]> => {
    const lengths: number[] = [];
    farEnd.attach({ receive: () => [Uint8Array.of(1, 2, 3, 4)] });
    const listener = { say: (piece: Uint8Array) => lengths.push(piece.length), signal: new AbortController().signal };
    for (let index = 0; index < count; index += 1) {
      void farEnd.hear(Uint8Array.of(9), { ...listener, characterMs: 0 });
      await clock.advance(1);
    }
    return lengths;
  };
  return { faults, world, board, seen, answers };
}

describe('faults', () => {
  it('strike a share of the answers on a wire, several kinds at a time', async () => {
    const { faults, answers } = parts();
    faults.set('lost', true, 0.3);
    faults.set('cut', true, 0.3);
    const lengths = await answers(400);
    const cut = lengths.filter((length) => length === 2).length;
    expect(lengths.length).toBeGreaterThan(240);
    expect(lengths.length).toBeLessThan(320);
    expect(cut).toBeGreaterThan(40);
    expect(cut).toBeLessThan(130);
  });

  it('are put right again, one by one', async () => {
    const { faults, world, board, seen, answers } = parts();
    for (const name of ['lost', 'power', 'stuck-b', 'unplug', 'camera-dead', 'platform-500'] as const)
      faults.set(name, true);
    expect(faults.active).toHaveLength(6);
    expect(board.powered).toBe(false);
    expect(world.levels().barrier).toBe(true);
    expect(seen.slice(-4)).toEqual(['unplug', 'camera dead', 'platform good', 'platform status']);
    for (const name of [...faults.active]) faults.set(name, false);
    expect(board.powered).toBe(true);
    expect(world.levels().barrier).toBe(false);
    expect(seen.slice(-3)).toEqual(['plug', 'camera good', 'platform good']);
    expect(await answers(10)).toHaveLength(10);
  });
});

describe('words', () => {
  it('say what, how much, from when and for how long', () => {
    expect(plannedFault('late=5%')).toEqual({ name: 'late', share: 0.05, fromMs: 0 });
    expect(plannedFault('unplug@30s:500ms')).toEqual({ name: 'unplug', share: 1, fromMs: 30_000, forMs: 500 });
    for (const wrong of ['later', 'late=101%', 'late@30', 'late=5%@', '']) expect(() => plannedFault(wrong)).toThrow();
  });
});

describe('the controls of the demonstration', () => {
  it('send vehicles until the lane is full, and know their faults', () => {
    const { faults, world } = parts();
    const controls = createDemoControls(world, faults);
    expect(controls.send('manual')).toBe(true);
    for (let index = 0; index < 60; index += 1) controls.send('paid');
    expect(controls.send('paid')).toBe(false);
    expect(controls.faults).toEqual(FAULTS);
    expect(controls.fault('camera-dead', true)).toBe(true);
    expect(faults.active).toEqual(['camera-dead']);
    expect(controls.fault('camera-dead', false)).toBe(true);
    expect(controls.fault('earthquake', true)).toBe(false);
  });
});
