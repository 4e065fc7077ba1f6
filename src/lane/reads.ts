/**
 * Whose a plate read is. It goes to the body whose first rise is nearest in time; one that nobody takes, or that contradicts the body
 * it falls to, waits for a body that comes onto a loop then or shows the same plate again. It judges nobody.
 */

import type { Body, Read } from './body.ts';
import {
  giveRead,
  giveUpOthers,
  moveReads,
  partReads,
  putAside,
  readsChanged,
  UNRATED_ONCE,
  without,
} from './body-reads.ts';
import { isLateRead, isReadAsItCame, readsAheadMs, readsRatherAt } from './learned.ts';
import type { OwnedRead, Past } from './opening.ts';
import {
  CHAIN_DISTANCE,
  contradict,
  contradictsReads,
  fuzzyPlate,
  hardlyOnePlate,
  isReadAsAnother,
  normalPlate,
  readsExactly,
} from './plates.ts';
import { shownAlone } from './shown-plates.ts';
import { bodyOf, keep, type StepContext, writable } from './step-context.ts';
import type { Grant, LaneEvent } from './types.ts';

const READS_KEPT = 16;
const WAITING_KEPT_MS = 60_000;

type PlateEvent = Extract<LaneEvent, { kind: 'plate' }>;

export function plateRead(work: StepContext, event: PlateEvent, text: string): void {
  const read: Read = {
    text,
    confidence: event.unrated === true ? UNRATED_ONCE : event.plate.confidence,
    color: event.plate.color ?? null,
    atMs: event.atMs,
    known: event.known !== undefined,
    side: event.side ?? null,
  };
  keep(work).lastPlate = read;
  expireWaiting(work);
  const inWindow = work.state.bodies.filter((body) => couldBear(work, body, read));
  if (event.behind === true) {
    readBehind(work, inWindow, read);
    return;
  }
  const again = inWindow.find((body) => body.reads.some((one) => one.text === text));
  if (again !== undefined) {
    const newer = bearsItNow(work, again, read, inWindow);
    if (newer !== undefined) moveReads(work, again, newer, text);
    take(work, newer ?? again, read, false);
    partReads(work, newer ?? again);
    return;
  }
  const owner = nearest(inWindow, read.atMs);
  if (owner === undefined) takenByNobody(work, read);
  else if (isOfNext(work, owner, read) || isOfLater(work, owner, read) || paysUnderAnother(work, owner, read))
    putAside(work, read);
  else if (!isContradicted(owner, read) || giveBackAdopted(work, owner, read) || putOffEarly(work, owner, read))
    take(work, owner, read);
  else {
    const other = inWindow.findLast(
      (body) => body !== owner && !isContradicted(body, read) && isNear(work, body, read),
    );
    if (other === undefined) putAside(work, read);
    else take(work, other, read, false);
  }
}

/** It waits. A camera that was cut off tells late: whoever stood there then has been judged, and nobody who came since bears it. */
function takenByNobody(work: StepContext, read: Read): void {
  const wasOnA = ({ aRiseMs, aFallMs, outMs }: Past): boolean =>
    aRiseMs !== null && aRiseMs <= read.atMs && read.atMs <= (aFallMs ?? outMs);
  if (!work.state.kept.past.some(wasOnA)) putAside(work, read);
}

/**
 * A tail plate is that of the vehicle with the same plate in front, be it misread; else of the one that came onto B last. Nobody who comes
 * later bears it: it does not wait.
 */
function readBehind(work: StepContext, inWindow: readonly Body[], read: Read): void {
  const agrees = (body: Body): boolean => !isContradicted(body, read);
  const owner =
    inWindow.find((body) => body.reads.some((one) => fuzzyPlate(one.text, read.text))) ??
    inWindow.findLast((body) => body.bRiseMs !== null && body.bRiseMs <= read.atMs && agrees(body)) ??
    nearest(inWindow.filter(agrees), read.atMs);
  if (owner !== undefined) take(work, owner, read, false);
}

/** The camera reads ahead, and has not read the vehicle on A: so late it is the next one's, until nobody comes. */
const isOfNext = ({ state }: StepContext, { aRiseMs, reads }: Body, { atMs }: Read): boolean =>
  reads.length === 0 && aRiseMs !== null && isLateRead(state, aRiseMs, atMs) && readsAheadMs(state) > 0;

/**
 * It bears another plate already, however poorly read, and this lane's camera reads ahead, and would rather have read that one then: this one is
 * of somebody behind it.
 */
function isOfLater({ state }: StepContext, { aRiseMs, reads }: Body, read: Read): boolean {
  const [own] = reads;
  if (own === undefined || aRiseMs === null || !hardlyOnePlate(reads, [read])) return false;
  return readsAheadMs(state) > 0 && readsRatherAt(state, aRiseMs, own.atMs, read.atMs) === own.atMs;
}

const isContradicted = (body: Body, read: Read): boolean => contradictsReads(read, body.reads, CHAIN_DISTANCE);

/** An early read of the vehicle behind may have gone to the one ahead: it is shown by being read again when only the one behind is on A. */
const EARLY_MS = 60_000;
/** A front plate is not read any more so long after its vehicle has left A; of a small one, that came onto B only then, after that. */
export const LEFT_MS = 450;

const isLegible = ({ aFallMs, bRiseMs, together }: Body, atMs: number): boolean =>
  aFallMs === null || atMs < (together ? aFallMs : (bRiseMs ?? atMs)) + LEFT_MS;

function bearsItNow(work: StepContext, again: Body, read: Read, inWindow: readonly Body[]): Body | undefined {
  const { aFallMs } = again;
  const first = again.reads.find((one) => one.text === read.text);
  if (aFallMs === null || first === undefined || isLegible(again, read.atMs)) return undefined;
  const newer = inWindow.find(
    (body) =>
      (body.place === 'onA' || body.place === 'onBoth') &&
      body.aRiseMs !== null &&
      body.aRiseMs >= aFallMs &&
      body.aRiseMs - first.atMs <= EARLY_MS &&
      !isContradicted(body, read),
  );
  const isPaid = work.state.kept.grants.some(
    ({ grant, issuedMs }) =>
      grant.plate !== undefined &&
      normalPlate(grant.plate) === read.text &&
      issuedMs < (newer?.aRiseMs ?? 0) &&
      grant.scope === 'lane',
  );
  return isPaid ? undefined : newer;
}

/** What contradicts it was taken from the vehicle before, for being nearer: that one gets it back. */
function giveBackAdopted(work: StepContext, owner: Body, read: Read): boolean {
  if (read.atMs > owner.riseMs + work.settings.plateWindowMs) return false;
  const wrong = owner.reads.filter((one) => contradict(one, read, CHAIN_DISTANCE));
  for (const one of wrong) {
    const adopted = work.state.kept.reads.find((owned) => owned.read.text === one.text && owned.bodyId === owner.id);
    const before = adopted?.beforeId == null ? undefined : bodyOf(work.state, adopted.beforeId);
    if (before === undefined || isContradicted(before, one)) return false;
    moveReads(work, bodyOf(work.state, owner.id) ?? owner, before, one.text);
  }
  return wrong.length > 0;
}

/**
 * What contradicts it was read before the owner came onto a loop, and this one since: the earlier one waits for its own vehicle, unless this
 * lane's camera reads ahead.
 */
function putOffEarly(work: StepContext, owner: Body, read: Read): boolean {
  const early = owner.reads.filter((one) => one.atMs < owner.riseMs && contradict(one, read, CHAIN_DISTANCE));
  const isLater =
    owner.place === 'onA' && read.atMs >= owner.riseMs && read.atMs <= owner.riseMs + work.settings.plateWindowMs;
  if (!isLater || early.length === 0 || contradictsReads(read, without(owner.reads, early), CHAIN_DISTANCE))
    return false;
  if (early.some((one) => readsRatherAt(work.state, owner.riseMs, one.atMs, read.atMs) === one.atMs)) return false;
  const body = writable(work, bodyOf(work.state, owner.id) ?? owner);
  body.reads = without(body.reads, early);
  readsChanged(work, body);
  for (const one of early) putAside(work, one);
  return true;
}

function take(work: StepContext, taker: Body, read: Read, isFirst = true): void {
  const owner = bodyOf(work.state, taker.id) ?? taker;
  giveRead(work, owner, read);
  takeSame(work, owner, read);
  shownAlone(work, bodyOf(work.state, owner.id) ?? owner);
  if (!isFirst) return;
  const keptFromMs = work.atMs - work.settings.plateWindowMs;
  keep(work).reads = [
    ...work.state.kept.reads.filter((one) => one.read.atMs >= keptFromMs),
    { read, bodyId: owner.id, beforeId: null },
  ].slice(-READS_KEPT);
}

function couldBear(work: StepContext, body: Body, read: Read): boolean {
  const { plateWindowMs } = work.settings;
  if (body.chain !== null || !isOnSide(work, body, read)) return false;
  return (
    read.atMs >= body.riseMs - plateWindowMs && read.atMs <= (body.outMs ?? Number.POSITIVE_INFINITY) + plateWindowMs
  );
}

/** In a two-way lane a read goes only to bodies first seen on the side that the camera looks at. */
function isOnSide({ settings }: StepContext, body: Body, read: Read): boolean {
  if (settings.direction !== 'both' || read.side === null) return true;
  return (body.way === 'forward') === (read.side === 'inside');
}

/** A rise of its own is within `plateWindow`. */
function isNear({ settings }: StepContext, body: Body, read: Read): boolean {
  const near = (atMs: number | null): boolean => atMs !== null && Math.abs(read.atMs - atMs) <= settings.plateWindowMs;
  return near(body.riseMs) || near(body.bRiseMs) || near(body.cRiseMs);
}

function expireWaiting(work: StepContext): void {
  const { waiting } = work.state.kept;
  if (!waiting.some((read) => work.atMs - read.atMs > WAITING_KEPT_MS)) return;
  keep(work).waiting = waiting.filter((read) => work.atMs - read.atMs <= WAITING_KEPT_MS);
}

/** A loop has risen under a body: reads that wait since about then are its own, unless they contradict it. */
export function takeWaiting(work: StepContext, rising: Body, roseMs = work.atMs): void {
  const { waiting } = work.state.kept;
  if (waiting.length === 0) return;
  const body = writable(work, rising);
  const apartMs = (read: Read): number => Math.abs(read.atMs - roseMs);
  const taken: Read[] = [];
  const takeIts = (reads: readonly Read[]): void => {
    for (const read of reads) {
      const isIts =
        isOnSide(work, body, read) &&
        !contradictsReads(read, body.reads, CHAIN_DISTANCE) &&
        !isOfNext(work, body, read);
      if (!isIts) continue;
      giveRead(work, body, read);
      taken.push(read);
    }
  };
  const { plateWindowMs } = work.settings;
  // The nearest first: what it contradicts is the plate of another.
  takeIts(waiting.filter((read) => apartMs(read) <= plateWindowMs).sort((a, b) => apartMs(a) - apartMs(b)));
  if (taken.length === 0 && body.bRiseMs === null) takeIts(readAhead(work, roseMs));
  if (taken.length > 0) keep(work).waiting = waiting.filter((read) => !taken.includes(read));
}

/** Reads that wait since it has stood alone on A are its own, unless they contradict it: the first says which. */
export function takeStanding(work: StepContext, standing: Body, sinceMs: number): void {
  const taken: Read[] = [];
  for (const read of work.state.kept.waiting) {
    const body = bodyOf(work.state, standing.id) ?? standing;
    if (read.atMs < sinceMs || !isOnSide(work, body, read)) continue;
    if (body.reads.length > 0 && !body.reads.some((one) => fuzzyPlate(one.text, read.text))) continue;
    giveRead(work, body, read);
    taken.push(read);
  }
  if (taken.length > 0) keep(work).waiting = work.state.kept.waiting.filter((read) => !taken.includes(read));
}

/**
 * Where the camera reads ahead: reads of before the window, in the order of the queue. They were of others than the vehicles ahead, and the first
 * that comes onto A since is the next.
 */
function readAhead({ state }: StepContext, roseMs: number): readonly Read[] {
  const aheadMs = readsAheadMs(state);
  const cameSince = ({ atMs }: Read): boolean =>
    state.bodies.some(({ aRiseMs }) => aRiseMs !== null && aRiseMs > atMs && aRiseMs < roseMs);
  return state.kept.waiting.filter((read) => roseMs - read.atMs <= aheadMs && read.atMs < roseMs && !cameSince(read));
}

/** Read within this of the moment at which a vehicle came onto A. */
const AS_IT_CAME_MS = 500;

/** A payment for the body on A names a plate that waits, or that was read early for one that has left A: it is that body's. */
export function takeNamed(work: StepContext, bodyId: number, grant: Grant, issuedMs: number): void {
  const body = bodyOf(work.state, bodyId);
  if (body === undefined || grant.plate === undefined || body.chain !== null) return;
  const plate = normalPlate(grant.plate);
  for (const other of work.state.bodies) {
    const read = other.id === bodyId ? undefined : other.reads.find((one) => one.text === plate);
    const hasLeft = other.aFallMs !== null && other.aFallMs + LEFT_MS < issuedMs && other.chain === null;
    if (read !== undefined && hasLeft && !isReadAsAnother(body, plate) && !isReadAsItCame(work, other, read))
      moveReads(work, other, body, plate);
  }
  giveUpOthers(work, body, plate);
  const named = work.state.kept.waiting.find((read) => read.text === plate);
  if (named === undefined) return;
  if (isContradicted(body, named)) {
    // Two plates as it came onto A, and it pays under the second: the first was of the one ahead.
    const { aRiseMs, reads } = body;
    const isThen = ({ atMs }: Read): boolean => aRiseMs !== null && Math.abs(atMs - aRiseMs) <= AS_IT_CAME_MS;
    if (!isThen(named) || !reads.every(isThen)) return;
    const owner = writable(work, body);
    owner.reads = [];
    readsChanged(work, owner);
    for (const one of reads) putAside(work, one);
  }
  giveRead(work, body, named);
  keep(work).waiting = work.state.kept.waiting.filter((read) => read.text !== plate);
}

/** The body was read with the plate that it has paid under, which this one contradicts. */
const paysUnderAnother = ({ state }: StepContext, { id, reads }: Body, read: Read): boolean =>
  state.kept.grants.some(({ presenceId, grant }) => {
    const paid =
      presenceId === id && grant.plate !== undefined ? readsExactly(reads, normalPlate(grant.plate)) : undefined;
    return paid !== undefined && contradict(read, { ...paid, confidence: 1 }, CHAIN_DISTANCE);
  });

/** The plate has been read again, for this body: what waited was its own. */
function takeSame(work: StepContext, owner: Body, read: Read): void {
  const { waiting } = work.state.kept;
  if (!waiting.some((one) => fuzzyPlate(one.text, read.text))) return;
  for (const one of waiting) if (fuzzyPlate(one.text, read.text)) giveRead(work, owner, one);
  keep(work).waiting = waiting.filter((one) => !fuzzyPlate(one.text, read.text));
}

function nearest(bodies: readonly Body[], atMs: number): Body | undefined {
  let best: Body | undefined;
  for (const body of bodies) {
    if (best === undefined || Math.abs(body.riseMs - atMs) <= Math.abs(best.riseMs - atMs)) best = body;
  }
  return best;
}

/** A body has begun: reads of just before it may be nearer to it than to the one that had them. */
export function adoptReads(work: StepContext, body: Body): void {
  const { state, settings } = work;
  if (state.kept.reads.length === 0) return;
  const move = (owned: OwnedRead): OwnedRead => {
    const { read, bodyId } = owned;
    if (read.atMs < body.riseMs - settings.plateWindowMs || !isOnSide(work, body, read)) return owned;
    const owner = bodyOf(state, bodyId);
    if (owner === undefined || contradictsReads(read, body.reads, CHAIN_DISTANCE)) return owned;
    // It has shown a plate of its own, however poorly.
    if (hardlyOnePlate(body.reads, [read])) return owned;
    // Read before as well, if not quite the same: it is the owner's.
    if (owner.reads.some(({ text }) => text !== read.text && fuzzyPlate(text, read.text))) return owned;
    if (Math.abs(owner.riseMs - read.atMs) <= Math.abs(body.riseMs - read.atMs)) return owned;
    const before = writable(work, owner);
    before.reads = before.reads.filter((one) => one.text !== read.text);
    readsChanged(work, before);
    giveRead(work, body, read);
    return { read, bodyId: body.id, beforeId: owner.id };
  };
  // The newest is the nearest.
  keep(work).reads = state.kept.reads.toReversed().map(move).toReversed();
}
