/** What people do with records, as calls to the store's thread. */
import type { Line } from './thread-client.ts';
import type { Review } from './types.ts';

export function reviewOf(line: Line): Review {
  const changed = (done: boolean): boolean => {
    if (done) line.changed();
    return done;
  };
  return {
    list: (filter) => line.call('list', filter),
    count: (filter) => line.call('countRecords', filter),
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
