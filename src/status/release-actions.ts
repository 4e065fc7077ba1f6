/** Actions of a person on a record: report, dismiss, retry, correct, and what follows from a verdict on it. The store decides whether its state still allows them. */
import type { DecidedRecords, ReviewVerdict } from '../page/api/api-duty.ts';
import type { Acted, ReleaseAction } from '../page/box.ts';
import type { Mark } from '../store/park-facts/review-marks.ts';
import { FOR_PERSON, isForPerson, isPutAside, OPEN_STATES } from '../store/record-states.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { DismissalVoice, Store } from '../store/types.ts';
import { actionsOf, descFromMethod } from './record-view.ts';

export async function act(
  { review }: Pick<Store, 'review'>,
  id: number,
  action: ReleaseAction,
  who: string,
): Promise<Acted> {
  const found = await review.get(id);
  if (found === undefined) return 'notFound';
  if (!actionsOf(found.record).includes(action.kind)) return 'conflict';
  if (action.kind !== 'correct') {
    const done =
      action.kind === 'dismiss'
        ? await review.dismiss(id, who, action.why, action.voice)
        : await review.requeue(id, who);
    return done ? 'done' : 'conflict';
  }
  const desc = action.method === undefined ? undefined : descFromMethod(action.method);
  if (action.method !== undefined && desc === undefined) return 'invalid';
  const changes = {
    ...(action.plate !== undefined && { plate: { text: action.plate } }),
    ...(desc !== undefined && { desc }),
  };
  return (await review.correct(id, changes, who, action.why)) ? 'done' : 'conflict';
}

const TO_GO = OPEN_STATES.filter((state) => !isForPerson(state));

type VerdictMark = Mark & { readonly kind: ReviewVerdict };

/**
 * What people make of records, and what follows for the platform: what is owed goes out, what was right or misjudged does not. What is to go out
 * anyway is only held up as `dismiss` does it. Those there are; who only agrees marks nothing and decides only on what there was to agree to.
 */
export async function decide(
  { review }: Pick<Store, 'review'>,
  ids: readonly number[],
  mark: VerdictMark,
  voice: DismissalVoice,
): Promise<DecidedRecords> {
  const known = (await Promise.all(ids.map((id) => review.get(id)))).flatMap((found) => found?.record ?? []);
  const decided = await Promise.all(
    known.map(async (record) => ({ id: record.id, sending: await follow(review, record, mark, voice) })),
  );
  if (voice === 'agrees') return { decided: decided.filter(({ sending }) => sending !== 'unchanged'), notKept: [] };
  // Last: after a power cut between the two a record waits in the inbox again.
  const meant = decided.filter(({ sending }) => sending !== 'gone').map(({ id }) => id);
  const marked = new Set(meant.length === 0 ? [] : await review.mark(meant, mark));
  return { decided, notKept: meant.filter((id) => !marked.has(id)) };
}

async function follow(
  review: Store['review'],
  record: OutboxRecord,
  { kind, who, reason, words }: VerdictMark,
  voice: DismissalVoice,
): Promise<DecidedRecords['decided'][number]['sending']> {
  const { id, state, corrections = [] } = record;
  const can = actionsOf(record);
  if (kind === 'owed') {
    if (can.includes('report') && (await review.requeue(id, who))) return 'reported';
    // What somebody has put aside is owed by nobody: it cannot be brought back, also if that was just now.
    return isPutAside((await review.get(id))?.record.state ?? state) ? 'gone' : 'unchanged';
  }
  if (kind === 'checked' && !isForPerson(state)) return 'unchanged';
  const why = [reason, words].filter(Boolean).join('：');
  // Meant of what was kept back, it is no wish about what somebody reports meanwhile.
  const states = isForPerson(state) ? FOR_PERSON : TO_GO;
  const done = can.includes('dismiss') ? await review.dismiss(id, who, why, voice, states) : undefined;
  if (done === undefined) return 'unchanged';
  const isWished = corrections.some(({ dismissal }) => dismissal);
  if (!isWished) return done;
  return done === 'dropped' ? 'agreed' : 'unchanged';
}
