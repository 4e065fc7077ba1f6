/**
 * Days of a rough park with payments late, lost, doubled and told to the wrong lane, power cuts, blind times and restarts: everything stands
 * in exactly one column, every lane and hour closes or asks, and the columns are those of the truth but for what the engine got wrong.
 */
import { expect, it } from 'vitest';
import { type Account, emptyAccount, fold } from '../../src/account/account.ts';
import { rowsOf, unclosed } from '../../src/account/closing.ts';
import { groupOf, passageColumn } from '../../src/account/columns.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { LaneEffect } from '../../src/lane/types.ts';
import type { WorldManner } from '../../src/sim/worlds/manner.ts';
import { playPark } from '../../src/sim/worlds/park.ts';
import type { ParkRecording, VehicleTruth } from '../../src/sim/worlds/truth.ts';
import { WORLDS } from '../../src/sim/worlds/worlds.ts';
import type { BoxRun } from '../../src/simulate/detection/detection-box.ts';
import { watchPark } from '../../src/simulate/detection/detection-park.ts';

const DAYS = Number(process.env.DAYS ?? '1');
/** The proof plays all eight lanes, the long tests four. */
const PAIRS = process.env.DAYS === undefined ? 2 : 4;
const VEHICLES_A_DAY = 200;
const MANNER: WorldManner = {
  ...WORLDS.hostile,
  lanes: 2,
  neighbourReads: 0.02,
  mix: { ...WORLDS.hostile.mix, button: 20, remote: 8, key: 4, follower: 40, hold: 1, slip: 2, fakeExit: 5 },
  manners: { ...WORLDS.hostile.manners, perHour: 14 },
  feed: {
    ...WORLDS.hostile.feed,
    late: 0.02,
    veryLate: 0.005,
    never: 0.005,
    twice: 0.03,
    again: 0.01,
    wrongLane: 0.004,
  },
  outages: { wire: 0.2, restart: 0.1, powerCut: 0.02 },
};
const BEGIN_MS = Date.parse('2026-11-01T00:00:00+08:00');
const SETTINGS = laneSettings(
  { direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'], tells: ['paid'] },
  {},
);
const WIRE = { pollMs: 25, baudRate: 38_400, boards: 1 };
const QUESTIONS_MOST = 0.002;
/** A passage is of the vehicle that is nearest to it. */
const NEAR_MS = 20_000;

interface Tally {
  items: number;
  questions: number;
  unexplained: number;
  passages: number;
  vehicles: number;
  openings: number;
  trueOpenings: number;
  readonly confusion: Map<string, number>;
}

it(`closes over ${DAYS} days of ${2 * PAIRS} lanes`, () => {
  const tally: Tally = {
    ...{ items: 0, questions: 0, unexplained: 0, passages: 0, vehicles: 0, openings: 0, trueOpenings: 0 },
    confusion: new Map(),
  };
  for (let pair = 0; pair < PAIRS; pair += 1)
    for (let day = 0; day < DAYS; day += 1) {
      const park = playPark(MANNER, 2 * VEHICLES_A_DAY, 26_000 + 100 * pair + day);
      const boxes = watchPark(park, { settings: SETTINGS, wire: WIRE, cameras: 1, beam: false, feed: true });
      for (const [lane, box] of boxes) addLane(tally, park, lane, box);
    }
  const { confusion, ...sums } = tally;
  console.info(sums);
  console.table(
    [...confusion].sort().map(([key, count]) => ({ truth: key.split(' > ')[0], column: key.split(' > ')[1], count })),
  );
  expect(tally.unexplained).toBe(0);
  expect(tally.questions / tally.items).toBeLessThanOrEqual(QUESTIONS_MOST);
  const right = [...confusion].reduce((total, [key, count]) => total + (isRight(key) ? count : 0), 0);
  const all = [...confusion.values()].reduce((total, count) => total + count, 0);
  console.info(`right column: ${right} of ${all} vehicles, ${((100 * right) / all).toFixed(2)} %`);
  expect(right / all).toBeGreaterThan(0.93);
});

/**
 * Of somebody with a right to pass a covered column; of somebody without, one that says so. Where the software opens without a payment the relay
 * alone speaks for it, and has a column of its own.
 */
function isRight(key: string): boolean {
  const [truth = '', column = ''] = key.split(' > ');
  const said = column === 'reported' || column === 'review' || column === 'blind' || column === 'maintenance';
  if (column === 'relay') return truth !== 'guilty';
  return truth === 'innocent' ? column === 'covered' || column === 'withdrawn' || column === 'automatic' : said;
}

function addLane(tally: Tally, park: ParkRecording, lane: string, box: BoxRun): void {
  const wallOf = (laneMs: number): number => BEGIN_MS + laneMs - park.startMs;
  let account: Account = emptyAccount();
  const days = new Map<string, Account['days'][string]>();
  for (const effect of box.counted) {
    account = fold(account, effect, wallOf);
    for (const [day, rows] of Object.entries(account.days)) days.set(day, rows);
  }
  for (const { rows: kept, questions, moreQuestions, corrections } of days.values()) {
    const rows = rowsOf(kept);
    expect(corrections).toEqual([]);
    expect(rows.every(({ count }) => count > 0)).toBe(true);
    const sum = (part: string) => rows.reduce((total, row) => total + (row.part === part ? row.count : 0), 0);
    tally.items += sum('opening') + sum('passage') + sum('payment');
    tally.questions += questions.length + moreQuestions;
    tally.passages += rows.reduce(
      (n, { part, column, count }) => n + (part === 'passage' && column !== 'part' ? count : 0),
      0,
    );
    const beside = new Set(['bounced', 'continued']);
    tally.openings += rows.reduce(
      (n, { part, column, count }) => n + (part === 'opening' && !beside.has(column) ? count : 0),
      0,
    );
    if (questions.every(({ kind }) => kind === 'passageUnclear')) tally.unexplained += unclosed(rows).length;
  }
  expectPaymentsTold(park, lane, days);
  const here = park.vehicles.filter((one) => one.lane === lane && one.offBMs !== undefined);
  tally.vehicles += here.length;
  tally.trueOpenings += park.openings.filter((one) => one.lane === lane).length;
  confuse(tally, here, box.counted);
}

/** Each payment told for this lane or the park stands in the account once. */
function expectPaymentsTold(
  park: ParkRecording,
  lane: string,
  days: ReadonlyMap<string, Account['days'][string]>,
): void {
  const units = (received: (atMs: number) => boolean): number => {
    const grants = park.messages.flatMap((one) =>
      one.kind === 'grant' && (one.lane ?? lane) === lane && received(one.atMs)
        ? [[one.grant.id, one.grant.count] as const]
        : [],
    );
    return [...new Map(grants).values()].reduce((total, count) => total + count, 0);
  };
  const counted = [...days.values()]
    .flatMap(({ rows }) => rowsOf(rows))
    .reduce((total, row) => total + (row.part === 'told' ? row.count : 0), 0);
  // Of what came while the box was down some was told again.
  expect(counted).toBeGreaterThanOrEqual(units((atMs) => !isLost(park, atMs)));
  expect(counted).toBeLessThanOrEqual(units(() => true));
}

/** The box was not there to receive it. */
const isLost = ({ outages }: ParkRecording, atMs: number): boolean =>
  outages.some(({ kind, fromMs, toMs }) => kind !== 'wire' && atMs >= fromMs && atMs < toMs);

/** Vehicle by vehicle: what is true, beside the column in which its passage ended. */
function confuse(tally: Tally, vehicles: readonly VehicleTruth[], effects: readonly LaneEffect[]): void {
  const given = new Map<string, { verdict: string; reported: boolean }>();
  const gone = new Map<string, string>();
  for (const effect of effects) {
    if (effect.kind === 'release') given.set(effect.release.id, effect.release);
    if (effect.kind === 'withdraw' || effect.kind === 'correct')
      gone.set(effect.releaseId, effect.facts.some(({ kind }) => kind === 'paidLate') ? 'withdrawn' : 'part');
  }
  const passages = effects.flatMap((effect) =>
    effect.kind === 'count' && effect.counted.of === 'passage' ? [{ ...effect.counted, atMs: effect.atMs }] : [],
  );
  const left = new Set(passages);
  for (const { onBMs, onAMs, offBMs, authorised, means } of vehicles) {
    const leftMs = offBMs ?? onBMs ?? onAMs ?? 0;
    const enteredMs = onBMs ?? leftMs;
    // Its moment is its way over B or the start of its opening; it is decided a settling time after it has left.
    const apart = (one: (typeof passages)[number]): number =>
      Math.min(Math.abs(one.passedAtMs - enteredMs), Math.abs(one.atMs - SETTINGS.settleMs - leftMs));
    const [near] = [...left].filter((one) => apart(one) < NEAR_MS).sort((one, other) => apart(one) - apart(other));
    if (near !== undefined) left.delete(near);
    const moved = near === undefined || near.releaseId === null ? undefined : gone.get(near.releaseId);
    const column =
      near === undefined
        ? 'none'
        : near.how === 'relay'
          ? 'relay'
          : (moved ??
            groupOf(passageColumn(near, 'x', near.releaseId === null ? undefined : given.get(near.releaseId))));
    const key = `${authorised ? 'innocent' : means === 'software' ? 'software' : 'guilty'} > ${column}`;
    tally.confusion.set(key, (tally.confusion.get(key) ?? 0) + 1);
  }
  for (const one of left) {
    const key = `nobody > ${groupOf(passageColumn(one, 'x', one.releaseId === null ? undefined : given.get(one.releaseId)))}`;
    if (!key.endsWith('> part')) tally.confusion.set(key, (tally.confusion.get(key) ?? 0) + 1);
  }
}
