import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most files wait for clocks and processes: two at a time halve the run, and a machine of two cores still keeps time.
    maxWorkers: 2,
  },
});
