/** `lanewarden restore`: restores a backup, or only the database of before an update. The bridge must not run meanwhile. */
import { existsSync } from 'node:fs';
import type { Kinds } from '../config/devices.ts';
import { ConfigError } from '../config/errors.ts';
import { configFile, loadConfig } from '../config/file.ts';
import { copyBeforeUpdate, putBackDatabase } from '../store/files/copy.ts';
import { restoreBackup } from '../system/backup.ts';
import { backupText } from '../text/commands/backup.ts';
import { cliText } from '../text/commands/cli.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { passphraseOf } from './passphrase.ts';

/** The default state folder of a box, for a configuration that is itself being restored. */
const STATE_FOLDER = '/var/lib/lanewarden';

export function restoreCommand(kinds: Kinds): Command {
  return {
    name: 'restore',
    summary: backupText.restoreSummary,
    positionals: backupText.positionals,
    options: {
      config: { type: 'string', short: 'c', value: 'FILE', help: cliText.configOption },
      store: { type: 'string', value: 'FOLDER', help: backupText.storeOption },
      database: { type: 'boolean', help: backupText.restoreDatabase },
      'if-newer': { type: 'boolean', help: backupText.ifNewer },
      yes: { type: 'boolean', short: 'y', help: backupText.yes },
    },
    async run(values, [file], context) {
      const { language, stdout, stderr, environment } = context;
      const box = boxOf(values, kinds, environment);
      if (values.database === true) {
        const copy = copyBeforeUpdate(box.stateFolder);
        const kept = existsSync(copy) ? putBackDatabase(box.stateFolder, copy, values['if-newer'] === true) : undefined;
        stdout.write(`${(kept === undefined ? backupText.notPutBack : backupText.putBack(kept))[language]}\n`);
        return EXIT.ok;
      }
      const missing = file === undefined ? backupText.needsFile : values.yes === true ? undefined : backupText.needsYes;
      if (missing !== undefined || file === undefined) {
        stderr.write(`lanewarden restore: ${missing?.[language]}\n`);
        return EXIT.usage;
      }
      const contents = await restoreBackup(box, file, () => passphraseOf(context));
      stdout.write(`${backupText.restored(contents)[language]}\n`);
      return EXIT.ok;
    },
  };
}

/** An unreadable configuration must not block the restore of a better one: the state is then in the default folder or in `--store`. */
function boxOf(
  values: Readonly<Record<string, unknown>>,
  kinds: Kinds,
  environment: CommandContext['environment'],
): { readonly configFile: string; readonly stateFolder: string } {
  const file = configFile(values.config as string | undefined, environment);
  if (typeof values.store === 'string') return { configFile: file, stateFolder: values.store };
  try {
    return { configFile: file, stateFolder: loadConfig(file, kinds, environment).store.path };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { configFile: file, stateFolder: STATE_FOLDER };
  }
}
