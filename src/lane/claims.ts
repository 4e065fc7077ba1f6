/**
 * Whose is a grant: worked out afresh from what is known whenever it matters, so that the order in which it became known does not.
 * Section 5 of lane-logic.md. It changes nothing.
 */

import { CLAIM_WAYS, type ClaimWay } from '../kinds.ts';
import { begunBy } from './begun.ts';
import type { Body, Read } from './body.ts';
import { pulsesAreUnverified } from './complete-feed.ts';
import type { Begun, GrantHold, Pulse } from './opening.ts';
import {
  confusedPlate,
  contradicts,
  differentPlates,
  isReadAsAnother,
  isUnread,
  normalPlate,
  readsExactly,
  readsFuzzily,
  readsShort,
} from './plates.ts';
import { isFragment, isRevised, platesBefore } from './revision.ts';
import type { Lane } from './state.ts';
import { bodyOf, openingOf } from './step-context.ts';
import type { LaneSettings } from './types.ts';

export interface Claim {
  readonly bodyId: number;
  readonly way: ClaimWay;
  readonly hold: GrantHold | null;
  readonly pulse: Pulse | null;
  /** Since when the body has had it. */
  readonly sinceMs: number;
}

/** Wrong way in a one-way lane: nobody granted that. */
const mayClaim = (body: Body, settings: LaneSettings): boolean =>
  body.way === 'forward' || settings.direction === 'both';

/** When it was on the loop on which cars are granted: A, or B in a lane that goes by B alone. */
function wasOnFirstLoop(body: Body, atMs: number): boolean {
  const isOnB = body.aRiseMs === null || (body.way === 'reverse' && !body.mirrored);
  // A may have been out of sight as it left it.
  const fallMs = (isOnB ? body.bFallMs : body.aFallMs) ?? body.outMs;
  return atMs >= body.riseMs && (fallMs === null || atMs < fallMs);
}

/** The body on A (or what stands for it) at a moment: the last that came. */
export function bodyOnFirstLoop(state: Lane, settings: LaneSettings, atMs: number): Body | undefined {
  return state.bodies
    .filter((body) => body.chain === null && mayClaim(body, settings) && wasOnFirstLoop(body, atMs))
    .at(-1);
}

export const hasDifferentPlate = (state: Lane, body: Body): boolean =>
  differentPlates(body.reads, platesBefore(state, body));

/** A gap on B under this makes the second of two occupancies possible only, in a lane that goes by B alone. */
export const SINGLE_POSSIBLE_MS = 1_000;

/** It may be a part of the vehicle before it: a trailer, a high chassis. Then it takes a grant only by its own plate. */
export function isPossibleOnly(state: Lane, settings: LaneSettings, body: Body): boolean {
  if (body.chain !== null) return true;
  if (body.gapMs === null || body.cRiseMs !== null) return false;
  if (body.single) return body.gapMs < SINGLE_POSSIBLE_MS;
  if (!body.heldB && body.gapMs >= settings.drawbarGapMs) return false;
  if (isFragment(state, settings, body)) return true;
  return !isRevised(state, settings, body) && !hasDifferentPlate(state, body);
}

/** In a two-way lane a grant may be for one way only; A of an exit lies inside, so leaving is going forward. */
const isForWay = ({ grant }: GrantHold, body: Body): boolean =>
  grant.direction === undefined || (grant.direction === 'exit') === (body.way === 'forward');

const inTime = (hold: GrantHold, body: Body): boolean => body.riseMs <= hold.endMs && isForWay(hold, body);

/** A lane grant that nobody on A had when it was issued: for the next that comes, or for one that was already in the lane. */
function comesNext(hold: GrantHold, body: Body): boolean {
  if (!isForWay(hold, body)) return false;
  if (body.riseMs > hold.sinceMs) return inTime(hold, body);
  const wasInLane = hold.issuedMs >= body.riseMs && hold.issuedMs <= (body.outMs ?? Number.POSITIVE_INFINITY);
  return wasInLane && hold.sinceMs === hold.issuedMs && hold.grant.plate === undefined;
}

/** Further uses of a grant with a count fit any plate. */
const isFurther = (hold: GrantHold): boolean => hold.used > 0;

class Ledger {
  readonly claims: Claim[] = [];
  readonly #taken = new Set<string>();

  add(bodyId: number, way: ClaimWay, hold: GrantHold, sinceMs: number): void {
    this.claims.push({ bodyId, way, hold, pulse: null, sinceMs });
    this.#taken.add(hold.grant.id);
  }
  addPulse(bodyId: number, way: 'known' | 'pulse', pulse: Pulse): void {
    this.claims.push({ bodyId, way, hold: null, pulse, sinceMs: pulse.atMs });
  }
  isTaken(hold: GrantHold): boolean {
    return this.#taken.has(hold.grant.id);
  }
  has(body: Body, way?: ClaimWay): boolean {
    return this.claims.some((claim) => claim.bodyId === body.id && (way === undefined || claim.way === way));
  }
}

/** A clock may be off by so much. */
export const CLOCKS_MS = 500;

/**
 * Of those for which a plate was read, the one that it belongs to: it pays on A. One that had left A before is none of them while somebody
 * stands there whose plate does not speak against it: it was read early for the vehicle ahead.
 */
function bearerOf(state: Lane, settings: LaneSettings, hold: GrantHold, bearers: readonly Body[]): Body | undefined {
  const onA = hold.grant.scope === 'park' ? undefined : bodyOnFirstLoop(state, settings, hold.issuedMs);
  if (onA === undefined) return bearers[0];
  const own = bearers.find((body) => body.id === onA.id);
  if (own !== undefined) return own;
  if (isReadAsAnother(onA, normalPlate(hold.grant.plate ?? ''))) return bearers[0];
  return bearers.find((body) => body.aFallMs === null || body.aFallMs + CLOCKS_MS >= hold.issuedMs);
}

function claimByPlate(state: Lane, settings: LaneSettings, bodies: readonly Body[], ledger: Ledger): void {
  for (const hold of state.kept.grants) {
    if (hold.grant.plate === undefined || isFurther(hold)) continue;
    const plate = normalPlate(hold.grant.plate);
    const bearers = bodies.filter((body) => inTime(hold, body) && readsExactly(body.reads, plate) !== undefined);
    const body = bearers.length === 0 ? undefined : bearerOf(state, settings, hold, bearers);
    const read = body && readsExactly(body.reads, plate);
    if (body !== undefined && read !== undefined)
      ledger.add(body.id, 'exact', hold, Math.max(read.atMs, hold.issuedMs));
  }
  for (const hold of state.kept.grants) {
    if (hold.grant.plate === undefined || isFurther(hold) || ledger.isTaken(hold)) continue;
    const plate = normalPlate(hold.grant.plate);
    const isLeftToOther = hold.presenceId !== null && bodies.some((body) => body.id === hold.presenceId);
    const isOfOther = !isLeftToOther && bodies.some((body) => readsExactly(body.reads, plate));
    if (isOfOther || wasReadElsewhere(state, settings, hold)) continue;
    for (const body of bodies) {
      const mayTake = inTime(hold, body) && !ledger.has(body) && !isElsewhere(state, body, hold, plate);
      const read = mayTake ? misreadOf(state, hold, body, plate) : undefined;
      if (read === undefined) continue;
      ledger.add(body.id, 'fuzzy', hold, Math.max(read.atMs, hold.issuedMs));
      break;
    }
  }
}

/** The vehicle with exactly that plate has shown itself in another lane since this one came, or has left by it since it paid here; one paid ahead may have come in by it. */
export const isElsewhere = ({ kept }: Lane, { riseMs }: Body, { issuedMs, grant }: GrantHold, plate: string): boolean =>
  kept.elsewhere.some(({ plate: seen, what, atMs }) => {
    const fromMs = what === 'passed' && grant.scope === 'lane' ? Math.min(issuedMs, riseMs) : riseMs;
    return seen === plate && what !== 'granted' && atMs >= fromMs;
  });

/** It would pass under a payment for nearly its plate, or as one that nobody read; and whose that is has shown itself in another lane. */
export const losesToExact = (state: Lane, body: Body): boolean =>
  state.kept.grants.some((hold) => {
    const plate = normalPlate(hold.grant.plate ?? '');
    const isLike = readsFuzzily(body.reads, plate) !== undefined || (hold.grant.scope === 'lane' && isUnread(body));
    return isLike && isElsewhere(state, body, hold, plate);
  });

/**
 * A read that is the granted plate misread. One character or the province may differ where the grant was received while the body was in the
 * lane, or after it while somebody stands on A who was read as another, or ahead of it for the park; elsewhere only characters that are taken for one
 * another.
 */
function misreadOf(state: Lane, hold: GrantHold, body: Body, plate: string): Read | undefined {
  const { riseMs, outMs, waitsUntilMs, reads } = body;
  const onA = hold.presenceId === body.id ? undefined : bodyOf(state, hold.presenceId);
  const isLate = onA !== undefined && isReadAsAnother(onA, plate);
  const wasHere =
    hold.arrivedMs >= riseMs && (outMs === null || hold.arrivedMs <= outMs || waitsUntilMs !== null || isLate);
  if (wasHere || hold.grant.scope === 'park') return readsFuzzily(reads, plate) ?? readsShort(reads, plate);
  return body.reads.find((read) => confusedPlate(read.text, plate));
}

/** A message about a car may come this long after it has left, and is still about that car. */
const ABOUT_GONE_MS = 60_000;

/**
 * A plate that was read for somebody who is gone is nobody else's: for as long as a payment may be late where that one had none of its own, unless it may
 * be back by the same lane.
 */
function wasReadElsewhere(state: Lane, settings: LaneSettings, { grant, issuedMs }: GrantHold): boolean {
  if (grant.plate === undefined) return false;
  const plate = normalPlate(grant.plate);
  const lateMs = settings.direction === 'both' ? ABOUT_GONE_MS : Math.max(ABOUT_GONE_MS, settings.paidAheadTtlMs);
  return state.kept.past.some(
    ({ outMs, grantPlate, plates }) =>
      (grantPlate === null || grantPlate === plate) &&
      outMs >= issuedMs - (grantPlate === null ? lateMs : ABOUT_GONE_MS) &&
      readsExactly(plates, plate) !== undefined,
  );
}

/** A plate read or used on another vehicle so recently is that vehicle's. */
const SEEN_MS = 120_000;

/**
 * A grant for another plate than the one read may still be this body's. What a hand lets out under somebody else's payment is a manual release, so
 * the payment must belong to this opening in every other way: received while the body was in the lane, or near a pulse that came while it stood on A; and nobody else bears
 * the plate.
 */
function isMismatchAllowed(state: Lane, settings: LaneSettings, hold: GrantHold, body: Body): boolean {
  if (hold.returned || hold.grant.plate === undefined) return false;
  const wasHere = hold.arrivedMs >= body.riseMs && hold.arrivedMs <= (body.outMs ?? Number.POSITIVE_INFINITY);
  const nearPulse = state.kept.pulses.some(
    (pulse) => pulse.presenceId === body.id && Math.abs(pulse.atMs - hold.arrivedMs) <= settings.autoJoinMs,
  );
  return (wasHere || nearPulse) && !bearsElsewhere(state, body, normalPlate(hold.grant.plate));
}

function bearsElsewhere(state: Lane, body: Body, plate: string): boolean {
  const fromMs = state.actedMs - SEEN_MS;
  return (
    state.bodies.some((one) => one.id !== body.id && readsFuzzily(one.reads, plate) !== undefined) ||
    state.kept.waiting.some((read) => read.text === plate) ||
    state.kept.past.some(
      (past) => past.outMs >= fromMs && (past.grantPlate === plate || readsExactly(past.plates, plate) !== undefined),
    ) ||
    state.kept.elsewhere.some((seen) => seen.plate === plate && seen.what !== 'granted' && seen.atMs >= fromMs)
  );
}

/** The plate that it names; of one that names none, those of the vehicle that went back and left it behind. */
function platesOf({ kept }: Lane, { returned, grant }: GrantHold): readonly string[] {
  if (grant.plate !== undefined) return [normalPlate(grant.plate)];
  return returned ? (kept.fakeExits.find(({ grantId }) => grantId === grant.id)?.plates ?? []) : [];
}

/** By which way a body has a grant that is not for its plate; undefined: its plate says that it is somebody else's. */
function wayOf(state: Lane, settings: LaneSettings, hold: GrantHold, body: Body, way: ClaimWay): ClaimWay | undefined {
  if (isElsewhere(state, body, hold, normalPlate(hold.grant.plate ?? ''))) return undefined;
  if (!contradicts(body, platesOf(state, hold))) return way;
  return isMismatchAllowed(state, settings, hold, body) ? 'mismatch' : undefined;
}

function claimByPresence(state: Lane, settings: LaneSettings, sureBodies: readonly Body[], ledger: Ledger): void {
  const lane = state.kept.grants.filter(
    (hold) =>
      hold.grant.scope === 'lane' &&
      !isFurther(hold) &&
      !ledger.isTaken(hold) &&
      !wasReadElsewhere(state, settings, hold),
  );
  for (const hold of lane) {
    const body = sureBodies.find((one) => one.id === hold.presenceId && isForWay(hold, one));
    const way = body && wayOf(state, settings, hold, body, 'presence');
    if (body !== undefined && way !== undefined) ledger.add(body.id, way, hold, hold.issuedMs);
  }
  for (const hold of lane.filter(({ presenceId }) => presenceId === null)) {
    for (const body of sureBodies) {
      if (ledger.has(body) || !comesNext(hold, body)) continue;
      const way = wayOf(state, settings, hold, body, 'next');
      if (way === undefined) continue;
      ledger.add(body.id, way, hold, Math.max(body.riseMs, hold.issuedMs));
      break;
    }
  }
}

function claimFurther(state: Lane, sureBodies: readonly Body[], ledger: Ledger): void {
  for (const hold of state.kept.grants) {
    if (!isFurther(hold)) continue;
    let { left } = hold;
    for (const body of sureBodies) {
      if (left === 0) break;
      if (ledger.has(body) || !inTime(hold, body)) continue;
      ledger.add(body.id, 'further', hold, body.riseMs);
      left -= 1;
    }
  }
}

/** It came with nobody on A, not even one who went back, and the arm down: what it opens comes at once. */
export const cameToEmptyLane = ({ atMs, sinceMs }: Pulse, body?: Body): boolean =>
  sinceMs === atMs && (body === undefined || atMs < body.riseMs);

/** The pulse had come for nobody and opened nothing, and a hand opened later: that is no doing of the management system. */
function isLetOutByHand(state: Lane, settings: LaneSettings, pulse: Pulse, body: Body): boolean {
  const opening = openingOf(state, body.openingId ?? state.openingId);
  if (opening === undefined || opening.startMs <= pulse.atMs || !cameToEmptyLane(pulse, body)) return false;
  return begunBy(opening, settings) === 'hand';
}

/** Repeated pulses for the same body are one. */
function claimByPulse(state: Lane, settings: LaneSettings, sureBodies: readonly Body[], ledger: Ledger): void {
  if (state.kept.pulses.length === 0) return;
  const isUnverified = settings.autoCommandIsGrant === 'auto' && pulsesAreUnverified(state, settings);
  for (const pulse of state.kept.pulses) {
    const body = sureBodies.find((one) => one.id === pulse.presenceId);
    if (body === undefined || isLetOutByHand(state, settings, pulse, body)) continue;
    const way = body.reads.some((read) => read.known) ? 'known' : 'pulse';
    if (way === 'pulse' && !pulse.isGrant && !isUnverified) continue;
    if (!ledger.has(body, way)) ledger.addPulse(body.id, way, pulse);
  }
}

/** Every claim of every body that has not settled. A body may have several; `coverOf` says which it uses. */
export function claimsOf(state: Lane, settings: LaneSettings): readonly Claim[] {
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return [];
  const bodies = state.bodies.filter((body) => mayClaim(body, settings)).sort((a, b) => a.riseMs - b.riseMs);
  const sureBodies = bodies.filter((body) => !isPossibleOnly(state, settings, body));
  const ledger = new Ledger();
  claimByPlate(state, settings, bodies, ledger);
  claimByPresence(state, settings, sureBodies, ledger);
  claimFurther(state, sureBodies, ledger);
  claimByPulse(state, settings, sureBodies, ledger);
  return ledger.claims;
}

/** Whether a pulse was only the opening of a grant that the body has from elsewhere. */
export const isJoined = (pulse: Pulse, messages: readonly Claim[], settings: LaneSettings): boolean =>
  messages.some((claim) => claim.hold !== null && claim.sinceMs <= pulse.atMs + settings.autoJoinMs);

/** The claim that covers a body's passage, if any. */
export function coverOf(claims: readonly Claim[], body: Body, settings: LaneSettings): Claim | undefined {
  const all = claims.filter((claim) => claim.bodyId === body.id);
  const own = all.filter((claim) => claim.pulse === null || !isJoined(claim.pulse, all, settings));
  return own.sort((a, b) => CLAIM_WAYS.indexOf(a.way) - CLAIM_WAYS.indexOf(b.way))[0];
}

/** A grant that waits for whoever comes next onto A, unless a plate there contradicts it; for a hand none with a plate, or left by one who went back. */
export function waitsForNext(state: Lane, settings: LaneSettings, claims: readonly Claim[], begun: Begun): boolean {
  const onA = state.bodies.filter((body) => body.place === 'onA' || body.place === 'onBoth');
  const isFree = (hold: GrantHold): boolean =>
    hold.grant.scope === 'lane' &&
    hold.presenceId === null &&
    hold.endMs >= state.actedMs &&
    (begun !== 'hand' || (hold.grant.plate === undefined && !hold.returned)) &&
    !wasReadElsewhere(state, settings, hold) &&
    !onA.some((body) => contradicts(body, platesOf(state, hold))) &&
    !claims.some((claim) => claim.hold === hold);
  const waits = ({ presenceId, isGrant }: Pulse): boolean => begun !== 'hand' && presenceId === null && isGrant;
  return state.kept.grants.some(isFree) || state.kept.pulses.some(waits);
}
