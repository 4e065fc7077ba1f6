/** The state folder where the whole configuration need not be readable: as the configuration itself would name it. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { peekValue } from '../config/edit.ts';
import { STATE_FOLDER } from '../config/state-folder.ts';

/** Absolute; undefined: none is written, and the usual one does not exist. `yaml`: content of `file`, if it exists. */
export function stateFolder(file: string, yaml: string | undefined): string | undefined {
  const written = yaml === undefined ? undefined : peekValue(yaml, ['store', 'path']);
  if (typeof written === 'string' && written !== '') return resolve(dirname(file), written);
  return existsSync(STATE_FOLDER) ? STATE_FOLDER : undefined;
}
