/** Actions of a person on a record: report, dismiss, retry, correct, and what follows from a verdict on it. The store decides whether its state still allows them. */
import type { DecidedRecords, ReviewVerdict } from '../page/api/api-duty.ts';
import type { Acted, ReleaseAction } from '../page/box.ts';
import type { Mark } from '../store/park-facts/review-marks.ts';
import { isForPerson } from '../store/record-states.ts';
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
): Promise<DecidedRecords['decided']> {
  const known = (await Promise.all(ids.map((id) => review.get(id)))).flatMap((found) => found?.record ?? []);
  // Together, mostly in one commit, the mark last: after a power cut between the two a record waits in the inbox again.
  const [decided] = await Promise.all([
    Promise.all(known.map(async (record) => ({ id: record.id, sending: await follow(review, record, mark, voice) }))),
    voice === 'agrees' ? [] : review.mark(ids, mark),
  ]);
  return decided.filter(({ sending }) => voice !== 'agrees' || sending !== 'unchanged');
}

async function follow(
  review: Store['review'],
  record: OutboxRecord,
  { kind, who, reason, words }: VerdictMark,
  voice: DismissalVoice,
): Promise<DecidedRecords['decided'][number]['sending']> {
  const { id, state, corrections = [] } = record;
  const can = actionsOf(record);
  if (kind === 'owed') return can.includes('report') && (await review.requeue(id, who)) ? 'reported' : 'unchanged';
  if (kind === 'checked' && !isForPerson(state)) return 'unchanged';
  const why = [reason, words].filter(Boolean).join('：');
  const done = can.includes('dismiss') ? await review.dismiss(id, who, why, voice) : undefined;
  const isSecond = corrections.some(({ dismissal }) => dismissal);
  return done === 'dropped' && isSecond ? 'agreed' : (done ?? 'unchanged');
}
