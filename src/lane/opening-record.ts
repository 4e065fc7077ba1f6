/** The record of an opening that no grant stands for: with its first passage, or without one. One record, whatever follows. */

import { begunBy } from './begun.ts';
import type { Body, Read } from './body.ts';
import { plateOfRecord, QUEUED_MS } from './body-reads.ts';
import { claimsOf, isElsewhere, losesToExact } from './claims.ts';
import { isAccountedElsewhere } from './elsewhere.ts';
import { openingFacts } from './facts.ts';
import { feedIsDown } from './feed.ts';
import { cancelOnce } from './grant-holds.ts';
import { mayBeByRelay } from './health.ts';
import { isOwnRead } from './learned.ts';
import type { GrantHold, Opening } from './opening.ts';
import { grantIsHere } from './opening-grant.ts';
import { forgetOpenings } from './openings.ts';
import { bearsTrailerPlate, isUnread, normalPlate } from './plates.ts';
import { type Draft, descOfPress, forwardOf, isAtLeast, isDegraded, release, reverseOf } from './release.ts';
import { mayHavePaid } from './revision.ts';
import type { Lane } from './state.ts';
import { fact, isWired, note, type StepContext, writableOpening } from './step-context.ts';
import type { Confidence, Fact, Verdict } from './types.ts';

/** An opening shorter than this, with no command and nobody near, is the arm bouncing on its limit. */
export const BOUNCE_MS = 1_000;
/** A body that holds a grant is here: whether it is still, is asked again after so long. */
const ASK_AGAIN_MS = 1_000;

/** Its record goes out with nobody passing, unless somebody is about to whose passage a grant covers. */
export function recordWithoutPassage(work: StepContext, opening: Opening): void {
  if (opening.endMs === null && grantIsHere(work))
    writableOpening(work, opening).notBeforeMs = work.atMs + ASK_AGAIN_MS;
  else openingRecord(work, opening, null);
}

export function openingRecord(work: StepContext, opening: Opening, first: Body | null): string | null {
  if (opening.releaseId !== null) {
    note(work, fact('firstPassageLater', first?.outMs, { releaseId: opening.releaseId }));
    return opening.releaseId;
  }
  const nobody = first === null ? whyNone(work, opening) : undefined;
  if (nobody !== undefined) {
    writableOpening(work, opening).closed = true;
    note(work, fact(nobody, opening.startMs, { forMs: (opening.endMs ?? work.atMs) - opening.startMs }));
    forgetOpenings(work);
    return null;
  }
  const id = release(work, openingDraft(work, opening, first));
  writableOpening(work, opening).releaseId = id;
  forgetOpenings(work);
  return id;
}

/** Nobody passed: why that is no release at all. */
function whyNone(work: StepContext, opening: Opening): string | undefined {
  if (isBounce(opening)) return 'armBounced';
  if (begunBy(opening, work.settings) === 'relay') return 'systemOpenedNobody';
  // What was not seen to open, and let nobody through, may have been the wire alone.
  return opening.seen || hasPresumed(work, opening) ? undefined : 'unseenNobody';
}

const isBounce = (opening: Opening): boolean =>
  opening.endMs !== null &&
  opening.seen &&
  opening.press === null &&
  opening.endMs - opening.startMs < BOUNCE_MS &&
  !opening.wrongWay;

const hasPresumed = (work: StepContext, opening: Opening): boolean =>
  work.state.bodies.some((body) => body.presumed && body.openingId === opening.id);

function verdictOf(work: StepContext, opening: Opening): Verdict {
  if (begunBy(opening, work.settings) === 'relay') return 'systemUnpaid';
  return opening.seen && !(opening.commandsBlind && opening.press === null) ? 'manual' : 'unknown';
}

/** The relay let out a vehicle without a plate, or with a trailer's, while payments are open whose vehicles are in no other lane since: it may be one of those. */
export function openAhead({ state, settings }: StepContext, first: Body): readonly GrantHold[] {
  if (!isUnread(first) && !bearsTrailerPlate(first)) return [];
  const claims = claimsOf(state, settings);
  return state.kept.grants.filter(
    (hold) =>
      hold.grant.scope === 'park' &&
      hold.used === 0 &&
      (hold.datedMs ?? hold.issuedMs) <= (first.outMs ?? state.actedMs) &&
      !claims.some((claim) => claim.hold === hold && claim.bodyId !== first.id) &&
      !isElsewhere(state, first, hold, normalPlate(hold.grant.plate ?? '')),
  );
}

/** One of them may be its own, and speaks for no follower then. Who of several unread ones paid is not known: it keeps all of them from being reported. */
export const mayBePaidAhead = (work: StepContext, body: Body): readonly Fact[] =>
  openAhead(work, body)
    .slice(0, 1)
    .map((hold) => cancelOnce(work, hold, body));

/**
 * Nobody read it, and the vehicle ahead was read with a plate of the list that it did not pass under, or one was read for nobody, or taken for that of a
 * second vehicle in one occupancy: that may be this one's, read ahead.
 */
export function mayBeKnown({ bodies, kept }: Lane, { reads, riseMs, outMs, mayBeKnown: wasSo }: Body): boolean {
  if (!isUnread({ reads })) return false;
  if (wasSo) return true;
  const ahead = kept.past.findLast((past) => !past.chain && past.riseMs < riseMs);
  const chained = [
    ...bodies.flatMap((one) => (one.chain === null ? [] : one.reads)),
    ...kept.past.flatMap(({ chain, plates }) => (chain ? plates : [])),
  ];
  const isThen = ({ atMs }: Read): boolean => atMs >= riseMs - QUEUED_MS && atMs <= (outMs ?? atMs);
  return (
    [...kept.waiting, ...chained].some((read) => read.known && isThen(read)) ||
    ahead?.plates.some((read) => read.known && ahead.grantPlate !== read.text) === true
  );
}

/** Loop B was occupied during it: somebody may have passed after all. */
const wasOnBarrier = ({ state }: StepContext, { startMs }: Opening): boolean =>
  state.levels.barrier === true || state.changedMs.barrier >= startMs;

/** Somebody stands before the open arm, and may yet pay: whose opening it was is not known. */
const standsBefore = ({ state }: StepContext): boolean => state.bodies.some(({ place }) => place === 'onA');

/** While messages are missing: whoever was read stands before the arm, and the relay may let it out yet. */
const mayYetPay = (work: StepContext, opening: Opening): boolean =>
  feedIsDown(work.state) && standsBefore(work) && !wasOnBarrier(work, opening);

const isDoubtful = ({ state }: StepContext, first: Body | null): boolean =>
  first !== null && (first.unproven || mayHavePaid(state, first));

function openingDraft(work: StepContext, opening: Opening, first: Body | null): Draft {
  const { settings } = work;
  const verdict = verdictOf(work, opening);
  const passed = first !== null || hasPresumed(work, opening);
  const plate = first === null ? null : plateOfRecord(work, first);
  const isSystem = verdict === 'systemUnpaid';
  const isElsewhere = first !== null && isAccountedElsewhere(work, first);
  const isKnown = first !== null && mayBeKnown(work.state, first);
  const isWatched = isWired(settings, 'auto') && !opening.commandsBlind;
  // Who has let out a vehicle of the list could not be seen.
  const isKnownUnseen = !isWatched && opening.press === null && first?.reads.some(({ known }) => known) === true;
  const rests = !isSystem && (opening.press !== null || (isWatched && opening.seen)) ? 'command' : 'messages';
  const isUnwatched = first === null ? opening.commandsBlind : first.unwatched === true;
  const isUnseen = isKnownUnseen || (rests === 'messages' && isUnwatched);
  const isAlike = first !== null && losesToExact(work.state, first);
  const mayBeSystem = isSystem || mayBeByRelay(work, opening);
  const ahead = mayBeSystem && first !== null && !isKnown ? mayBePaidAhead(work, first) : [];
  const uncertain =
    ahead.length > 0 || (mayBeSystem && isKnown) || isUnseen || isElsewhere || isAlike || isDoubtful(work, first);
  // Its own plate, or none: one read as it drove up may be of somebody else.
  const isSure =
    first === null
      ? !wasOnBarrier(work, opening) && !standsBefore(work)
      : !isUnwatched && isOwnRead(work.state, first) && (plate === null || first.reads.length > 0);
  const confidence: Confidence = uncertain ? 'possible' : isSure ? 'sure' : 'likely';
  const reported = (passed || settings.reportNobodyPassed) && isAtLeast(confidence, settings.reportFrom);
  const blind = opening.commandsBlind || !opening.seen;
  return {
    verdict,
    desc: isSystem ? 'systemUnpaid' : verdict === 'unknown' ? 'unknown' : descOfPress(opening.press),
    direction: first?.way === 'reverse' ? reverseOf(settings) : forwardOf(settings),
    releaseAtMs: opening.startMs,
    plate: plate ?? (passed || !mayYetPay(work, opening) ? opening.startPlate : null),
    passed,
    confidence,
    degraded: blind || isDegraded(work, opening.startMs),
    reported,
    rests,
    maintenance: opening.maintenance || (first?.maintenance ?? false),
    captureId: opening.captureId ?? first?.captureId ?? null,
    openingId: opening.id,
    facts: [
      ...openingFacts(work, opening, first, passed),
      ...(isElsewhere ? [fact('grantForOtherLane')] : []),
      ...(isAlike ? [fact('alikeElsewhere')] : []),
      ...ahead,
    ],
  };
}
