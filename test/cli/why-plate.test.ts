/** Why a plate was not reported, and why its payment covered nobody: by folding the journal. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ReplaySource } from '../../src/cli/replay/replay-run.ts';
import { type PlateMoment, plateMoments } from '../../src/cli/report/why-plate.ts';
import type { Grant, LaneEvent } from '../../src/lane/types.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';
import { edge, START_MS } from '../lane/arbitrary.ts';
import { passage, settings } from '../lane/tills.ts';

const WALL_MS = Date.parse('2026-11-25T10:00:00+08:00') - START_MS;

const paid = (id: string, plate: string, atMs: number): LaneEvent => {
  const grant: Grant = { ...{ id, scope: 'lane', plate, count: 1, kind: 'paid', source: 'pms' }, issuedAtMs: atMs };
  return { kind: 'grant', grant, atMs };
};

function source(events: readonly LaneEvent[]): ReplaySource {
  const idle = settings.roles.map((role) => edge(role, role === 'down', START_MS));
  const end: LaneEvent = { kind: 'tick', atMs: START_MS + 600_000 };
  const all = [...idle, ...[...events].sort((one, other) => one.atMs - other.atMs), end];
  return {
    lanes: () => ['1001'],
    snapshot: () => undefined,
    rows: () => all.map((event, seq) => ({ seq: seq + 1, laneId: '1001', event, wallMs: event.atMs + WALL_MS })),
    epochs: () => [{ seq: 0, laneId: '1001', settings }],
    close: () => {},
  };
}

const kindOf = (what: PlateMoment['what']): string =>
  what.kind === 'fact' ? what.fact.kind : what.kind === 'passed' ? `passed ${what.how}` : what.kind;

const kinds = (plate: string, events: readonly LaneEvent[]): readonly string[] =>
  plateMoments(source(events), plate, { fromWallMs: START_MS + WALL_MS, toWallMs: START_MS + WALL_MS + 3_600_000 }).map(
    ({ what }) => kindOf(what),
  );

it('says what let a plate through, what was reported of it, and why a payment covered nobody', () => {
  const events = [
    paid('p1', '粤B11111', START_MS + 1_000),
    ...passage('粤B11111', START_MS + 5_000),
    ...passage('粤B33333', START_MS + 60_000),
    paid('p2', '粤B44444', START_MS + 120_000),
  ];
  expect(kinds('粤B·11111', events)).toEqual(
    expect.arrayContaining(['told', 'grantUsed', 'passed grant', 'paidPassage']),
  );
  expect(kinds('粤B11111', events)).not.toContain('release');
  expect(kinds('粤B33333', events)).toContain('release');
  expect(kinds('粤B44444', events)).toEqual(['told', 'grantUnused']);
  expect(kinds('粤B99999', events)).toEqual([]);
});

/** What a scenario says of a plate. */
function playedKinds(plate: string, name: string): readonly string[] {
  const { journal } = runScenario(readScenario(fileURLToPath(new URL(`../scenarios/${name}.yaml`, import.meta.url))));
  const rows = journal.map((event, seq) => ({ seq: seq + 1, laneId: '1001', event, wallMs: event.atMs }));
  const whole = { fromWallMs: 0, toWallMs: Number.MAX_SAFE_INTEGER };
  return plateMoments({ ...source([]), rows: () => rows }, plate, whole).map(({ what }) => kindOf(what));
}

it('says of a payment which record it took back to review, and which record leaves open who has paid', () => {
  expect(playedKinds('粤B67890', '793-paid-ahead-unread-and-close-behind')).toEqual(
    expect.arrayContaining(['told', 'release', 'mayBePaid']),
  );
  expect(playedKinds('粤B11111', '801-two-unread-and-one-payment')).toEqual(
    expect.arrayContaining(['told', 'grantUsed', 'release', 'oneOfTwo']),
  );
  expect(playedKinds('粤B11111', '793-paid-ahead-unread-and-close-behind')).not.toContain('release');
});
