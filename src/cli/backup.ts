/** `lanewarden backup`: the whole box in one file, its secrets encrypted. Works beside a running bridge. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf } from '../account/days.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { BOX_KEY_FILE, openBoxKey } from '../evidence/box-key.ts';
import { signHead } from '../evidence/signed-heads.ts';
import { boxName } from '../page/access/box-name.ts';
import { copyBeforeUpdate, copyDatabase } from '../store/files/copy.ts';
import { openReadOnly } from '../store/files/journal-reader.ts';
import { MIGRATIONS } from '../store/thread/schema.ts';
import { writeBackup } from '../system/backup.ts';
import type { BoxFiles } from '../system/backup-parts.ts';
import { backUpNightly } from '../system/nightly-backup.ts';
import { backupText } from '../text/commands/backup.ts';
import { auditText } from '../text/page/server.ts';
import type { Text } from '../text/text.ts';
import { noteAtShell } from './access/shell-audit.ts';
import { CONFIG_OPTION, type Command, EXIT, ExitError, misuse } from './command.ts';
import { namedConfig, withStore } from './named-store.ts';
import { print } from './output.ts';
import { progressOf } from './progress.ts';
import { passphraseOf } from './prompts.ts';
import { programVersion } from './version.ts';

export const backupCommand: Command = {
  name: 'backup',
  summary: backupText.summary,
  positionals: backupText.positionals,
  options: {
    ...CONFIG_OPTION,
    secrets: { type: 'boolean', help: backupText.secrets },
    force: { type: 'boolean', short: 'f', help: backupText.force },
    database: { type: 'boolean', help: backupText.database },
    nightly: { type: 'boolean', help: backupText.nightly },
  },
  async run(values, [file = 'lanewarden-backup.zip'], context) {
    const config = await namedConfig(values, context);
    const box = { configFile: config.file, stateFolder: config.store.path };
    if (values.database === true) {
      const copy = copyBeforeUpdate(box.stateFolder);
      const made = copyDatabase(box.stateFolder, copy);
      return print(context, made ? backupText.copied(copy) : backupText.nothingToCopy);
    }
    if (values.nightly === true) return print(context, await nightly(config.backup, box));
    const passphrase = values.secrets === true ? await passphraseOf(context) : undefined;
    if (values.secrets === true && passphrase === undefined) throw misuse(backupText.noPassphrase);
    if (existsSync(file) && values.force !== true) throw new ExitError(EXIT.cannotCreate, backupText.exists(file));
    await signLast(box.stateFolder);
    const program = programVersion();
    const contents = await progressOf(context).reading(file, (onRead) =>
      writeBackup(box, file, { program, onRead, ...(passphrase && { passphrase }) }),
    );
    await noteAtShell(box.stateFolder, auditText.made.backup(contents.secrets), context);
    print(context, backupText.done({ file, ...contents }));
  },
};

async function nightly(backup: Config['backup'], box: BoxFiles): Promise<Text> {
  if (backup === undefined) throw misuse(backupText.noNightly);
  const { folder, passphrase } = backup;
  await signLast(box.stateFolder);
  const nowWallMs = systemClock().wallMs();
  const about = { program: programVersion(), name: boxName(), day: dayOf(nowWallMs), nowWallMs };
  return backupText.doneNightly(await backUpNightly({ box, folder, passphrase: passphrase.reveal(), ...about }));
}

/**
 * A head over all that the backup takes along: the box that is restored from it has another key. What refuses costs the head, not the backup; and a
 * database of before an update is left to the program.
 */
async function signLast(stateFolder: string): Promise<void> {
  const folder = join(stateFolder, 'page');
  if (!existsSync(join(folder, BOX_KEY_FILE))) return;
  try {
    const database = openReadOnly(stateFolder);
    const version = database.pragma('user_version', { simple: true });
    database.close();
    if (version !== MIGRATIONS.length) return;
    const key = await openBoxKey(folder);
    await withStore(stateFolder, (store) => signHead({ store, clock: systemClock(), folder }, key));
  } catch {
    // Then the last head is one of the program's own, within the hour.
  }
}
