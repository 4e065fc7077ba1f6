/** What the joint assignment of the minute makes of an accusation: it stands, goes to review, or falls. It makes none worse. */

import { innocentStory } from './assignment.ts';
import type { Body } from './body.ts';
import type { Claim } from './claims.ts';
import { replaceHold } from './grant-holds.ts';
import type { Judgement } from './judgement.ts';
import type { GrantHold } from './opening.ts';
import { fact, type StepContext } from './step-context.ts';
import type { Fact } from './types.ts';

/** The payment speaks for this vehicle, and for no other from now on. */
export function cancelOnce(work: StepContext, hold: GrantHold, body: Body): Fact {
  replaceHold(work, hold, { cancelled: body.id });
  const { id, plate } = hold.grant;
  return fact('mayBePaid', hold.arrivedMs, { grantId: id, ...(plate === undefined ? {} : { granted: plate }) });
}

/**
 * One step down where a payment of its minute is left for it: from a record to review, and from review to that payment where nobody else can have paid
 * it. What a hand let out stays.
 */
export function demoted(work: StepContext, body: Body, judgement: Judgement): Judgement | Claim {
  if (judgement.rests !== 'messages' || judgement.verdict === 'manual') return judgement;
  const story = innocentStory(work.state, work.settings, body);
  if (story === undefined) return judgement;
  const { hold, isBound } = story;
  if (judgement.reported || !isBound) {
    const facts = [...judgement.facts, cancelOnce(work, hold, body)];
    return { ...judgement, confidence: 'possible', reported: false, facts };
  }
  return { bodyId: body.id, way: 'assigned', hold, pulse: null, sinceMs: hold.issuedMs };
}

export const isClaim = (of: Judgement | Claim): of is Claim => 'way' in of;
