/**
 * A payment told again after the box has found out what time it is, and after a restart, which forgets the ids that the intake had seen: what was used
 * is used.
 */
import { expect, it } from 'vitest';
import { TrackedGrants } from '../../src/app/register/tracked-grants.ts';
import { type TimeContext, understandGrant } from '../../src/intake/grants.ts';
import { LaneRunner } from '../../src/lane/lane-runner.ts';
import { isRepetition } from '../../src/lane/repetition.ts';
import type { Grant } from '../../src/lane/types.ts';
import { edge, START_MS } from '../lane/arbitrary.ts';
import { passage, plateOf, settings } from '../lane/tills.ts';
import { open, temporaryFolder } from '../store/open.ts';

const HOUR_MS = 3_600_000;
/** What time it really was at `START_MS`. */
const WALL_MS = Date.parse('2026-12-03T10:00:00+08:00');
const PLATE = plateOf(1);
const wall = (atMs: number): string => new Date(WALL_MS + atMs - START_MS).toISOString();

/** As a box understands it whose clock is `behindMs` behind, and which nobody has told what time it is. */
function understood(message: object, atMs: number, behindMs: number, isUndated = behindMs !== 0): Grant {
  const ours: TimeContext = {
    laneTimeMs: (wallMs) => wallMs - WALL_MS + START_MS + behindMs,
    laneNowMs: () => atMs,
    isUndated: () => isUndated,
    clock: { nowMs: () => atMs, wallMs: () => WALL_MS + atMs - START_MS, sleep: () => Promise.resolve() },
  };
  const checked = understandGrant(message, 'pms', { lanes: [{ id: '1001' }] as never, ...ours });
  if ('errors' in checked || checked.data.event?.kind !== 'grant') throw new Error(JSON.stringify(checked));
  return checked.data.event.grant;
}

/** A lane that starts over from its state, as after a restart, before each event that says so. */
class Lane {
  readonly #runner = new LaneRunner({ settings });
  constructor() {
    for (const role of settings.roles) this.#runner.feed(edge(role, role === 'down', START_MS));
  }

  get kept() {
    return this.#runner.state.lane.kept;
  }

  hears(grant: Grant, atMs: number): void {
    this.#runner.feed({ kind: 'grant', grant, atMs });
    this.#runner.tickUntil(atMs + 1);
  }

  leaves(atMs: number): void {
    for (const event of passage(PLATE, atMs)) this.#runner.feed(event);
    this.#runner.tickUntil(atMs + 60_000);
  }

  restarts(atMs: number): void {
    this.#runner.restart(JSON.parse(JSON.stringify(this.#runner.state)));
    this.#runner.feed({ kind: 'start', blindMs: 5_000, powerCut: false, atMs });
  }
}

const paid = { id: 'P1', plate: PLATE, amount: 1_500 };
const expiresAt = wall(START_MS + 4 * HOUR_MS);
const issuedAt = wall(START_MS);

it.each([
  ['an end and no time of issue', { expiresAt }, 100],
  ['both times', { issuedAt, expiresAt }, 100],
  ['both times, and the clock was a few seconds off', { issuedAt, expiresAt }, 5_000 / HOUR_MS],
  ['only a time of issue', { issuedAt }, 100],
])('used, it is known as used: %s', (_, times, hoursBehind) => {
  const message = { ...paid, ...times };
  const lane = new Lane();
  lane.hears(understood(message, START_MS + 1_000, hoursBehind * HOUR_MS), START_MS + 1_000);
  lane.leaves(START_MS + 10_000);
  expect(lane.kept.grants).toEqual([]);
  lane.restarts(START_MS + HOUR_MS);
  lane.hears(understood(message, START_MS + HOUR_MS + 9_000, 0), START_MS + HOUR_MS + 9_000);
  expect(lane.kept.grants).toEqual([]);
});

it('not used yet, it stays one', () => {
  const message = { ...paid, issuedAt, expiresAt };
  const lane = new Lane();
  lane.hears(understood(message, START_MS + 1_000, 100 * HOUR_MS), START_MS + 1_000);
  lane.restarts(START_MS + 60_000);
  lane.hears(understood(message, START_MS + 70_000, 0), START_MS + 70_000);
  expect(lane.kept.grants).toHaveLength(1);
});

it('another end under the same number is another payment, though nobody has confirmed our clock', () => {
  const lane = new Lane();
  lane.hears(understood({ ...paid, expiresAt }, START_MS + 1_000, 100 * HOUR_MS), START_MS + 1_000);
  lane.leaves(START_MS + 10_000);
  const next = understood({ ...paid, expiresAt: wall(START_MS + 6 * HOUR_MS) }, START_MS + HOUR_MS, 100 * HOUR_MS);
  lane.hears(next, START_MS + HOUR_MS);
  expect(lane.kept.grants).toMatchObject([{ grant: { id: 'P1' }, left: 1 }]);
});

it('the register of payments knows it when the lanes have long forgotten', async () => {
  const store = await open({ path: temporaryFolder() });
  const wallOf = (laneMs: number): number => WALL_MS + laneMs - START_MS;
  const tracked = await TrackedGrants.open({ parkFacts: store.parkFacts, wallOf, changed: () => {} });
  const runner = new LaneRunner({
    settings,
    after: (_, effects) => {
      for (const effect of effects) tracked.take('1001', effect);
    },
  });
  for (const role of settings.roles) runner.feed(edge(role, role === 'down', START_MS));
  const first = understood({ ...paid, expiresAt }, START_MS + 1_000, 100 * HOUR_MS);
  tracked.heard(first);
  runner.feed({ kind: 'grant', grant: first, atMs: START_MS + 1_000 });
  for (const event of passage(PLATE, START_MS + 10_000)) runner.feed(event);
  runner.tickUntil(START_MS + 60_000);
  const again = (more: object) => understood({ ...paid, expiresAt, ...more }, START_MS + 2 * HOUR_MS, 0);
  const emptied = { ...runner.state.lane.kept, known: [] };
  expect(isRepetition(emptied, again({}))).toBe(false);
  expect(tracked.isOver(again({}), undefined)).toBe(true);
  expect(tracked.isOver(again({ expiresAt: wall(START_MS + 6 * HOUR_MS) }), undefined)).toBe(false);
  expect(tracked.isOver(again({ kind: 'monthly' }), undefined)).toBe(false);
});
