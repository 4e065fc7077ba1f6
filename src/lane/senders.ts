/**
 * The clocks of those who tell of payments, each till by itself: how far its stamps may be believed. A clock that is off shortens no life: what is
 * learned here only lengthens one. It judges no grant.
 */

import { bodyOnFirstLoop } from './claims.ts';
import type { Sender } from './opening.ts';
import type { Lane } from './state.ts';
import { fact, keep, note, type StepContext } from './step-context.ts';
import type { Grant, LaneSettings } from './types.ts';

/** So many messages of a day say what a clock is off by. */
const AGES_LEAST = 10;
const AGES_KEPT = 16;
const SENDERS_MOST = 32;
const DAY_MS = 24 * 3_600_000;
/** One message that comes late and out of order looks like a clock that was set; so many agree only if it was. */
const SET_MESSAGES = 3;
/** Networks, whole seconds and a till that is read now and then; by more, a clock is off. */
const JITTER_MS = 10_000;
/** Whole seconds and the network. */
const AT_ONCE_MS = 2_000;
/** Clocks of booths are off by minutes, ten were seen: by so much a stamp is no proof that its message was under way. */
const CLOCKS_MOST_MS = 12 * 60_000;
/** Beyond these bounds a clock is worth a word. */
const OFF_MS = 30_000;
const AHEAD_MS = 1_000;

type Age = NonNullable<Sender['ages']>[number];

const isOff = (offsetMs: number): boolean => offsetMs > OFF_MS || offsetMs < -AHEAD_MS;

const tillOf = ({ till, operator }: Grant): string | null => till ?? operator ?? null;

const senderOf = (state: Lane, grant: Grant): Sender | undefined =>
  state.kept.senders.find((one) => one.source === grant.source && (one.till ?? null) === tillOf(grant));

/** As a snapshot of before has them, without their times, they count no longer. */
const agesOf = (sender: Sender | undefined, atMs: number): readonly Age[] =>
  (sender?.ages ?? []).filter((age) => age.atMs > atMs - DAY_MS);

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}

const ascending = (ages: readonly Age[]): readonly number[] =>
  ages.map(({ ageMs }) => ageMs).sort((one, other) => one - other);

const medianOfTen = (ages: readonly number[]): number | undefined =>
  ages.length < AGES_LEAST ? undefined : median(ages);

const agree = (one: number, other: number): boolean => Math.abs(one - other) <= JITTER_MS;
const stampOf = ({ atMs, ageMs }: Age): number => atMs - ageMs;

/** A queue that is emptied brings late ones at once, however they were dated: no clock was set. */
const cameAtOnce = (one: Age | undefined, other: Age): boolean =>
  one !== undefined && other.atMs - one.atMs <= AT_ONCE_MS;

/**
 * Somebody may have set this clock: it is further ahead than it used to be, for no message comes before it is sent; or since it last was as usual it has
 * gone back behind what it had said; or it is much behind, and as much as for the message before. So are messages that come late and out of order.
 */
function maySet(known: readonly Age[], age: Age): boolean {
  const usualMs = medianOfTen(ascending(known));
  const last = known.at(-1);
  if (usualMs === undefined || last === undefined) return false;
  if (age.ageMs < usualMs - JITTER_MS) return true;
  if (cameAtOnce(last, age)) return false;
  if (age.ageMs > usualMs + CLOCKS_MOST_MS && agree(age.ageMs, last.ageMs)) return true;
  const ages = [...known, age];
  const usualAt = ages.findLastIndex(({ ageMs }) => agree(ageMs, usualMs));
  return ages.some((one, index) => index > usualAt && stampOf(one) < stampOf(ages[index - 1] ?? one) - JITTER_MS);
}

/** It was set: so many messages running agree, and not with those before. */
function wasSet(known: readonly Age[], age: Age): boolean {
  const before = ascending(known.slice(0, 1 - SET_MESSAGES));
  return (
    before.length > 0 &&
    !cameAtOnce(known.at(1 - SET_MESSAGES), age) &&
    !agree(age.ageMs, median(before)) &&
    known.slice(1 - SET_MESSAGES).every(({ ageMs }) => agree(ageMs, age.ageMs))
  );
}

export function learnSender(work: StepContext, grant: Grant): void {
  const { state, atMs } = work;
  const ageMs = atMs - grant.issuedAtMs;
  // The date of issue of a season ticket, or a clock that nobody has set.
  if (ageMs > DAY_MS) return;
  const before = senderOf(state, grant);
  const known = agesOf(before, atMs);
  const isSet = wasSet(known, { atMs, ageMs });
  // Of late ones those that agree are kept: of a queue that is emptied the last, or the lateness of all would be the clock's.
  const usualMs = medianOfTen(ascending(known)) ?? Number.POSITIVE_INFINITY;
  const isLate = (age: Age): boolean => age.ageMs > usualMs + CLOCKS_MOST_MS && !agree(age.ageMs, ageMs);
  const ages = [...known.filter((age) => !isLate(age)), { atMs, ageMs }].slice(isSet ? -SET_MESSAGES : -AGES_KEPT);
  const setMs = isSet ? atMs : before?.setMs;
  const offsetMs = medianOfTen(ascending(ages)) ?? 0;
  const till = tillOf(grant);
  const sender: Sender = {
    source: grant.source,
    ...(till !== null && { till }),
    ages,
    offsetMs,
    ...(setMs !== undefined && { setMs }),
  };
  if (isOff(offsetMs) && !isOff(before?.offsetMs ?? 0))
    note(work, fact('senderClockOff', atMs, { source: grant.source, ...(till !== null && { till }), offsetMs }));
  keep(work).senders = [...state.kept.senders.filter((one) => one !== before), sender].slice(-SENDERS_MOST);
}

/** What a stamp says. */
export interface PaymentTimes {
  /** When it was paid, for the question who stood there then. */
  readonly issuedMs: number;
  /** The same where nobody is accused by it: corrected as far as is known, never doubted. */
  readonly datedMs: number;
  /** From when its life counts. */
  readonly livesFromMs: number;
  /** How much later than written an end that was given may be. */
  readonly laterMs: number;
}

/** To be asked before the message is learned from. A stamp after its arrival counts as its arrival. */
export function paymentTimes(state: Lane, settings: LaneSettings, grant: Grant, atMs: number): PaymentTimes {
  const ageMs = atMs - grant.issuedAtMs;
  const sender = senderOf(state, grant);
  const known = agesOf(sender, atMs);
  const isSet = maySet(known, { atMs, ageMs });
  const past = isSet ? [] : ascending(known).filter((age) => age >= 0);
  const learnedMs = medianOfTen(past);
  const offsetMs = learnedMs ?? 0;
  const delayMs = Math.max(0, ageMs - offsetMs);
  const datedMs = atMs - delayMs;
  // By as much as our own clock is off its end is, too.
  const undatedMs = grant.undated ? ageMs : 0;
  if (ageMs <= 0 || ageMs > DAY_MS) return { issuedMs: atMs, datedMs, livesFromMs: atMs, laterMs: undatedMs };
  const isSteady = 2 * past.filter((age) => Math.abs(age - offsetMs) <= JITTER_MS).length > past.length;
  const isKnown = learnedMs !== undefined && isSteady;
  // A clock that was set today may be set again: then who stands there as the message comes has paid, if anybody does.
  const isProven = isKnown && !isSet && (sender?.setMs ?? Number.NEGATIVE_INFINITY) < atMs - DAY_MS;
  const isClose =
    delayMs <= AT_ONCE_MS || (delayMs <= JITTER_MS && bodyOnFirstLoop(state, settings, atMs) === undefined);
  const laterMs = undatedMs || Math.min(ageMs, offsetMs + CLOCKS_MOST_MS);
  return {
    issuedMs: isProven || isClose ? datedMs : atMs,
    datedMs,
    livesFromMs: isKnown ? grant.issuedAtMs + laterMs : atMs,
    // A life of more than a day is a validity by the calendar.
    laterMs: (grant.expiresAtMs ?? 0) - grant.issuedAtMs > DAY_MS ? 0 : laterMs,
  };
}
