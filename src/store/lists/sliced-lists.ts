/**
 * Lists and counts that look at very many records, some at a time: between two slices the store does what else is asked of it. What is put or changes
 * meanwhile may or may not be in the answer, but stands in no list twice.
 */
import type { OutboxRecord } from '../record-types.ts';
import type { Line } from '../thread-client.ts';
import type { PlateSlice, RecordFilter } from '../types.ts';

/** Records looked at in one call: 8 ms of the store's thread at most. */
const SLICE = 1_000;

const isTimed = ({ fromWallMs, toWallMs }: RecordFilter): boolean => fromWallMs !== undefined || toWallMs !== undefined;
/** Every record that it lets through, or every one of a span, would be read; a slice by numbers, or what is named, is small enough. */
const inSlices = (filter: RecordFilter): boolean =>
  (filter.fromId ?? filter.ids ?? filter.releaseIds) === undefined &&
  (filter.plateContains !== undefined ||
    isTimed(filter) ||
    ((filter.marked ?? filter.inbox) !== undefined && filter.states === undefined));

/** The newest of all that the filter lets through, up to its limit. */
export async function listRecords(line: Line, filter: RecordFilter): Promise<readonly OutboxRecord[]> {
  if (!inSlices(filter)) return line.call('list', filter);
  const { limit, beforeId = await endOf(line) } = filter;
  // Enough where very many are wanted.
  let newest = await line.call('list', { ...filter, beforeId, fromId: beforeId - SLICE });
  if (newest.length === limit) return newest;
  for await (const slice of slices(line, { ...filter, beforeId: beforeId - SLICE })) {
    const last = newest[limit - 1];
    if (last !== undefined && slice.fromId !== undefined) break;
    const found = await line.call('list', { ...slice, ...(last && { aboveId: last.id }) });
    const more = found.filter(({ id }) => newest.every((other) => other.id !== id));
    newest = [...newest, ...more].sort((a, b) => b.id - a.id).slice(0, limit);
  }
  return newest;
}

export async function countRecords(line: Line, filter: RecordFilter): Promise<number> {
  if (!inSlices(filter)) return line.call('countRecords', filter);
  let found = 0;
  const { plateContains: _, limit, ...rest } = filter;
  const isAll = Object.values(rest).every((value) => value === undefined);
  for await (const slice of slices(line, filter)) {
    found += isAll && slice.ids !== undefined ? slice.ids.length : await line.call('countRecords', slice);
    if (found >= limit) return limit;
  }
  return found;
}

/** Behind the newest record, of those before a number: numbers have holes of a million. */
const endOf = async (line: Line, beforeId = Number.MAX_SAFE_INTEGER): Promise<number> =>
  ((await line.call('list', { beforeId, limit: 1 }))[0]?.id ?? 0) + 1;

async function* slices(line: Line, filter: RecordFilter): AsyncGenerator<RecordFilter> {
  const { plateContains, beforeId, ...rest } = filter;
  if (plateContains !== undefined)
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { ids, next }: PlateSlice = await line.call('plateSlice', plateContains, after);
      if (ids.length > 0) yield { ...rest, ...(beforeId !== undefined && { beforeId }), ids };
      after = next;
    }
  else if (isTimed(filter))
    for await (const [fromWallMs, toWallMs] of wallSlices(line, filter.fromWallMs, filter.toWallMs))
      yield { ...filter, fromWallMs, toWallMs };
  else
    for (let end = await endOf(line, beforeId); end > 1; end = await endOf(line, end - SLICE))
      yield { ...filter, beforeId: end, fromId: end - SLICE };
}

/** A span of time in parts of some records each, the newest first. */
export async function* wallSlices(
  line: Line,
  fromWallMs = Number.MIN_SAFE_INTEGER,
  toWallMs = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<readonly [fromWallMs: number, toWallMs: number]> {
  for (let end: number | undefined = toWallMs; end !== undefined; ) {
    const begin: number | undefined = await line.call('wallSlice', fromWallMs, end, SLICE);
    yield [begin ?? fromWallMs, end];
    end = begin;
  }
}
