/** The practice for vendors: a system that follows the guide passes all of it. */
import { expect, it } from 'vitest';
import { program } from '../stories/processes.ts';
import { practise } from './practise.ts';

it('all forty are passed by a system that follows the guide', async () => {
  const { code, result, failed } = await practise([]);
  expect(failed, JSON.stringify(result, undefined, 1)).toEqual([]);
  expect([code, result.passed, result.of]).toEqual([0, 40, 40]);
});

it('answers after the car has left again are no slow arm', async () => {
  const { failed, seen } = await practise([10], 'lateAnswer');
  expect(failed, seen.join('\n')).toEqual([]);
});

it('a program that ends is said to have ended', async () => {
  const running = program(['practice', '--story', '1', '--', process.execPath, '-e', '0']);
  expect(await running.ended).toBe(1);
  expect(running.output()).toContain('the program ended at hello');
});
