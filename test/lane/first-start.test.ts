/** The first start of a state that has heard no point yet, as after an update: the time before it was not seen, and that is a gap like any other. */
import { expect, it } from 'vitest';
import { laneSettings } from '../../src/lane/settings.ts';
import type { LaneEvent, Role } from '../../src/lane/types.ts';
import { drive } from './drive.ts';

const ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier'];
const settings = laneSettings({ direction: 'exit', roles: ROLES }, {});
const STARTED_MS = 100_000;

/** Each point answers a second after the start. */
const answers: readonly LaneEvent[] = ROLES.map((role, index) => ({
  ...{ kind: 'edge', role, on: role === 'down', uncertaintyMs: 0 },
  atMs: STARTED_MS + 1_000 + index,
}));

const gapsOf = (start: Omit<Extract<LaneEvent, { kind: 'start' }>, 'kind' | 'atMs'>) =>
  drive([{ kind: 'start', atMs: STARTED_MS, ...start }, ...answers], settings).effects.flatMap((effect) =>
    effect.kind === 'gap' ? [effect.gap] : [],
  );

it.each([
  ['notRunning', false],
  ['powerCut', true],
] as const)('is a gap: %s', (why, powerCut) => {
  const [gap, ...more] = gapsOf({ blindMs: 8_000, powerCut });
  expect(more).toEqual([]);
  expect(gap).toMatchObject({ why, fromMs: STARTED_MS - 8_000, roles: ROLES });
  expect(gap?.toMs).toBeGreaterThanOrEqual(STARTED_MS + 1_000);
});

it('is none where the lane was never watched before', () => {
  expect(gapsOf({ blindMs: 0, powerCut: false, first: true })).toEqual([]);
});

it('is one with what was missing already', () => {
  const again: LaneEvent = { kind: 'start', blindMs: 4_000, powerCut: false, atMs: STARTED_MS + 500 };
  const { effects } = drive(
    [{ kind: 'start', atMs: STARTED_MS - 10_000, blindMs: 8_000, powerCut: false }, again, ...answers],
    settings,
  );
  expect(effects.filter(({ kind }) => kind === 'gap')).toMatchObject([{ gap: { fromMs: STARTED_MS - 18_000 } }]);
});
