/** What the joint assignment of the minute makes of an accusation: it stands, goes to review, or falls. It makes none worse. */

import { innocentStory } from './assignment.ts';
import type { Body } from './body.ts';
import { plateOfRecord } from './body-reads.ts';
import type { Claim } from './claims.ts';
import { cancelOnce } from './grant-holds.ts';
import { isUnread } from './plates.ts';
import type { Judgement } from './release.ts';
import { fact, type StepContext } from './step-context.ts';
import type { Fact } from './types.ts';

/**
 * One step down where a payment of its minute is left for it: from a record to review, and from review to that payment where nobody else can have paid
 * it; what stays for review uses none up. What a hand let out stays.
 */
export function demoted(work: StepContext, body: Body, judgement: Judgement): Judgement | Claim {
  if (judgement.rests !== 'messages' || judgement.verdict === 'manual') return judgement;
  const story = innocentStory(work.state, work.settings, body);
  if (story === undefined) return { ...judgement, facts: [...judgement.facts, ...oneOfTwo(work, body)] };
  const { hold, isBound } = story;
  if (judgement.reported) {
    const facts = [...judgement.facts, cancelOnce(work, hold, body)];
    return { ...judgement, confidence: 'possible', reported: false, facts };
  }
  if (!isBound) return judgement;
  return { bodyId: body.id, way: 'assigned', hold, pulse: null, sinceMs: hold.issuedMs };
}

/** One payment and two that nobody read: that one of them has not paid is certain, and which is not. */
function oneOfTwo(work: StepContext, body: Body): readonly Fact[] {
  const ahead = work.state.kept.past.find(({ id }) => id === body.previousId);
  if (ahead?.how !== 'grant' || !isUnread({ reads: ahead.plates }) || plateOfRecord(work, body) !== null) return [];
  return [fact('oneOfTwo', ahead.riseMs, { bodyId: ahead.id, granted: ahead.grantPlate ?? '' })];
}

export const isClaim = (of: Judgement | Claim): of is Claim => 'way' in of;
