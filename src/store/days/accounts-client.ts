/** The account's rows through the store thread; records of a span in slices, between which the store does what else is asked of it. */
import { wallSlices } from '../lists/sliced-lists.ts';
import type { Line } from '../thread-client.ts';
import type { AccountStore, DroppedMark, ReviewedCount } from './accounts.ts';

const PLATES_MOST = 20;
const DROPPED_MOST = 20_000;

export const accountsOf = (line: Line): AccountStore => ({
  keep: (laneId, day, rows, sums) => line.call('keepAccount', laneId, day, rows, sums),
  close: (lastDay) => line.call('closeSheets', lastDay),
  between: (...asked) => line.call('account', ...asked),
  lines: (fromDay, toDay) => line.call('accountLines', fromDay, toDay),
  reviewed: async (fromWallMs, toWallMs, lanes) => {
    let sum: ReviewedCount = { records: 0, closed: 0, inDay: 0 };
    for await (const span of wallSlices(line, fromWallMs, toWallMs)) {
      const { records, closed, inDay, ...oldest } = await line.call('reviewedRecords', ...span, lanes);
      const more = { records: sum.records + records, closed: sum.closed + closed, inDay: sum.inDay + inDay };
      sum = { ...sum, ...oldest, ...more };
    }
    return sum;
  },
  plates: async (fromWallMs, toWallMs, lanes) => {
    const counts = new Map<string, number>();
    for await (const span of wallSlices(line, fromWallMs, toWallMs))
      for (const { plate, count } of await line.call('recordPlates', ...span, lanes))
        counts.set(plate, (counts.get(plate) ?? 0) + count);
    const again = [...counts].flatMap(([plate, count]) => (count > 1 ? [{ plate, count }] : []));
    return again.sort((a, b) => b.count - a.count || (a.plate < b.plate ? -1 : 1)).slice(0, PLATES_MOST);
  },
  observed: (fromWallMs, toWallMs) => line.call('observedBetween', fromWallMs, toWallMs),
  dropped: async (fromWallMs, toWallMs) => {
    const found: DroppedMark[] = [];
    for await (const span of wallSlices(line, fromWallMs, toWallMs)) {
      found.push(...(await line.call('droppedRecords', ...span)));
      if (found.length >= DROPPED_MOST) break;
    }
    return found.slice(0, DROPPED_MOST);
  },
});
