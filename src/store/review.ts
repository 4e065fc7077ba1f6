/** What people do with records, as calls to the store's thread. */
import { countRecords, listRecords } from './lists/sliced-lists.ts';
import type { Line } from './thread-client.ts';
import type { Review } from './types.ts';

export function reviewOf(line: Line): Review {
  const changed = <Done>(done: Done): Done => {
    if (done) line.changed();
    return done;
  };
  return {
    ...line.calls('get', 'causes', 'erase', 'mark', 'marks'),
    list: (filter) => listRecords(line, filter),
    count: (filter) => countRecords(line, filter),
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
