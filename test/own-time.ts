/**
 * A clock for what has to be in time: it stands still while a thread of this process has something to do and the kernel gives it no processor. On an idle
 * machine that is the steady clock, and a busy one makes nothing late.
 */
import { readdirSync, readFileSync } from 'node:fs';

const THREADS = '/proc/self/task';

/** For how long the kernel has let it wait so far, in ms; 0 of a thread that has ended, and where the kernel does not say. */
function waitedMs(thread: string): number {
  try {
    return Number(readFileSync(`${THREADS}/${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

export function ownMs(): number {
  const threads = process.platform === 'linux' ? readdirSync(THREADS) : [];
  return performance.now() - threads.reduce((all, thread) => all + waitedMs(thread), 0);
}
