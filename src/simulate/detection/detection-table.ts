/** The goals table: how often each class was reported, kept for review or passed over, in one world or in all. It runs nothing. */
import { rowOf } from '../../lane/score.ts';
import type { Given } from './detection-box.ts';
import { CLASSES, type Finding, type VerdictClass, wasReadRightly } from './verdict-classes.ts';
import type { LaneOutcome } from './world-run.ts';

export type ClassFigures = Readonly<Record<Finding, number>> & { readonly count: number };

export interface RowFigures {
  readonly count: number;
  readonly wrong: number;
}

export interface Figures {
  readonly vehicles: number;
  readonly hours: number;
  readonly classes: Readonly<Record<VerdictClass, ClassFigures>>;
  /** Said of nobody, or a second time of somebody. */
  readonly phantoms: { readonly reported: number; readonly review: number };
  readonly sure: { readonly count: number; readonly wrong: number };
  /** By row of the score table (`src/lane/score.ts`). */
  readonly rows: Readonly<Record<string, RowFigures>>;
  /** Said of payments that no box could know of: neither right nor wrong, and in none of the figures above. */
  readonly unknowable: { readonly count: number; readonly sure: number };
  /** By number, in tens: how many verdicts, and how many of them wrong. */
  readonly scores: readonly { readonly from: number; readonly count: number; readonly wrong: number }[];
  /** Of reported ones whose plate had been read rightly. */
  readonly plates: { readonly count: number; readonly right: number };
  /** In the time when all messages were lost. */
  readonly deafSure: number;
}

export const GOALS = [
  'paidReported',
  'untoldReported',
  'paidReview',
  'manualReported',
  'manualSeen',
  'farReported',
  'farSeen',
  'readReported',
  'unreadSeen',
  'softwareReported',
  'seasonReported',
  'deafReported',
  'deafSure',
  'fakeFound',
  'honestAccused',
  'sureWrong',
  'sureWrongWorst',
  'scoreWrong',
  'platesRight',
] as const;
export type GoalName = (typeof GOALS)[number];

export interface Goal {
  readonly name: GoalName;
  readonly share: number;
  readonly goal: number;
  /** `least`: not under the goal; `most`: not over it. */
  readonly bound: 'least' | 'most';
  readonly count: number;
  /** Too few to say so: undefined. */
  readonly met: boolean | undefined;
}

/** A share of fewer than this is chance. */
const ENOUGH = 100;
export const SCORE_FROM = [0, 50, 60, 70, 80, 90, 95] as const;
const HIGH_SCORE = 95;

type Open<T> = { -readonly [K in keyof T]: T[K] extends object ? Open<T[K]> : T[K] };

const NO_FINDINGS: ClassFigures = { count: 0, reported: 0, review: 0, misnamed: 0, nothing: 0 };

export function noFigures(): Open<Figures> {
  return {
    ...{ vehicles: 0, hours: 0, deafSure: 0 },
    classes: Object.fromEntries(CLASSES.map((name) => [name, { ...NO_FINDINGS }])) as Open<Figures['classes']>,
    ...{ phantoms: { reported: 0, review: 0 }, sure: { count: 0, wrong: 0 }, plates: { count: 0, right: 0 } },
    ...{ rows: {}, unknowable: { count: 0, sure: 0 } },
    scores: SCORE_FROM.map((from) => ({ from, count: 0, wrong: 0 })),
  };
}

export function addOutcome(figures: Open<Figures>, outcome: LaneOutcome): void {
  const { park, lane, cameras, judged, phantoms } = outcome;
  figures.vehicles += park.vehicles.filter((one) => one.lane === lane).length;
  figures.hours += (park.endMs - park.startMs) / 3_600_000;
  for (const { class: name, match, finding, wrong } of judged) {
    const row = figures.classes[name];
    row.count += 1;
    row[finding] += 1;
    const { given, item } = match;
    if (given === undefined) continue;
    if (name === 'untold') {
      figures.unknowable.count += 1;
      figures.unknowable.sure += given.release.confidence === 'sure' ? 1 : 0;
    } else if (item.guilt !== 'either') addVerdict(figures, given, wrong);
    if (name === 'feedLoss' && given.release.confidence === 'sure' && wrong) figures.deafSure += 1;
    if (finding === 'reported' && !wrong) addPlate(figures, given, item.vehicle, cameras);
  }
  for (const given of phantoms) {
    figures.phantoms[given.release.reported ? 'reported' : 'review'] += 1;
    addVerdict(figures, given, true);
  }
}

/** Of plates that a camera has read rightly only. */
function addPlate(
  figures: Open<Figures>,
  given: Given,
  vehicle: LaneOutcome['judged'][number]['match']['item']['vehicle'],
  cameras: LaneOutcome['cameras'],
): void {
  if (vehicle?.plate === undefined || !wasReadRightly(vehicle, given.atMs, cameras)) return;
  figures.plates.count += 1;
  if (given.release.plate?.text === vehicle.plate) figures.plates.right += 1;
}

function addVerdict(figures: Open<Figures>, { release }: Given, wrong: boolean): void {
  const { confidence, score } = release;
  const row = rowOf(release);
  const { count, wrong: before } = figures.rows[row] ?? { count: 0, wrong: 0 };
  figures.rows[row] = { count: count + 1, wrong: before + (wrong ? 1 : 0) };
  if (confidence === 'sure') {
    figures.sure.count += 1;
    figures.sure.wrong += wrong ? 1 : 0;
  }
  const bucket = score === undefined ? undefined : figures.scores.findLast(({ from }) => score >= from);
  if (bucket === undefined) return;
  bucket.count += 1;
  bucket.wrong += wrong ? 1 : 0;
}

export function sumOf(all: readonly Figures[]): Figures {
  const sum = noFigures();
  for (const one of all) {
    sum.vehicles += one.vehicles;
    sum.hours += one.hours;
    sum.deafSure += one.deafSure;
    for (const name of CLASSES) addTo(sum.classes[name], one.classes[name]);
    addTo(sum.phantoms, one.phantoms);
    addTo(sum.sure, one.sure);
    addTo(sum.unknowable, one.unknowable);
    for (const [row, more] of Object.entries(one.rows)) {
      sum.rows[row] ??= { count: 0, wrong: 0 };
      addTo<'count' | 'wrong'>(sum.rows[row], more);
    }
    addTo(sum.plates, one.plates);
    for (const [index, { count, wrong }] of one.scores.entries())
      addTo<'count' | 'wrong'>(sum.scores[index], { count, wrong });
  }
  return sum;
}

function addTo<K extends string>(sum: { [key in K]: number } | undefined, more: { readonly [key in K]: number }): void {
  if (sum !== undefined) for (const key of Object.keys(more) as K[]) sum[key] += more[key];
}

/** Reported, rightly or by a wrong name; with review or without. */
const said = (row: ClassFigures, review: boolean): number => row.reported + (review ? row.review : 0);
const accused = (row: ClassFigures): number => row.reported + row.misnamed;

export function goalsOf(worlds: readonly Figures[]): readonly Goal[] {
  const sum = sumOf(worlds);
  const { classes, sure, plates, phantoms } = sum;
  const {
    paid,
    season,
    untold,
    manual,
    followFar,
    followRead,
    followUnread,
    software,
    feedLoss,
    fakeExit,
    honestBack,
  } = classes;
  const paidCount = paid.count + season.count;
  const high = sum.scores.filter(({ from }) => from >= HIGH_SCORE);
  const highCount = high.reduce((total, { count }) => total + count, 0);
  const worst = worlds
    .filter(({ sure: { count } }) => count >= ENOUGH)
    .map(({ sure: { count, wrong } }) => wrong / count);
  const at = (name: GoalName, bound: Goal['bound'], goal: number, part: number, count: number): Goal => {
    const share = count === 0 ? 0 : part / count;
    const met = count < ENOUGH ? undefined : bound === 'least' ? share >= goal : share <= goal;
    return { name, share, goal, bound, count, met };
  };
  return [
    at('paidReported', 'most', 0.0015, accused(paid) + accused(season) + phantoms.reported, paidCount),
    at('untoldReported', 'most', 0.01, accused(untold), paidCount + untold.count),
    at('paidReview', 'most', 0.01, paid.review + season.review + phantoms.review, paidCount),
    at('manualReported', 'least', 0.98, said(manual, false), manual.count),
    at('manualSeen', 'least', 0.995, said(manual, true), manual.count),
    at('farReported', 'least', 0.95, said(followFar, false), followFar.count),
    at('farSeen', 'least', 0.985, said(followFar, true), followFar.count),
    at('readReported', 'least', 0.85, said(followRead, false), followRead.count),
    at('unreadSeen', 'least', 0.4, said(followUnread, true), followUnread.count),
    at('softwareReported', 'least', 0.95, said(software, false), software.count),
    at('seasonReported', 'most', 0, accused(season), season.count),
    at('deafReported', 'most', 0, accused(feedLoss), feedLoss.count),
    at('deafSure', 'most', 0, sum.deafSure, feedLoss.count),
    at('fakeFound', 'least', 0.95, fakeExit.reported, fakeExit.count),
    at('honestAccused', 'most', 0.002, accused(honestBack) + honestBack.review, honestBack.count),
    at('sureWrong', 'most', 0.001, sure.wrong, sure.count),
    at('sureWrongWorst', 'most', 0.003, Math.max(0, ...worst) * sure.count, sure.count),
    at(
      'scoreWrong',
      'most',
      0.05,
      high.reduce((total, { wrong }) => total + wrong, 0),
      highCount,
    ),
    at('platesRight', 'least', 0.995, plates.right, plates.count),
  ];
}
