/** What the day's sheet asks of the records: plates that come again, and how far a day is reviewed. */

import { expect, it } from 'vitest';
import type { Mark } from '../../src/store/park-facts/review-marks.ts';
import { handClock } from '../sim/hand-clock.ts';
import { dropByTwo, open, record, release, temporaryFolder } from './open.ts';

const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
const HOUR_MS = 3_600_000;
const BEGIN_MS = 1_000;
const BY = { who: 'office', from: '192.168.1.20' };

async function storeWith(plates: readonly (readonly [plate: string, lane: string])[]) {
  const clock = handClock(BEGIN_MS, NOON_MS);
  const store = await open({ path: temporaryFolder(), clock, wallTrusted: true });
  const ids: number[] = [];
  for (const [index, [text, laneId]] of plates.entries()) {
    const plate = text === '' ? {} : { plate: { text, confidence: 1 } };
    const of = release(`${index}`, { releaseAtMs: BEGIN_MS + index, ...plate });
    const { id } = await store.outbox.put(record(`${index}`, { laneId, release: of, releaseWallMs: NOON_MS + index }));
    ids.push(id);
  }
  return { store, clock, ids };
}

it('a plate counts where it comes again, by lane, and not with records that were dropped', async () => {
  const { store, ids } = await storeWith([
    ...([1, 2, 3].map(() => ['粤B11111', '1']) as ['粤B11111', '1'][]),
    ['粤B22222', '1'],
    ['粤B22222', '2'],
    ['粤B33333', '2'],
    ['', '2'],
    ['', '2'],
  ]);
  const plates = (lanes?: readonly string[]) => store.accounts.plates(NOON_MS, NOON_MS + HOUR_MS, lanes);
  expect(await plates()).toEqual([
    { plate: '粤B11111', count: 3 },
    { plate: '粤B22222', count: 2 },
  ]);
  expect(await plates(['1'])).toEqual([{ plate: '粤B11111', count: 3 }]);
  expect(await plates(['2'])).toEqual([]);
  await dropByTwo(store.review, ids[0] as number, 'office', 'no vehicle');
  expect(await plates()).toContainEqual({ plate: '粤B11111', count: 2 });
  expect(await store.accounts.plates(NOON_MS + 4, NOON_MS + HOUR_MS)).toEqual([]);
  await store.close();
});

it('a record is closed by its first decision, within 24 h or later, until it is opened again', async () => {
  const { store, clock, ids } = await storeWith(['', '', '', '', ''].map((text) => [text, '1'] as const));
  const mark = (at: number, kind: Mark['kind']) => store.review.mark([ids[at] as number], { kind, ...BY });
  const reviewed = () => store.accounts.reviewed(NOON_MS, NOON_MS + HOUR_MS);
  expect(await reviewed()).toEqual({ records: 5, closed: 0, inDay: 0, oldestWallMs: NOON_MS });
  await mark(0, 'checked');
  await mark(1, 'answer');
  await mark(4, 'owed');
  clock.jump(30 * HOUR_MS);
  await mark(2, 'wrong');
  // A later word does not make the first one late.
  await mark(0, 'recovered');
  expect(await reviewed()).toEqual({ records: 5, closed: 3, inDay: 2, oldestWallMs: NOON_MS + 1 });
  await mark(0, 'open');
  expect(await reviewed()).toEqual({ records: 5, closed: 2, inDay: 1, oldestWallMs: NOON_MS });
  expect(await store.accounts.reviewed(NOON_MS, NOON_MS + HOUR_MS, ['2'])).toEqual({ records: 0, closed: 0, inDay: 0 });
  await store.close();
});
