/** A process beside that of the lanes: it comes after them, is ended with the program, and outlives the signals that all of its processes get. */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Where there is too little memory for both, the lanes stay. A system may refuse either, and it works all the same. */
export function comeLast(priority: number | undefined): void {
  try {
    if (priority !== undefined) setPriority(priority);
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not on Linux, or not allowed: then it comes beside them.
  }
}

/** The service tells all of its processes to stop: what this one does is still waited for. It ends when there is nobody to answer. */
export function endWithProgram(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  process.once('disconnect', () => process.exit());
}
