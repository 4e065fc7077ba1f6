/** `lanewarden restore`: restores a backup, or only the database of before an update. The bridge must not run meanwhile. */
import { existsSync, statSync } from 'node:fs';
import { dayOf } from '../account/days.ts';
import { stateFolder } from '../box/state-folder.ts';
import { systemClock } from '../clock.ts';
import { ConfigError } from '../config/errors.ts';
import { configFile, configTextIfReadable } from '../config/file.ts';
import { STATE_FOLDER } from '../config/state-folder.ts';
import { copyBeforeUpdate, putBackDatabase } from '../store/files/copy.ts';
import { restoreBackup } from '../system/backup.ts';
import { newestBackup } from '../system/nightly-backup.ts';
import { backupText } from '../text/commands/backup.ts';
import { cliText } from '../text/commands/cli.ts';
import { auditText } from '../text/page/server.ts';
import { noteAtShell } from './access/shell-audit.ts';
import { CONFIG_OPTION, type Command, type CommandContext, EXIT, ExitError, misuse } from './command.ts';
import { namedConfig } from './named-store.ts';
import { print } from './output.ts';
import { progressOf } from './progress.ts';
import { passphraseOf } from './prompts.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: backupText.restoreSummary,
  positionals: backupText.positionals,
  options: {
    ...CONFIG_OPTION,
    store: { type: 'string', value: 'FOLDER', help: backupText.storeOption },
    database: { type: 'boolean', help: backupText.restoreDatabase },
    'if-newer': { type: 'boolean', help: backupText.ifNewer },
    yes: { type: 'boolean', short: 'y', help: backupText.yes },
  },
  async run(values, [file], context) {
    const { environment } = context;
    requireSource(file, values);
    const box = await boxOf(values, context);
    if (values.database === true) {
      const copy = copyBeforeUpdate(box.stateFolder);
      const kept = existsSync(copy) ? putBackDatabase(box.stateFolder, copy, values['if-newer'] === true) : undefined;
      if (kept !== undefined) await noteAtShell(box.stateFolder, auditText.databasePutBack, context);
      return print(context, kept === undefined ? backupText.notPutBack : backupText.putBack(kept));
    }
    const from = file as string;
    const found = statSync(from).isDirectory() ? newestBackup(from, dayOf(systemClock().wallMs())) : from;
    if (found !== from) print(context, found);
    const isGiven = !!environment.LANEWARDEN_PASSPHRASE;
    const contents = await progressOf(context).reading(found, (onRead) =>
      restoreBackup(box, found, () => passphraseOf(context), isGiven, onRead),
    );
    // In the log that came back with it; the former one is kept beside it.
    await noteAtShell(box.stateFolder, auditText.restored, context);
    print(context, backupText.restored(contents));
  },
};

/** Found before anything is opened. */
function requireSource(file: string | undefined, { database, yes }: Readonly<Record<string, unknown>>): void {
  if (database === true && file !== undefined) throw misuse(cliText.positionalUnwanted(file));
  if (database === true) return;
  if (file === undefined) throw misuse(backupText.needsFile);
  if (!existsSync(file)) throw new ExitError(EXIT.noInput, cliText.noFile(file));
  if (yes !== true) throw misuse(backupText.needsYes);
}

/** An unreadable configuration must not block the restore of a better one: the state is then where its text says, in the default folder or in `--store`. */
async function boxOf(
  values: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<{ readonly configFile: string; readonly stateFolder: string }> {
  const file = configFile(values.config as string | undefined, context.environment);
  if (typeof values.store === 'string') return { configFile: file, stateFolder: values.store };
  try {
    return { configFile: file, stateFolder: (await namedConfig({ config: file }, context)).store.path };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { configFile: file, stateFolder: stateFolder(file, configTextIfReadable(file)) ?? STATE_FOLDER };
  }
}
