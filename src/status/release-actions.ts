/** Actions of a person on a record: report, dismiss, retry, correct. The store decides whether its state still allows them. */
import type { Acted, ReleaseAction } from '../page/box.ts';
import type { Store } from '../store/types.ts';
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
