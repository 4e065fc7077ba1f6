/** The records that the questions of a sheet are about, so that each is shown with its picture. */
import type { SheetQuestion } from '../account/sheet.ts';
import type { DaySheetView } from '../page/api/api-account.ts';
import type { Store } from '../store/types.ts';
import { descText } from '../text/lanes/lane.ts';

export async function questionRecords(
  { review }: Pick<Store, 'review'>,
  questions: readonly SheetQuestion[],
): Promise<DaySheetView['records']> {
  const byLane = new Map<string, string[]>();
  for (const { lane, releaseId } of questions)
    if (releaseId !== undefined) byLane.set(lane, [...(byLane.get(lane) ?? []), releaseId]);
  const found = await Promise.all(
    [...byLane].map(async ([laneId, releaseIds]) => {
      const records = await review.list({ laneId, releaseIds, limit: releaseIds.length });
      return records.map(({ id, release, picture }) => ({
        ...{ id, lane: laneId, releaseId: release.id, picture },
        desc: descText(release.desc),
      }));
    }),
  );
  return found.flat();
}
