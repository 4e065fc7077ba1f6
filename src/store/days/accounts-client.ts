/** The account's rows through the store thread. */
import type { Line } from '../thread-client.ts';
import type { AccountStore } from './accounts.ts';

export const accountsOf = (line: Line): AccountStore => ({
  keep: (laneId, day, rows, sums) => line.call('keepAccount', laneId, day, rows, sums),
  close: (lastDay) => line.call('closeSheets', lastDay),
  between: (fromDay, toDay) => line.call('account', fromDay, toDay),
  lines: (fromDay, toDay) => line.call('accountLines', fromDay, toDay),
  reviewed: (fromWallMs, toWallMs, lanes) => line.call('reviewedRecords', fromWallMs, toWallMs, lanes),
  plates: (fromWallMs, toWallMs, lanes) => line.call('recordPlates', fromWallMs, toWallMs, lanes),
  observed: (fromWallMs, toWallMs) => line.call('observedBetween', fromWallMs, toWallMs),
  dropped: (fromWallMs, toWallMs) => line.call('droppedRecords', fromWallMs, toWallMs),
});
