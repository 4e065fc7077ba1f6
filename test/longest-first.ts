/** Files that take a minute or more begin before all others: one that begins among the last goes on alone when everything else is done. */
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** From the table at the end of a run (slowest-files.ts), without `.long.test.ts` or `.test.ts`. */
const MINUTES = [
  'practice/practice',
  'browser/pages',
  'page/one-cause',
  'stories/dead-disk',
  'http/aborted',
  'delivery/destination/kills',
  'store/crash',
  'browser/wizard',
  'browser/second-lane-walk',
  'store/disk',
  'browser/walk-chromium',
  'stories/tricks',
  'browser/auditor',
  'evidence/park-witness',
  'browser/help',
  'page/full-disk',
  'snapshot/snapshot',
  'page/waiting',
  'delivery/mqtt/flood',
];
const rank = ({ moduleId }: TestSpecification): number => {
  const at = MINUTES.findIndex((name) => moduleId.replace(/(\.long)?\.test\.ts$/, '').endsWith(`/test/${name}`));
  return at < 0 ? MINUTES.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
