/** The passphrase of a backup, from the environment or the person at the terminal. */
import { backupText } from '../text/commands/backup.ts';
import type { CommandContext } from './command.ts';
import { promptSecret } from './prompts.ts';

/** undefined: no value. */
export const passphraseOf = (context: CommandContext): Promise<string | undefined> =>
  promptSecret('LANEWARDEN_PASSPHRASE', backupText.ask, context);
