/** When the chain of evidence was last verified as a whole, and with what result: a small file in the state folder, which changes no row of it. */
import { join } from 'node:path';
import { readText, writeDurably } from '../small-file.ts';

export interface Verified {
  readonly atWallMs: number;
  readonly rows: number;
  readonly faults: number;
  /** The pictures too. */
  readonly frames?: true;
}

const FILE = 'verified.json';

/** undefined: never, or not known. */
export async function lastVerified(folder: string): Promise<Verified | undefined> {
  try {
    const { atWallMs, rows, faults, frames } = JSON.parse((await readText(join(folder, FILE))) ?? '{}') as Verified;
    const isWhole = [atWallMs, rows, faults].every(Number.isFinite);
    return isWhole ? { atWallMs, rows, faults, ...(frames === true && { frames }) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A folder that cannot be written, as of a copy to be examined, is verified without a note. What was found with the pictures is not undone by a walk
 * without them that finds nothing.
 */
export async function noteVerified(folder: string, verified: Verified): Promise<void> {
  const former = verified.frames || verified.faults > 0 ? undefined : await lastVerified(folder);
  if (former?.frames && former.faults > 0) return;
  await writeDurably(join(folder, FILE), `${JSON.stringify(verified)}\n`).catch(() => undefined);
}
