/**
 * Grants and pulses come, are used, given back and end. A grant is a counter: each use, and each end with uses left, is noted once.
 * Whose a grant is, is worked out in `claims.ts`; whether a passage needs one, in `verdicts.ts`.
 */
import { bodyOnFirstLoop, type Claim, claimsOf, isJoined, waitsForNext } from './claims.ts';
import { grantHeard } from './feed.ts';
import { paidLate } from './late-payments.ts';
import { normalPlate } from './plates.ts';
import { sameGrant } from './same-grant.ts';
import type { Body, GrantHold, Opening, Pulse } from './state.ts';
import { currentOpening, fact, keep, note, type Work, writableOpening } from './step-context.ts';
import type { Grant, LaneEvent } from './types.ts';

/** At the limit the oldest grant is given up, with a note. */
export const GRANTS_MOST = 4096;
const PULSES_MOST = 16;
/** Grants that have ended and are still recognised when told again. */
export const KNOWN_MOST = 256;
/** A pulse so short before the arm is down was meant for the next opening. */
const NEXT_OPENING_MS = 3_000;
/** A pulse seen this long after the arm has left still began the opening: it is polled on another device. */
const PULSE_AFTER_MS = 500;

function setGrants(work: Work, grants: readonly GrantHold[]): void {
  keep(work).grants = grants;
  let dueMs: number | null = null;
  for (const hold of grants) if (!hold.held && (dueMs === null || hold.endMs < dueMs)) dueMs = hold.endMs;
  keep(work).grantsDueMs = dueMs;
}

const replaceHold = (work: Work, hold: GrantHold, change: Partial<GrantHold>): void =>
  setGrants(
    work,
    work.state.kept.grants.map((one) => (one === hold ? { ...one, ...change } : one)),
  );

/** Takes a grant out of the counter and remembers it. */
function endGrant(work: Work, hold: GrantHold, why: string): void {
  const { grant, left, used } = hold;
  setGrants(
    work,
    work.state.kept.grants.filter((one) => one.grant.id !== grant.id),
  );
  const isUnused = left === grant.count && why !== 'grantUsedElsewhere';
  const ended = { grant, unusedMs: isUnused ? work.atMs : null };
  keep(work).known = [...work.state.kept.known, ended].slice(-KNOWN_MOST);
  if (left > 0) {
    note(
      work,
      fact(why, hold.issuedMs, { grantId: grant.id, left, used, ...(grant.plate ? { plate: grant.plate } : {}) }),
      grant.id,
    );
  }
}

type GrantEvent = Extract<LaneEvent, { kind: 'grant' }>;

export function grantComes(work: Work, event: GrantEvent): void {
  const { grant } = event;
  const { state } = work;
  grantHeard(work, grant.source);
  const told =
    state.kept.grants.find((hold) => hold.grant.id === grant.id)?.grant ??
    state.kept.known.find((one) => one.grant.id === grant.id)?.grant;
  if (told !== undefined) {
    if (!sameGrant(told, grant)) note(work, fact('grantConflict', work.atMs, { grantId: grant.id }), grant.id);
    return;
  }
  if (grant.count < 1 || !Number.isInteger(grant.count) || (grant.scope === 'park' && grant.plate === undefined)) {
    note(work, fact('grantInvalid', work.atMs, { grantId: grant.id }), grant.id);
    return;
  }
  addGrant(work, grant);
}

function addGrant(work: Work, grant: Grant): void {
  const { state, settings, atMs } = work;
  const issuedMs = Math.min(grant.issuedAtMs, atMs);
  const before = replaced(work, grant);
  const lifeMs = grant.scope === 'park' ? settings.paidAheadTtlMs : settings.laneGrantTtlMs;
  const presenceId = grant.scope === 'park' ? null : (before?.presenceId ?? presenceAt(work, issuedMs));
  const hold: GrantHold = {
    grant,
    left: grant.count,
    used: 0,
    issuedMs,
    arrivedMs: atMs,
    sinceMs: before === undefined || presenceId !== null ? issuedMs : before.sinceMs,
    endMs: grant.expiresAtMs ?? issuedMs + lifeMs,
    presenceId,
    held: false,
  };
  if (before !== undefined) endGrant(work, before, 'grantReplaced');
  if (state.kept.grants.length >= GRANTS_MOST) endGrant(work, state.kept.grants[0] as GrantHold, 'grantGivenUp');
  setGrants(work, [...state.kept.grants, hold]);
  const late = paidLate(work, hold);
  if (late) useHold(work, hold, 'late', null);
  const opening = currentOpening(state);
  if (!late && opening !== undefined && issuedMs <= opening.startMs) grantOpening(work, opening);
}

/** An unused grant for the same plate, which this newer one replaces. */
function replaced(work: Work, grant: Grant): GrantHold | undefined {
  if (grant.plate === undefined) return undefined;
  const plate = normalPlate(grant.plate);
  return work.state.kept.grants.find(
    (hold) => hold.used === 0 && hold.grant.plate !== undefined && normalPlate(hold.grant.plate) === plate,
  );
}

/** Whoever was on A then, be it gone or not. */
function presenceAt(work: Work, issuedMs: number): number | null {
  const { state, settings } = work;
  const here = bodyOnFirstLoop(state, settings, issuedMs);
  if (here !== undefined) return here.id;
  const gone = state.kept.past.find(
    (past) => past.riseMs <= issuedMs && issuedMs < (past.aRiseMs === null ? past.outMs : (past.aFallMs ?? past.outMs)),
  );
  return gone?.id ?? null;
}

export function grantRevoked(work: Work, event: Extract<LaneEvent, { kind: 'revoke' }>): void {
  const hold = work.state.kept.grants.find((one) => one.grant.id === event.grantId);
  if (hold === undefined) return;
  // Used elsewhere is one passage of it; a grant for several keeps the rest.
  if (event.why === 'usedElsewhere' && hold.left > 1) {
    replaceHold(work, hold, { left: hold.left - 1, used: hold.used + 1 });
    const { id, plate } = hold.grant;
    const values = { grantId: id, left: hold.left - 1, ...(plate ? { plate } : {}) };
    note(work, fact('grantPassageElsewhere', hold.issuedMs, values), id);
  } else endGrant(work, hold, event.why === 'usedElsewhere' ? 'grantUsedElsewhere' : 'grantCancelled');
}

function useHold(work: Work, hold: GrantHold, way: string, body: Body | null): void {
  const { grant } = hold;
  const values = { grantId: grant.id, way, grantKind: grant.kind, ...(grant.plate ? { plate: grant.plate } : {}) };
  note(
    work,
    fact('grantUsed', work.atMs, { ...values, ...(body === null ? {} : { bodyId: body.id, riseMs: body.riseMs }) }),
    grant.id,
  );
  const now = work.state.kept.grants.find((one) => one.grant.id === grant.id);
  if (now === undefined) return;
  if (now.left === 1) endGrant(work, { ...now, left: 0 }, 'grantUsed');
  else replaceHold(work, now, { left: now.left - 1, used: now.used + 1, presenceId: null });
}

/** A passage uses its claim; a body that has passed has no further use for pulses. */
export function useClaim(work: Work, claim: Claim | undefined, body: Body): void {
  if (claim?.hold) useHold(work, claim.hold, claim.way, body);
  if (claim?.pulse) note(work, fact('pulseUsed', claim.pulse.atMs, { bodyId: body.id }));
  dropPulses(work, body.id, 0);
}

/** Keeps at most `most` pulses of a body. */
export function dropPulses(work: Work, bodyId: number, most: number): void {
  const { state } = work;
  const own = state.kept.pulses.filter((pulse) => pulse.presenceId === bodyId).slice(most);
  if (own.length > 0) keep(work).pulses = state.kept.pulses.filter((pulse) => !own.includes(pulse));
}

/** The relay of the management system was seen. */
export function relayPulsed(work: Work): void {
  const { state, settings, atMs } = work;
  const opening = currentOpening(state);
  const began = opening !== undefined && atMs - opening.startMs <= PULSE_AFTER_MS;
  if (began && opening.pulseMs === null) writableOpening(work, opening).pulseMs = atMs;
  if (!settings.autoCommandIsGrant) return;
  const presenceId = bodyOnFirstLoop(state, settings, atMs)?.id ?? null;
  keep(work).pulseCount += 1;
  const pulse: Pulse = {
    id: state.kept.pulseCount,
    atMs,
    sinceMs: atMs,
    endMs: atMs + settings.laneGrantTtlMs,
    presenceId,
    openingId: opening?.id ?? null,
  };
  keep(work).pulses = [...state.kept.pulses, pulse].slice(-PULSES_MOST);
  if (presenceId !== null) dropPulses(work, presenceId, 1);
  if (began) grantOpening(work, opening);
}

/** A body has come: pulses that had nobody are for it. */
export function pulsesForBody(work: Work, body: Body): void {
  const { state, settings } = work;
  if (state.kept.pulses.length === 0 || (body.way === 'reverse' && settings.direction !== 'both')) return;
  keep(work).pulses = state.kept.pulses.map((pulse) =>
    pulse.presenceId === null && body.riseMs <= pulse.endMs ? { ...pulse, presenceId: body.id } : pulse,
  );
  dropPulses(work, body.id, 1);
}

/** A pulse lapses when the opening it began ends, unless its body is on its way through. */
export function pulsesLapse(work: Work, opening: Opening): void {
  const { state } = work;
  const passes = (pulse: Pulse): boolean =>
    state.bodies.some((body) => body.id === pulse.presenceId && body.place !== 'onA');
  const forNext = (pulse: Pulse): boolean =>
    pulse.atMs > opening.startMs + PULSE_AFTER_MS && pulse.atMs >= work.atMs - NEXT_OPENING_MS;
  const kept: Pulse[] = [];
  for (const pulse of state.kept.pulses) {
    if (passes(pulse)) kept.push(pulse);
    else if (forNext(pulse)) kept.push({ ...pulse, openingId: null });
    else note(work, fact('pulseLapsed', pulse.atMs));
  }
  keep(work).pulses = kept;
}

/** A body left without passing: what it was granted is for the next one. */
export function giveBack(work: Work, body: Body, sinceMs: number): void {
  const { state, settings } = work;
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return;
  const claims = claimsOf(state, settings).filter((claim) => claim.bodyId === body.id);
  const messages = claims.filter((claim) => claim.hold !== null);
  const own = (hold: GrantHold): boolean =>
    hold.grant.scope === 'lane' && (hold.presenceId === body.id || messages.some((claim) => claim.hold === hold));
  const back = (hold: GrantHold): GrantHold => ({
    ...hold,
    presenceId: null,
    sinceMs,
    endMs: Math.max(hold.endMs, sinceMs + settings.laneGrantTtlMs),
    held: false,
  });
  setGrants(
    work,
    state.kept.grants.map((hold) => (own(hold) ? back(hold) : hold.held ? { ...hold, held: false } : hold)),
  );
  givePulsesBack(work, body, sinceMs, messages);
}

/** A pulse that was only the opening of a message's grant is spent with it; another waits while the opening lasts. */
function givePulsesBack(work: Work, body: Body, sinceMs: number, messages: readonly Claim[]): void {
  const { state, settings } = work;
  keep(work).pulses = state.kept.pulses
    .filter((pulse) => pulse.presenceId !== body.id || !isJoined(pulse, messages, settings))
    .map((pulse) => (pulse.presenceId === body.id ? { ...pulse, presenceId: null, sinceMs } : pulse));
}

/** The end of a grant, or of a pulse that no opening followed, may have come. */
export function grantsEnd(work: Work): void {
  const { state, settings, atMs } = work;
  const due = state.kept.grants.filter((hold) => !hold.held && hold.endMs <= atMs);
  if (due.length === 0) return;
  const claims = claimsOf(state, settings);
  for (const hold of due) {
    if (claims.some((claim) => claim.hold === hold)) replaceHold(work, hold, { held: true });
    else endGrant(work, hold, 'grantUnused');
  }
}

export function pulsesEnd(work: Work): void {
  const { state, atMs } = work;
  const isOver = (pulse: Pulse): boolean => pulse.openingId === null && pulse.endMs <= atMs;
  const over = state.kept.pulses.filter((pulse) => isOver(pulse) && !isHeld(work, pulse));
  for (const pulse of over) note(work, fact('pulseLapsed', pulse.atMs));
  keep(work).pulses = state.kept.pulses
    .filter((pulse) => !over.includes(pulse))
    .map((pulse) => (isOver(pulse) ? { ...pulse, endMs: atMs + work.settings.laneGrantTtlMs } : pulse));
}

/** As long as its body is in the lane. */
const isHeld = (work: Work, pulse: Pulse): boolean => work.state.bodies.some((body) => body.id === pulse.presenceId);

/** A body has settled: a grant past its end that it held and did not use is over. */
export function grantsAfterSettling(work: Work): void {
  const { state } = work;
  if (!state.kept.grants.some((hold) => hold.held)) return;
  setGrants(
    work,
    state.kept.grants.map((hold) => (hold.held ? { ...hold, held: false } : hold)),
  );
}

/** An unused grant for a body in or at the lane, or for the next that comes. */
export function openingIsGranted(work: Work): boolean {
  const { state, settings } = work;
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return false;
  const claims = claimsOf(state, settings);
  const isHere = (id: number): boolean => state.bodies.some((body) => body.id === id && body.place !== 'out');
  return claims.some((claim) => isHere(claim.bodyId)) || waitsForNext(state, claims);
}

/** Something that preceded the opening has become known. */
function grantOpening(work: Work, opening: Opening): void {
  if (!opening.granted && openingIsGranted(work)) writableOpening(work, opening).granted = true;
}
