/**
 * Fake exits: a granted vehicle came, the arm went up, and it went back into the park. The management system has booked it out, and the
 * vehicle is still inside. It is said only when the grant has ended unused and the plate was seen or granted nowhere since.
 */

import type { Body, Read } from './body.ts';
import { type Claim, claimsOf } from './claims.ts';
import { listenedFrom } from './feed.ts';
import { loopsWaver } from './health.ts';
import type { FakeExit } from './opening.ts';
import {
  bestRead,
  CHAIN_DISTANCE,
  contradictsReads,
  hardlyOnePlate,
  isUnread,
  normalPlate,
  PAYMENT_DISTANCE,
  plateDistance,
} from './plates.ts';
import { forwardOf, isDegraded, release, reverseOf } from './release.ts';
import type { Lane } from './state.ts';
import { fact, keep, loopWorks, note, openingOf, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

const KEPT_MOST = 16;
const ASK_AGAIN_MS = 10_000;
/** B and A left so soon one after the other: it has followed the one ahead over both, as a long vehicle does. */
const TOGETHER_MS = 500;
/** What seems to have gone back may have gone over a loop that lets go late or is deaf: the next vehicles say so, if they come within this. */
const WAVERS_MOST_MS = 4 * 3_600_000;
/** While vehicles come at shorter intervals it may stand in the queue behind them; twice the usual wait at most. */
const QUEUE_MS = 20_000;

/** A body is about to leave without having passed; to be called while it still has what it was granted. */
export function mayBeFakeExit(work: StepContext, body: Body, leftMs: number): void {
  const { state, settings } = work;
  if (settings.direction === 'entry' || body.way !== 'forward' || !body.armUp || body.aFallMs === null) return;
  if (body.doubtfulBack) return;
  if (isAnotherBehind(work, body, leftMs)) {
    voidFakeExit(work, body, undefined);
    return;
  }
  const wayMs = settings.direction === 'both' ? OVER_MS : 0;
  if (!loopWorks(state, 'barrier') || (state.kept.backMs.barrier ?? -1) >= body.riseMs - wayMs) return;
  if (state.levels.barrier !== false || (state.barrierFellMs ?? 0) > leftMs - TOGETHER_MS) return;
  const claims = claimsOf(state, settings).filter((claim) => claim.bodyId === body.id && isOwn(claim, body));
  const message = claims.find((claim) => claim.hold !== null);
  const granted = message?.hold?.grant.plate;
  const told = granted === undefined ? [] : [normalPlate(granted)];
  const plate = told[0] ?? bestRead(body.reads)?.text;
  // Without a plate only the message that ends unused says anything.
  if (claims.length === 0 || (plate === undefined && message === undefined)) return;
  const openingId = body.openingId ?? state.openingId;
  const made: FakeExit = {
    bodyId: body.id,
    read: bestRead(body.reads),
    plate: plate ?? '',
    plates: [...told, ...body.reads.map((read) => read.text)],
    grantId: message?.hold?.grant.id ?? null,
    riseMs: body.riseMs,
    leftMs,
    dueMs: leftMs + settings.fakeExitWaitMs,
    captureId: openingOf(state, openingId)?.captureId ?? body.captureId,
    openingId,
  };
  keep(work).fakeExits = [...state.kept.fakeExits, made].slice(-KEPT_MOST);
}

/** One found on B comes onto A within this, if it is on its way in. */
const OVER_MS = 5_000;
/** Who rolls back off B leaves A within this. */
const BACKING_MS = 8_000;

/**
 * B fell and A did not: it has left, and a second vehicle stands on A, where another plate was read or paid under since, somebody was let out
 * again, or A was not left soon.
 */
function isAnotherBehind({ state }: StepContext, body: Body, leftMs: number): boolean {
  const { id, nosed, bRiseMs, bFallMs, reads } = body;
  if (!nosed) return false;
  const { waiting, grants, pulses } = state.kept;
  const onBMs = bRiseMs ?? 0;
  // Read ahead as well, where it pays under its plate as this one is on B.
  const isShown = ({ atMs, text }: Read): boolean =>
    atMs >= onBMs || grants.some(({ grant, issuedMs }) => issuedMs >= onBMs && normalPlate(grant.plate ?? '') === text);
  if (waiting.some((read) => contradictsReads(read, reads, CHAIN_DISTANCE) && isShown(read))) return true;
  if (bFallMs === null) return false;
  return (
    leftMs - bFallMs > BACKING_MS ||
    grants.some((hold) => hold.presenceId === id && hold.issuedMs > bFallMs) ||
    pulses.some((pulse) => pulse.presenceId === id && pulse.atMs > bFallMs)
  );
}

/** Granted for this vehicle, and not left over from another. */
function isOwn({ hold, pulse, way }: Claim, body: Body): boolean {
  if (hold !== null) return !hold.returned && way !== 'mismatch' && way !== 'further';
  return pulse !== null && pulse.atMs >= body.riseMs;
}

const bears = (exit: FakeExit, plate: string): boolean =>
  exit.plates.some((one) => plateDistance(one, plate) < PAYMENT_DISTANCE);

/**
 * Somebody has passed: with its plate, or its grant and no quite other plate, it was no fake exit. One who passes unread, by the relay or a payment
 * that names no plate, may have been the same vehicle where that was not read either, or had nothing but a pulse. So may one who passes unread
 * after its plate was read again, for nobody; and where no plate is known of it, whoever passes on a payment that names none.
 */
export function voidFakeExit(work: StepContext, body: Body, claim: Claim | undefined): void {
  const { fakeExits, waiting, pulses } = work.state.kept;
  if (fakeExits.length === 0) return;
  const isBack = (exit: FakeExit): boolean => waiting.some((read) => read.atMs > exit.leftMs && bears(exit, read.text));
  const unread = isUnread(body);
  const isPulsed = pulses.some(({ presenceId }) => presenceId === body.id);
  const isNameless = unread && (claim === undefined ? isPulsed : claim.hold?.grant.plate === undefined);
  const isAnother = ({ plates, riseMs }: FakeExit): boolean =>
    hardlyOnePlate(
      body.reads,
      plates.map((plate) => saidPlate(plate, riseMs)),
    );
  const isIt = (exit: FakeExit): boolean =>
    body.reads.some((read) => bears(exit, read.text)) ||
    (unread && isBack(exit)) ||
    (isNameless && (exit.read === null || exit.grantId === null)) ||
    (exit.grantId !== null && claim?.hold?.grant.id === exit.grantId && !isAnother(exit)) ||
    (isUnnamed(claim) && exit.plates.length === 0);
  keep(work).fakeExits = fakeExits.filter((exit) => !isIt(exit));
}

const isUnnamed = (claim: Claim | undefined): boolean =>
  claim !== undefined && claim.hold !== null && claim.hold.grant.plate === undefined;

/**
 * A new payment for the plate: it will leave. One issued before it went back is the same payment received again, under another id. Where no plate is
 * known of it, a new payment that names none may be its own.
 */
export function paidAfterFakeExit(work: StepContext, grant: Grant, issuedMs: number): void {
  const { fakeExits } = work.state.kept;
  if (fakeExits.length === 0) return;
  if (grant.plate === undefined) {
    keep(work).fakeExits = fakeExits.filter(({ plates, leftMs }) => plates.length > 0 || issuedMs <= leftMs);
    return;
  }
  const plate = normalPlate(grant.plate);
  keep(work).fakeExits = fakeExits
    .filter((exit) => !bears(exit, plate) || issuedMs <= exit.leftMs)
    .map((exit) => (exit.plate === plate ? { ...exit, grantId: grant.id } : exit));
}

/** A→B takes no vehicle less than this. */
export const REACH_MS = 300;
/** A small vehicle may stand between the loops for so long. */
export const BETWEEN_MS = 60_000;

/**
 * B is occupied, and by none that A has shown: what seemed to go back stood between the loops. Or by an unread vehicle with no grant of its
 * own, while the arm is still up for the one that seemed to go back: it is the same one.
 */
export function barrierTouched(work: StepContext): void {
  const { state, settings, atMs } = work;
  if (state.kept.fakeExits.length === 0) return;
  const onB = state.bodies.filter((body) => body.bRiseMs === atMs);
  const isUnseen = onB.some(({ aRiseMs, nosed }) => !nosed && (aRiseMs === null || atMs - aRiseMs < REACH_MS));
  const claims = claimsOf(state, settings);
  const isGranted = onB.some((body) =>
    claims.some((claim) => claim.bodyId === body.id && (claim.way === 'exact' || isOwn(claim, body))),
  );
  const isIt = (exit: FakeExit): boolean => {
    if (isUnseen) return atMs - exit.leftMs <= BETWEEN_MS && !hasPassedSince(state, exit.leftMs, atMs);
    const isOf = exit.openingId !== null && exit.openingId === state.openingId && !isGranted;
    return isOf && onB.every(({ reads }) => reads.length === 0 || reads.some((read) => bears(exit, read.text)));
  };
  keep(work).fakeExits = state.kept.fakeExits.filter((exit) => !isIt(exit));
}

/** Another came onto A since and went over B: nobody stood between the loops. */
function hasPassedSince({ bodies, kept }: Lane, leftMs: number, atMs: number): boolean {
  const cameSince = ({ aRiseMs }: { readonly aRiseMs: number | null }): boolean => aRiseMs !== null && aRiseMs > leftMs;
  return kept.past.some(cameSince) || bodies.some((body) => cameSince(body) && (body.bRiseMs ?? atMs) < atMs);
}

function voidWhere(work: StepContext, isIt: (exit: FakeExit) => boolean): void {
  const { fakeExits } = work.state.kept;
  if (fakeExits.some(isIt)) keep(work).fakeExits = fakeExits.filter((exit) => !isIt(exit));
}

/** The plate was seen to pass in another lane, or granted there. */
export const voidFakeExitOf = (work: StepContext, plate: string): void => voidWhere(work, (exit) => bears(exit, plate));

/** Its grant was cancelled or used elsewhere: nothing is booked out, or it has left. */
export const voidFakeExitBy = (work: StepContext, id: string): void => voidWhere(work, ({ grantId }) => grantId === id);

const saidPlate = (text: string, atMs: number): Read => ({
  ...{ text, atMs, confidence: 1 },
  ...{ color: null, known: false, side: null },
});
const toldPlate = ({ plate, riseMs }: FakeExit): Read | null => (plate === '' ? null : saidPlate(plate, riseMs));

const isBusy = ({ state, atMs }: StepContext): boolean =>
  state.bodies.some((body) => body.place !== 'out') || state.kept.past.some((past) => atMs - past.outMs <= QUEUE_MS);

/** The wait of a fake exit is over. */
export function fakeExitDue(work: StepContext): void {
  const { state, settings, atMs } = work;
  const due = state.kept.fakeExits.find((exit) => exit.dueMs <= atMs);
  if (due === undefined) return;
  const isOpen = state.kept.grants.some((hold) => hold.grant.id === due.grantId);
  const isHere = state.bodies.some((body) => body.reads.some((read) => bears(due, read.text)));
  const isBusyYet = isBusy(work) && atMs < due.leftMs + 2 * settings.fakeExitWaitMs;
  if (isOpen || isHere || isBusyYet || (loopsWaver(state) && atMs < due.leftMs + WAVERS_MOST_MS)) {
    const later = { ...due, dueMs: atMs + ASK_AGAIN_MS };
    keep(work).fakeExits = state.kept.fakeExits.map((exit) => (exit === due ? later : exit));
    return;
  }
  keep(work).fakeExits = state.kept.fakeExits.filter((exit) => exit !== due);
  note(work, fact('fakeExit', due.leftMs, { plate: due.plate }), due.grantId ?? undefined);
  if (settings.fakeExit !== 'report') return;
  // Else it may have come again and passed, or paid anew.
  const degraded = isDegraded(work, due.leftMs);
  const isWatched = !degraded && listenedFrom(state, due.leftMs) <= due.leftMs;
  release(work, {
    verdict: 'fakeExit',
    desc: 'fakeExit',
    direction: settings.direction === 'both' ? reverseOf(settings) : forwardOf(settings),
    releaseAtMs: due.riseMs,
    plate: due.read ?? toldPlate(due),
    passed: false,
    degraded,
    confidence: isWatched ? 'likely' : 'possible',
    reported: isWatched,
    rests: 'messages',
    maintenance: state.kept.maintenance !== null,
    captureId: due.captureId,
    openingId: due.openingId,
    facts: [fact('cameToA', due.riseMs), fact('wentBack', due.leftMs), fact('grantEndedUnused', atMs)],
  });
}
