/** What people do with records, as calls to the store's thread. */
import type { OutboxRecord } from './record-types.ts';
import type { Line } from './thread-client.ts';
import type { PlateSlice, RecordFilter, Review } from './types.ts';

export function reviewOf(line: Line): Review {
  const changed = <Done>(done: Done): Done => {
    if (done) line.changed();
    return done;
  };
  return {
    ...line.calls('get', 'causes', 'erase', 'mark', 'marks'),
    list: (filter) => (inSlices(filter) ? listInSlices(line, filter) : line.call('list', filter)),
    count: (filter) => (inSlices(filter) ? countInSlices(line, filter) : line.call('countRecords', filter)),
    requeue: (id, who) => line.call('requeue', id, who).then(changed),
    requeueAll: (states, who) => line.call('requeueAll', states, who).then(changed),
    correct: (id, changes, who, why) => {
      line.changed();
      return line.call('correct', id, changes, who, why).then(changed);
    },
    dismiss: (id, who, why, voice, states) => {
      line.changed();
      return line.call('dismiss', id, who, why, voice, states).then((done) => {
        changed(done === 'goesOut');
        return done;
      });
    },
    adopt: async (record, pictures) => {
      const adopted = await line.call('adopt', record, pictures);
      changed(adopted.isNew || adopted.pictures > 0);
      return adopted;
    },
  };
}

/** A part of a plate; a slice by numbers is small enough. */
const inSlices = ({ plateContains, fromId }: RecordFilter): boolean =>
  plateContains !== undefined && fromId === undefined;

/** Records of which the newest are looked through first: enough where very many have the part. */
const NEWEST = 1_000;

/** Of all that the filter lets through the newest, up to its limit. */
async function listInSlices(line: Line, filter: RecordFilter): Promise<readonly OutboxRecord[]> {
  const [last] = await line.call('list', { limit: 1 });
  const { limit, beforeId = (last?.id ?? 0) + 1 } = filter;
  let newest = await line.call('list', { ...filter, beforeId, fromId: beforeId - NEWEST });
  if (newest.length === limit) return newest;
  for await (const slice of slices(line, filter)) {
    const more = (await line.call('list', slice)).filter(({ id }) => newest.every((other) => other.id !== id));
    newest = [...newest, ...more].sort((a, b) => b.id - a.id).slice(0, limit);
  }
  return newest;
}

async function countInSlices(line: Line, filter: RecordFilter): Promise<number> {
  let count = 0;
  const { plateContains: _, limit, ...rest } = filter;
  const isAll = Object.values(rest).every((value) => value === undefined);
  for await (const slice of slices(line, filter)) {
    count += isAll ? slice.ids.length : await line.call('countRecords', slice);
    if (count >= limit) return limit;
  }
  return count;
}

/** The records of some plates at a time; between two of them the store does what else is asked of it. */
async function* slices(
  line: Line,
  { plateContains = '', ...rest }: RecordFilter,
): AsyncGenerator<RecordFilter & PlateSlice> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { ids, next }: PlateSlice = await line.call('plateSlice', plateContains, after);
    if (ids.length > 0) yield { ...rest, ids };
    after = next;
  }
}
