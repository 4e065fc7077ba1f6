/**
 * The reads that a body has: how one is added to them or goes on to another, and what is put right when its passage is judged. Whose a read is as it
 * comes, is said in `reads.ts`.
 */

import type { Body, Read } from './body.ts';
import { feedIsDown } from './feed.ts';
import { isBrief, isLateRead, isReadAsItCame, readsAheadMs } from './learned.ts';
import {
  bestRead,
  CHAIN_DISTANCE,
  CONFIDENT,
  contradict,
  fuzzyPlate,
  hardlyOnePlate,
  normalPlate,
  readsLike,
} from './plates.ts';
import type { Lane } from './state.ts';
import { bodyOf, keep, type StepContext, writable, writableOpening } from './step-context.ts';

export const READS_OF_BODY = 8;
/** A camera that gives no confidence: what one read of its counts, and two equal ones. */
export const UNRATED_ONCE = 0.75;
const UNRATED_TWICE = 0.85;

export function giveRead(work: StepContext, owner: Body, read: Read): void {
  const body = writable(work, bodyOf(work.state, owner.id) ?? owner);
  const same = body.reads.find((one) => one.text === read.text);
  if (same === undefined) body.reads = [...body.reads, read].slice(-READS_OF_BODY);
  else {
    const twice = same.confidence === UNRATED_ONCE && read.confidence === UNRATED_ONCE ? UNRATED_TWICE : 0;
    const confidence = Math.max(same.confidence, read.confidence, twice);
    // Read before it came and again since: it is its own for certain.
    const atMs = same.atMs < body.riseMs && read.atMs > body.riseMs ? body.riseMs : same.atMs;
    const merged: Read = {
      ...same,
      atMs,
      confidence,
      color: same.color ?? read.color,
      known: same.known || read.known,
    };
    body.reads = body.reads.map((one) => (one === same ? merged : one));
  }
  readsChanged(work, body);
}

export function readsChanged(work: StepContext, body: Body): void {
  for (const opening of work.state.openings) {
    if (opening.startBodyId === body.id) writableOpening(work, opening).startPlate = ownPlate(work.state, body);
  }
}

/**
 * Of the plates read for it, which a poor camera does not part, the one that was read first as it stood on A: earlier and later ones were of the
 * vehicles ahead and behind. Where the camera reads ahead the most confident.
 */
function ownPlate(state: Lane, { reads, aRiseMs, bRiseMs }: Body): Read | null {
  const onA = reads.find(
    ({ atMs }) => aRiseMs !== null && atMs >= aRiseMs && atMs <= (bRiseMs ?? Number.POSITIVE_INFINITY),
  );
  if (onA === undefined || readsAheadMs(state) > 0) return bestRead(reads);
  return bestRead(reads.filter((read) => !hardlyOnePlate([read], [onA])));
}

const WAITING_MOST = 8;

/** It waits for whoever it is of. */
export function putAside(work: StepContext, read: Read): void {
  keep(work).waiting = [...work.state.kept.waiting, read].slice(-WAITING_MOST);
}

export const without = (reads: readonly Read[], gone: readonly Read[]): readonly Read[] =>
  reads.filter((read) => !gone.some((one) => one.text === read.text));

/** A poor read that did not contradict the body's plate has been confirmed, and does: it was of somebody behind, and waits for that one. */
export function partReads(work: StepContext, of: Body): void {
  const body = bodyOf(work.state, of.id);
  const [first, ...later] = body?.reads ?? [];
  if (body === undefined || first === undefined || first.atMs < body.riseMs) return;
  const others = later.filter((one) => contradict(one, first, CHAIN_DISTANCE));
  if (others.length === 0) return;
  const owner = writable(work, body);
  owner.reads = without(owner.reads, others);
  readsChanged(work, owner);
  for (const one of others) putAside(work, one);
}

/**
 * It was read with the plate that it pays under, however poorly: what contradicts that one was read for somebody behind. Not what was read before B
 * fell under it, where the plate was read since: that is of one who may have gone then.
 */
export function giveUpOthers(work: StepContext, of: Body, plate: string): void {
  const paid = of.reads.find((one) => one.text === plate);
  if (paid === undefined) return;
  const goneMs = of.nosed && of.bFallMs !== null && paid.atMs > of.bFallMs ? of.bFallMs : null;
  const others = of.reads.filter(
    (one) => contradict(one, { ...paid, confidence: 1 }, CHAIN_DISTANCE) && (goneMs === null || one.atMs > goneMs),
  );
  if (others.length === 0) return;
  const body = writable(work, bodyOf(work.state, of.id) ?? of);
  body.reads = without(body.reads, others);
  readsChanged(work, body);
  for (const one of others) putAside(work, one);
}

export function moveReads(work: StepContext, from: Body, to: Body, text: string): void {
  const before = writable(work, from);
  const moved = before.reads.filter((one) => one.text === text);
  before.reads = before.reads.filter((one) => one.text !== text);
  readsChanged(work, before);
  for (const one of moved) giveRead(work, to, one);
  keep(work).reads = work.state.kept.reads.map((one) =>
    one.read.text === text && one.bodyId === from.id ? { ...one, bodyId: to.id } : one,
  );
}

/**
 * A vehicle of the list needs no hand, the relay lets it out: a plate of the list that was read for one without a pulse is of the next, which nobody
 * read and which has one.
 */
export function passListedOn(work: StepContext, body: Body): void {
  const { state } = work;
  const listed = body.reads.find(({ known }) => known);
  const next = state.bodies.find((one) => one.id > body.id && one.chain === null && one.aRiseMs !== null);
  if (listed === undefined || body.chain !== null || next === undefined) return;
  const isPulsed = ({ id: of }: Body): boolean => state.kept.pulses.some(({ presenceId }) => presenceId === of);
  const isSoon = (next.aRiseMs ?? 0) - listed.atMs <= QUEUED_MS;
  if (isSoon && next.reads.length === 0 && isPulsed(next) && !isPulsed(body)) moveReads(work, body, next, listed.text);
}

/**
 * A vehicle so small that it was never on both loops, or hardly, is hardly ever read: a plate that the next one was read with too, or pays under (not
 * where each was read as it came), is that one's. So is one read just before that came onto A, or later than this lane's camera reads whoever has come,
 * where that has none; and one read in the queue, where the camera would have read that one by now, and read neither another plate here nor anybody since.
 */
export function passReadsOn(work: StepContext, small: Body): void {
  const { state, settings } = work;
  if (small.reads.length === 0 || small.single || small.chain !== null || small.aRiseMs === null) return;
  if (small.together && !isBrief(state, small)) return;
  const next = state.bodies.find((body) => body.id > small.id && body.chain === null && body.aRiseMs !== null);
  if (next === undefined || next.aRiseMs === null) return;
  const { aRiseMs, id, reads } = next;
  const paidBy = (of: number): readonly string[] =>
    state.kept.grants.flatMap(({ presenceId, grant: { plate } }) =>
      presenceId === of && plate !== undefined ? [normalPlate(plate)] : [],
    );
  // It was seen to leave A before it came onto B.
  const isBetween = !small.together && small.bRiseMs !== null;
  const others = ({ atMs }: Read): readonly Read[] => [
    ...small.reads,
    ...state.kept.waiting.filter((one) => one.atMs > atMs),
  ];
  for (const read of small.reads) {
    const isEarly = !small.together && read.atMs <= aRiseMs && aRiseMs - read.atMs <= settings.plateWindowMs;
    const isLate = isLateRead(state, small.aRiseMs, read.atMs);
    const isOverdue =
      (isBetween || feedIsDown(state)) &&
      isLateRead(state, aRiseMs, work.atMs) &&
      aRiseMs - read.atMs <= QUEUED_MS &&
      [...paidBy(small.id), ...paidBy(id)].length === 0 &&
      !others(read).some((one) => hardlyOnePlate([one], [read])) &&
      !(read.known && state.kept.pulses.some(({ presenceId }) => presenceId === small.id));
    const isFirst = reads.length === 0 && (isLate || ((isEarly || isOverdue) && read.confidence >= CONFIDENT));
    const isNamedBy = (of: number): boolean => paidBy(of).some((plate) => readsLike([read], plate));
    // While messages are missing, that nobody has paid says nothing: then it is neither's.
    if (isOverdue && reads.length === 0 && feedIsDown(state)) {
      const body = writable(work, bodyOf(state, small.id) ?? small);
      body.reads = without(body.reads, [read]);
      readsChanged(work, body);
      continue;
    }
    const isItsOwn = reads.length > 0 && isReadAsItCame(work, small, read);
    if ((isFirst && !isNamedBy(small.id)) || (isNamedBy(id) && !isItsOwn) || readsLike(reads, read.text))
      moveReads(work, small, next, read.text);
  }
}

/** Who is in the lane, and who was. */
const everybody = ({ bodies, kept }: Pick<Lane, 'bodies' | 'kept'>) => [
  ...bodies.map((one) => ({ ...one, covered: false })),
  ...kept.past.map(({ plates, ...past }) => ({ ...past, reads: plates })),
];

/** In a queue a vehicle is read no longer than this before it comes onto A. */
export const QUEUED_MS = 30_000;

/**
 * Read in the queue, for nobody: nobody else has come onto A since but under quite another plate, whoever stood there unread had a right of its own,
 * and whoever came behind was read as well.
 */
function readInQueue(
  { bodies, kept }: Lane,
  { id }: Body,
  aRiseMs: number,
  counts: (read: Read) => boolean,
): Read | undefined {
  const others = everybody({ bodies, kept });
  const isOfOther = (read: Read): boolean =>
    others.some((one) => {
      if (one.aRiseMs === null || one.id === id) return false;
      if (one.aRiseMs > read.atMs) return one.aRiseMs < aRiseMs && !hardlyOnePlate(one.reads, [read]);
      return one.reads.length === 0 && !one.covered && (one.aFallMs ?? aRiseMs) > read.atMs;
    });
  if (others.some((one) => one.aRiseMs !== null && one.aRiseMs > aRiseMs && one.reads.length === 0)) return undefined;
  const reads = kept.waiting.filter(
    (read) => read.atMs < aRiseMs && aRiseMs - read.atMs <= QUEUED_MS && !isOfOther(read),
  );
  // Two plates in that time: which of them is this one's is not known.
  const isOne = reads.every(({ text }) => fuzzyPlate(text, (reads[0] as Read).text));
  return isOne ? reads.find(counts) : undefined;
}

/**
 * What the record of a body names: its plate, or one read as it drove up in the queue, for which nobody has paid. That one says nothing of
 * whether this one has, and its verdict does not rest on it.
 */
export function plateOfRecord({ state }: StepContext, body: Body): Read | null {
  const { aRiseMs, reads, together, chain } = body;
  if (reads.length > 0 || !together || aRiseMs === null || chain !== null) return ownPlate(state, body);
  const isPaid = (read: Read): boolean =>
    state.kept.grants.some(({ grant }) => grant.plate !== undefined && readsLike([read], normalPlate(grant.plate)));
  const counts = (read: Read): boolean => read.confidence >= CONFIDENT && !isPaid(read);
  return readInQueue(state, body, aRiseMs, counts) ?? null;
}

/** A body that was never read is judged, and a plate was read while it stood there, which was not the next one's: it was its own after all. */
export function takeLate(work: StepContext, body: Body): void {
  const { aRiseMs, aFallMs } = body;
  if (body.reads.length > 0 || !body.together || aRiseMs === null || aFallMs === null || body.chain !== null) return;
  const { kept } = work.state;
  const since = everybody(work.state).filter((one) => one.aRiseMs !== null && one.aRiseMs > aRiseMs);
  // A queue is read in its order: the next was read as somebody else.
  const next = since.sort((a, b) => (a.aRiseMs ?? 0) - (b.aRiseMs ?? 0))[0];
  const isOwn = (read: Read): boolean =>
    read.atMs >= aRiseMs && read.atMs <= aFallMs && (next === undefined || hardlyOnePlate(next.reads, [read]));
  const own = kept.waiting.find(isOwn);
  const isPulsed = kept.pulses.some(({ presenceId }) => presenceId === body.id);
  const read = own ?? (isPulsed ? readInQueue(work.state, body, aRiseMs, ({ known }) => known) : undefined);
  if (read === undefined) return;
  giveRead(work, body, read);
  keep(work).waiting = work.state.kept.waiting.filter((one) => one !== read);
}
