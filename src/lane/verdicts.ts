/**
 * The verdict on a passage when it has settled, and on an opening that no grant stands for. Section 6 of lane-logic.md.
 * What happened is known by then; this says what it was called, how sure that is, and why.
 */
import { removeBody } from './bodies.ts';
import { type Claim, claimsOf, coverOf, hasDifferentPlate, isPossibleOnly, platesBefore } from './claims.ts';
import { bodyFacts, openingFacts } from './facts.ts';
import { grantsAfterSettling, useClaim } from './grants.ts';
import { remember, setRight } from './late-payments.ts';
import { forgetOpenings } from './openings.ts';
import { bestRead, normalPlate } from './plates.ts';
import { type Draft, forwardOf, isAtLeast, isDegraded, lower, release, reverseOf } from './release.ts';
import type { Body, Opening, Past } from './state.ts';
import { fact, keep, note, openingOf, type Work, writableOpening } from './step-context.ts';
import type { Confidence, Fact, ReleaseDesc, Verdict } from './types.ts';

/** An opening shorter than this, with no command and nobody near, is the arm bouncing on its limit. */
export const BOUNCE_MS = 1_000;

/** The passage of a body is decided: late messages have had their time. */
export function settle(work: Work, body: Body): void {
  const { state, settings } = work;
  const isWrongWay = body.way === 'reverse' && settings.direction !== 'both';
  const claim = isWrongWay ? undefined : coverOf(claimsOf(state, settings), body, settings);
  const opening = openingOf(state, body.openingId);
  keep(work).passages += 1;
  if (body.automatic) {
    useClaim(work, claim, body);
    remember(work, pastOf(body, claim ?? null, null));
  } else if (claim !== undefined) authorised(work, body, opening, claim);
  else uncovered(work, body, opening, isWrongWay);
  removeBody(work, body);
  grantsAfterSettling(work);
  forgetOpenings(work);
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
  };
}

function authorised(work: Work, body: Body, opening: Opening | undefined, claim: Claim): void {
  const isFirst = opening?.firstId === body.id;
  if (opening !== undefined && isFirst) {
    writableOpening(work, opening).granted = true;
    withdrawOpening(work, opening, claim);
  }
  useClaim(work, claim, body);
  if (claim.way === 'mismatch') mismatch(work, body, opening, claim);
  else remember(work, pastOf(body, claim, null));
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
}

/** The record of an opening with nobody passing is out, and now somebody who paid passes as its first. */
function withdrawOpening(work: Work, opening: Opening, claim: Claim): void {
  if (opening.releaseId === null) return;
  const grantId = claim.hold?.grant.id ?? 'relay';
  const past: Past = {
    id: -opening.id,
    riseMs: opening.startMs,
    aRiseMs: null,
    aFallMs: null,
    outMs: opening.startMs,
    plates: [],
    grantPlate: null,
    releaseId: opening.releaseId,
    sent: opening.sent,
  };
  setRight(work, past, grantId);
}

/** Its plate says that the grant it used was somebody else's. */
function mismatch(work: Work, body: Body, opening: Opening | undefined, claim: Claim): void {
  const { settings } = work;
  const plate = bestRead(body.reads);
  const told = claim.hold?.grant.plate ?? '';
  const what = fact('plateMismatch', plate?.atMs, { plate: plate?.text ?? '', granted: told });
  if (settings.plateMismatch === 'note') {
    note(work, what, claim.hold?.grant.id);
    remember(work, pastOf(body, claim, null));
    return;
  }
  const id = giveOut(work, body, opening, {
    verdict: 'tailgating',
    desc: 'tailgating',
    confidence: 'likely',
    reported: settings.plateMismatch === 'report',
    parkingSerial: claim.hold?.grant.parkingSerial,
    facts: [what],
  });
  remember(work, pastOf(body, claim, id));
}

interface Judgement {
  readonly verdict: Verdict;
  readonly desc: ReleaseDesc;
  readonly confidence: Confidence;
  readonly reported: boolean;
  readonly facts: readonly Fact[];
  readonly releaseAtMs?: number;
  readonly parkingSerial?: string | undefined;
}

function giveOut(work: Work, body: Body, opening: Opening | undefined, judgement: Judgement): string {
  const { settings } = work;
  const reads = body.reads;
  const draft: Draft = {
    verdict: judgement.verdict,
    desc: judgement.desc,
    direction: body.way === 'forward' ? forwardOf(settings) : reverseOf(settings),
    releaseAtMs: judgement.releaseAtMs ?? body.bRiseMs ?? body.riseMs,
    plate: bestRead(reads),
    passed: true,
    confidence: judgement.confidence,
    degraded: isDegraded(work, Math.min(body.riseMs, opening?.startMs ?? body.riseMs)),
    reported: judgement.reported,
    maintenance: body.maintenance,
    captureId: body.captureId ?? opening?.captureId ?? null,
    openingId: opening?.id ?? null,
    parkingSerial: judgement.parkingSerial,
    facts: [...judgement.facts, ...bodyFacts(work, body)],
  };
  return release(work, draft);
}

function uncovered(work: Work, body: Body, opening: Opening | undefined, isWrongWay: boolean): void {
  const isFirst = opening?.firstId === body.id;
  if (opening !== undefined && isFirst && !opening.granted && !opening.automatic) {
    const id = openingRecord(work, opening, body);
    remember(work, { ...pastOf(body, null, id), sent: opening.sent });
    return;
  }
  const judgement = judge(work, body, opening, isWrongWay);
  if (judgement === undefined) {
    note(work, fact('passageUnjudged', body.outMs, { bodyId: body.id, ran: body.ran }));
    remember(work, pastOf(body, null, null));
    return;
  }
  remember(work, pastOf(body, null, giveOut(work, body, opening, judgement)));
}

/** How sure a verdict is that does not rest on telling two vehicles apart. */
function plainConfidence(work: Work, body: Body): Confidence {
  const { state, settings } = work;
  return body.unproven || body.presumed || isPossibleOnly(state, settings, body) ? 'possible' : 'sure';
}

function judge(work: Work, body: Body, opening: Opening | undefined, isWrongWay: boolean): Judgement | undefined {
  const plain = { confidence: plainConfidence(work, body), reported: true };
  if (body.ran) {
    const counts = body.way === 'forward' && body.together;
    return counts
      ? { verdict: 'ranBarrier', desc: 'ranBarrier', ...plain, facts: [fact('armWasDown', body.bRiseMs)] }
      : undefined;
  }
  if (opening === undefined) return undefined;
  if (isWrongWay)
    return { verdict: 'wrongWay', desc: 'wrongWay', ...plain, facts: [fact('barrierLoopFirst', body.bRiseMs)] };
  if (body.press !== null) {
    const facts = [pressFact(body)];
    return { verdict: 'manual', desc: body.press.role, ...plain, facts, releaseAtMs: opening.startMs };
  }
  const lastMs = body.previousOutMs ?? opening.startMs;
  const upForMs = (body.bRiseMs ?? body.riseMs) - lastMs;
  if (!opening.granted || upForMs > work.settings.heldOpenAfterMs) {
    return {
      verdict: 'heldOpen',
      desc: 'heldOpen',
      ...plain,
      facts: [fact('armStayedUp', lastMs, { forMs: upForMs })],
    };
  }
  return tailgating(work, body);
}

const pressFact = (body: Body): Fact =>
  fact(body.press?.role === 'button' ? 'buttonPressed' : 'remotePressed', body.press?.atMs, {
    beforeMs: (body.bRiseMs ?? body.riseMs) - (body.press?.atMs ?? 0),
    what: 'passage',
  });

function tailgating(work: Work, body: Body): Judgement {
  const confidence = isDegraded(work, body.riseMs) ? lower(signs(work, body), 'likely') : signs(work, body);
  const before = bestRead(platesBefore(work.state, body));
  const different = hasDifferentPlate(work.state, body);
  const facts = different
    ? [fact('platesDiffer', before?.atMs, { plate: bestRead(body.reads)?.text ?? '', before: before?.text ?? '' })]
    : [];
  return {
    verdict: 'tailgating',
    desc: 'tailgating',
    confidence,
    reported: isAtLeast(confidence, work.settings.reportFrom),
    facts,
  };
}

/** What speaks for a second vehicle: its own order of loops, another plate, loop C. */
function signs(work: Work, body: Body): Confidence {
  const { state, settings } = work;
  if (body.unproven || body.presumed || isPossibleOnly(state, settings, body)) return 'possible';
  const otherPlate = hasDifferentPlate(state, body);
  const overC = body.cRiseMs !== null;
  if (body.approachOnly) return otherPlate || overC ? 'likely' : 'possible';
  if (body.heldB) return otherPlate && overC ? 'sure' : 'likely';
  return otherPlate || overC ? 'sure' : 'likely';
}

/** The record of an opening that nobody granted: with its first passage, or without one. One record, whatever follows. */
export function openingRecord(work: Work, opening: Opening, first: Body | null): string | null {
  if (opening.releaseId !== null) {
    note(work, fact('firstPassageLater', first?.outMs, { releaseId: opening.releaseId }));
    return opening.releaseId;
  }
  if (first === null && isBounce(opening)) {
    writableOpening(work, opening).closed = true;
    note(work, fact('armBounced', opening.startMs, { forMs: (opening.endMs ?? work.atMs) - opening.startMs }));
    forgetOpenings(work);
    return null;
  }
  const id = release(work, openingDraft(work, opening, first));
  writableOpening(work, opening).releaseId = id;
  forgetOpenings(work);
  return id;
}

const isBounce = (opening: Opening): boolean =>
  opening.endMs !== null &&
  opening.seen &&
  opening.press === null &&
  opening.endMs - opening.startMs < BOUNCE_MS &&
  !opening.wrongWay;

function openingDraft(work: Work, opening: Opening, first: Body | null): Draft {
  const { state, settings } = work;
  const causeSeen = opening.seen && !(opening.commandsBlind && opening.press === null);
  const presumed = state.bodies.some((body) => body.presumed && body.openingId === opening.id);
  const passed = first !== null || presumed;
  const plate = first === null ? null : bestRead(first.reads);
  return {
    verdict: causeSeen ? 'manual' : 'unknown',
    desc: causeSeen ? (opening.press?.role ?? 'manual') : 'unknown',
    direction: first?.way === 'reverse' ? reverseOf(settings) : forwardOf(settings),
    releaseAtMs: opening.startMs,
    plate: plate ?? opening.startPlate,
    passed,
    confidence: 'sure',
    degraded: opening.commandsBlind || !opening.seen || isDegraded(work, opening.startMs),
    reported: passed || settings.reportNobodyPassed,
    maintenance: opening.maintenance || (first?.maintenance ?? false),
    captureId: opening.captureId ?? first?.captureId ?? null,
    openingId: opening.id,
    facts: openingFacts(work, opening, first, passed),
  };
}
