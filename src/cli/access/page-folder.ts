/** The state of a box, for commands at it, and the folder of its page: users, tokens, the set-up code. They need not exist. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../box/state-folder.ts';
import { configFile, configTextIfReadable } from '../../config/file.ts';
import { STATE_FOLDER } from '../../config/state-folder.ts';
import type { CommandContext } from '../command.ts';

/** By `--store`, else as the configuration of `--config` says as far as it can be read. */
export function namedState(
  values: Readonly<Record<string, unknown>>,
  { environment }: Pick<CommandContext, 'environment'>,
) {
  const file = configFile(values.config as string | undefined, environment);
  const named = typeof values.store === 'string' ? values.store : undefined;
  return { configFile: file, stateFolder: named ?? stateFolder(file, configTextIfReadable(file)) ?? STATE_FOLDER };
}

export const pageFolder = (values: Readonly<Record<string, unknown>>, context: CommandContext): string =>
  join(namedState(values, context).stateFolder, 'page');

/** Throws the system error where the folder may not be read, as by a person without sudo: that is not to say that it is not there. */
export function hasPageFolder(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return false;
  }
}
