/** When the chain of evidence was last verified as a whole, and with what result: a small file in the state folder, which changes no row of it. */
import { join } from 'node:path';
import { readText, writeDurably } from '../page/durable-files.ts';

export interface Verified {
  readonly atWallMs: number;
  readonly rows: number;
  readonly faults: number;
}

const FILE = 'verified.json';

/** undefined: never, or not known. */
export async function lastVerified(folder: string): Promise<Verified | undefined> {
  try {
    const { atWallMs, rows, faults } = JSON.parse((await readText(join(folder, FILE))) ?? '{}') as Verified;
    return [atWallMs, rows, faults].every(Number.isFinite) ? { atWallMs, rows, faults } : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that cannot be written, as of a copy to be examined, is verified without a note. */
export async function noteVerified(folder: string, verified: Verified): Promise<void> {
  await writeDurably(join(folder, FILE), `${JSON.stringify(verified)}\n`).catch(() => undefined);
}
