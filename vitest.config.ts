import { defineConfig } from 'vitest/config';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from './test/longest-wait.ts';

/** Proofs that take half a minute each (`*.long.test.ts`) have a command of their own: `npm run test:long`. */
const isLong = process.env.LONG === '1';

export default defineConfig({
  test: {
    include: isLong ? ['test/**/*.long.test.ts'] : ['test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/**/*.long.test.ts'],
    testTimeout: LONGEST_TEST_MS,
    hookTimeout: LONGEST_TEST_MS,
    expect: { poll: { timeout: LONGEST_WAIT_MS } },
    pool: 'forks',
    // Most files wait for clocks and processes: two at a time halve the run, and a machine of two cores still keeps time.
    maxWorkers: 2,
  },
});
