/** Processor time of each file of tests, for slowest-files.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Seconds of a processor: of the tests themselves, and of the programs that they started and waited for. */
    used?: { readonly own: number; readonly programs: number };
  }
}

const STAT = '/proc/self/stat';
/** As the kernel counts it, in hundredths. */
function used(): { readonly own: number; readonly programs: number } {
  const fields = existsSync(STAT)
    ? readFileSync(STAT, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
    : [];
  const [user = 0, system = 0, ofUser = 0, ofSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / 100, programs: (ofUser + ofSystem) / 100 };
}

const before = used();
// biome-ignore lint/correctness/noEmptyPattern: vitest takes nothing else there.
afterAll(({}, suite) => {
  const now = used();
  suite.meta.used = { own: now.own - before.own, programs: now.programs - before.programs };
});
