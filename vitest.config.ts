import { defineConfig } from 'vitest/config';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from './test/longest-wait.ts';

/** Proofs that take half a minute each (`*.long.test.ts`) have a command of their own: `npm run test:long`. */
const isLong = process.env.LONG === '1';

/**
 * `npm run test:quick`, for every few minutes of work: what computes, and what needs no built program. Left out are whole programs, disks, browsers and
 * what has to wait for real time.
 */
const isQuick = process.env.QUICK === '1';
const NOT_QUICK = [
  'test/{browser,cli,mqtt,page,service,store,stories}/**',
  'test/cloud/{client,uploader,hinted,paused,pictures,large,proxy,reach,secret,tell}*',
  'test/config/authority.test.ts',
  'test/ui/size.test.ts',
  'test/drivers/{camera-address,camera-inputs,camera-streams,contract,fuzz,gpio,gpio-sysfs,libmodbus,mbpoll,never-acts}.test.ts',
  'test/intake/{camera-push,mqtt}.test.ts',
  'test/line/{health,supervise}.test.ts',
  'test/sim/{camera,world}.test.ts',
  'test/bridge-pictures.test.ts',
];

export default defineConfig({
  test: {
    include: isLong ? ['test/**/*.long.test.ts'] : ['test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/**/*.long.test.ts', ...(isQuick ? NOT_QUICK : [])],
    testTimeout: LONGEST_TEST_MS,
    hookTimeout: LONGEST_TEST_MS,
    expect: { poll: { timeout: LONGEST_WAIT_MS } },
    pool: 'forks',
    // What computes leaves nothing behind, and loading everything anew for each file takes longer than the tests.
    isolate: !isQuick,
    // Most files wait for clocks and processes: two at a time halve the run, and a machine of two cores still keeps time.
    maxWorkers: 2,
  },
});
