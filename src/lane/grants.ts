/**
 * Grants come, are used and end. A grant is a counter: each use, and each end with uses left, is noted once.
 * Whose a grant is, is worked out in `claims.ts`; whether a passage needs one, in `verdicts.ts`.
 */

import { isAboutNow } from './about-now.ts';
import { begunBy } from './begun.ts';
import type { Body } from './body.ts';
import { bodyOnFirstLoop, type Claim, claimsOf } from './claims.ts';
import type { PaymentFate } from './counted.ts';
import { paidAfterFakeExit, voidFakeExitBy } from './fake-exit.ts';
import { grantHeard } from './feed.ts';
import { replaceHold, setGrants } from './grant-holds.ts';
import { isRepeatedPayment, paidLate } from './late-payments.ts';
import { leaveToOwn, lend, usedByExact } from './lent.ts';
import type { GrantHold, Past } from './opening.ts';
import { grantOpening, grantOpeningLater } from './opening-grant.ts';
import { normalPlate, readsExactly } from './plates.ts';
import { dropPulses, joinPulse } from './pulses.ts';
import { takeNamed } from './reads.ts';
import { formerId, isAnother, isRepetition, previousGrant } from './repetition.ts';
import { learnSender, type PaymentTimes, paymentTimes } from './senders.ts';
import { shownByGrant, takeFromPast } from './shown-plates.ts';
import { withLast } from './state.ts';
import {
  count,
  currentOpening,
  type FactValues,
  fact,
  keep,
  note,
  openingOf,
  type StepContext,
} from './step-context.ts';
import type { Grant, LaneEvent, LaneSettings } from './types.ts';
import { messageForWaiting } from './waiting.ts';

/** At the limit the oldest grant of the sender that holds most is given up, with a note. */
export const GRANTS_MOST = 4096;
/**
 * Grants that have ended and are still recognised when told again, after a restart too: of a park that tells ten lanes of 200 vehicles an hour
 * each, those of eight minutes. They are three fifths of the state, 140 bytes each.
 */
export const KNOWN_MOST = 256;

const FATE_OF_END: Readonly<Record<string, PaymentFate>> = {
  grantUsedElsewhere: 'elsewhere',
  grantCancelled: 'cancelled',
  grantReplaced: 'replaced',
  grantGivenUp: 'givenUp',
};

/** Says for the account what became of permissions; the sum goes with the first of them. */
function countPayment(
  work: StepContext,
  { grant, used }: Pick<GrantHold, 'grant' | 'used'>,
  fate: PaymentFate,
  units: number,
  bodyId: number | null = null,
): void {
  const isFirst = used === 0;
  count(work, {
    of: 'payment',
    fate,
    grantId: grant.id,
    scope: grant.scope,
    means: grant.kind,
    units,
    amount: isFirst ? (grant.amount ?? null) : null,
    currency: grant.amount === undefined ? null : (grant.currency ?? 'CNY'),
    operator: grant.operator ?? null,
    plate: grant.plate ?? null,
    bodyId,
  });
}

/** It ended unused: its vehicle came and went back, passed elsewhere, or never came. */
function fateUnused({ state }: StepContext, { grant, returned }: GrantHold): PaymentFate {
  if (returned || state.kept.fakeExits.some((exit) => exit.grantId === grant.id)) return 'cameAndWent';
  const plate = grant.plate === undefined ? undefined : normalPlate(grant.plate);
  const isElsewhere = state.kept.elsewhere.some((seen) => seen.what === 'passed' && seen.plate === plate);
  return isElsewhere ? 'elsewhere' : 'neverCame';
}

/** Takes a grant out of the counter and remembers it. */
function endGrant(work: StepContext, hold: GrantHold, why: string): void {
  const { grant, left, used } = hold;
  const others = work.state.kept.grants.filter((one) => one.grant.id !== grant.id);
  setGrants(work, others);
  const isUnused = left === grant.count && why !== 'grantUsedElsewhere';
  const ended = { grant, unusedMs: isUnused ? work.atMs : null };
  keep(work).known = withLast(work.state.kept.known, ended, KNOWN_MOST);
  if (left > 0) {
    const units = hold.counted === true ? left - 1 : left;
    if (units > 0) countPayment(work, hold, FATE_OF_END[why] ?? fateUnused(work, hold), units);
    note(
      work,
      fact(why, hold.issuedMs, { grantId: grant.id, left, used, ...(grant.plate ? { plate: grant.plate } : {}) }),
      grant.id,
    );
  }
}

/** Its number is told anew. `why`: it ends; undefined: the number is another's, and it goes on under one of its own. */
function giveWay(work: StepContext, hold: GrantHold, why: string | undefined): void {
  if (why !== undefined) endGrant(work, hold, why);
  else replaceHold(work, hold, { grant: { ...hold.grant, id: formerId(hold.grant) } });
}

type GrantEvent = Extract<LaneEvent, { kind: 'grant' }>;

export function grantComes(work: StepContext, event: GrantEvent): void {
  const { grant } = event;
  const { state } = work;
  grantHeard(work, grant.source);
  if (isRepetition(state.kept, grant)) return;
  if (grant.count < 1 || !Number.isInteger(grant.count) || (grant.scope === 'park' && grant.plate === undefined)) {
    note(work, fact('grantInvalid', work.atMs, { grantId: grant.id }), grant.id);
    return;
  }
  const before = previousGrant(state.kept, grant.id);
  const another = before !== undefined && isAnother(before, grant);
  if (another) note(work, fact('grantIdReused', work.atMs, { grantId: grant.id }), grant.id);
  if (before !== undefined && 'used' in before) giveWay(work, before, another ? undefined : 'grantReplaced');
  countPayment(work, { grant, used: 0 }, 'told', grant.count);
  const stamp = paymentTimes(state, work.settings, grant, work.atMs);
  learnSender(work, grant);
  takeFromPast(work, grant, stamp.issuedMs);
  if (isRepeatedPayment(work, grant)) {
    countPayment(work, { grant, used: 0 }, 'repeated', grant.count);
    endUnheld(work, grant, 'grantUnused', { repeated: true, left: grant.count, used: 0 });
    return;
  }
  paidAfterFakeExit(work, grant, stamp.datedMs);
  shownByGrant(work, grant);
  addGrant(work, grant, stamp);
}

/** It lets nobody out, and is remembered in case it comes again. */
function endUnheld(work: StepContext, grant: Grant, why: string, values: FactValues = {}): void {
  const { atMs } = work;
  keep(work).known = withLast(work.state.kept.known, { grant, unusedMs: atMs }, KNOWN_MOST);
  note(
    work,
    fact(why, atMs, { grantId: grant.id, ...(grant.plate ? { plate: grant.plate } : {}), ...values }),
    grant.id,
  );
}

/** Of a grant that names no end. */
const lifeMsOf = ({ scope }: Grant, settings: LaneSettings): number =>
  scope === 'park' ? settings.paidAheadTtlMs : settings.laneGrantTtlMs;

function addGrant(work: StepContext, grant: Grant, stamp: PaymentTimes): void {
  const { state, settings, atMs } = work;
  const lifeMs = lifeMsOf(grant, settings);
  const endMs = grant.expiresAtMs === undefined ? stamp.livesFromMs + lifeMs : grant.expiresAtMs + stamp.laterMs;
  const isExpired = endMs < atMs && (grant.expiresAtMs !== undefined || !isAboutNow(state, settings, grant, atMs));
  // Dated so long ago and yet about somebody who is here: the clock that dated it is wrong.
  const issuedMs = !isExpired && stamp.issuedMs + lifeMs < atMs ? atMs : stamp.issuedMs;
  const before = replaced(work, grant);
  const joinedId = grant.scope === 'park' ? null : joinPulse(work, grant, issuedMs);
  const presenceId = grant.scope === 'park' ? null : (joinedId ?? before?.presenceId ?? presenceAt(work, issuedMs));
  const hold: GrantHold = {
    grant,
    left: grant.count,
    used: 0,
    issuedMs,
    datedMs: stamp.datedMs,
    arrivedMs: atMs,
    sinceMs: before === undefined || presenceId !== null ? issuedMs : before.sinceMs,
    endMs: isExpired || endMs >= atMs ? endMs : atMs + lifeMs,
    presenceId,
    held: false,
    returned: before?.returned ?? false,
  };
  if (isExpired) {
    expiredOnArrival(work, hold);
    return;
  }
  if (before !== undefined) endGrant(work, before, 'grantReplaced');
  if (state.kept.grants.length >= GRANTS_MOST)
    endGrant(work, oldestOfMost(state.kept.grants, grant.source), 'grantGivenUp');
  setGrants(work, [...state.kept.grants, hold]);
  if (presenceId !== null) takeNamed(work, presenceId, grant, issuedMs);
  const late = paidLate(work, hold);
  if (late !== undefined) {
    useHold(work, hold, 'late', null);
    if (!readsExactly(late.plates, normalPlate(grant.plate ?? ''))) lend(work, hold, late.id);
    return;
  }
  const opening = currentOpening(state);
  if (opening !== undefined && issuedMs <= opening.startMs) grantOpening(work, opening);
  if (opening !== undefined) grantOpeningLater(work, opening, grant.id);
  messageForWaiting(work);
}

/** A sender that invents payments pushes out its own and nobody else's. `coming`: the sender of one more. */
function oldestOfMost(holds: readonly GrantHold[], coming: string): GrantHold {
  const counts = new Map([[coming, 1]]);
  for (const { grant } of holds) counts.set(grant.source, (counts.get(grant.source) ?? 0) + 1);
  const held = holds.map(({ grant }) => counts.get(grant.source) ?? 0);
  return holds[held.indexOf(Math.max(...held))] as GrantHold;
}

/** It was over before it came: it may still say that a passage was paid for. */
function expiredOnArrival(work: StepContext, hold: GrantHold): void {
  if (!paidLate(work, hold)) {
    countPayment(work, hold, 'expired', hold.left);
    endUnheld(work, hold.grant, 'grantUnused', { expired: true, endAtMs: hold.endMs, left: hold.left, used: 0 });
    return;
  }
  useHold(work, hold, 'late', null);
  if (hold.left > 1) countPayment(work, { ...hold, used: 1 }, 'expired', hold.left - 1);
  keep(work).known = withLast(work.state.kept.known, { grant: hold.grant, unusedMs: null }, KNOWN_MOST);
}

/** An unused grant for the same plate of the same sender, which this newer one replaces; no other sender can end it. */
function replaced(work: StepContext, grant: Grant): GrantHold | undefined {
  if (grant.plate === undefined) return undefined;
  const plate = normalPlate(grant.plate);
  return work.state.kept.grants.find(
    ({ used, grant: { plate: of, source } }) =>
      used === 0 && source === grant.source && of !== undefined && normalPlate(of) === plate,
  );
}

/** Senders give whole seconds: it was issued up to so much later. */
const SECOND_MS = 999;

/** Whoever was on A then, be it gone or not; of two in that second the later, since the one ahead was on its way already. */
function presenceAt(work: StepContext, issuedMs: number): number | null {
  const { state, settings } = work;
  const latestMs = Math.max(issuedMs, Math.min(issuedMs + SECOND_MS, work.atMs));
  const here = bodyOnFirstLoop(state, settings, latestMs) ?? bodyOnFirstLoop(state, settings, issuedMs);
  if (here !== undefined) return (afterHand(work, here) ?? here).id;
  // Of one that was reported as unpaid nothing is left for the next: it was there until it had left.
  const until = ({ aRiseMs, aFallMs, outMs, releaseId }: Past): number =>
    aRiseMs === null || releaseId !== null ? outMs : (aFallMs ?? outMs);
  return state.kept.past.find((past) => past.riseMs <= issuedMs && issuedMs < until(past))?.id ?? null;
}

/**
 * A hand had let that one out before anybody paid, and it has left A; somebody else stands there as the payment arrives, and pays: the clock that
 * dated it is a little behind.
 */
function afterHand({ state, settings, atMs }: StepContext, here: Body): Body | undefined {
  const opening = openingOf(state, here.openingId);
  if (here.aFallMs === null || opening === undefined || opening.granted) return undefined;
  if ((opening.firstId ?? here.id) !== here.id) return undefined;
  const onA = bodyOnFirstLoop(state, settings, atMs);
  return begunBy(opening, settings) === 'hand' && onA?.id !== here.id ? onA : undefined;
}

const isHere = ({ state }: StepContext, plate: string): boolean =>
  state.bodies.some(({ reads }) => readsExactly(reads, plate) !== undefined);

export function grantRevoked(work: StepContext, { grantId, why }: Extract<LaneEvent, { kind: 'revoke' }>): void {
  voidFakeExitBy(work, grantId);
  const hold = work.state.kept.grants.find(({ grant }) => grant.id === grantId);
  if (why === 'usedElsewhere') usedElsewhere(work, grantId, hold);
  else if (hold !== undefined) giveWay(work, hold, why === 'idReused' ? undefined : 'grantCancelled');
}

function usedElsewhere(work: StepContext, grantId: string, hold: GrantHold | undefined): void {
  if (hold === undefined) {
    usedByExact(work, grantId);
    return;
  }
  const { plate } = hold.grant;
  // Its own vehicle is here: it was one with nearly its plate, and gives it back.
  if (plate !== undefined && isHere(work, normalPlate(plate))) return;
  if (hold.left > 1) {
    // One passage of it; a grant for several keeps the rest.
    replaceHold(work, hold, { left: hold.left - 1, used: hold.used + 1 });
    countPayment(work, hold, 'elsewhere', 1);
    const values = { grantId, left: hold.left - 1, ...(plate ? { plate } : {}) };
    note(work, fact('grantPassageElsewhere', hold.issuedMs, values), grantId);
  } else {
    endGrant(work, hold, 'grantUsedElsewhere');
    lend(work, hold, null);
  }
}

function useHold(work: StepContext, hold: GrantHold, way: string, body: Body | null): void {
  const { grant } = hold;
  const values: Record<string, string | number> = { grantId: grant.id, way, grantKind: grant.kind };
  if (grant.plate) values.plate = grant.plate;
  if (body !== null) {
    values.bodyId = body.id;
    values.riseMs = body.riseMs;
  }
  note(work, fact('grantUsed', work.atMs, values), grant.id);
  const now = work.state.kept.grants.find((one) => one.grant.id === grant.id);
  if ((now ?? hold).counted !== true)
    countPayment(work, now ?? hold, way === 'late' ? 'late' : 'used', 1, body?.id ?? null);
  if (now === undefined) return;
  if (now.left === 1) endGrant(work, { ...now, left: 0 }, 'grantUsed');
  else replaceHold(work, now, { left: now.left - 1, used: now.used + 1, presenceId: null, counted: false });
}

/** A passage uses its claim; a body that has passed has no further use for pulses. */
export function useClaim(work: StepContext, claim: Claim | undefined, body: Body): void {
  if (claim?.hold) useHold(work, claim.hold, claim.way, body);
  if (claim?.hold && claim.way === 'fuzzy') lend(work, claim.hold, body.id);
  if (claim?.pulse) note(work, fact('pulseUsed', claim.pulse.atMs, { bodyId: body.id }));
  dropPulses(work, body.id, 0);
}

/** The end of a grant may have come. */
export function grantsEnd(work: StepContext): void {
  const { state, settings, atMs } = work;
  const due = state.kept.grants.filter((hold) => !hold.held && hold.endMs <= atMs);
  if (due.length === 0) return;
  const claims = claimsOf(state, settings);
  for (const hold of due) {
    if (claims.some((claim) => claim.hold === hold)) replaceHold(work, hold, { held: true });
    else {
      endGrant(work, hold, 'grantUnused');
      if (hold.returned && hold.used === 0 && hold.grant.scope === 'lane') leaveToOwn(work, hold);
    }
  }
}

/** A body has settled: a grant past its end that it held and did not use is over. */
export function grantsAfterSettling(work: StepContext): void {
  const { grants } = work.state.kept;
  if (!grants.some(({ held }) => held)) return;
  const free = grants.map((hold) => (hold.held ? { ...hold, held: false } : hold));
  setGrants(work, free);
}
