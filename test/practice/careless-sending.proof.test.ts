/** The mistakes that vendors make in sending: each turns its own stories of the practice red. */
import { describe, expect, it } from 'vitest';
import { practise } from './practise.ts';

describe('a system that', () => {
  it.each([
    ['noRetry', [10, 22, 23, 25], [22, 23, 25], /answered 202 at none|did not arrive|shown is/],
    ['newId', [1, 22], [22], /under 2 ids/],
    ['forgets', [26, 28], [26], /accepted no message/],
    ['hammers', [1, 23, 24], [23, 24], /Retry-After was 2 s/],
  ] as const)('%s', async (careless, stories, wrong, why) => {
    const { code, failed, seen } = await practise(stories, careless);
    expect([failed, code], seen.join('\n')).toEqual([wrong, 1]);
    for (const said of seen) expect(said).toMatch(why);
  });
});
