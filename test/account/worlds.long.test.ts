/**
 * Days of a rough park in a row, with payments late, lost, doubled and told to the wrong lane, power cuts, blind times and restarts: everything
 * stands in exactly one column, every lane and hour closes or asks, the columns are those of the truth but for what the engine got wrong, and
 * each release by hand names who was on duty, however that came to be known.
 */
import { describe, expect, it } from 'vitest';
import { type Account, type AccountDay, emptyAccount, fold, restored } from '../../src/account/account.ts';
import { unclosed } from '../../src/account/closing.ts';
import { groupOf, passageColumn } from '../../src/account/columns.ts';
import { rowsOfDay } from '../../src/account/sheet.ts';
import { finished } from '../../src/account/steps.ts';
import type { Tariff } from '../../src/account/tariff.ts';
import type { CountedPassage } from '../../src/lane/counted.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { LaneEffect } from '../../src/lane/types.ts';
import type { WorldManner } from '../../src/sim/worlds/manner.ts';
import { playPark } from '../../src/sim/worlds/park.ts';
import type { ParkRecording, VehicleTruth } from '../../src/sim/worlds/truth.ts';
import { WORLDS } from '../../src/sim/worlds/worlds.ts';
import type { BoxRun } from '../../src/simulate/detection/detection-box.ts';
import { watchPark } from '../../src/simulate/detection/detection-park.ts';
import { CHARGE_LIFE_MS, type Known, runRegister } from './register-run.ts';
import { type ChargeTold, type EntryTold, playCharges, playEntries, playStaff, type Staff } from './staff.ts';

const DAYS = Number(process.env.DAYS ?? '1');
/** The proof plays all eight lanes, the long tests four. */
const PAIRS = process.env.DAYS === undefined ? [0, 1] : (process.env.PAIRS ?? '0,1,2,3').split(',').map(Number);
const VEHICLES_A_DAY = 200;
const MANNER: WorldManner = {
  ...WORLDS.hostile,
  lanes: 2,
  neighbourReads: 0.02,
  mix: { ...WORLDS.hostile.mix, button: 60, remote: 24, key: 4, follower: 40, hold: 1, slip: 2, fakeExit: 5 },
  manners: { ...WORLDS.hostile.manners, perHour: 8 },
  feed: {
    ...WORLDS.hostile.feed,
    late: 0.02,
    veryLate: 0.005,
    never: 0.005,
    twice: 0.03,
    again: 0.01,
    wrongLane: 0.004,
  },
  outages: { wire: 0.2, restart: 0.1, powerCut: 0.04 },
};
const BEGIN_MS = Date.parse('2026-11-01T00:00:00+08:00');
const SETTINGS = laneSettings(
  { direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'], tells: ['paid'] },
  {},
);
const WIRE = { pollMs: 25, baudRate: 38_400, boards: 1 };
const QUESTIONS_MOST = 0.002;
const RIGHT_LEAST = 0.97;
/** A passage is of the vehicle that is nearest to it. */
const NEAR_MS = 20_000;

/** Simple enough to be worked out twice. */
const TARIFF: Tariff = {
  ...{ carTypes: ['1'], freeMs: 0, deductFree: false, dailyMaxPer: '24h' },
  steps: [{ everyMs: 3_600_000, fen: 500 }],
};
const SEED = 26_000;
const OPERATORS_RIGHT = 0.999;
/** A payment waits for its vehicle at most so long. */
const WAITS_MOST_MS = Math.max(SETTINGS.laneGrantTtlMs, SETTINGS.paidAheadTtlMs) + 600_000;

const tally = {
  ...{ items: 0, questions: 0, unexplained: 0, corrections: 0, passages: 0, vehicles: 0, openings: 0, trueOpenings: 0 },
  ...{ byHand: 0, operatorWrong: 0, withPlate: 0, carsTold: 0, carsWrong: 0 },
  ...{ sumsTold: 0, sumsEstimated: 0, sumsWrong: 0, sumsMissed: 0 },
};
const confusion = new Map<string, number>();
const disturbed = new Map<string, number>();
const more = (all: Map<string, number>, key: string, count = 1): void => {
  if (count > 0) all.set(key, (all.get(key) ?? 0) + count);
};

describe(`${DAYS} days of ${2 * PAIRS.length} lanes`, () => {
  it.each(PAIRS)('close, and name who and what (lane pair %i)', async (pair) => {
    const park = playPark(MANNER, 2 * VEHICLES_A_DAY * DAYS, SEED + pair);
    const wallOf = (laneMs: number): number => BEGIN_MS + laneMs - park.startMs;
    const staff = playStaff(park.startMs, park.endMs, SEED + 10 * pair);
    const boxes = watchPark(park, { settings: SETTINGS, wire: WIRE, cameras: 1, beam: false, feed: true });
    countDisturbances(park, boxes);
    for (const [lane, box] of boxes) addLane(park, lane, box, wallOf);
    for (const [way, count] of staff.ways) more(disturbed, `duty: ${way}`, count);
    const entries = playEntries(park, SEED + 20 * pair);
    const charges = playCharges(park, SEED + 30 * pair);
    const known = await runRegister({ park, boxes, staff, entries, charges, tariff: [TARIFF], wallOf });
    compareOperators(known, staff, wallOf);
    compareCars(known, park, entries);
    compareSums(known, park, entries, charges);
  });

  it('have the columns of the truth, but for what the engine got wrong', () => {
    console.info(tally, Object.fromEntries([...disturbed].sort()));
    console.table(
      [...confusion].sort().map(([key, count]) => ({ truth: key.split(' > ')[0], column: key.split(' > ')[1], count })),
    );
    expect(tally.unexplained).toBe(0);
    expect(tally.questions / tally.items).toBeLessThanOrEqual(QUESTIONS_MOST);
    const right = [...confusion].reduce((total, [key, count]) => total + (isRight(key) ? count : 0), 0);
    const all = [...confusion.values()].reduce((total, count) => total + count, 0);
    console.info(`right column: ${right} of ${all} vehicles, ${((100 * right) / all).toFixed(2)} %`);
    expect(right / all).toBeGreaterThan(RIGHT_LEAST);
    if (DAYS >= 3) for (const name of DISTURBANCES) expect(disturbed.get(name) ?? 0, name).toBeGreaterThan(0);
  });

  it('name the operator of every release by hand, and every car as it was told', () => {
    expect(tally.byHand).toBeGreaterThan(0);
    expect(tally.operatorWrong / tally.byHand).toBeLessThanOrEqual(1 - OPERATORS_RIGHT);
    expect(tally.carsTold).toBeGreaterThan(0);
    expect(tally.carsWrong).toBe(0);
    expect(Math.min(tally.sumsTold, tally.sumsEstimated)).toBeGreaterThan(0);
    expect({ wrong: tally.sumsWrong, missed: tally.sumsMissed }).toEqual({ wrong: 0, missed: 0 });
  });
});

/** All of them are in the run. */
const DISTURBANCES = [
  ...['payment late', 'payment lost', 'payment doubled', 'payment to the wrong lane'],
  ...['power cut', 'restart', 'wire lost'],
  ...['duty: roster', 'duty: pin', 'duty: message', 'duty: message told twice', 'duty: forgot to sign off'],
];

function countDisturbances(park: ParkRecording, boxes: ReadonlyMap<string, BoxRun>): void {
  const names = { wire: 'wire lost', restart: 'restart', powerCut: 'power cut' } as const;
  for (const { kind, fromMs, toMs } of park.outages) {
    more(disturbed, names[kind]);
    more(disturbed, 'blind seconds', Math.round((toMs - fromMs) / 1000));
  }
  for (const { untold } of park.vehicles) {
    if (untold === 'late') more(disturbed, 'payment late');
    if (untold === 'never') more(disturbed, 'payment lost');
    if (untold === 'wrongLane') more(disturbed, 'payment to the wrong lane');
  }
  const ids = park.messages.flatMap((one) => (one.kind === 'grant' ? [one.grant.id] : []));
  more(disturbed, 'payment doubled', ids.length - new Set(ids).size);
  for (const { counted } of boxes.values())
    for (const one of counted)
      if (one.kind === 'count' && one.counted.of === 'passage' && one.counted.presumed)
        more(disturbed, 'passage presumed');
}

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

function addLane(park: ParkRecording, lane: string, box: BoxRun, wallOf: (laneMs: number) => number): void {
  let account: Account = emptyAccount();
  const days = new Map<string, AccountDay>();
  const cuts = park.outages.filter(({ kind }) => kind !== 'wire').map(({ toMs }) => toMs);
  for (const effect of box.counted) {
    // What a process knew is what it kept with the state of the lane.
    while (cuts[0] !== undefined && cuts[0] <= effect.atMs) {
      cuts.shift();
      account = restored(JSON.parse(JSON.stringify(account)), true);
    }
    account = fold(account, effect, { wallOf });
    for (const [day, kept] of Object.entries(account.days)) days.set(day, kept);
  }
  const texts = [...days].map(([day, kept]) => ({ laneId: lane, day, rows: JSON.stringify(kept) }));
  for (const [day, { questions, moreQuestions, corrections }] of days) {
    const rows = finished(rowsOfDay({ day, lane: undefined, texts, dropped: [] }));
    expect(rows.every(({ count }) => count > 0)).toBe(true);
    const sum = (part: string, but: readonly string[] = []) =>
      rows.reduce((n, row) => n + (row.part === part && !but.includes(row.column) ? row.count : 0), 0);
    tally.items += sum('opening') + sum('passage') + sum('payment');
    tally.questions += questions.length + moreQuestions;
    tally.corrections += corrections.length;
    tally.passages += sum('passage', ['part']);
    tally.openings += sum('opening', ['bounced', 'continued']);
    if (questions.every(({ kind }) => kind === 'passageUnclear')) tally.unexplained += unclosed(rows).length;
  }
  expectEachPaymentOnce(park, lane, box);
  const here = park.vehicles.filter((one) => one.lane === lane && one.offBMs !== undefined);
  tally.vehicles += here.length;
  tally.trueOpenings += park.openings.filter((one) => one.lane === lane).length;
  const first = new Map(
    park.openings.flatMap(({ vehicles: [id], startMs }) => (id === undefined ? [] : [[id, startMs] as const])),
  );
  confuse(here, first, box.counted);
}

/** Each payment told for this lane or the park is counted as told once, and each of its permissions has one end, or still waits. */
function expectEachPaymentOnce({ messages, endMs }: ParkRecording, lane: string, { counted }: BoxRun): void {
  const sent = new Map(
    messages.flatMap((one) =>
      one.kind === 'grant' && (one.lane ?? lane) === lane ? [[one.grant.id, one.grant.count] as const] : [],
    ),
  );
  const told = new Map<string, { units: number; left: number; atMs: number }>();
  for (const { counted: one, atMs } of counted.flatMap((effect) => (effect.kind === 'count' ? [effect] : []))) {
    if (one.of !== 'payment') continue;
    const before = told.get(one.grantId) ?? { units: 0, left: 0, atMs };
    const isTold = one.fate === 'told';
    told.set(one.grantId, {
      units: before.units + (isTold ? one.units : 0),
      left: before.left + (isTold ? one.units : -one.units),
      atMs: before.atMs,
    });
  }
  expect(new Map([...told].map(([id, { units }]) => [id, units]))).toEqual(sent);
  for (const [id, { left, atMs }] of told) {
    expect(left, id).toBeGreaterThanOrEqual(0);
    if (left > 0) expect(endMs - atMs, id).toBeLessThanOrEqual(WAITS_MOST_MS);
  }
}

/** By whoever pressed: the truth at the moment of the release. */
function compareOperators(known: readonly Known[], staff: Staff, wallOf: (laneMs: number) => number): void {
  for (const { release, knowledge } of known) {
    if (release.verdict !== 'manual') continue;
    tally.byHand += 1;
    const truth = staff.onDutyAt(release.releaseAtMs);
    if (knowledge.operator === truth) continue;
    tally.operatorWrong += 1;
    console.info(new Date(wallOf(release.releaseAtMs) + 8 * 3_600_000).toISOString(), truth, knowledge);
  }
}

/** Of exactly the plate of the record: what was told of it before, and nothing where nothing was. */
function compareCars(known: readonly Known[], { messages }: ParkRecording, entries: readonly EntryTold[]): void {
  const TYPES: Readonly<Record<string, string>> = { paid: '1', monthly: '2', free: '3' };
  for (const { release, knowledge } of known) {
    const plate = release.plate?.text;
    if (plate === undefined) continue;
    tally.withPlate += 1;
    const entry = entries.findLast((one) => one.plate === plate && one.atMs <= release.releaseAtMs)?.told;
    const grant = messages.find(
      (one) => one.kind === 'grant' && one.grant.plate === plate && one.atMs <= release.releaseAtMs,
    );
    const type = entry?.type ?? (grant?.kind === 'grant' ? TYPES[grant.grant.kind] : undefined);
    const car = knowledge.known?.car;
    if (type !== undefined) tally.carsTold += 1;
    // One told between the release and its record is known as well, and no less true.
    if (type === undefined && car !== undefined) continue;
    if (car?.carType === type && car?.carDesc === entry?.desc) continue;
    tally.carsWrong += 1;
    console.info(plate, release.verdict, { type, ...entry }, car);
  }
}

/** Of each record that has a sum, what that very vehicle was asked for, or its hours; and none is missed that was asked for and not paid. */
function compareSums(
  known: readonly Known[],
  { messages, startMs, outages }: ParkRecording,
  entries: readonly EntryTold[],
  charges: readonly ChargeTold[],
): void {
  const byPlate = (plate: string) => ({
    asked: charges.filter((one) => one.plate === plate),
    entered: entries.filter((one) => one.plate === plate),
    granted: messages.flatMap((one) => (one.kind === 'grant' && one.grant.plate === plate ? [one.atMs] : [])),
  });
  const before = new Map<string, number>();
  for (const { release, knowledge } of known) {
    const { plate: read, releaseAtMs, passed, direction } = release;
    const owed = knowledge.known?.owed;
    if (read === undefined || !passed || direction !== 'exit') {
      if (owed !== undefined) tally.sumsWrong += 1;
      continue;
    }
    const { asked, entered, granted } = byPlate(read.text);
    const charge = asked.findLast(({ atMs }) => atMs <= releaseAtMs);
    const entry = entered.findLast(({ atMs }) => atMs <= releaseAtMs);
    const hours = entry === undefined ? Number.NaN : Math.ceil((releaseAtMs - entry.atMs) / 3_600_000);
    const amount = owed?.by === 'told' ? charge?.amount : 500 * hours;
    if (owed !== undefined) tally[owed.by === 'told' ? 'sumsTold' : 'sumsEstimated'] += 1;
    if (owed !== undefined && owed.amount !== amount) {
      tally.sumsWrong += 1;
      console.info('sum', read.text, release.verdict, owed, { charge, entry, startMs });
    }
    const leftMs = before.get(read.text) ?? Number.NEGATIVE_INFINITY;
    before.set(read.text, releaseAtMs);
    const isOpen =
      charge !== undefined &&
      charge.atMs > leftMs &&
      charge.atMs + CHARGE_LIFE_MS > releaseAtMs &&
      !granted.some((atMs) => atMs >= charge.atMs - CHARGE_LIFE_MS && atMs <= releaseAtMs) &&
      !outages.some(({ fromMs, toMs }) => charge.atMs >= fromMs && charge.atMs < toMs);
    if (isOpen && owed?.by !== 'told') {
      tally.sumsMissed += 1;
      console.info('missed', read.text, release.verdict, owed, { charge, entry, leftMs });
    }
  }
}

/** Vehicle by vehicle: what is true, beside the column in which its passage ended. */
function confuse(
  vehicles: readonly VehicleTruth[],
  first: ReadonlyMap<number, number>,
  effects: readonly LaneEffect[],
): void {
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
  const own = matched(vehicles, first, passages);
  const left = new Set(passages);
  for (const vehicle of vehicles) {
    const { authorised, means } = vehicle;
    const near = own.get(vehicle);
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
    more(confusion, key);
  }
  for (const one of left) {
    const key = `nobody > ${groupOf(passageColumn(one, 'x', one.releaseId === null ? undefined : given.get(one.releaseId)))}`;
    if (!key.endsWith('> part')) more(confusion, key);
  }
}

type CountedAt = CountedPassage & { readonly atMs: number };

/** Which passage is whose: those nearest in time find each other first. */
function matched(
  vehicles: readonly VehicleTruth[],
  first: ReadonlyMap<number, number>,
  passages: readonly CountedAt[],
): ReadonlyMap<VehicleTruth, CountedAt> {
  const minuteOf = (ms: number): number => Math.floor(ms / 60_000);
  const byMinute = new Map<number, CountedAt[]>();
  for (const one of passages)
    for (const minute of new Set([minuteOf(one.passedAtMs), minuteOf(one.atMs - SETTINGS.settleMs)]))
      byMinute.set(minute, [...(byMinute.get(minute) ?? []), one]);
  const around = (ms: number): readonly CountedAt[] =>
    [-1, 0, 1].flatMap((by) => byMinute.get(minuteOf(ms) + by) ?? []);
  const pairs = vehicles.flatMap((vehicle) => {
    const { id, onBMs, onAMs, offBMs } = vehicle;
    const leftMs = offBMs ?? onBMs ?? onAMs ?? 0;
    const enteredMs = onBMs ?? leftMs;
    const openedMs = first.get(id) ?? enteredMs;
    return [...new Set([enteredMs, leftMs, openedMs].flatMap(around))].flatMap((one) => {
      // Its moment is its way over B, or the start of its opening for the first; it is decided a settling time after it has left.
      const moved = Math.abs(one.passedAtMs - (one.first === null ? enteredMs : openedMs));
      const decided = Math.abs(one.atMs - SETTINGS.settleMs - leftMs);
      const apart = Math.min(moved, decided);
      return apart < NEAR_MS ? [{ vehicle, one, apart }] : [];
    });
  });
  const own = new Map<VehicleTruth, CountedAt>();
  const taken = new Set<CountedAt>();
  for (const { vehicle, one } of pairs.sort((a, b) => a.apart - b.apart)) {
    if (own.has(vehicle) || taken.has(one)) continue;
    own.set(vehicle, one);
    taken.add(one);
  }
  return own;
}
