/** How long the kernel has let the main thread wait for a processor so far, in ms, though it had something to do; 0 where the kernel does not say. */
import { readFileSync } from 'node:fs';

export function waitedMs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
