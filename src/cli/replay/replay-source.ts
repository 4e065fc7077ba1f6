/** A replay's access to the journal of a store that may be in use. It writes nothing. */
import { type JournalReader, openJournalReader } from '../../store/files/journal-reader.ts';
import type { ReplaySource } from './replay-run.ts';

/** `folder`: the state folder. Throws StoreError `unavailable` or `newer`. */
export function openReplaySource(folder: string): ReplaySource {
  const reader = openJournalReader(folder);
  return {
    lanes: () => reader.lanes(),
    snapshot: (laneId, wallMs) => reader.snapshotBefore(laneId, lastSeqBefore(reader, laneId, wallMs)),
    *rows(laneId, afterSeq, untilWallMs) {
      for (const row of reader.rowsBetween(laneId, afterSeq, Number.MAX_SAFE_INTEGER)) {
        // Rows are in order of arrival; their times may run back by less than a second.
        if (row.wallMs < untilWallMs) yield row;
      }
    },
    given: (laneId) => reader.given(laneId),
    epochs: (laneId) => reader.epochs(laneId).map(({ seq, settings }) => ({ seq, laneId, settings })),
    close: () => reader.close(),
  };
}

/** The row before the first one at or after `wallMs`; beyond every row when there is none. */
function lastSeqBefore(reader: JournalReader, laneId: string, wallMs: number): number {
  for (const { seq } of reader.rows({ fromWallMs: wallMs }, laneId)) return seq - 1;
  return Number.MAX_SAFE_INTEGER;
}
