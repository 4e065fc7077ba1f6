/** How long what a broker acknowledged is kept to be sent again, and how much of it. */
import { expect, it } from 'vitest';
import type { KeptMessage } from '../../src/mqtt/published-messages.ts';
import { UNSAVED_MS, UnsavedMessages } from '../../src/mqtt/unsaved-messages.ts';

function messages() {
  const sent: number[] = [];
  const done: number[] = [];
  const message = (n: number): KeptMessage => ({
    ...{ topic: 't', payload: `${n}`, retain: false, sent: () => void sent.push(n), done: () => void done.push(n) },
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
