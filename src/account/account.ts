/**
 * The account of one lane as a fold over what the lane counts: rows by day, hour and operator. Every opening, passage and permission stands in
 * exactly one column; what comes later moves what it concerns. It knows no clock: the wall time of a lane time is handed in.
 */
import type { CountedOpening, CountedPassage, CountedPayment } from '../lane/counted.ts';
import type { LaneEffect, Release } from '../lane/types.ts';
import {
  type AccountPart,
  type Column,
  emptyColumn,
  furtherColumn,
  type GivenVerdict,
  openingColumn,
  owedColumn,
  pairColumns,
  passageColumn,
  paymentColumn,
  usedColumn,
} from './columns.ts';
import { dayOf, daysAfter, hourOf } from './days.ts';

/** Raised when the shape changes: an account of another version goes on with its days only. */
export const ACCOUNT_VERSION = 1;

export const DAYS_MOST = 3;
export const QUESTIONS_MOST = 100;
/** Records that a late payment may still move: twice what the lane itself remembers. */
export const PLACES_MOST = 128;

export type OpenQuestionKind =
  | 'openingWithoutPassage'
  | 'passageUnclear'
  | 'paymentWithoutPassage'
  | 'coverWithoutPayment';

/** What does not close, with what a person needs to answer it. */
export interface OpenQuestion {
  readonly kind: OpenQuestionKind;
  readonly atWallMs: number;
  readonly releaseId?: string;
  readonly captureId?: string;
  readonly plate?: string;
  readonly grantId?: string;
}

/** Who was on duty, and the wall time at which that shift began. */
export interface OnDuty {
  readonly operator: string;
  readonly sinceWallMs: number;
}

/** What a fold needs to know beside the effects; each of a lane time. */
export interface FoldKnowledge {
  readonly wallOf: (laneMs: number) => number;
  readonly dutyOf?: ((laneMs: number) => OnDuty | undefined) | undefined;
  /** What an unpaid exit would have cost, as it was known when it was released. */
  readonly owedOf?: ((release: Release) => GivenVerdict['owed']) | undefined;
}

/** One row of a day, taken apart. */
export interface AccountRow {
  readonly hour: number;
  readonly operator: string;
  /** The wall time at which the operator's shift began, where it is known. */
  readonly since?: number;
  readonly part: AccountPart;
  readonly column: Column;
  readonly count: number;
  /** Fen. */
  readonly amount: number;
}

/** Moved after its day was final. */
export interface LateMove extends AccountRow {
  readonly day: string;
}

/** Count and fen, by `hour⇥operator⇥part⇥column`, and `⇥since` where a shift is known: the wall time of its beginning. */
export type Rows = Readonly<Record<string, readonly [count: number, amount: number]>>;

export interface AccountDay {
  readonly rows: Rows;
  readonly questions: readonly OpenQuestion[];
  /** Beyond `QUESTIONS_MOST`. */
  readonly moreQuestions: number;
  readonly corrections: readonly LateMove[];
}

interface Bucket {
  readonly day: string;
  readonly hour: number;
  readonly operator: string;
  /** Of the operator's shift. */
  readonly since?: number;
}
/** A row's part, column, count and fen. */
type Entry = readonly [part: AccountPart, column: Column, count: number, amount: number];
/** Where a passage stands that a payment covers, and that payment. */
interface CoveredPlace extends Bucket {
  readonly entries: readonly Entry[];
  readonly paid: CountedPayment;
}
/** Where a passage stands that is paid late; without the vehicle in an account of before that was kept. */
interface LatePlace extends Bucket {
  readonly bodyId?: number;
  readonly entries?: readonly Entry[];
}
interface Place extends Bucket {
  readonly column: Column;
  readonly further: { readonly part: AccountPart; readonly column: Column } | null;
  readonly owed?: { readonly column: Column; readonly amount: number };
  /** Its vehicle, and all of it. Not in an account of before that was kept. */
  readonly bodyId?: number;
  readonly entries?: readonly Entry[];
}

export interface Account {
  readonly version: number;
  readonly days: Readonly<Record<string, AccountDay>>;
  /** Openings counted with their first passage that are not over. */
  readonly openings: Readonly<Record<string, true>>;
  /** Payments used by a vehicle whose passage is being decided, by its number. */
  readonly paying: Readonly<Record<string, CountedPayment>>;
  /** By its vehicle's number: its payment may yet go to another. Not in an account of before that could be. */
  readonly covered?: Readonly<Record<string, CoveredPlace>>;
  readonly given: Readonly<Record<string, GivenVerdict>>;
  readonly places: Readonly<Record<string, Place>>;
  /** Where the passage stands that a late payment is for, by grant. */
  readonly late: Readonly<Record<string, LatePlace>>;
  readonly cause: string;
}

export const emptyAccount = (): Account => ({
  version: ACCOUNT_VERSION,
  days: {},
  openings: {},
  paying: {},
  given: {},
  places: {},
  late: {},
  cause: '',
});

export const NO_DAY: AccountDay = { rows: {}, questions: [], moreQuestions: 0, corrections: [] };

/** Takes one effect. The account given is not changed. */
export function fold(account: Account, effect: LaneEffect, known: FoldKnowledge): Account {
  if (effect.kind === 'release') {
    const { id, verdict, desc } = effect.release;
    if (verdict === 'automatic') return { ...account, cause: desc };
    return { ...account, given: limited(account.given, id, givenOf(effect.release, known)) };
  }
  if (effect.kind === 'withdraw' || effect.kind === 'correct') return setRight(account, effect);
  if (effect.kind !== 'count') return account;
  const { counted, atMs } = effect;
  const upToNow = endedWith(account, dayOf(known.wallOf(atMs)));
  if (counted.of === 'opening') return opening(upToNow, counted, known);
  if (counted.of === 'passage') return passage(upToNow, counted, known);
  return payment(upToNow, counted, atMs, known);
}

/** What was counted under a clock that was ahead is today's, or none after it would be counted. */
function endedWith(account: Account, today: string): Account {
  const limit = plausibleUntil(Object.keys(account.days), today);
  const days = Object.entries(account.days);
  const ahead = days.filter(([day]) => day > limit);
  if (ahead.length === 0) return account;
  const before = { ...account, days: Object.fromEntries(days.filter(([day]) => day <= limit)) };
  return ahead.reduce((next, [, wrong]) => withDay(next, today, (kept) => joined(kept, wrong)), before);
}

/** No box counted before it. */
const FIRST_DAY = '2026-01-01';
const NEVER = '9999-12-31';

/**
 * A day after it is of a clock that was ahead. One that went back shows the same, days after today, and must move none of them: then no day that is known
 * is of today or before, and the clocks that boxes begin with are of years before the first box.
 */
function plausibleUntil(days: readonly string[], today: string): string {
  if (days.some((day) => day <= today)) return daysAfter(today, 7);
  return today < FIRST_DAY ? NEVER : daysAfter(today, 366);
}

function joined(kept: AccountDay, wrong: AccountDay): AccountDay {
  const rows: Record<string, readonly [number, number]> = { ...kept.rows };
  for (const [key, [count, sum]] of Object.entries(wrong.rows))
    rows[key] = [count + (rows[key]?.[0] ?? 0), sum + (rows[key]?.[1] ?? 0)];
  const questions = [...kept.questions, ...wrong.questions];
  const moreQuestions = kept.moreQuestions + wrong.moreQuestions + questions.splice(QUESTIONS_MOST).length;
  return { rows, questions, moreQuestions, corrections: [...kept.corrections, ...wrong.corrections] };
}

function givenOf(release: Release, { owedOf }: FoldKnowledge): GivenVerdict {
  const { verdict, reported, direction, passed, facts } = release;
  const given = { verdict, reported, ...(facts.some(({ kind }) => kind === 'mayBePaid') && { paired: true as const }) };
  if (direction !== 'exit' || !passed) return given;
  const owed = owedOf?.(release);
  return { ...given, exit: true, ...(owed && { owed: { by: owed.by, amount: owed.amount } }) };
}

/** `commanded`: who gave the very command; else it is whoever was on duty. */
function bucketAt(laneMs: number, { wallOf, dutyOf }: FoldKnowledge, commanded: string | null = null): Bucket {
  const wallMs = wallOf(laneMs);
  const duty = dutyOf?.(laneMs);
  const isOwn = duty !== undefined && (commanded === null || commanded === duty.operator);
  return {
    day: dayOf(wallMs),
    hour: hourOf(wallMs),
    operator: (commanded ?? duty?.operator ?? '').replace(/\t/g, ' '),
    ...(isOwn && { since: duty.sinceWallMs }),
  };
}

function limited<T>(all: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> {
  const next = { ...all, [key]: value };
  const [oldest] = Object.keys(next);
  if (oldest !== undefined && Object.keys(next).length > PLACES_MOST) delete next[oldest];
  return next;
}

function without<T>(all: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = all;
  return rest;
}

/** Adds to a row; a day that has left the account is final, and gets a correction beside the newest. */
function add(account: Account, at: Bucket, part: AccountPart, column: Column, count: number, amount = 0): Account {
  const { day, hour, operator, since } = at;
  const [newest] = Object.keys(account.days).sort().reverse();
  const isFinal = account.days[day] === undefined && newest !== undefined && day < newest;
  if (isFinal) {
    const shift = since === undefined ? {} : { since };
    const correction: LateMove = { day, hour, operator, ...shift, part, column, count, amount };
    return withDay(account, newest, (kept) => ({ ...kept, corrections: [...kept.corrections, correction] }));
  }
  const key = [hour, operator, part, column, ...(since === undefined ? [] : [since])].join('\t');
  return withDay(account, day, (kept) => {
    const [before, sum] = kept.rows[key] ?? [0, 0];
    return { ...kept, rows: { ...kept.rows, [key]: [before + count, sum + amount] } };
  });
}

function withDay(account: Account, day: string, change: (day: AccountDay) => AccountDay): Account {
  const days: Record<string, AccountDay> = { ...account.days, [day]: change(account.days[day] ?? NO_DAY) };
  const names = Object.keys(days).sort();
  for (const name of names.slice(0, Math.max(0, names.length - DAYS_MOST))) delete days[name];
  return { ...account, days };
}

function ask(account: Account, day: string, question: OpenQuestion): Account {
  return withDay(account, day, (kept) =>
    kept.questions.length < QUESTIONS_MOST
      ? { ...kept, questions: [...kept.questions, question] }
      : { ...kept, moreQuestions: kept.moreQuestions + 1 },
  );
}

/** It is over: counted with its first passage, or now. */
function opening(account: Account, counted: CountedOpening, known: FoldKnowledge): Account {
  const { openingId, startAtMs, passed, captureId } = counted;
  if (account.openings[openingId]) return { ...account, openings: without(account.openings, openingId) };
  const atWallMs = known.wallOf(startAtMs);
  const at = bucketAt(startAtMs, known);
  const next = add(account, at, 'opening', emptyColumn(counted), 1);
  if (!passed) return next;
  return ask(next, at.day, { kind: 'openingWithoutPassage', atWallMs, ...(captureId !== null && { captureId }) });
}

function addAll(account: Account, at: Bucket, entries: readonly Entry[], sign: 1 | -1 = 1): Account {
  return entries.reduce(
    (next, [part, column, count, amount]) => add(next, at, part, column, sign * count, sign * amount),
    account,
  );
}

/** It stood as paid, and its payment is another's: it moves to where it stands without. */
function unpaidAfterAll(account: Account, counted: CountedPassage, known: FoldKnowledge): Account {
  const { lostTo, mayLose: _, ...again } = counted;
  const place = account.covered?.[counted.bodyId];
  if (place === undefined) return account;
  const { paid } = place;
  const covered = without(account.covered ?? {}, `${counted.bodyId}`);
  const next = addAll({ ...account, covered }, place, place.entries, -1);
  const stands = lostTo === 'here' ? next : add(next, place, 'payment', 'elsewhere', paid.units, fenOf(paid));
  // Its opening is over or not as it was before.
  return { ...passage(stands, again, known), openings: account.openings };
}

function passage(account: Account, counted: CountedPassage, known: FoldKnowledge): Account {
  if (counted.lostTo !== undefined) return unpaidAfterAll(account, counted, known);
  const { bodyId, how, first, openingId, releaseId, passedAtMs } = counted;
  const paid = account.paying[bodyId];
  const at = bucketAt(passedAtMs, known, paid?.operator ?? null);
  const by = openerOf(account, how, paid);
  const given = releaseId === null ? undefined : account.given[releaseId];
  const column = passageColumn(counted, by, given);
  const owed = owedColumn(column, given);
  const further = first !== null || column === 'part' ? null : furtherColumn(counted, column);
  const isFirst = first !== null && openingId !== null;
  const entries: Entry[] = [['passage', column, 1, 0]];
  if (paid !== undefined)
    entries.push(['payment', usedColumn(how, counted.otherPlate, paid.scope), paid.units, fenOf(paid)]);
  if (further !== null) entries.push([further.part, further.column, 1, 0]);
  if (isFirst) entries.push(['opening', openingColumn(counted, first, by), 1, 0]);
  if (owed !== null) entries.push(['owed', owed.column, 1, owed.amount]);
  entries.push(...pairColumns(counted, given).map((pair): Entry => ['pair', pair, 1, 0]));
  let next = addAll({ ...account, paying: without(account.paying, `${bodyId}`) }, at, entries);
  if (isFirst) next = { ...next, openings: limited(next.openings, openingId, true) };
  if (counted.mayLose && paid !== undefined)
    next = { ...next, covered: limited(next.covered ?? {}, `${bodyId}`, { ...at, entries, paid }) };
  if (releaseId !== null) {
    const place: Place = { ...at, column, further, bodyId, entries, ...(owed !== null && { owed }) };
    next = { ...next, places: limited(next.places, releaseId, place) };
  }
  const lacks = how === 'grant' && paid === undefined;
  if (column !== 'unclear' && !lacks) return next;
  return askAbout(next, lacks ? 'coverWithoutPayment' : 'passageUnclear', counted, at.day, known.wallOf(passedAtMs));
}

/** Who or what opened for it, as the columns name it. */
function openerOf(account: Account, how: CountedPassage['how'], paid: CountedPayment | undefined) {
  if (how === 'automatic') return account.cause;
  return how === 'grant' ? (paid?.means ?? 'other') : how;
}

function askAbout(
  account: Account,
  kind: 'coverWithoutPayment' | 'passageUnclear',
  { releaseId, captureId, plate }: CountedPassage,
  day: string,
  atWallMs: number,
): Account {
  return ask(account, day, {
    kind,
    atWallMs,
    ...(releaseId !== null && { releaseId }),
    ...(captureId !== null && { captureId }),
    ...(plate !== null && { plate }),
  });
}

const fenOf = ({ amount, currency }: CountedPayment): number => (currency === 'CNY' ? (amount ?? 0) : 0);

function payment(account: Account, counted: CountedPayment, atMs: number, known: FoldKnowledge): Account {
  const { fate, grantId, scope, units, bodyId, plate, operator } = counted;
  const now = bucketAt(atMs, known, operator);
  if (fate === 'told') return add(account, now, 'told', scope === 'park' ? 'ahead' : 'lane', units, fenOf(counted));
  if (fate === 'used' && bodyId !== null) return { ...account, paying: limited(account.paying, `${bodyId}`, counted) };
  if (fate !== 'late') return add(account, now, 'payment', paymentColumn(fate, scope), units, fenOf(counted));
  const at = account.late[grantId];
  const entry: Entry = ['payment', 'usedLate', units, fenOf(counted)];
  const next = addAll({ ...account, late: without(account.late, grantId) }, at ?? now, [entry]);
  if (at?.bodyId !== undefined && at.entries !== undefined) {
    const { bodyId: id, entries, ...bucket } = at;
    const covered = { ...bucket, entries: [...entries, entry], paid: counted };
    return { ...next, covered: limited(next.covered ?? {}, `${id}`, covered) };
  }
  if (at !== undefined) return next;
  const atWallMs = known.wallOf(atMs);
  return ask(next, now.day, { kind: 'paymentWithoutPassage', atWallMs, grantId, ...(plate !== null && { plate }) });
}

/** A record that turned out otherwise: its passage moves. The record of an opening alone moves nothing: its passage stands for itself. */
function setRight(account: Account, effect: Extract<LaneEffect, { kind: 'withdraw' | 'correct' }>): Account {
  const place = account.places[effect.releaseId];
  if (place === undefined) return account;
  const isPaid = effect.why === 'paidLate';
  // Without a further vehicle of its own it was the only one of its opening: somebody did pass.
  const to = !isPaid
    ? place.further === null
      ? 'unclear'
      : 'part'
    : effect.kind === 'withdraw'
      ? 'withdrawn.paidLate'
      : 'withdrawn.paidAfterSending';
  let next: Account = { ...account, places: without(account.places, effect.releaseId) };
  next = add(add(next, place, 'passage', place.column, -1), place, 'passage', to, 1);
  if (place.owed !== undefined) next = add(next, place, 'owed', place.owed.column, -1, -place.owed.amount);
  if (!isPaid && place.further !== null) next = add(next, place, place.further.part, place.further.column, -1);
  // Paid by its own payment: the one that spoke for it was another's.
  if (isPaid && place.entries?.some(([part]) => part === 'pair')) next = add(next, place, 'pair', 'review', -1);
  const grantId = effect.facts.find(({ kind }) => kind === 'paidLate')?.values?.grantId;
  if (!isPaid || typeof grantId !== 'string') return next;
  const { day, hour, operator, since, bodyId, entries } = place;
  const moved = entries?.flatMap((entry): readonly Entry[] =>
    entry[0] === 'owed' || entry[0] === 'pair' ? [] : [entry[0] === 'passage' ? ['passage', to, 1, 0] : entry],
  );
  const at = {
    ...{ day, hour, operator, ...(since !== undefined && { since }) },
    ...(bodyId !== undefined && moved !== undefined && { bodyId, entries: moved }),
  };
  return { ...next, late: limited(next.late, grantId, at) };
}

/** Continues an account that was kept with the lane's state; without that state, or of another version, it goes on with its days. */
export function restored(kept: unknown, continues: boolean): Account {
  const account = kept as Partial<Account> | undefined;
  if (continues && account?.version === ACCOUNT_VERSION) return account as Account;
  return { ...emptyAccount(), days: account?.days ?? {} };
}
