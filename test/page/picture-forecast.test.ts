/** What the disk can keep of pictures, and which day is lost first: by arithmetic that a person can repeat. */
import { expect, it } from 'vitest';
import { pictureForecast } from '../../src/store/files/picture-forecast.ts';
import { keptText } from '../../src/text/kept.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26);
const month = { framesMaxBytes: 4e9, keepFramesMs: 31 * DAY };

it('names the day that is lost first, and from when on', () => {
  // 250 MB a day: 16 days fit; 1 GB is there since four days, so that the quota is full in twelve.
  const use = { freeBytes: 50e9, framesBytes: 1e9, bytesPerDay: 250e6, oldestWallMs: NOW - 4 * DAY };
  const found = pictureForecast(use, month, NOW);
  expect(found).toEqual({ days: 16, lost: { fromWallMs: NOW + 12 * DAY, dayWallMs: NOW - 4 * DAY } });
  const said = found && keptText.forecast(found).map(({ en }) => en);
  expect(said?.[1]).toContain('from 2026-12-08 on pictures go before their time, first those of 2026-11-22');
  // On a disk with less room than the quota, its room counts.
  expect(pictureForecast({ ...use, freeBytes: 540e6 }, month, NOW)?.days).toBe(6);
});

it('speaks of hours where less than a day fits', () => {
  const sayHours = (days: number): string | undefined => keptText.forecast({ days })[0]?.en.trim();
  expect(sayHours(0.3)).toBe('at the present pace pictures of some 7 h fit on the disk');
  expect(sayHours(0.01)).toContain('some 1 h');
  expect(sayHours(16.7)).toContain('some 16 days');
  expect(sayHours(1.7)).toContain('some 24 h');
});

it('says nothing is lost where all fits, and nothing at all before a day has passed', () => {
  const use = { freeBytes: 50e9, framesBytes: 1e9, bytesPerDay: 100e6, oldestWallMs: NOW - 10 * DAY };
  expect(pictureForecast(use, month, NOW)).toEqual({ days: 40 });
  expect(pictureForecast({ ...use, oldestWallMs: NOW - DAY / 2 }, month, NOW)).toBeUndefined();
  expect(pictureForecast({ freeBytes: 1e9, framesBytes: 0 }, month, NOW)).toBeUndefined();
});
