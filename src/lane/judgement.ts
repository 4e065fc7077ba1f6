/** What a passage that nothing covers is called, how sure that is, and why. Section 6 of lane-logic.md. It gives nothing out. */

import { begunBy, PRESS_FACT } from './begun.ts';
import type { Body, Press, Read } from './body.ts';
import { type Claim, hasDifferentPlate, isPossibleOnly } from './claims.ts';
import { openingPress } from './facts.ts';
import { isBrief, isOwnRead, isShorterThanLoops } from './learned.ts';
import type { Opening } from './opening.ts';
import { mayBeKnown, mayBePaidAhead } from './opening-record.ts';
import { bearsTrailerPlate, bestRead, CHAIN_DISTANCE, contradictsReads, fuzzyPlate } from './plates.ts';
import { descOfPress, isAtLeast, isDegraded, type Judgement, lower } from './release.ts';
import { isFragment, isRear, mayHavePaid, platesBefore } from './revision.ts';
import type { Lane } from './state.ts';
import { fact, type StepContext } from './step-context.ts';
import type { Confidence, Fact } from './types.ts';
import { hasOwnPulse } from './waiting.ts';

/** undefined: nothing can be said; `part`: it may well be a part of the vehicle before it, whose record is enough. */
export function judge(
  work: StepContext,
  body: Body,
  opening: Opening | undefined,
  isWrongWay: boolean,
): Judgement | 'part' | undefined {
  const { state, settings } = work;
  if (body.ran) return ranBarrier(work, body);
  if (opening === undefined) return undefined;
  if (body.chain !== null) return chained(work, body, opening);
  const confidence = plainConfidence(work, body);
  const plain = { confidence, reported: isAtLeast(confidence, settings.reportFrom) };
  if (isWrongWay) {
    const facts = [fact('barrierLoopFirst', body.bRiseMs)];
    // A small vehicle that loop A did not feel, and one that backs in from the queue behind it, show the same.
    const how = lower(confidence, 'likely');
    const reported = isAtLeast(how, settings.reportFrom);
    return { verdict: 'wrongWay', desc: 'wrongWay', rests: 'nothing', confidence: how, reported, facts };
  }
  const press = body.press ?? pressWhileOnA(work, body);
  if (press !== null) {
    const verdict = { verdict: 'manual', desc: descOfPress(press), rests: 'command' } as const;
    const how = press.role === 'hand' || !isOwnRead(state, body) ? lower(confidence, 'likely') : confidence;
    return { ...verdict, ...plain, confidence: how, facts: [pressFact(body, press)] };
  }
  if (hasOwnPulse(state, body)) {
    const isKnown = mayBeKnown(state, body);
    const ahead = isKnown ? [] : mayBePaidAhead(work, body);
    const facts = [fact('relayPulsed', body.riseMs), ...ahead];
    const doubt = isKnown || ahead.length > 0 ? { confidence: 'possible' as const, reported: false } : {};
    return { verdict: 'systemUnpaid', desc: 'systemUnpaid', rests: 'messages', ...plain, ...doubt, facts };
  }
  const lastMs = body.previousOutMs ?? opening.startMs;
  const upForMs = (body.bRiseMs ?? body.riseMs) - lastMs;
  if (!opening.granted && isPossibleOnly(state, settings, body)) return 'part';
  if (!opening.granted || upForMs > settings.heldOpenAfterMs) {
    const facts = [fact('armStayedUp', lastMs, { forMs: upForMs }), ...openingPress(opening)];
    // No command was its own: that it had no right to pass is known by messages alone.
    return { verdict: 'heldOpen', desc: 'heldOpen', rests: 'messages', ...plain, facts };
  }
  const judgement = tailgating(work, body);
  const mayBePart =
    holdsGrant(state, body) ||
    isFragment(state, settings, body) ||
    isRear(state, settings, body) ||
    bearsTrailerPlate(body);
  const isPart = judgement.confidence === 'possible' && mayBePart;
  return isPart ? 'part' : judgement;
}

/** What came while it stood on A would cover it as a vehicle of its own; as a part of the one ahead it needs none. */
const holdsGrant = ({ kept }: Lane, { id, heldB }: Body): boolean =>
  !heldB &&
  (kept.grants.some(({ presenceId }) => presenceId === id) ||
    kept.pulses.some(({ presenceId, isGrant }) => presenceId === id && isGrant));

/** How sure a verdict is that does not rest on telling two vehicles apart. */
function plainConfidence(work: StepContext, body: Body): Confidence {
  const { state, settings } = work;
  const isDoubtful = body.unproven || body.presumed || mayHavePaid(state, body);
  return isDoubtful || isPossibleOnly(state, settings, body) ? 'possible' : 'sure';
}

/** A bicycle or a trolley passes a closed arm as well: so short and without a plate it is an alarm and no more. */
function ranBarrier(work: StepContext, body: Body): Judgement | undefined {
  if (body.way !== 'forward' || !body.together) return undefined;
  const isSmall = isShorterThanLoops(work.state, body) || (body.reads.length === 0 && isBrief(work.state, body));
  const plain = plainConfidence(work, body);
  // A plate that may be that of the car behind says nothing of how large this one is.
  const isCertain = isOwnRead(work.state, body) && !body.armUp;
  const confidence = isSmall ? 'possible' : isCertain ? plain : lower(plain, 'likely');
  const facts = [fact('armWasDown', body.bRiseMs), ...(isSmall ? [fact('shorterThanUsual', body.bRiseMs)] : [])];
  const reported = isAtLeast(confidence, work.settings.reportFrom);
  return {
    verdict: 'ranBarrier',
    desc: 'ranBarrier',
    // That nobody had let it in is known by messages.
    rests: 'messages',
    confidence,
    reported,
    facts,
  };
}

/** A press while it stood on A, though the vehicle before it had not left B yet: that one needed none. */
function pressWhileOnA({ state }: StepContext, body: Body): Press | null {
  const { aRiseMs, aFallMs, bRiseMs } = body;
  // One so close behind has no rise of B of its own: it went as it left A.
  const wentMs = bRiseMs ?? aFallMs;
  if (aRiseMs === null || wentMs === null) return null;
  const isCovered = state.kept.past.some((past) => past.id === body.previousId && past.covered);
  if (!isCovered) return null;
  return state.kept.presses.findLast((press) => press.atMs >= aRiseMs && press.atMs <= wentMs) ?? null;
}

const pressFact = (body: Body, press: Press): Fact =>
  fact(PRESS_FACT[press.role], press.atMs, {
    beforeMs: (body.bRiseMs ?? body.riseMs) - press.atMs,
    what: 'passage',
  });

function tailgating(work: StepContext, body: Body): Judgement {
  const isSmall = isShorterThanLoops(work.state, body);
  const plain = isSmall ? 'possible' : signs(work, body);
  const confidence = isDegraded(work, body.riseMs) ? lower(plain, 'likely') : plain;
  const different = hasDifferentPlate(work.state, body);
  return {
    verdict: 'tailgating',
    desc: 'tailgating',
    confidence,
    reported: isAtLeast(confidence, work.settings.reportFrom),
    rests: 'messages',
    facts: [
      ...(different ? [platesFact(work, body)] : []),
      ...(isSmall ? [fact('shorterThanUsual', body.bRiseMs ?? body.riseMs)] : []),
    ],
  };
}

function platesFact(work: StepContext, body: Body): Fact {
  const before = bestRead(platesBefore(work.state, body));
  return fact('platesDiffer', before?.atMs, { plate: bestRead(body.reads)?.text ?? '', before: before?.text ?? '' });
}

/** A vehicle of the list may pass: behind another it had its right, or its plate was read early for whoever went before it. */
const bearsKnown = (body: Body): boolean => bestRead(body.reads)?.known === true;

/** B free for longer than this, and it stopped between the two. */
const STRAIGHT_MS = 2_000;

/** What speaks for a second vehicle: its own order of loops, another plate, loop C. */
function signs(work: StepContext, body: Body): Confidence {
  const { state, settings } = work;
  if (body.unproven || body.presumed || isPossibleOnly(state, settings, body) || bearsKnown(body)) return 'possible';
  const otherPlate = hasDifferentPlate(state, body);
  const overC = body.cRiseMs !== null;
  if (body.approachOnly) return otherPlate || overC ? 'likely' : 'possible';
  const isProved = body.heldB
    ? otherPlate && overC
    : otherPlate || (overC && (body.gapMs ?? 0) >= settings.drawbarGapMs);
  // A gap that A never showed, or showed as noise, is the chassis of a truck as often as not, and the other plate is read ahead then.
  const isSeen = body.gapMs === null || body.gapMs >= settings.flickerMs;
  const isCertain = isSeen && cameStraight(body) && (!otherPlate || platesAreCertain(state, body));
  return isProved && isCertain ? 'sure' : 'likely';
}

/** It stopped for nothing behind the one ahead; one that stood there may have been let out by a hand that no contact shows. */
const cameStraight = ({ stood, armDownBefore, bGapMs }: Body): boolean =>
  !stood && !armDownBefore && bGapMs !== null && bGapMs <= STRAIGHT_MS;

/**
 * Each read as its vehicle stood on A, its own before its nose was on B, and the one ahead by one plate, which it paid under where a payment names
 * one. Else the reads may be one vehicle late.
 */
function platesAreCertain(state: Lane, body: Body): boolean {
  const own = bestRead(body.reads);
  const ahead = state.kept.past.find((past) => past.id === body.previousId);
  if (own === null || ahead === undefined || body.aRiseMs === null || own.atMs < body.aRiseMs) return false;
  if (!isOwnRead(state, body) || own.atMs > (body.bRiseMs ?? own.atMs) || isOneOfTwo(state, body)) return false;
  const { grantPlate, plates, aRiseMs, aFallMs } = ahead;
  if (grantPlate !== null) return plates.some((read) => fuzzyPlate(read.text, grantPlate));
  return plates.some((read) => aRiseMs !== null && aFallMs !== null && read.atMs >= aRiseMs && read.atMs <= aFallMs);
}

/** Another plate was read as it stood on A, too: which of them is its own is not known. */
function isOneOfTwo({ bodies, kept }: Lane, { id, reads, aRiseMs, aFallMs }: Body): boolean {
  const others = [...kept.waiting, ...bodies.flatMap((one) => (one.chain?.bodyId === id ? one.reads : []))];
  const isThen = ({ atMs }: Read): boolean => aRiseMs !== null && atMs >= aRiseMs && atMs <= (aFallMs ?? atMs);
  return others.some((read) => isThen(read) && contradictsReads(read, reads, CHAIN_DISTANCE));
}

/** A second vehicle told by traces only. In an opening made by hand one record is enough for what may be one vehicle. */
function chained(work: StepContext, body: Body, opening: Opening): Judgement | 'part' | undefined {
  const { chain } = body;
  if (chain === null) return undefined;
  const confidence = chain.amounts === 'report' && !bearsKnown(body) ? 'likely' : 'possible';
  if (!opening.granted && confidence === 'possible') return 'part';
  const facts: Fact[] = body.reads.length > 0 ? [platesFact(work, body)] : [];
  if (!opening.granted) facts.push(...openingPress(opening));
  if (chain.falls > 1) facts.push(fact('approachFellAgain', body.riseMs, { falls: chain.falls }));
  if (chain.overLength !== null) {
    const ratio = Math.round(Math.exp(chain.overLength) * 100) / 100;
    facts.push(fact('longerThanUsual', body.riseMs, { ratio }));
  }
  const verdict = opening.granted ? 'tailgating' : 'heldOpen';
  const reported = isAtLeast(confidence, work.settings.reportFrom);
  return { verdict, desc: verdict, confidence, reported, rests: 'messages', facts };
}

/** A body that used the grant of another plate; undefined: covered, with a note. */
export function mismatchJudgement(
  work: StepContext,
  body: Body,
  opening: Opening | undefined,
  claim: Claim,
): Judgement | undefined {
  const { settings } = work;
  const plate = bestRead(body.reads);
  const granted = claim.hold?.grant.plate ?? '';
  const press = body.press ?? opening?.press ?? null;
  // Of an unread vehicle, or a payment that names none, no plate differs: a hand let it out under what another paid.
  const isNamed = plate !== null && granted !== '';
  const what = fact('plateMismatch', plate?.atMs, { plate: plate?.text ?? '', granted });
  const facts = isNamed ? [what] : press !== null ? [pressFact(body, press)] : [];
  const base = { facts, rests: 'messages', parkingSerial: claim.hold?.grant.parkingSerial } as const;
  const begun = opening === undefined ? 'unknown' : begunBy(opening, settings);
  if (opening !== undefined && (begun === 'hand' || (claim.way === 'next' && body.press !== null))) {
    const verdict = {
      verdict: 'manual',
      desc: descOfPress(opening.press ?? body.press),
      confidence: 'possible',
    } as const;
    const releaseAtMs = opening.firstId === body.id ? opening.startMs : (body.bRiseMs ?? body.riseMs);
    return { ...base, ...verdict, reported: false, releaseAtMs };
  }
  const plain = { ...base, verdict: 'tailgating', desc: 'tailgating' } as const;
  if (claim.way === 'next') return { ...plain, confidence: 'possible', reported: false };
  if (settings.plateMismatch === 'note') return undefined;
  const reported = settings.plateMismatch === 'report';
  return { ...plain, confidence: 'likely', reported };
}
