/** Two senders that tell of the same plate: neither ends what the other has told. */
import { expect, it } from 'vitest';
import { edge } from './arbitrary.ts';
import { AFTER_MS, closed, crosses, lane, opened, paid, plate } from './learned-lane.ts';

const PAID_MS = AFTER_MS + 10_000;
const COMES_MS = AFTER_MS + 120_000;
const [TEXT, OTHER] = ['湘A6K381', 'http:attendant'];
const comes = [
  ...[edge('approach', true, COMES_MS), plate(TEXT, COMES_MS + 400)],
  ...[...opened('auto', COMES_MS + 2_600), ...crosses(COMES_MS + 5_000), ...closed(COMES_MS + 8_600)],
];
const told = (atMs: number, source: string, expiresAtMs?: number) => {
  const event = paid(TEXT, atMs);
  if (event.kind !== 'grant') throw new Error('no payment');
  const more = { scope: 'park' as const, source, ...(expiresAtMs !== undefined && { expiresAtMs }) };
  return { ...event, grant: { ...event.grant, ...more } };
};

it('a payment that another sender tells of with an end a second ahead still lets its payer out', () => {
  const again = told(PAID_MS + 5_000, OTHER, PAID_MS + 6_000);
  const events = [told(PAID_MS, 'http'), again, told(PAID_MS, 'http'), ...comes];
  expect(lane(400, events, { autoCommandIsGrant: false })).toEqual([]);
});

it('its own sender may shorten it', () => {
  const again = told(PAID_MS + 5_000, 'http', PAID_MS + 6_000);
  const events = [told(PAID_MS, 'http'), again, ...comes];
  expect(lane(400, events, { autoCommandIsGrant: false })).toMatchObject([{ verdict: 'systemUnpaid' }]);
});
