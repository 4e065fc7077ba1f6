/** How long what a broker acknowledged is kept to be sent again, and how much of it. */
import { expect, it } from 'vitest';
import type { KeptMessage } from '../../../src/delivery/mqtt/published-messages.ts';
import { UNSAVED_MS, UnsavedMessages } from '../../../src/delivery/mqtt/unsaved-messages.ts';

function messages() {
  const sent: number[] = [];
  const done: number[] = [];
  const message = (n: number): KeptMessage => ({
    ...{ topic: 't', payload: `${n}`, retain: false, series: 'a', n },
    ...{ sent: () => void sent.push(n), done: () => void done.push(n) },
  });
  return { message, sent, done };
}

it('a message is done with when the broker acknowledges another one five minutes later', () => {
  const unsaved = new UnsavedMessages();
  const { message, sent, done } = messages();
  unsaved.acknowledged(message(1), 0);
  unsaved.acknowledged(message(2), 60_000);
  expect([sent, done]).toEqual([[1, 2], []]);
  unsaved.acknowledged(message(3), UNSAVED_MS);
  expect(done).toEqual([1]);
});

it('those of the last minutes before the end of a connection come again in their order, however long the broker was away', () => {
  const unsaved = new UnsavedMessages();
  const { message, sent, done } = messages();
  for (const n of [1, 2, 3]) unsaved.acknowledged(message(n), n);
  unsaved.connectionEnded();
  const first = unsaved.next() as KeptMessage;
  expect(first.payload).toBe('1');
  unsaved.acknowledged(first, 10 * UNSAVED_MS);
  // It ends again, before the others were sent.
  unsaved.connectionEnded();
  const again: string[] = [];
  for (let each = unsaved.next(); each !== undefined; each = unsaved.next()) {
    again.push(each.payload);
    unsaved.acknowledged(each, 20 * UNSAVED_MS);
  }
  expect([again, sent, done]).toEqual([['1', '2', '3'], [1, 2, 3], []]);
});

it('at most 4,096 are kept', () => {
  const unsaved = new UnsavedMessages();
  const { message, done } = messages();
  for (let n = 1; n <= 4_100; n += 1) unsaved.acknowledged(message(n), 0);
  expect(done).toEqual([1, 2, 3, 4]);
});

it('what the centre has is done with, and does not come again', () => {
  const unsaved = new UnsavedMessages();
  const { message, done } = messages();
  for (const n of [1, 2, 3]) unsaved.acknowledged(message(n), 0);
  unsaved.received({ series: 'another', through: 3 });
  expect(done).toEqual([]);
  unsaved.received({ series: 'a', through: 2 });
  expect(done).toEqual([1, 2]);
  for (const n of [4, 5]) unsaved.acknowledged(message(n), 0);
  unsaved.connectionEnded();
  // The first of them may be on its way at that moment.
  const onItsWay = unsaved.next() as KeptMessage;
  unsaved.received({ series: 'a', through: 4 });
  unsaved.acknowledged(onItsWay, 1);
  expect([onItsWay.payload, unsaved.next()?.payload, done]).toEqual(['3', '5', [1, 2, 4]]);
  unsaved.received({ series: 'a', through: 4 });
  expect(done).toEqual([1, 2, 4, 3]);
});

it('what is new goes first where the connection before ended without anything new, and only there', () => {
  const unsaved = new UnsavedMessages();
  const { message } = messages();
  const connection = (...numbers: readonly number[]): boolean => {
    unsaved.connectionEnded();
    const { isNewFirst } = unsaved;
    for (const n of numbers)
      unsaved.acknowledged(unsaved.next()?.n === n ? (unsaved.next() as KeptMessage) : message(n), 0);
    return isNewFirst;
  };
  expect(connection(1, 2)).toBe(false);
  expect(connection(1, 2)).toBe(false);
  expect(connection(3)).toBe(true);
  expect(connection(1, 2, 3)).toBe(false);
  // It would have taken something new, if there had been any.
  unsaved.nothingNew();
  expect(connection()).toBe(false);
});
