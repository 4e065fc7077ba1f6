/**
 * A start may take its time while it makes progress: a box that is short of processor, or whose card is slow, is not killed halfway and begun
 * again for ever. Progress is processor time and blocks of the disk, so that what hangs gets none. It does not know what is being started.
 */
import type { Clock } from '../clock.ts';

const LOOK_MS = 5_000;
/** Asked for at each look; the service manager ends a start that was silent for as long. */
const MORE_MS = 30_000;
/** Then something else is wrong. */
const START_MOST_MS = 15 * 60_000;
/** What looking costs is no progress. */
const PROGRESS_CPU_MS = 50;

export interface Usage {
  readonly cpuMs: number;
  readonly diskBlocks: number;
}

export function processUsage(): Usage {
  const { userCPUTime, systemCPUTime, fsRead, fsWrite } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, diskBlocks: fsRead + fsWrite };
}

/** Asks for more time, by `send` to the service manager, until `signal` aborts: the start is over. */
export async function extendStart(
  {
    clock,
    send,
    usage,
  }: { readonly clock: Clock; readonly send: (state: string) => void; readonly usage: () => Usage },
  signal: AbortSignal,
): Promise<void> {
  const beganMs = clock.nowMs();
  let before = usage();
  while (!signal.aborted && clock.nowMs() - beganMs < START_MOST_MS) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    const now = usage();
    const isMoving = now.cpuMs - before.cpuMs > PROGRESS_CPU_MS || now.diskBlocks > before.diskBlocks;
    before = now;
    if (isMoving) send(`EXTEND_TIMEOUT_USEC=${MORE_MS * 1000}`);
  }
}
