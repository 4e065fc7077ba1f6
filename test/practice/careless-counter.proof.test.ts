/** The mistakes that vendors make at the counter: each turns its own stories of the practice red. */
import { describe, expect, it } from 'vitest';
import { practise } from './practise.ts';

describe('a system that', () => {
  it.each([
    ['slowArm', [1, 22], [22], /was not lifted within 4 s of its line of [\d:.]+; seen lifted [\d.]+ s after it/],
    ['noKind', [1, 3, 4], [3, 4], /kind is paid/],
    ['blind', [1, 19, 20, 21], [19, 20, 21], /shown is told/],
    ['lateTimes', [1, 25], [25], /issuedAt is .* s off/],
    ['ownTimes', [1, 31, 33], [31, 33], /issuedAt is /],
    ['yuan', [1], [1], /amount is 15, not 1500: that is yuan/],
    ['unwarned', [35, 36], [36], /warning/],
    ['quiet', [13, 20], [13, 20], /was not answered within 10 s of its line of [\d:.]+/],
  ] as const)('%s', async (careless, stories, wrong, why) => {
    const { code, failed, seen } = await practise(stories, careless);
    expect([failed, code], seen.join('\n')).toEqual([wrong, 1]);
    for (const said of seen) expect(said).toMatch(why);
  });
});
