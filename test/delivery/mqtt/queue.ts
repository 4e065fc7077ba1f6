/** A queue of messages as a destination has it, for tests of what is in it. */
import { systemClock } from '../../../src/clock.ts';
import { MessageQueue } from '../../../src/delivery/destination/message-queue.ts';
import type { Store } from '../../../src/store/types.ts';

/** Of a destination that is told of releases only, by their serials. */
export const queueOf = (store: Pick<Store, 'numbers'>, destination = 'mqtt'): MessageQueue =>
  new MessageQueue({
    ...{ numbers: store.numbers(destination), clock: systemClock(), box: 'gate', destination },
    transport: {
      body: ({ kind, record: of }) =>
        kind === 'release' ? { topic: 't', payload: JSON.stringify({ id: of?.serial }) } : undefined,
      gap: (gap) => ({ topic: 'gap', payload: JSON.stringify({ gap }) }),
    },
  });
