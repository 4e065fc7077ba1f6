/** The joint assignment: the matching beside every possible one, and the limit beyond which it says nothing. */
import { describe, expect, it } from 'vitest';
import { ASSIGNED_MOST } from '../../src/lane/assignment.ts';
import { bestMatching, type Gains } from '../../src/lane/matching.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { LaneEvent, Release, Role } from '../../src/lane/types.ts';
import fc from '../property.ts';
import { drive } from './drive.ts';

/** Every way to match them, one after the other. */
function byTrial(gains: Gains, alone: readonly (number | null)[], used: readonly number[] = []): number {
  const row = used.length;
  if (row === gains.length) return 0;
  const own = alone[row] ?? null;
  const without = own === null ? Number.NEGATIVE_INFINITY : own + byTrial(gains, alone, [...used, -1]);
  const by = (gains[row] ?? []).map((gain, column) =>
    gain > 0 && !used.includes(column) ? gain + byTrial(gains, alone, [...used, column]) : Number.NEGATIVE_INFINITY,
  );
  return Math.max(without, ...by);
}

const WIDTH = 4;
const rows = fc.array(
  fc.record({
    gains: fc.array(fc.nat(8), { minLength: WIDTH, maxLength: WIDTH }),
    alone: fc.option(fc.nat(4), { freq: 8 }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('the matching', () => {
  it('is worth as much as the best of all, each column once', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const gains = given.map((row) => row.gains);
        const alone = given.map((row) => row.alone);
        const best = byTrial(gains, alone);
        const found = bestMatching(gains, alone);
        if (best === Number.NEGATIVE_INFINITY) {
          expect(found).toBeUndefined();
          return;
        }
        const taken = found?.columns.filter((column) => column >= 0) ?? [];
        expect(found?.sum).toBe(best);
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});

const settings = laneSettings(
  { direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'] },
  {},
);

/** One that paid under its plate, and one close behind it that nobody read; so many payments ahead just before. */
function followed(ahead: number): readonly Release[] {
  const edges: readonly (readonly [number, Role, boolean])[] = [
    ...(
      [
        ['down', true],
        ['up', false],
        ['approach', false],
        ['barrier', false],
      ] as const
    ).map(([role, on]) => [0, role, on] as const),
    ...[[0, 'auto', false] as const, [0, 'button', false] as const, [0, 'remote', false] as const],
    ...[[20, 'approach', true] as const, [21.2, 'auto', true] as const, [21.35, 'down', false] as const],
    ...[[21.5, 'auto', false] as const, [22.85, 'up', true] as const, [24, 'barrier', true] as const],
    ...[[25.4, 'approach', false] as const, [26.2, 'approach', true] as const, [26.6, 'barrier', false] as const],
    ...[[27.1, 'barrier', true] as const, [28.4, 'approach', false] as const, [29.6, 'barrier', false] as const],
    ...[[31, 'up', false] as const, [32.5, 'down', true] as const],
  ];
  const paid = (id: string, plate: string, scope: 'lane' | 'park', atMs: number): LaneEvent => ({
    kind: 'grant',
    grant: { id, plate, scope, count: 1, kind: 'paid', issuedAtMs: atMs, source: 'test' },
    atMs,
  });
  const events: LaneEvent[] = [
    { kind: 'start', blindMs: 0, powerCut: false, atMs: 0 },
    ...edges.map(([s, role, on]): LaneEvent => ({ kind: 'edge', role, on, atMs: s * 1000, uncertaintyMs: 0 })),
    ...Array.from({ length: ahead }, (_, index) => paid(`p${index}`, `粤C${10_000 + index}`, 'park', 10_000 + index)),
    { kind: 'plate', plate: { text: '粤B11111', confidence: 0.97 }, atMs: 20_400 },
    paid('g1', '粤B11111', 'lane', 21_000),
  ];
  const { effects } = drive(
    events.sort((a, b) => a.atMs - b.atMs),
    settings,
  );
  return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
}

describe('an unread follower', () => {
  it.each([
    [0, true],
    [1, false],
    [ASSIGNED_MOST + 5, false],
  ])('with %i payments that nobody has used is reported: %s', (ahead, reported) => {
    const [release, ...more] = followed(ahead);
    expect(more).toEqual([]);
    expect(release).toMatchObject({ verdict: 'tailgating', reported });
    expect(release?.facts.some(({ kind }) => kind === 'mayBePaid')).toBe(!reported);
  });
});
