/**
 * The health of the lane's senses: what loops, relay and camera do is learned from the first passages with an own read and an own message, frozen, and
 * compared with every vehicle since. A sense that keeps doing otherwise raises an alarm, and while that lasts nobody is accused by it.
 */

import { begunBy, PRESS_FACT } from './begun.ts';
import type { Body, Read } from './body.ts';
import { MEASURES, type Measure, type Ratio, type Sense, type SenseHealth, SHARES, type Usual } from './health-kept.ts';
import type { GrantHold, Opening } from './opening.ts';
import { isUnread, normalPlate, readsExactly } from './plates.ts';
import { type Lane, withLast } from './state.ts';
import { alarm, fact, isWired, keep, type StepContext } from './step-context.ts';
import type { AlarmKind, Fact, LaneSettings, Role, Verdict } from './types.ts';

const NOTHING: SenseHealth = {
  wiring: '',
  seen: { fall: [], pulse: [], read: [] },
  usual: { fall: null, pulse: null, read: null },
  strayed: {},
  pulseMs: null,
  droppedMs: null,
};

/** So many passages say what is usual; of their values so many at either end are beyond it. A loop B that lets go late is seen by its fast vehicles alone. */
const LEARNED = 60;
const TRIMMED: Readonly<Record<Usual, readonly [number, number]>> = { fall: [3, 12], pulse: [3, 3], read: [3, 3] };
/** No lane is taught that a value beyond these is usual: of 1,000 parts of its time on B, the last since A let go; ms of a pulse; ms from A to the read. */
const BOUNDS: Readonly<Record<Usual, readonly [number, number]>> = {
  fall: [50, 950],
  pulse: [20, 10_000],
  read: [-30_000, 10_000],
};

/**
 * A sequential test in integers: each vehicle outside adds, each inside takes away. Where p of them are outside by chance, an alarm comes once in
 * z^most vehicles, with p z^outside + (1 - p) z^-inside = 1: at p = 15 %, of what people do as well 25 %, once in four million.
 */
const TEST = { outside: 3, inside: 2, most: 30 };
const FREE_TEST = { outside: 2, inside: 3, most: 24 };
const testOf = (measure: Measure) => (measure === 'barrierLate' || measure === 'readLate' ? FREE_TEST : TEST);
const mostOf = (measure: Measure): number => testOf(measure).most;

/** Loops lose a vehicle for no longer than this; what is longer is the gap of a drawbar, or a hand. */
export const DROPOUT_MS = 300;
/** Of 100 vehicles, where so many are unread or dropped as it is learned, that says nothing of the sense. */
const BY_NATURE = 15;

/** So far beyond the usual it matters. */
const LEAST_MS = 100;
/** A sense that has changed is off each time, and by no less than a third of what it was; people who stop where they like are not. */
const AGAIN_SHARE = 3;

const wiringOf = ({ roles }: LaneSettings): string => roles.join(' ');

const healthOf = ({ state, settings }: StepContext): SenseHealth =>
  state.kept.health ?? { ...NOTHING, wiring: wiringOf(settings) };

/** Other contacts are wired than as it was learned. */
export const isRewired = ({ state, settings }: StepContext): boolean =>
  state.kept.health != null && state.kept.health.wiring !== wiringOf(settings);

/** It is learned anew. A power cut is no reason: whoever can cut it would teach the lane. */
export function forgetHealth(work: StepContext): void {
  keep(work).health = null;
  for (const [kind, role] of Object.values(ALARM_OF)) alarm(work, kind, false, [], role);
}

const isLearned = ({ usual }: SenseHealth): boolean => usual.fall !== null;

/** One vehicle more: by how much it was beyond the usual, 0 not at all. `freely`: a person may do that as well, but not by the same each time. */
function compare(work: StepContext, measure: Measure, by: number, freely = false): void {
  const health = healthOf(work);
  const before = health.strayed[measure];
  if (!isLearned(health) || (before === undefined && by === 0)) return;
  const { outside, inside, most } = testOf(measure);
  const usedBy = before?.by ?? by;
  const isAgain = !freely || (by > 0 === usedBy > 0 && AGAIN_SHARE * Math.abs(by) >= Math.abs(usedBy));
  const isOutside = by !== 0 && isAgain;
  const score = Math.min(most, (before?.score ?? 0) + (isOutside ? outside : -inside));
  const { [measure]: _, ...others } = health.strayed;
  const nearBy = Math.max(-2 * Math.abs(usedBy), Math.min(2 * Math.abs(usedBy), by));
  const strayed = {
    score,
    sinceMs: before?.sinceMs ?? work.atMs,
    by: isOutside ? Math.trunc((3 * usedBy + nearBy) / 4) : usedBy,
  };
  keep(work).health = { ...health, strayed: score <= 0 ? others : { ...others, [measure]: strayed } };
  const sense = MEASURES[measure];
  const [kind, role] = ALARM_OF[sense];
  const after = healthOf(work);
  if (score === most) alarm(work, kind, true, [changedFact(after, measure)], role);
  else if (score <= 0 && worstOf(after, sense) === undefined) alarm(work, kind, false, [], role);
}

const ALARM_OF: Readonly<Record<Sense, readonly [AlarmKind, Role?]>> = {
  approach: ['loopChanged', 'approach'],
  barrier: ['loopChanged', 'barrier'],
  auto: ['relayChanged'],
  camera: ['readsChanged'],
};

const alarmKey = (sense: Sense): string => ALARM_OF[sense].filter((part) => part !== undefined).join(':');
const isSick = ({ state }: StepContext, sense: Sense): boolean => state.kept.alarms.includes(alarmKey(sense));

/** What of a sense has left the usual most; undefined: nothing has. */
function worstOf({ strayed }: SenseHealth, sense: Sense): Measure | undefined {
  const scoreOf = (one: Measure): number => (strayed[one]?.score ?? 0) / mostOf(one);
  const of = (Object.keys(strayed) as Measure[]).filter((measure) => MEASURES[measure] === sense);
  return of.sort((one, other) => scoreOf(other) - scoreOf(one))[0];
}

const changedFact = ({ strayed }: SenseHealth, measure: Measure): Fact =>
  fact('senseChanged', strayed[measure]?.sinceMs, { measure, byMs: Math.abs(strayed[measure]?.by ?? 0) });

/** The last vehicles were not seen to leave A before B, or not on B, and it is not known yet whether that is the loops. */
export const loopsWaver = ({ kept }: Lane): boolean =>
  (['approachLate', 'barrierMissed'] as const).some(
    (measure) => kept.health?.strayed[measure] !== undefined && !kept.alarms.includes(alarmKey(MEASURES[measure])),
  );

/** For the page: what the senses whose alarm is on do otherwise, by the alarm's code. */
export function changedSenses({ kept }: Lane): Readonly<Record<string, Fact>> {
  const { health, alarms } = kept;
  if (health == null) return {};
  const senses = (Object.keys(ALARM_OF) as Sense[]).filter((sense) => alarms.includes(alarmKey(sense)));
  const facts = senses.map((sense) => [alarmKey(sense), worstOf(health, sense)] as const);
  return Object.fromEntries(
    facts.flatMap(([key, worst]) => (worst === undefined ? [] : [[key, changedFact(health, worst)]])),
  );
}

const yes = (is: boolean): number => (is ? 1 : 0);

/** By how much a value is outside the usual range; 0: it is not, or that is not known. */
function beyond(health: SenseHealth, what: Usual, value: number): number {
  const usual = health.usual[what];
  if (usual === null) return 0;
  const by = value < usual[0] ? value - usual[0] : Math.max(0, value - usual[1]);
  return Math.abs(by) < LEAST_MS ? 0 : by;
}

/** A vehicle on both loops: how long it was on B before A let go, and how long after. null: the loops do not tell. */
function partsOnB({ state }: StepContext, body: Body, opening: Opening | undefined): readonly [number, number] | null {
  const { aFallMs, bRiseMs, bFallMs, together, heldB, single, way } = body;
  if (!together || heldB || single || way !== 'forward' || body.drops.length > 0) return null;
  if (aFallMs === null || bRiseMs === null || bFallMs === null) return null;
  const frontMs = aFallMs - Math.max(bRiseMs, opening?.startMs ?? bRiseMs);
  return frontMs < Math.max(1, state.loopPollMs) ? null : [frontMs, bFallMs - aFallMs];
}

const shareOf = ([frontMs, rearMs]: readonly [number, number]): number =>
  Math.trunc((1_000 * rearMs) / Math.max(1, frontMs + rearMs));

/** It has been on both loops and left them: in which order, and so long after one another as its own pace would have it. */
export function loopsLeft(work: StepContext, body: Body, opening: Opening | undefined): void {
  const { usual } = healthOf(work);
  const parts = partsOnB(work, body, opening);
  if (usual.fall === null || parts === null) return;
  const [frontMs, rearMs] = parts;
  const [least, most] = usual.fall;
  // By so much A, or B, let go too late for its pace.
  const approach = Math.trunc((frontMs * least - rearMs * (1_000 - least)) / 1_000);
  const barrier = Math.trunc((rearMs * (1_000 - most) - frontMs * most) / (1_000 - most));
  compare(work, 'approachLate', approach < LEAST_MS ? 0 : approach, true);
  compare(work, 'barrierLate', barrier < LEAST_MS ? 0 : barrier, true);
}

/** It is outside, once in the opening or after the vehicle of that number: who touches a loop or a wire ten times has shown it once. */
function countOnce(work: StepContext, measure: Measure, number: number): void {
  const health = healthOf(work);
  if (health.countedIn?.[measure] === number) return;
  keep(work).health = { ...health, countedIn: { ...health.countedIn, [measure]: number } };
  compare(work, measure, 1);
}

/** Somebody was let out by right and seen on one of the loops alone. */
export function loopMissed(work: StepContext, measure: 'approachMissed' | 'barrierMissed'): void {
  const opening = work.state.openings.at(-1);
  if (opening?.granted === true && opening.firstId === null) countOnce(work, measure, opening.id);
}

/** B let go of it for a moment. */
export function barrierDropped(work: StepContext): void {
  keep(work).health = { ...healthOf(work), droppedMs: work.atMs };
}

/** A pulse of the relay is over; `alone`: no opening came of it. */
export function pulseSeen(work: StepContext, lengthMs: number): void {
  const health = healthOf(work);
  keep(work).health = { ...health, pulseMs: lengthMs };
  compare(work, 'pulseLength', beyond(health, 'pulse', lengthMs));
}
export const pulseAlone = (work: StepContext): void => countOnce(work, 'pulseAlone', work.state.kept.passages);

/** A vehicle has passed, and its verdict is due: what each sense has shown of it. `hold`: the message that covers it. */
export function passedBy(work: StepContext, body: Body, opening: Opening | undefined, hold: GrantHold | null): void {
  const { settings } = work;
  if (body.way !== 'forward' || body.presumed || body.chain !== null || body.automatic || body.maintenance) return;
  loopsLeft(work, body, opening);
  if (body.together) {
    for (const measure of ['approachMissed', 'barrierMissed'] as const) compare(work, measure, 0);
    compareShares(work, {
      approachDropped: body.drops.some(({ fallMs, riseMs }) => riseMs - fallMs < DROPOUT_MS),
      barrierDropped: (healthOf(work).droppedMs ?? 0) > body.riseMs,
      unread: isUnread(body),
    });
  }
  if (hold === null) return;
  if (opening?.firstId === body.id && opening.press === null && isWired(settings, 'auto')) {
    const begun = begunBy(opening, settings);
    if (begun !== 'unknown') compare(work, 'pulseMissed', yes(begun === 'hand'));
    if (begun === 'relay') compare(work, 'pulseAlone', 0);
  }
  const read = hold.grant.plate === undefined ? undefined : readsExactly(body.reads, normalPlate(hold.grant.plate));
  if (read === undefined || body.aRiseMs === null) return;
  const readMs = read.atMs - body.aRiseMs;
  compare(work, 'readLate', beyond(healthOf(work), 'read', readMs), true);
  const parts = partsOnB(work, body, opening);
  learn(work, { fall: parts === null ? null : shareOf(parts), pulse: healthOf(work).pulseMs, read: readMs });
}

/** Yes or no: how many of the first do so is learned, bounded, and the others are compared only where it was few. */
function compareShares(work: StepContext, shown: Readonly<Record<Ratio, boolean>>): void {
  const health = healthOf(work);
  const { passed, ...before } = health.first ?? { passed: 0, approachDropped: 0, barrierDropped: 0, unread: 0 };
  if (isLearned(health)) {
    for (const share of SHARES) if (100 * before[share] <= BY_NATURE * passed) compare(work, share, yes(shown[share]));
  } else if (passed < LEARNED) {
    const first = { passed: passed + 1, ...before };
    for (const share of SHARES) first[share] += yes(shown[share]);
    keep(work).health = { ...health, first };
  }
}

/** A passage with an own read and an own message. */
function learn(work: StepContext, values: Readonly<Record<Usual, number | null>>): void {
  const health = healthOf(work);
  if (isLearned(health)) return;
  const withOne = (what: Usual): readonly number[] => {
    const value = values[what];
    const [least, most] = BOUNDS[what];
    return value === null
      ? health.seen[what]
      : withLast(health.seen[what], Math.min(most, Math.max(least, value)), LEARNED);
  };
  const seen = { fall: withOne('fall'), pulse: withOne('pulse'), read: withOne('read') };
  const usual = { fall: usualOf('fall', seen), pulse: usualOf('pulse', seen), read: usualOf('read', seen) };
  // All of it is of the same time.
  keep(work).health = seen.fall.length < LEARNED ? { ...health, seen } : { ...health, seen: NOTHING.seen, usual };
}

function usualOf(what: Usual, seen: SenseHealth['seen']): readonly [number, number] | null {
  if (seen[what].length < LEARNED) return null;
  const [low, high] = TRIMMED[what];
  const sorted = new Float64Array(seen[what]).sort();
  return [sorted[low] ?? 0, sorted[LEARNED - 1 - high] ?? 0];
}

const LOOPS_ALL: readonly Sense[] = ['approach', 'barrier'];
const EVERY: readonly Sense[] = [...LOOPS_ALL, 'auto', 'camera'];
/** What a verdict rests on, where no hand was seen. */
const RESTS_ON: Readonly<Record<Verdict, readonly Sense[]>> = {
  tailgating: EVERY,
  heldOpen: EVERY,
  systemUnpaid: EVERY,
  fakeExit: [...LOOPS_ALL, 'camera'],
  wrongWay: LOOPS_ALL,
  ranBarrier: LOOPS_ALL,
  manual: ['auto'],
  unknown: ['auto'],
  automatic: [],
};

interface Doubted {
  readonly verdict: Verdict;
  readonly plate: Read | null;
  readonly facts: readonly Fact[];
}

/**
 * The sense that a verdict rests on and that does not do as usual now, told as a fact; undefined: none. `excuses`: it is for review, else less certain.
 * A relay excuses vehicles of the list alone, which it lets out without a message: its wire is soon pulled. A press that was seen stays, whatever ails;
 * only who was behind may have been let on by the relay.
 */
export function sickSense(work: StepContext, draft: Doubted): { told: Fact; excuses: boolean } | undefined {
  if (work.state.kept.alarms.length === 0) return undefined;
  const { verdict, plate, facts } = draft;
  const isPressed = facts.some(({ kind }) => kind === PRESS_FACT.button || kind === PRESS_FACT.remote);
  const excuses = (sense: Sense): boolean => sense !== 'auto' || plate?.known === true;
  const speaks = (sense: Sense): boolean => !isPressed || (verdict === 'heldOpen' && sense === 'auto');
  const sick = RESTS_ON[verdict].filter((sense) => isSick(work, sense) && speaks(sense));
  const sense = sick.find(excuses) ?? sick[0];
  return sense && { told: fact('senseSick', work.atMs, { sense }), excuses: excuses(sense) };
}

/** No press was seen, and the relay may have begun it though it does not show: a message may say so, as of one that it did. */
export const mayBeByRelay = (work: StepContext, opening: Opening): boolean =>
  opening.press === null && isSick(work, 'auto') && begunBy(opening, work.settings) === 'hand';
