/** The slope's error is honest: of series without a slope, whatever their memory of themselves, about one in twenty looks as if it had one. */
import { expect, it } from 'vitest';
import { createRandom } from '../../src/sim/random.ts';
import { undisturbed } from './samples.ts';
import { type Point, slopeOf } from './slope.ts';

const SAMPLES = 270;
const SERIES = 400;

it.each([0, 0.5, 0.9])('covers a slope of nothing under autocorrelation %s', (correlation) => {
  const random = createRandom(7);
  const inside = Array.from({ length: SERIES }, () => slopeOf(noise(random, correlation))).filter(
    (found) => found !== undefined && Math.abs(found.slope) < 2 * found.standardError,
  ).length;
  expect(inside / SERIES).toBeGreaterThan(0.92);
});

it('finds a slope that stands above the noise, with an error that says so', () => {
  const leaking = noise(createRandom(3), 0.5).map(({ x, y }) => ({ x, y: y + 0.05 * x }));
  const { slope, standardError } = slopeOf(leaking) ?? { slope: 0, standardError: 0 };
  expect(slope).toBeGreaterThan(0.04);
  expect(slope).toBeLessThan(0.06);
  expect(slope / standardError).toBeGreaterThan(10);
});

it('a step of one sample moves nothing', () => {
  const flat: Point[] = Array.from({ length: 90 }, (_, x) => ({ x, y: x === 60 ? 1e6 : 5 }));
  expect(slopeOf(flat)).toMatchObject({ slope: 0, standardError: 0 });
});

it('too few samples give no slope', () => {
  expect(slopeOf(noise(createRandom(1), 0).slice(0, 15))).toBeUndefined();
});

it('the samples beside a thread that comes and goes are left out', () => {
  const samples = [9, 9, 10, 10, 9, 9, undefined].map((threads, hours) => ({ hours, ...(threads && { threads }) }));
  expect(undisturbed(samples).map(({ hours }) => hours)).toEqual([0, 1, 4, 5, 6]);
});

/** First-order autoregression, Gaussian. */
function noise(random: ReturnType<typeof createRandom>, correlation: number): Point[] {
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  let y = gaussian() / Math.sqrt(1 - correlation ** 2);
  return Array.from({ length: SAMPLES }, (_, x) => {
    y = correlation * y + gaussian();
    return { x, y };
  });
}
