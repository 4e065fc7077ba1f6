/** What pictures take of the disk, by the database of a store that may be in use. It opens it itself, read-only. */
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { PACE_SQL, PICTURES_SQL, pictureUse } from '../thread/history-rows.ts';
import type { Room } from '../types.ts';
import { openReadOnly } from './journal-reader.ts';

/** undefined: there is no database, or it cannot be read. */
export function diskUse(folder: string): Omit<Room, 'damage'> | undefined {
  if (!existsSync(join(folder, 'lanewarden.db'))) return undefined;
  try {
    const database = openReadOnly(folder);
    try {
      const { bavail, bsize } = statfsSync(folder);
      const use = pictureUse(database.prepare(PICTURES_SQL).get(), database.prepare(PACE_SQL).get());
      return { freeBytes: bavail * bsize, ...use };
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}
