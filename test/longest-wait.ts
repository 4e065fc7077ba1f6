/**
 * How long tests wait for what must come true, and how long one test may take. Both only end a test that hangs, so they are wide: a machine with other
 * work on it is ten times slower, and one that is idle never gets there. No test reads from them that something was in time.
 */
export const LONGEST_WAIT_MS = 180_000;
export const LONGEST_TEST_MS = 600_000;
