/**
 * The clocks of those who tell of payments, each till by itself: how far its stamps may be believed. A clock that is off shortens no life: what is
 * learned here only lengthens one. It judges no grant.
 */

import type { Sender } from './opening.ts';
import type { Lane } from './state.ts';
import { fact, keep, note, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

/** So many messages of a day say what a clock is off by. */
const AGES_LEAST = 10;
const AGES_KEPT = 16;
const SENDERS_MOST = 32;
const DAY_MS = 24 * 3_600_000;
/** Networks, whole seconds and a till that is read now and then; by more, a clock is off. */
const JITTER_MS = 10_000;
/** Clocks of booths are off by minutes, ten were seen: by so much a stamp is no proof that its message was under way. */
const CLOCKS_MOST_MS = 12 * 60_000;
/** Beyond these bounds a clock is worth a word. */
const OFF_MS = 30_000;
const AHEAD_MS = 1_000;

const isOff = (offsetMs: number): boolean => offsetMs > OFF_MS || offsetMs < -AHEAD_MS;

const tillOf = ({ till, operator }: Grant): string | null => till ?? operator ?? null;

const senderOf = (state: Lane, grant: Grant): Sender | undefined =>
  state.kept.senders.find((one) => one.source === grant.source && (one.till ?? null) === tillOf(grant));

/** As a snapshot of before has them, without their times, they count no longer. */
const agesOf = (sender: Sender | undefined, atMs: number): NonNullable<Sender['ages']> =>
  (sender?.ages ?? []).filter((age) => age.atMs > atMs - DAY_MS);

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}

const ascending = (ages: NonNullable<Sender['ages']>): readonly number[] =>
  ages.map(({ ageMs }) => ageMs).sort((one, other) => one - other);

const medianOfTen = (ages: readonly number[]): number | undefined =>
  ages.length < AGES_LEAST ? undefined : median(ages);

/** Somebody set this clock: it is behind what it said last, or as much off as for the message before, though not as it used to be. */
function wasSet(ages: NonNullable<Sender['ages']>, grant: Grant, ageMs: number): boolean {
  const last = ages.at(-1);
  if (last === undefined) return false;
  if (grant.issuedAtMs < last.atMs - last.ageMs - JITTER_MS) return true;
  const usualMs = medianOfTen(ascending(ages)) ?? ageMs;
  return ageMs > usualMs + CLOCKS_MOST_MS && Math.abs(ageMs - last.ageMs) <= JITTER_MS;
}

/** What is known of the clock that stamped this one, as it comes. */
function knownAges(state: Lane, grant: Grant, atMs: number): NonNullable<Sender['ages']> {
  const ages = agesOf(senderOf(state, grant), atMs);
  return wasSet(ages, grant, atMs - grant.issuedAtMs) ? [] : ages;
}

export function learnSender(work: StepContext, grant: Grant): void {
  const { state, atMs } = work;
  const ageMs = atMs - grant.issuedAtMs;
  // The date of issue of a season ticket, or a clock that nobody has set.
  if (ageMs > DAY_MS) return;
  const before = senderOf(state, grant);
  const ages = [...knownAges(state, grant, atMs), { atMs, ageMs }].slice(-AGES_KEPT);
  const offsetMs = medianOfTen(ascending(ages)) ?? 0;
  const till = tillOf(grant);
  const sender: Sender = { source: grant.source, ...(till !== null && { till }), ages, offsetMs };
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
export function paymentTimes(state: Lane, grant: Grant, atMs: number): PaymentTimes {
  const ageMs = atMs - grant.issuedAtMs;
  if (ageMs <= 0) return { issuedMs: atMs, datedMs: atMs, livesFromMs: atMs, laterMs: 0 };
  const past = ascending(knownAges(state, grant, atMs)).filter((age) => age >= 0);
  const learnedMs = medianOfTen(past);
  const offsetMs = learnedMs ?? 0;
  const delayMs = Math.max(0, ageMs - offsetMs);
  const datedMs = atMs - delayMs;
  if (ageMs > DAY_MS) return { issuedMs: atMs, datedMs, livesFromMs: atMs, laterMs: 0 };
  const isSteady = 2 * past.filter((age) => Math.abs(age - offsetMs) <= JITTER_MS).length > past.length;
  const isKnown = learnedMs !== undefined && isSteady;
  const isClose = learnedMs === undefined && delayMs <= JITTER_MS;
  const laterMs = Math.min(ageMs, offsetMs + CLOCKS_MOST_MS);
  return {
    issuedMs: isKnown || isClose ? datedMs : atMs,
    datedMs,
    livesFromMs: isKnown ? grant.issuedAtMs + laterMs : atMs,
    // A life of more than a day is a validity by the calendar.
    laterMs: (grant.expiresAtMs ?? 0) - grant.issuedAtMs > DAY_MS ? 0 : laterMs,
  };
}
