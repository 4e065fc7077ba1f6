/** The practice for vendors: a system that follows the guide passes all of it, and each mistake that vendors make turns its own stories red. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { program } from '../stories/processes.ts';

const VENDOR = fileURLToPath(new URL('vendor.mjs', import.meta.url));

interface Result {
  readonly passed: number;
  readonly of: number;
  readonly stories: readonly {
    readonly number: number;
    readonly passed: boolean;
    readonly seen?: { readonly en: string };
  }[];
}

async function practise(stories: readonly number[], careless = '') {
  const words = stories.flatMap((number) => ['--story', String(number)]);
  const running = program(['practice', '--json', ...words, '--', process.execPath, VENDOR], { CARELESS: careless });
  const code = await running.ended;
  const result = JSON.parse(running.lines().join('\n')) as Result;
  const failed = result.stories.filter(({ passed }) => !passed);
  return { code, result, failed: failed.map(({ number }) => number), seen: failed.map(({ seen }) => seen?.en ?? '') };
}

it('all thirty are passed by a system that follows the guide', async () => {
  const { code, result, failed } = await practise([]);
  expect(failed, JSON.stringify(result, undefined, 1)).toEqual([]);
  expect([code, result.passed, result.of]).toEqual([0, 30, 30]);
});

describe('a system that', () => {
  it.each([
    ['noRetry', [10, 22, 23, 25], [22, 23, 25], /answered 202 at none|did not arrive|shown is/],
    ['newId', [1, 22], [22], /under 2 ids/],
    ['slowArm', [1, 22], [22], /was not lifted within 4 s of its line of [\d:.]+; seen lifted [\d.]+ s after it/],
    ['forgets', [26, 28], [26], /accepted no message/],
    ['hammers', [1, 23, 24], [23, 24], /Retry-After was 2 s/],
    ['noKind', [1, 3, 4], [3, 4], /kind is paid/],
    ['blind', [1, 19, 20, 21], [19, 20, 21], /shown is told/],
    ['lateTimes', [1, 25], [25], /issuedAt is .* s off/],
    ['quiet', [13, 20], [13, 20], /was not answered within 10 s of its line of [\d:.]+/],
  ] as const)('%s', async (careless, stories, wrong, why) => {
    const { code, failed, seen } = await practise(stories, careless);
    expect([failed, code], seen.join('\n')).toEqual([wrong, 1]);
    for (const said of seen) expect(said).toMatch(why);
  });

  it('answers after the car has left again is no slow arm', async () => {
    const { failed, seen } = await practise([10], 'lateAnswer');
    expect(failed, seen.join('\n')).toEqual([]);
  });

  it('ends is said to have ended', async () => {
    const running = program(['practice', '--story', '1', '--', process.execPath, '-e', '0']);
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('the program ended at hello');
  });
});
