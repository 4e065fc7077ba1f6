/** The store that a command of evidence is about: how it is named, and what is said where there is none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Kinds } from '../../config/devices.ts';
import { verifyText } from '../../text/evidence.ts';
import { type CommandContext, EXIT, refuse } from '../command.ts';

/**
 * The state folder; a number: there is no store in it, it was said, and this is the exit code. What reads a configuration is loaded only where one
 * says where the folder is: it takes as long as a walk over 200,000 rows.
 */
export async function namedStore(
  command: string,
  named: Readonly<Record<string, unknown>>,
  kinds: () => Promise<Kinds>,
  context: CommandContext,
): Promise<string | number> {
  const folder = typeof named.store === 'string' ? named.store : await configured();
  return existsSync(join(folder, 'lanewarden.db'))
    ? folder
    : refuse(command, context, EXIT.noInput, verifyText.noStore(folder));

  async function configured(): Promise<string> {
    const { loadConfig } = await import('../../config/file.ts');
    return loadConfig(named.config as string | undefined, await kinds(), context.environment).store.path;
  }
}
