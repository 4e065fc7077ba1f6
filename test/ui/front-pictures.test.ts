/** The card of the vehicle in front shows that vehicle or none, never the follower twice. */
import { expect, it } from 'vitest';
import { frontPictures } from '../../src/ui/review/front-pictures.ts';

const follower = { id: 7, picture: 'attached' } as const;
const front = { plate: '粤B12345', beforeMs: 4_000, isPaid: true };

it('one that paid has no record, so there is no picture of it', () => {
  expect(frontPictures(follower, front)).toEqual({ follower: 'releases/7/picture' });
});

it('one with a record is shown by the picture of that, where it has one', () => {
  expect(frontPictures(follower, { ...front, record: 6, hasPicture: true }).front).toBe('releases/6/picture');
  expect(frontPictures(follower, { ...front, record: 6 })).not.toHaveProperty('front');
});
