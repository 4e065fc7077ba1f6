/**
 * The verdict on a passage when it has settled: covered, or what it is called otherwise. Section 6 of lane-logic.md.
 * What happened is known by then. Judgements on uncovered passages are in `judgement.ts`, records of openings in `opening-record.ts`.
 */
import { begunBy } from './begun.ts';
import type { Body } from './body.ts';
import { passListedOn, passReadsOn, plateOfRecord, takeLate } from './body-reads.ts';
import { takeFromChain, traceFollowers } from './chains.ts';
import { type Claim, claimsOf, coverOf, losesToExact } from './claims.ts';
import { countPulse, pulsesAreUnverified } from './complete-feed.ts';
import type { CountedPassage } from './counted.ts';
import { countElsewhere, isAccountedElsewhere } from './elsewhere.ts';
import { bodyFacts } from './facts.ts';
import { voidFakeExit } from './fake-exit.ts';
import { countReceived } from './feed.ts';
import { grantsAfterSettling, useClaim } from './grants.ts';
import { passedBy } from './health.ts';
import { judge, mismatchJudgement } from './judgement.ts';
import { remember, setRight } from './late-payments.ts';
import { learnReading } from './learned.ts';
import { unpaidAs } from './lent.ts';
import type { GrantHold, Opening, Past } from './opening.ts';
import { mayBeKnown, openingRecord } from './opening-record.ts';
import { forgetOpenings } from './openings.ts';
import { bestRead, isUnread, normalPlate } from './plates.ts';
import { type Draft, forwardOf, isDegraded, type Judgement, release, reverseOf } from './release.ts';
import type { Lane } from './state.ts';
import {
  bodyOf,
  count,
  fact,
  isWired,
  keep,
  note,
  openingOf,
  removeBody,
  type StepContext,
  writable,
  writableOpening,
} from './step-context.ts';
import { demoted, isClaim } from './veto.ts';
import { hasOwnPulse, waitsUntil } from './waiting.ts';

/** The passage of a body is decided: late messages have had their time. */
export function settle(work: StepContext, settling: Body): void {
  const { state, settings } = work;
  // Each step may have made another copy of it.
  const present = (): Body => bodyOf(state, settling.id) ?? settling;
  passListedOn(work, settling);
  passReadsOn(work, present());
  takeLate(work, present());
  if (claimOf(work, present()) === undefined) takeFromChain(work, present());
  const body = present();
  const isWrongWay = isWrong(work, body);
  const claim = claimOf(work, body);
  const opening = openingOf(state, body.openingId);
  if (body.waitsUntilMs === null && !isWrongWay) traceFollowers(work, body, claim);
  const untilMs = claim === undefined && !body.automatic && !body.ran ? waitsUntil(work, body, opening) : null;
  if (untilMs !== null && untilMs > work.atMs) {
    // So long overdue it counts as missing now, though the verdict still waits for a sign of life.
    if (work.atMs >= (body.outMs ?? work.atMs) + settings.systemOpenWaitMs)
      countMessages(work, body, opening, undefined);
    const waiting = writable(work, body);
    waiting.waitsUntilMs = untilMs;
    // What says so is forgotten before a message is given up.
    waiting.mayBeKnown ||= mayBeKnown(state, body);
    return;
  }
  if (body.chain?.amounts !== 'review') keep(work).passages += 1;
  countMessages(work, body, opening, claim);
  passedBy(work, body, opening, claim?.hold ?? null);
  if (body.automatic) {
    useClaim(work, claim, body);
    remember(work, pastOf(body, claim ?? null, null));
    count(work, countedAs(work, body, opening, 'automatic', null, claim));
  } else if (claim !== undefined) {
    if (claim.hold !== null) countElsewhere(work, false);
    covered(work, body, opening, claim);
  } else {
    uncovered(work, body, opening, isWrongWay);
  }
  voidFakeExit(work, body, claim);
  removeBody(work, body);
  grantsAfterSettling(work);
  forgetOpenings(work);
}

const isWrong = ({ settings }: StepContext, { way }: Body): boolean =>
  way === 'reverse' && settings.direction !== 'both';

/** What covers it. */
function claimOf(work: StepContext, body: Body): Claim | undefined {
  const { state, settings } = work;
  const claim = isWrong(work, body) ? undefined : coverOf(claimsOf(state, settings), body, settings);
  return claim !== undefined && isOfOneGone(state, body, claim) ? undefined : claim;
}

function pastOf(body: Body, claim: Claim | null, releaseId: string | null): Past {
  const plate = claim?.hold?.grant.plate;
  return {
    id: body.id,
    riseMs: body.riseMs,
    aRiseMs: body.aRiseMs,
    aFallMs: body.aFallMs,
    outMs: body.outMs ?? body.riseMs,
    plates: body.reads,
    grantPlate: plate === undefined ? null : normalPlate(plate),
    releaseId,
    sent: false,
    covered: claim !== null && releaseId === null,
    chain: body.chain !== null,
  };
}

/**
 * Counts whether a message came for what a message should have been received for: the first vehicle of an opening that no hand began, and
 * each later one that the relay pulsed for.
 */
function countMessages(work: StepContext, body: Body, opening: Opening | undefined, claim: Claim | undefined): void {
  const { state, settings } = work;
  if (opening === undefined || opening.automatic || body.automatic || body.counted || claim?.way === 'known') return;
  const pulse = state.kept.pulses.some((one) => one.presenceId === body.id);
  const isFirst = opening.firstId === body.id;
  if (isFirst ? begunBy(opening, settings) === 'hand' : !pulse || body.press !== null) return;
  writable(work, body).counted = true;
  const isTold = claim !== undefined && claim.hold !== null;
  if (pulse) countPulse(work, isTold);
  if (pulse || !isWired(settings, 'auto')) countReceived(work, isTold);
}

/**
 * Left over from another: what one who went back had, or a payment of before it came, which names no plate or one that nobody read; where a hand
 * let this one out, or where it came while the arm was up for another and the relay, which raised it for that one, did not pulse for this.
 */
function isLeftOver(work: StepContext, body: Body, opening: Opening | undefined, { way, hold }: Claim): boolean {
  const { state, settings } = work;
  if (way !== 'next' || hold === null || opening === undefined) return false;
  if ((opening.press ?? body.press) !== null) return hold.returned || isUnnamedBefore(body, hold);
  const begun = begunBy(opening, settings);
  if (begun === 'hand') return hold.returned;
  const isFollowing = opening.firstId !== body.id && opening.granted && !body.armDownBefore && !body.stood;
  const isPulsed = state.kept.pulses.some(({ presenceId }) => presenceId === body.id);
  return begun === 'relay' && isFollowing && !isPulsed && hold.arrivedMs < body.riseMs;
}

/**
 * Where every payment is told of, the relay let out an unread vehicle without one, and the payment of somebody who went back is left: it may be the
 * same one, which is for review. The payment stays.
 */
const isOfOneGone = (state: Lane, body: Body, { way, hold }: Claim): boolean =>
  way === 'next' && hold?.returned === true && isUnread(body) && hasOwnPulse(state, body);

const isUnnamedBefore = ({ riseMs }: Body, { grant, arrivedMs }: GrantHold): boolean =>
  grant.plate === undefined && arrivedMs < riseMs;

function covered(work: StepContext, body: Body, opening: Opening | undefined, claim: Claim): void {
  const isOver = isLeftOver(work, body, opening, claim);
  const judged = isOver || claim.way === 'mismatch' ? mismatchJudgement(work, body, opening, claim) : undefined;
  const wrong = judged === undefined || !isOver ? judged : demoted(work, body, judged);
  if (wrong !== undefined && !isClaim(wrong)) {
    // What is left over stays for whoever had it.
    const used = isOver ? undefined : claim;
    if (used !== undefined) useClaim(work, used, body);
    const id = giveOut(work, body, opening, wrong);
    passed(work, body, opening, 'uncovered', id, used);
    if (opening !== undefined) writableOpening(work, opening).granted = true;
    return;
  }
  letThrough(work, body, opening, wrong ?? claim);
}

function letThrough(work: StepContext, body: Body, opening: Opening | undefined, claim: Claim): void {
  if (opening !== undefined && opening.firstId === body.id) {
    writableOpening(work, opening).granted = true;
    withdrawOpening(work, opening, claim);
  }
  if (claim.hold !== null) learnReading(work, body, claim.hold);
  useClaim(work, claim, body);
  const plate = bestRead(body.reads);
  note(
    work,
    fact('paidPassage', body.outMs, {
      bodyId: body.id,
      way: claim.way,
      ...(plate === null ? {} : { plate: plate.text }),
    }),
    claim.hold?.grant.id,
  );
  const isUnverified = claim.way === 'pulse' && pulsesAreUnverified(work.state, work.settings);
  const id = isUnverified ? unverified(work, body, opening) : null;
  const how = claim.hold !== null ? 'grant' : claim.way === 'known' ? 'known' : 'relay';
  if (id === null) passed(work, body, opening, how, null, claim);
  else {
    remember(work, pastOf(body, claim, null));
    count(work, countedAs(work, body, opening, 'uncovered', id, claim));
  }
}

/** Remembers it, and counts it for the account: what covered it, or which release came of it. */
function passed(
  work: StepContext,
  body: Body,
  opening: Opening | undefined,
  how: CountedPassage['how'],
  releaseId: string | null,
  claim?: Claim,
): void {
  const counted = countedAs(work, body, opening, how, releaseId, claim);
  const sent = releaseId !== null && releaseId === opening?.releaseId && opening.sent;
  // What was let out unpaid may be paid late, by a plate like its own.
  const mayLose = counted.mayLose === true || releaseId !== null;
  remember(work, {
    ...{ ...pastOf(body, claim ?? null, releaseId), sent, how },
    ...(mayLose && { unpaidAs: unpaidAs(body, opening, work.settings, counted) }),
  });
  count(work, counted);
}

function countedAs(
  work: StepContext,
  body: Body,
  opening: Opening | undefined,
  how: CountedPassage['how'],
  releaseId: string | null,
  claim: Claim | undefined,
): CountedPassage {
  const first = opening?.firstId === body.id ? opening : undefined;
  return {
    of: 'passage',
    bodyId: body.id,
    passedAtMs: first?.startMs ?? body.bRiseMs ?? body.riseMs,
    openingId: opening === undefined ? null : `o${opening.id}`,
    first: first === undefined ? null : { begun: begunBy(first, work.settings), press: first.press?.role ?? null },
    how,
    otherPlate: how === 'uncovered' && claim !== undefined && claim.hold !== null,
    presumed: body.presumed,
    maintenance: body.maintenance,
    releaseId,
    plate: bestRead(body.reads)?.text ?? claim?.hold?.grant.plate ?? null,
    captureId: body.captureId ?? opening?.captureId ?? null,
    ...(claim?.way === 'assigned' && { assigned: true }),
    ...(how === 'grant' && claim?.way === 'fuzzy' && { mayLose: true }),
  };
}

/** The relay let it out while messages are missing: nobody is accused, and nothing is known either. */
function unverified(work: StepContext, body: Body, opening: Opening | undefined): string {
  return giveOut(work, body, opening, {
    verdict: 'systemUnpaid',
    desc: 'systemUnpaid',
    confidence: 'possible',
    reported: false,
    rests: 'messages',
    group: 'unverifiedPulses',
    facts: [fact('pulsesUnverified', work.atMs)],
    // Of an arm that was up before it came, its own way over B is the moment.
    ...(opening === undefined || body.riseMs > opening.startMs ? {} : { releaseAtMs: opening.startMs }),
  });
}

/** The record of an opening with nobody passing is out, and now somebody passes as its first who was read, and whose payment names that plate. */
function withdrawOpening(work: StepContext, { id, releaseId, sent }: Opening, { hold, way }: Claim): void {
  if (releaseId === null || hold === null || (way !== 'exact' && way !== 'fuzzy')) return;
  setRight(work, { id: -id, releaseId, sent }, 'paidLate', hold.grant.id);
}

export function giveOut(work: StepContext, body: Body, opening: Opening | undefined, judgement: Judgement): string {
  const { settings } = work;
  const draft: Draft = {
    verdict: judgement.verdict,
    desc: judgement.desc,
    direction: body.way === 'forward' ? forwardOf(settings) : reverseOf(settings),
    releaseAtMs: judgement.releaseAtMs ?? body.bRiseMs ?? body.riseMs,
    plate: plateOfRecord(work, body),
    passed: true,
    confidence: judgement.confidence,
    degraded: isDegraded(work, Math.min(body.riseMs, opening?.startMs ?? body.riseMs)),
    reported: judgement.reported,
    rests: judgement.rests,
    ...(judgement.group === undefined ? {} : { group: judgement.group }),
    maintenance: body.maintenance,
    captureId: body.captureId ?? opening?.captureId ?? null,
    openingId: opening?.id ?? null,
    parkingSerial: judgement.parkingSerial,
    facts: [...judgement.facts, ...bodyFacts(work, body)],
  };
  return release(work, draft);
}

function uncovered(work: StepContext, body: Body, opening: Opening | undefined, isWrongWay: boolean): void {
  const isFirst = opening?.firstId === body.id;
  const isElsewhere = !isWrongWay && isAccountedElsewhere(work, body);
  if (isElsewhere) countElsewhere(work, true);
  if (opening !== undefined && isFirst && !opening.granted && !opening.automatic) {
    const id = openingRecord(work, opening, body);
    passed(work, body, opening, 'uncovered', id);
    return;
  }
  const judgement = judge(work, body, opening, isWrongWay);
  if (judgement === undefined || judgement === 'part') {
    const why = judgement === undefined ? 'passageUnjudged' : 'possiblePart';
    note(work, fact(why, body.outMs, { bodyId: body.id, ran: body.ran }));
    passed(work, body, opening, 'part', null);
    return;
  }
  const doubts = [
    ...(isElsewhere ? [fact('grantForOtherLane')] : []),
    ...(losesToExact(work.state, body) ? [fact('alikeElsewhere')] : []),
    ...(judgement.rests === 'messages' && body.unwatched === true ? [fact('commandsNotSeen')] : []),
  ];
  const facts = [...judgement.facts, ...doubts];
  const told =
    doubts.length === 0 ? judgement : { ...judgement, confidence: 'possible' as const, reported: false, facts };
  const stands = isWrongWay ? told : demoted(work, body, told);
  if (isClaim(stands)) {
    letThrough(work, body, opening, stands);
    return;
  }
  const id = giveOut(work, body, opening, stands);
  passed(work, body, opening, 'uncovered', id);
}
