/** `lanewarden update`: checks and installs a package, then waits until the new version has passed its trial or the former one is back. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../clock.ts';
import { installPackage, type PackageFacts, RELEASES, trialState } from '../system/update.ts';
import { UpdateError } from '../system/update-error.ts';
import { KEY_PLACES, readKeys, type UpdateKeys } from '../system/update-keys.ts';
import { clearRequest, takeRequest, type UpdateResult, writeResult } from '../system/update-request.ts';
import { cliText } from '../text/commands/cli.ts';
import { updateText } from '../text/commands/update.made.ts';
import { auditText } from '../text/page/server.ts';
import type { Text } from '../text/text.ts';
import { pageFolder } from './access/page-folder.ts';
import { noteAtShell } from './access/shell-audit.ts';
import { type Command, type CommandContext, EXIT, ExitError, misuse } from './command.ts';
import { print } from './output.ts';

/** The supervisor turns back after 15 minutes. */
const PROVEN_WITHIN_MS = 17 * 60_000;
const LOOK_MS = 500;

export const updateCommand: Command = {
  name: 'update',
  summary: updateText.summary,
  positionals: 'FILE.deb',
  options: {
    signature: { type: 'string', value: 'FILE', help: updateText.signature },
    key: { type: 'string', value: 'FILE', help: updateText.key },
    keys: { type: 'boolean', help: updateText.keys },
    spool: { type: 'string', value: 'FOLDER', help: updateText.spool },
    'allow-downgrade': { type: 'boolean', help: updateText.allowDowngrade },
    'no-wait': { type: 'boolean', help: updateText.noWait },
  },
  async run(values, [named], context) {
    const places = typeof values.key === 'string' ? { ...KEY_PLACES, trusted: [values.key] } : KEY_PLACES;
    if (values.keys === true) {
      const { trusted, revoked } = readKeys(places);
      print(context, ...trusted.map(({ fingerprint, file }) => updateText.inForce(fingerprint, file)));
      return print(context, ...revoked.map(({ fingerprint }) => updateText.revokedKey(fingerprint)));
    }
    const spool = values.spool as string | undefined;
    if (spool === undefined) requireFiles(named, values);
    const report = (result: UpdateResult): void => {
      if (spool !== undefined) writeResult(result);
    };
    // What the page left in the spool has its line.
    const note = async (what: Text): Promise<void> => {
      if (spool === undefined) await noteAtShell(dirname(pageFolder({}, context)), what, context);
    };
    let isInstalled = false;
    try {
      report({ state: 'installing' });
      const { version, installed } = installFrom(spool, named as string, values, readKeys(places));
      report({ state: 'proving', version });
      isInstalled = true;
      await note(auditText.updateInstalled(version));
      print(context, updateText.installed(version, installed));
      if (values['no-wait'] !== true) await proven(version, context);
      report({ state: 'done', version });
      print(context, updateText.done(version));
    } catch (error) {
      const { code, text } = error instanceof UpdateError ? error : unforeseen(error);
      report({ state: 'failed', ...(code && { code }), text });
      if (!isInstalled) await note(auditText.updateRefused(text));
      throw error;
    }
  },
};

/** Found before the keys are read and anything is installed. */
function requireFiles(named: string | undefined, { signature }: Readonly<Record<string, unknown>>): void {
  if (named === undefined) throw misuse(updateText.needsFile);
  const lacking = [named, signature].find((file) => typeof file === 'string' && !existsSync(file));
  if (lacking !== undefined) throw new ExitError(EXIT.noInput, cliText.noFile(String(lacking)));
}

/** The spool is emptied before the result is reported: a second request must not be swept away with the first. */
function installFrom(
  spool: string | undefined,
  named: string,
  values: Readonly<Record<string, unknown>>,
  keys: UpdateKeys,
): PackageFacts {
  const { signature } = values;
  try {
    return installPackage(spool === undefined ? named : takeRequest(spool), {
      ...(typeof signature === 'string' && { signatureFile: signature }),
      keys,
      allowDowngrade: values['allow-downgrade'] === true,
    });
  } finally {
    if (spool !== undefined) clearRequest(spool);
  }
}

/** System errors, such as a full disk. */
function unforeseen(error: unknown): Pick<UpdateResult, 'code'> & { readonly text: Text } {
  return { text: updateText.failed('other', error instanceof Error ? error.message : String(error)) };
}

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
