/** The passphrase of a backup, from the environment or the person at the terminal. */
import { backupText } from '../text/commands/backup.ts';
import { secretOf } from './asked.ts';
import type { CommandContext } from './command.ts';

/** undefined: nobody gave one. */
export const passphraseOf = (context: CommandContext): Promise<string | undefined> =>
  secretOf('LANEWARDEN_PASSPHRASE', backupText.ask, context);
