/**
 * Whose a plate read is. It goes to the body whose first rise is nearest in time; one that nobody takes, or that contradicts the body
 * it falls to, waits for a body that comes onto a loop then or shows the same plate again. It judges nobody.
 */

import { shownAlone } from './chains.ts';
import { bestRead, CHAIN_DISTANCE, CONFIDENT, contradictsReads, fuzzyPlate } from './plates.ts';
import type { Body, OwnedRead, Read } from './state.ts';
import { bodyOf, keep, type Work, writable, writableOpening } from './step-context.ts';
import type { LaneEvent } from './types.ts';

const READS_KEPT = 16;
export const READS_OF_BODY = 8;
const WAITING_MOST = 8;
const WAITING_KEPT_MS = 60_000;
/** A camera that gives no confidence: what one read of its counts, and two equal ones. */
const UNRATED_ONCE = 0.75;
const UNRATED_TWICE = 0.85;

type PlateEvent = Extract<LaneEvent, { kind: 'plate' }>;

export function plateRead(work: Work, event: PlateEvent, text: string): void {
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
  const again = inWindow.find((body) => body.reads.some((one) => one.text === text));
  const owner = again ?? nearest(inWindow, read.atMs);
  if (owner === undefined || contradictsReads(read, owner.reads, CHAIN_DISTANCE)) {
    const other = inWindow.findLast(
      (body) => body !== owner && !contradictsReads(read, body.reads, CHAIN_DISTANCE) && isNear(work, body, read),
    );
    if (other === undefined) {
      wait(work, read);
      return;
    }
    take(work, other, read);
    return;
  }
  take(work, owner, read, again === undefined);
}

function take(work: Work, owner: Body, read: Read, isFirst = true): void {
  giveRead(work, owner, read);
  takeSame(work, owner, read);
  shownAlone(work, owner);
  if (!isFirst) return;
  const keptFromMs = work.atMs - work.settings.plateWindowMs;
  keep(work).reads = [
    ...work.state.kept.reads.filter((one) => one.read.atMs >= keptFromMs),
    { read, bodyId: owner.id },
  ].slice(-READS_KEPT);
}

function couldBear(work: Work, body: Body, read: Read): boolean {
  const { plateWindowMs } = work.settings;
  if (body.chain !== null || !isOnSide(work, body, read)) return false;
  return (
    read.atMs >= body.riseMs - plateWindowMs && read.atMs <= (body.outMs ?? Number.POSITIVE_INFINITY) + plateWindowMs
  );
}

/** In a two-way lane a read goes only to bodies first seen on the side that the camera looks at. */
function isOnSide({ settings }: Work, body: Body, read: Read): boolean {
  if (settings.direction !== 'both' || read.side === null) return true;
  return (body.way === 'forward') === (read.side === 'inside');
}

/** A rise of its own is within `plateWindow`. */
function isNear({ settings }: Work, body: Body, read: Read): boolean {
  const near = (atMs: number | null): boolean => atMs !== null && Math.abs(read.atMs - atMs) <= settings.plateWindowMs;
  return near(body.riseMs) || near(body.bRiseMs) || near(body.cRiseMs);
}

function wait(work: Work, read: Read): void {
  keep(work).waiting = [...work.state.kept.waiting, read].slice(-WAITING_MOST);
}

function expireWaiting(work: Work): void {
  const { waiting } = work.state.kept;
  if (!waiting.some((read) => work.atMs - read.atMs > WAITING_KEPT_MS)) return;
  keep(work).waiting = waiting.filter((read) => work.atMs - read.atMs <= WAITING_KEPT_MS);
}

/** A loop has risen under a body: reads that wait since about then are its own, unless they contradict it. */
export function takeWaiting(work: Work, rising: Body): void {
  const { waiting } = work.state.kept;
  if (waiting.length === 0) return;
  const body = writable(work, rising);
  const left: Read[] = [];
  for (const read of waiting) {
    const isIts =
      Math.abs(read.atMs - work.atMs) <= work.settings.plateWindowMs &&
      isOnSide(work, body, read) &&
      !contradictsReads(read, body.reads, CHAIN_DISTANCE);
    if (isIts) giveRead(work, body, read);
    else left.push(read);
  }
  if (left.length < waiting.length) keep(work).waiting = left;
}

/** The plate has been read again, for this body: what waited was its own. */
function takeSame(work: Work, owner: Body, read: Read): void {
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

export function giveRead(work: Work, owner: Body, read: Read): void {
  const body = writable(work, bodyOf(work.state, owner.id) ?? owner);
  const same = body.reads.find((one) => one.text === read.text);
  if (same === undefined) body.reads = [...body.reads, read].slice(-READS_OF_BODY);
  else {
    const twice = same.confidence === UNRATED_ONCE && read.confidence === UNRATED_ONCE ? UNRATED_TWICE : 0;
    const confidence = Math.max(same.confidence, read.confidence, twice);
    const merged: Read = { ...same, confidence, color: same.color ?? read.color, known: same.known || read.known };
    body.reads = body.reads.map((one) => (one === same ? merged : one));
  }
  readsChanged(work, body);
}

function readsChanged(work: Work, body: Body): void {
  for (const opening of work.state.openings) {
    if (opening.startBodyId === body.id) writableOpening(work, opening).startPlate = bestRead(body.reads);
  }
}

/** A body has begun: reads of just before it may be nearer to it than to the one that had them. */
export function adoptReads(work: Work, body: Body): void {
  const { state, settings } = work;
  if (state.kept.reads.length === 0) return;
  const move = (owned: OwnedRead): OwnedRead => {
    const { read, bodyId } = owned;
    if (read.atMs < body.riseMs - settings.plateWindowMs || !isOnSide(work, body, read)) return owned;
    const owner = bodyOf(state, bodyId);
    if (owner === undefined || contradictsReads(read, body.reads, CHAIN_DISTANCE)) return owned;
    if (Math.abs(owner.riseMs - read.atMs) <= Math.abs(body.riseMs - read.atMs)) return owned;
    const before = writable(work, owner);
    before.reads = before.reads.filter((one) => one.text !== read.text);
    readsChanged(work, before);
    giveRead(work, body, read);
    return { read, bodyId: body.id };
  };
  keep(work).reads = state.kept.reads.map(move);
}

/** A read that says who the body is. */
export const hasConfidentRead = (body: Body): boolean => body.reads.some((read) => read.confidence >= CONFIDENT);
