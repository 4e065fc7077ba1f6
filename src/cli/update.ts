/** `lanewarden update`: checks and installs a package, then waits until the new version has proven itself or the former one is back. */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../clock.ts';
import { updateText } from '../text/update.ts';
import {
  clearRequest,
  installPackage,
  takeRequest,
  trialState,
  UPDATE_RESULT,
  UpdateError,
  type UpdateResult,
  updateKey,
} from '../update.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';

const RELEASES = '/opt/lanewarden';
/** Three starts of three minutes, and the service manager's waits between them. */
const PROVEN_WITHIN_MS = 12 * 60_000;
const LOOK_MS = 500;

export const updateCommand: Command = {
  name: 'update',
  summary: updateText.summary,
  positionals: 'FILE.deb',
  options: {
    signature: { type: 'string', value: 'FILE', help: updateText.signature },
    key: { type: 'string', value: 'FILE', help: updateText.key },
    spool: { type: 'string', value: 'FOLDER', help: updateText.spool },
    'allow-downgrade': { type: 'boolean', help: updateText.allowDowngrade },
    'no-wait': { type: 'boolean', help: updateText.noWait },
  },
  async run(values, [named], context) {
    const { language, stdout, stderr } = context;
    const spool = values.spool as string | undefined;
    const file = spool === undefined ? named : takeRequest(spool);
    if (file === undefined) {
      stderr.write(`lanewarden update: ${updateText.needsFile[language]}\n`);
      return EXIT.usage;
    }
    const tell = (result: UpdateResult): void => {
      if (spool !== undefined && existsSync(dirname(UPDATE_RESULT)))
        writeFileSync(UPDATE_RESULT, `${JSON.stringify(result)}\n`, { mode: 0o644 });
    };
    try {
      tell({ state: 'installing' });
      const { version, installed } = installPackage(file, {
        ...(typeof values.signature === 'string' && { signatureFile: values.signature }),
        key: updateKey(typeof values.key === 'string' ? [values.key] : undefined),
        allowDowngrade: values['allow-downgrade'] === true,
      });
      tell({ state: 'proving', version });
      stdout.write(`${updateText.installed(version, installed)[language]}\n`);
      if (values['no-wait'] !== true) await proven(version, context);
      tell({ state: 'done', version });
      stdout.write(`${updateText.done(version)[language]}\n`);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof UpdateError) tell({ state: 'failed', code: error.code, text: error.text });
      throw error;
    } finally {
      if (spool !== undefined) clearRequest(spool);
    }
  },
};

async function proven(version: string, { signal }: CommandContext): Promise<void> {
  const clock = systemClock();
  const lateMs = clock.nowMs() + PROVEN_WITHIN_MS;
  while (!signal.aborted && clock.nowMs() < lateMs) {
    const state = trialState(RELEASES, version);
    if (state === 'reverted') throw new UpdateError('reverted', version);
    if (state === 'proven') return;
    await clock.sleep(LOOK_MS, signal);
  }
  throw new UpdateError('waiting', version);
}
