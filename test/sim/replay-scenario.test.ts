/** A scenario's timeline on simulated boards: levels by time, plates and grants at their moments, silence where points are stale. */
import { describe, expect, it } from 'vitest';
import type { ReplayedScenario } from '../../src/sim/replay-scenario.ts';
import { createScenarioWorld, levelsAt } from '../../src/sim/replay-scenario.ts';
import { handClock } from './hand-clock.ts';

const READ_INPUTS = Uint8Array.from([0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0x79, 0xcc]);

const scenario: ReplayedScenario = {
  points: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
  timeline: [
    { atMs: 0, levels: { approach: true } },
    { atMs: 400, plate: { text: '粤B12345', confidence: 0.97 } },
    { atMs: 900, grant: { id: 'g1', plate: '粤B12345', kind: 'paid' } },
    { atMs: 950, grant: { id: 'g2', lane: 'L2', scope: 'park' } },
    { atMs: 1200, levels: { down: false, button: true } },
    { atMs: 2500, stale: ['approach', 'down'] },
    { atMs: 2700, levels: { up: true } },
    { atMs: 2900, keepOpen: { on: true } },
    { atMs: 6000, fresh: ['approach', 'down'], levels: { approach: false } },
  ],
};

function play() {
  const clock = handClock();
  const told: string[] = [];
  const since = (atMs: number) => atMs - (world.startedAtMs ?? 0);
  const world = createScenarioWorld({
    clock,
    laneId: '1001',
    scenario,
    onPlate: ({ text }, atMs) => told.push(`${since(atMs)} ${text}`),
    onGrant: (grant) => told.push(`${since(grant.atMs)} ${grant.id} ${grant.laneId} ${grant.scope} ${grant.kind}`),
    onKeepOpen: ({ on }) => told.push(`${since(clock.nowMs())} keepOpen ${on}`),
  });
  return { clock, told, world };
}

describe('levels', () => {
  it('are the initial ones before the story, and change at their moments', () => {
    expect(levelsAt(scenario, -1)).toMatchObject({ down: true, approach: false, mains: false });
    expect(levelsAt(scenario, 0)).toMatchObject({ down: true, approach: true });
    expect(levelsAt(scenario, 1200)).toMatchObject({ down: false, approach: true, button: true });
    expect(levelsAt({ ...scenario, initial: ['up'] }, -1)).toMatchObject({ down: false, up: true });
  });
});

describe('the story', () => {
  it('tells plates, grants and the word of the platform at their moments, after a lead-in', async () => {
    const { clock, told, world } = play();
    const began = clock.nowMs();
    const running = world.run(new AbortController().signal);
    await clock.advance(1400);
    expect(told).toEqual([]);
    await clock.advance(10_000);
    await running;
    expect(world.startedAtMs).toBe(began + 1500);
    expect(told).toEqual(['400 粤B12345', '900 g1 1001 lane paid', '950 g2 L2 park paid', '2900 keepOpen true']);
  });

  it('ends when it is told to', async () => {
    const { clock, world } = play();
    const stop = new AbortController();
    const running = world.run(stop.signal);
    await clock.advance(2000);
    stop.abort();
    await running;
  });
});

describe('the boards', () => {
  it('carry the points, those that fall silent together on one', async () => {
    const { clock, world } = play();
    expect(world.boards.map(({ roles }) => roles)).toEqual([
      ['down', 'approach'],
      ['up', 'barrier', 'auto', 'button', 'remote'],
    ]);
    const inputs = () => world.boards.map(({ device }) => device.receive(READ_INPUTS)[0]?.[3]);
    expect(inputs()).toEqual([0b01, 0]);
    void world.run(new AbortController().signal);
    await clock.advance(1500);
    expect(inputs()).toEqual([0b11, 0]);
    await clock.advance(1200);
    expect(inputs()).toEqual([0b10, 0b01000]);
    await clock.advance(1500);
    expect(inputs()).toEqual([undefined, 0b01001]);
    await clock.advance(3300);
    expect(inputs()).toEqual([0b00, 0b01001]);
  });

  it('show a picture that fits', async () => {
    const { clock, world } = play();
    expect(world.scene()).toMatchObject({ armPosition: 0, vehicles: [] });
    void world.run(new AbortController().signal);
    await clock.advance(1500 + 1300);
    expect(world.scene()).toMatchObject({ armPosition: 0.5, vehicles: [{ plate: { text: '粤B12345' } }] });
  });
});
