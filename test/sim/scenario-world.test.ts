/** A scenario's timeline on simulated boards: levels by time, plates and grants at their moments, silence where points are stale. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { createScenarioWorld } from '../../src/simulate/scenario/scenario-world.ts';
import { handClock } from './hand-clock.ts';

const READ_INPUTS = Uint8Array.from([0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0x79, 0xcc]);

const STORY = `name: a story
lane: { direction: exit, points: [down, up, approach, barrier, auto, button, remote] }
timeline:
  - { t: 0, approach: on }
  - { t: 0.4, plate: { text: 粤B12345, confidence: 0.97 } }
  - { t: 0.9, grant: { id: g1, plate: 粤B12345, issuedAt: -5, expiresAt: 60 } }
  - { t: 0.95, grant: { id: g2, lane: L2, scope: park } }
  - { t: 1.2, down: off, button: on }
  - { t: 2.5, stale: [approach, down] }
  - { t: 2.7, up: on }
  - { t: 2.9, mode: { name: keepOpen } }
  - { t: 6, fresh: [approach, down], approach: off }
expect: []
`;

function play() {
  const clock = handClock();
  const told: string[] = [];
  const since = (atMs = Number.NaN) => atMs - (world.startedAtMs ?? 0);
  const world = createScenarioWorld(parseScenario('story.yaml', STORY), clock, {
    plate: (lane, { text }) => told.push(`${since(clock.nowMs())} ${lane} ${text}`),
    grant: ({ id, laneId, scope, kind, issuedAtMs, expiresAtMs }) =>
      told.push(`${since(clock.nowMs())} ${id} ${laneId} ${scope} ${kind} ${since(issuedAtMs)} ${since(expiresAtMs)}`),
    keepOpen: (lane, { on }) => told.push(`${since(clock.nowMs())} ${lane} keepOpen ${on}`),
  });
  return { clock, told, world };
}

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
    expect(told).toEqual([
      '400 L1 粤B12345',
      '900 g1 L1 lane paid -5000 60000',
      '950 g2 L2 park paid NaN NaN',
      '2900 L1 keepOpen true',
    ]);
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
