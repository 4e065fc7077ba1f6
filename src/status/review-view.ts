/** What people said of a record, and of a tailgater the vehicle in front, for the page. */
import type { App } from '../app/app.ts';
import { normalPlate } from '../lane/plates.ts';
import type { ReviewView } from '../page/api/api-duty.ts';
import type { Mark } from '../store/park-facts/review-marks.ts';

/** A tailgater is behind its front vehicle by seconds. */
const FRONT_MS = 60_000;

export async function reviewView(
  { store }: Pick<App, 'store'>,
  id: number,
): Promise<Omit<ReviewView, 'reasons'> | undefined> {
  const found = await store.review.get(id);
  if (found === undefined) return undefined;
  const { laneId, release } = found.record;
  const { droppedBy } = found;
  const said = { marks: await store.review.marks(id), ...(droppedBy !== undefined && { droppedBy }) };
  if (release.verdict !== 'tailgating') return said;
  const atMs = release.releaseAtMs;
  const around = await store.looks.around(laneId, atMs - FRONT_MS, atMs);
  const own = release.plate === undefined ? undefined : normalPlate(release.plate.text);
  const front = around?.rows.findLast((event) => event.kind === 'plate' && normalPlate(event.plate.text) !== own);
  if (front?.kind !== 'plate') return said;
  const fromWallMs = found.record.releaseWallMs - FRONT_MS;
  const near = await store.review.list({ laneId, fromWallMs, toWallMs: found.record.releaseWallMs, limit: 10 });
  const record = near.find((each) => each.release.plate?.text === front.plate.text && each.id !== id);
  return {
    ...said,
    front: {
      ...{ plate: front.plate.text, beforeMs: Math.round(atMs - front.atMs) },
      isPaid: around?.rows.some((event) => event.kind === 'grant' && event.grant.plate === front.plate.text) ?? false,
      ...(record !== undefined && { record: record.id }),
      ...(record?.picture === 'attached' && { hasPicture: true as const }),
    },
  };
}

/** `changed`: every page sees it. */
export async function markRecords(
  { store }: Pick<App, 'store'>,
  ids: readonly number[],
  mark: Mark,
  changed: (id: number) => void,
): Promise<readonly number[]> {
  const marked = await store.review.mark(ids, mark);
  for (const id of marked) changed(id);
  return marked;
}
