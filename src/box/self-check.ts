/** Verifies chain and tables in a process of lowest priority: the newest day hourly, all weekly and after news. What it finds is reported. */
import type { App } from '../app/app.ts';
import { verifyText } from '../evidence/evidence-text.ts';
import { ChoreError, runChore } from './chore.ts';
import type { NightlyBackupsParts } from './nightly-backups.ts';
import { lastVerified } from './verified.ts';

const EVERY_MS = 3_600_000;
/** After a start: a box that is started every hour is asked as well. */
const FIRST_MS = 300_000;
const WHOLE_EVERY_MS = 7 * 86_400_000;
/** Lines of what was found in a report. */
const LINES_MOST = 5;
const TOLD_MOST = 1_000;

export interface SelfCheckParts extends Pick<NightlyBackupsParts, 'stateFolder' | 'clock' | 'log' | 'choreProgram'> {
  readonly host: { readonly app: Pick<App, 'store' | 'clock'> | undefined };
  /** Without rests, for tests. */
  readonly isHurried?: true;
}

/** Ends when `signal` aborts. */
export async function checkItself(parts: SelfCheckParts, signal: AbortSignal): Promise<void> {
  const { host, stateFolder, clock, log } = parts;
  let told: readonly string[] = [];
  let isRefused = false;
  /** Once, to the store of now: a configuration may have been applied meanwhile. Returns whether there was something new. */
  const tell = async (found: readonly string[]): Promise<boolean> => {
    const lines = found.filter((line) => !told.includes(line));
    if (lines.length === 0) return false;
    const kept = host.app?.store.looks.report({ why: 'rewritten', detail: { lines: lines.slice(0, LINES_MOST) } });
    // A store that refuses has reported that itself; it is told in the next round.
    told = [...told, ...((await kept?.then(() => lines).catch(() => [])) ?? [])].slice(-TOLD_MOST);
    return true;
  };
  for (let waitMs = FIRST_MS; !signal.aborted; waitMs = EVERY_MS) {
    await clock.sleep(waitMs, signal);
    const { app } = host;
    if (app === undefined || signal.aborted) continue;
    const wallMs = app.store.time.wallMsAt(app.clock.nowMs());
    const lastMs = (await lastVerified(stateFolder))?.atWallMs ?? Number.NEGATIVE_INFINITY;
    // A time to come is none at which it was verified.
    const isDue = wallMs - lastMs >= WHOLE_EVERY_MS || lastMs > wallMs;
    try {
      const isNew = await tell(await foundBy(['--last', '24h'], parts, signal));
      if (isDue || isNew) {
        const whole = await foundBy([], parts, signal);
        await tell(whole);
        told = told.filter((line) => whole.includes(line));
      }
      isRefused = false;
    } catch (error) {
      if (!isRefused && !signal.aborted) log.warn(verifyText.notAsked((error as Error).message));
      isRefused = true;
    }
  }
}

/** What does not fit, a line each. Rejects where it could not be asked. */
async function foundBy(
  range: readonly string[],
  { stateFolder, choreProgram: programUrl, isHurried }: SelfCheckParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = ['verify', ...(isHurried ? [] : ['--gently']), '--store', stateFolder, ...range];
  const chore = { args, language: 'zh', environment: {}, isLast: true } as const;
  return runChore(chore, { signal, ...(programUrl && { programUrl }) }).then(() => [], linesOf);
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof ChoreError && error.found.length > 0) return error.found.map(({ zh }) => zh);
  throw error;
}
