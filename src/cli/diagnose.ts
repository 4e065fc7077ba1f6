/** `lanewarden diagnose`: the support file, and a measurement of the disk. Works with a broken configuration. */
import { systemClock } from '../clock.ts';
import { ConfigError } from '../config/errors.ts';
import { configFile } from '../config/file.ts';
import { readSecrets } from '../config/secrets.ts';
import { writeForOwner } from '../store/thread/owner.ts';
import { keepCardSpeed, measureCard } from '../system/disk-speed.ts';
import { supportFile } from '../system/support-file.ts';
import { supportText } from '../text/commands/support.made.ts';
import { auditText } from '../text/page/server.ts';
import { namedState } from './access/page-folder.ts';
import { noteAtShell } from './access/shell-audit.ts';
import { madeGrants, summary } from './check.ts';
import { CONFIG_OPTION, type Command, type CommandContext, misuse } from './command.ts';
import { writeFaults } from './faults.ts';
import { namedConfig } from './named-store.ts';
import { print, remark } from './output.ts';
import { programVersion } from './version.ts';

const HOURS = 24;
const HOURS_MAX = 24 * 14;

export const diagnoseCommand: Command = {
  name: 'diagnose',
  summary: supportText.summary,
  positionals: '[FILE.zip]',
  options: {
    ...CONFIG_OPTION,
    hours: { type: 'string', value: 'N', default: String(HOURS), help: supportText.hours },
    'no-disk': { type: 'boolean', help: supportText.noDisk },
  },
  async run(values, [file = 'lanewarden-support.zip'], context) {
    const hours = Number(values.hours);
    if (!(hours > 0 && hours <= HOURS_MAX)) throw misuse(supportText.badHours(HOURS_MAX));
    const clock = systemClock();
    const path = configFile(values.config as string | undefined, context.environment);
    const { check, stateFolder } = await checked(path, context);
    if (values['no-disk'] !== true) await measure(stateFolder, context);
    const { zip, parts } = await supportFile({
      clock,
      version: programVersion(),
      configFile: path,
      stateFolder,
      secrets: [...readSecrets(path).byName.values()].map((secret) => secret.reveal()),
      check,
      hours,
    });
    writeForOwner(file, zip);
    await noteAtShell(stateFolder, auditText.made.support, context);
    for (const { name, failed } of parts) if (failed !== undefined) remark(context, supportText.missing(name, failed));
    print(context, supportText.written(file, Math.ceil(zip.length / 1_000)));
  },
};

/** Support files are also for faulty configurations. */
async function checked(
  path: string,
  context: CommandContext,
): Promise<{ readonly check: string; readonly stateFolder: string }> {
  try {
    const config = await namedConfig({ config: path }, context);
    return { check: summary(config, context.language, await madeGrants(config)), stateFolder: config.store.path };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { stateFolder } = namedState({ config: path }, context);
    return { check: writeFaults(error, context.language), stateFolder };
  }
}

async function measure(folder: string, context: CommandContext): Promise<void> {
  try {
    const speed = await measureCard(folder, systemClock());
    await keepCardSpeed(folder, speed);
    print(context, supportText.card(speed));
  } catch (error) {
    remark(context, supportText.cardFailed(folder, (error as Error).message));
  }
}
