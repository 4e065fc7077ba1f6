/** What is known of the backups of the nights: a small file beside the database. Apart from what makes them, which loads a database and zip files. */
import { join } from 'node:path';
import { readSmallFileSync } from '../small-file.ts';

export const NOTE_FILE = 'backups.json';

export interface BackupNote {
  /** Of the last good one. */
  readonly lastWallMs: number;
  readonly bytes: number;
  /** How many there are. */
  readonly kept: number;
  /** When one was last opened, verified and counted, and what it had. */
  readonly testedWallMs?: number;
  readonly records?: number;
}

/** undefined: there was none, or it is not readable. */
export function backupNote(stateFolder: string): BackupNote | undefined {
  try {
    const note = JSON.parse(readSmallFileSync(join(stateFolder, NOTE_FILE))) as BackupNote;
    return Number.isFinite(note.lastWallMs) && Number.isFinite(note.kept) ? note : undefined;
  } catch {
    return undefined;
  }
}
