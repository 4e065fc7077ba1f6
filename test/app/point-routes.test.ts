/** Readings go to the lanes that use the point, and to no other. */
import { expect, it } from 'vitest';
import { PointRoutes } from '../../src/app/point-routes.ts';
import type { LaneConfig } from '../../src/config/types.ts';
import type { Reading } from '../../src/driver.ts';

type Lane = Pick<LaneConfig, 'id' | 'points'>;
const at = (device: string, point: string) => ({ device, point, activeLow: false, debounceMs: 20 });
const LANES: readonly Lane[] = [
  { id: 'in', points: { down: at('io1', 'di1'), approach: at('io1', 'di2'), fire: at('io2', 'di8') } },
  { id: 'out', points: { down: at('io2', 'di1'), fire: at('io2', 'di8') } },
];

function routed() {
  const got: string[] = [];
  const bridges = new Map(
    LANES.map(({ id }) => [
      id,
      {
        reading: (role: string, reading: Reading) => got.push(`${id} ${role} ${reading.point}`),
        lost: (role: string) => got.push(`${id} ${role} lost`),
      },
    ]),
  );
  return { routes: new PointRoutes(LANES, bridges), got };
}
const level = (point: string): Reading => ({ kind: 'level', point, value: true, atMs: 1, uncertaintyMs: 1 });

it('a reading reaches the one lane of its point', () => {
  const { routes, got } = routed();
  routes.reading('io1', level('di2'));
  routes.reading('io2', level('di1'));
  expect(got).toEqual(['in approach di2', 'out down di1']);
});

it('a point of several lanes reaches each, one of none goes nowhere', () => {
  const { routes, got } = routed();
  routes.reading('io2', level('di8'));
  routes.reading('io1', level('di7'));
  routes.reading('io3', level('di1'));
  expect(got).toEqual(['in fire di8', 'out fire di8']);
});

it('a device that cannot be read is lost where it is used', () => {
  const { routes, got } = routed();
  routes.lost('io1');
  routes.lost('io3');
  expect(got).toEqual(['in down lost', 'in approach lost']);
});
