/** What people do with records, as calls to the store's thread. */
import { isPlateBegin } from './thread/correction.ts';
import type { Line } from './thread-client.ts';
import type { PlateSlice, RecordFilter, Review } from './types.ts';

export function reviewOf(line: Line): Review {
  const changed = (done: boolean): boolean => {
    if (done) line.changed();
    return done;
  };
  return {
    list: async (filter) =>
      inSlices(filter)
        ? line.call('list', { limit: filter.limit, ids: (await found(line, filter)).newest })
        : line.call('list', filter),
    count: async (filter) => (inSlices(filter) ? (await found(line, filter)).count : line.call('countRecords', filter)),
    get: (id) => line.call('get', id),
    causes: () => line.call('causes'),
    requeue: (id, who) => line.call('requeue', id, who).then(changed),
    requeueAll: (states, who) =>
      line.call('requeueAll', states, who).then((count) => {
        changed(count > 0);
        return count;
      }),
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
    erase: (plate, who, why) => line.call('erase', plate, who, why),
    mark: (ids, mark) => line.call('mark', ids, mark),
    marks: (id) => line.call('marks', id),
    adopt: async (record, pictures) => {
      const adopted = await line.call('adopt', record, pictures);
      changed(adopted.isNew || adopted.pictures > 0);
      return adopted;
    },
  };
}

/** A part of a plate; a slice by numbers is small enough. */
const inSlices = ({ plateContains, fromId }: RecordFilter): boolean =>
  plateContains !== undefined && fromId === undefined && !isPlateBegin(plateContains);

/** Of all that the filter lets through the newest, up to its limit; between two slices the store does what else is asked of it. */
async function found(line: Line, filter: RecordFilter): Promise<{ newest: readonly number[]; count: number }> {
  let newest: number[] = [];
  let count = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const slice: PlateSlice = await line.call('plateSlice', filter, after);
    count += slice.ids.length;
    newest = [...newest, ...slice.ids].sort((a, b) => b - a).slice(0, filter.limit);
    after = slice.next;
  }
  return { newest, count: Math.min(count, filter.limit) };
}
