/** What is remembered of a message for days is not the message. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createCameraReads } from '../../src/intake/camera-reads.ts';
import { Deduplication } from '../../src/intake/deduplication.ts';
import { ownText, textOf } from '../../src/intake/own-text.ts';
import { handClock } from '../sim/hand-clock.ts';

const MESSAGES = 1_000;
const MESSAGE_BYTES = 20_000;
/** All of them would be 20 MB. */
const HELD_MOST = 5_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A number cut out of a message, as the codec of a camera does it. */
function cutOut(number: number): string {
  const written = `<UUID>b3f1c2d4-1111-2222-3333-${String(number).padStart(12, '0')}</UUID>`;
  const message = Buffer.from(written.padEnd(MESSAGE_BYTES)).toString();
  return /<UUID>([^<]*)</.exec(message)?.[1] ?? '';
}

function held(keep: (id: string) => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < MESSAGES; number += 1) keep(cutOut(number));
  collect();
  return process.memoryUsage().heapUsed - before;
}

it('reads of a camera: a number, not the push it stood in', () => {
  const clock = handClock(1_000_000);
  const reads = createCameraReads({
    ...{ clock, plate: () => {}, text: () => {}, picture: () => {}, clockOff: () => {} },
    ...{ fetch: () => Promise.reject(new Error('nothing is fetched')), wallMsAt: (nowMs) => nowMs },
  });
  const read = (id: string) => reads.take({ kind: 'read', plate: '粤B12345', confidence: 0.9, replayed: false, id });
  expect(held(read)).toBeLessThan(HELD_MOST);
  read(cutOut(7));
  expect(reads.counts.repeated).toBeGreaterThan(0);
});

it('grants: the same', async () => {
  const memory = new Deduplication(handClock(1_000));
  const grant = (id: string) => ({ id, content: { plate: '粤B12345', parkingSerial: id } });
  const bytes = held((id) => memory.keep(grant(id), Promise.resolve('accepted' as const)));
  expect(bytes).toBeLessThan(HELD_MOST);
  expect(memory.differences(grant(cutOut(7)))).toEqual([]);
  expect(memory.differences({ ...grant(cutOut(7)), content: { plate: '粤B54321', amount: '5' } })).toEqual([
    { field: 'parkingSerial', was: cutOut(7) },
    { field: 'plate', was: '粤B12345' },
    { field: 'amount', was: '' },
  ]);
  expect(await memory.outcome({ id: cutOut(7) })).toBe('accepted');
});

it('equal texts have equal copies, and other texts others', () => {
  const texts = ['', 'a', '粤B12345', 'é', 'Ã©', '\u{1f697}', '无'];
  expect(texts.map((text) => textOf(ownText(text)))).toEqual(texts);
  expect(new Set(texts.map(ownText)).size).toBe(texts.length);
});
