import { expect, test } from 'vitest';
import { RefusedSenders } from '../../src/intake/refused-senders.ts';

test('a scanner of many addresses and paths fills twenty rows, each text cut, the newest first', () => {
  let nowMs = 0;
  const refused = new RefusedSenders(() => nowMs);
  for (let at = 1; at <= 1_000; at += 1) {
    nowMs = at;
    refused.add({ code: 'notFound', from: `10.0.${at >> 8}.${at & 255}`, path: `/\n${'x'.repeat(4_000)}` });
  }
  expect(refused.rows).toHaveLength(20);
  expect(refused.rows[0]).toMatchObject({ from: '10.0.3.232', count: 1, firstMs: 1_000 });
  expect(refused.rows[0]?.path).toMatch(/^\/\?x+$/);
  expect(refused.rows[0]?.path).toHaveLength(80);
});

test('the same sender is one row, which its success ends; those of other addresses and of named tokens stay', () => {
  let nowMs = 5;
  const refused = new RefusedSenders(() => nowMs);
  refused.add({ code: 'unauthorized', from: '::ffff:10.0.0.5' });
  refused.add({ code: 'unauthorized', from: '10.0.0.6' });
  refused.add({ code: 'invalid', from: '10.0.0.5', holder: 'pms' });
  nowMs = 9;
  refused.add({ code: 'unauthorized', from: '10.0.0.5' });
  expect(refused.rows[0]).toMatchObject({ from: '10.0.0.5', count: 2, firstMs: 5, lastMs: 9 });
  refused.accepted('::ffff:10.0.0.5');
  expect(refused.rows.map(({ from, holder }) => [from, holder])).toEqual([
    ['10.0.0.5', 'pms'],
    ['10.0.0.6', undefined],
  ]);
});
