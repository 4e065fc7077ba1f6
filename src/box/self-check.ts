/**
 * The program asks its own chain and tables, in a thread that comes after all others, in slices: the newest day once an hour, all of it once a week, and
 * at once where the day does not fit. What is found is a report, and stands in the status.
 */
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { ChoreError, runChore } from './chore.ts';
import { lastVerified } from './verified.ts';

const EVERY_MS = 3_600_000;
/** After a start: a box that is started every hour is asked as well. */
const FIRST_MS = 300_000;
const WHOLE_EVERY_MS = 7 * 86_400_000;
/** Lines of what was found in a report. */
const LINES_MOST = 5;
/** Exit code of `verify` where something does not fit. */
const FOUND = 1;

export interface SelfCheckParts {
  readonly host: { readonly app: Pick<App, 'store' | 'clock'> | undefined };
  readonly stateFolder: string;
  /** Of the machine. */
  readonly clock: Clock;
  readonly choreWorker?: URL | undefined;
}

/** Ends when `signal` aborts. */
export async function checkItself(parts: SelfCheckParts, signal: AbortSignal): Promise<void> {
  const { host, stateFolder, clock } = parts;
  let told = '';
  for (let waitMs = FIRST_MS; !signal.aborted; waitMs = EVERY_MS) {
    await clock.sleep(waitMs, signal);
    const { app } = host;
    if (app === undefined || signal.aborted) continue;
    const wallMs = app.store.time.wallMsAt(app.clock.nowMs());
    const lastMs = (await lastVerified(stateFolder))?.atWallMs ?? Number.NEGATIVE_INFINITY;
    // A time to come is none at which it was verified.
    const isDue = wallMs - lastMs >= WHOLE_EVERY_MS || lastMs > wallMs;
    const day = isDue ? [] : await foundBy(['--last', '24h'], parts, signal);
    const found = isDue || day.length > 0 ? await foundBy([], parts, signal) : day;
    const lines = found.length > 0 ? found : day;
    // Once, as long as it stays the same.
    if (lines.length > 0 && lines.join() !== told)
      await app.store.looks
        .report({ why: 'rewritten', detail: { lines: lines.slice(0, LINES_MOST) } })
        .catch(() => undefined);
    told = lines.join();
  }
}

/** What does not fit, a line each; nothing where it could not be asked. */
async function foundBy(
  range: readonly string[],
  { stateFolder, choreWorker }: SelfCheckParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = ['verify', '--gently', '--store', stateFolder, ...range];
  try {
    await runChore(
      { args, language: 'zh', environment: {}, isLast: true },
      { signal, ...(choreWorker && { workerUrl: choreWorker }) },
    );
    return [];
  } catch (error) {
    // A store that cannot be read reports that itself.
    return error instanceof ChoreError && error.exitCode === FOUND ? error.message.split('\n') : [];
  }
}
