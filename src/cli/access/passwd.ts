/**
 * `lanewarden passwd`: resets a page user's password, at the box, with write access to its state. `lanewarden setup-code`: shows the
 * code of the first start.
 */
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '../../clock.ts';
import { Problem } from '../../http/problem.ts';
import { Accounts, SETUP_CODE_FILE } from '../../page/access/accounts.ts';
import { certificateFingerprint } from '../../page/access/certificate.ts';
import { readText } from '../../small-file.ts';
import { passwordText } from '../../text/page/password.made.ts';
import { auditText } from '../../text/page/server.ts';
import { type Command, EXIT, ExitError, misuse, STORE_OPTIONS } from '../command.ts';
import { print } from '../output.ts';
import { secretLine } from '../prompts.ts';
import { hasPageFolder, pageFolder } from './page-folder.ts';
import { noteAtShell } from './shell-audit.ts';

export const setupCodeCommand: Command = {
  name: 'setup-code',
  summary: passwordText.setupSummary,
  options: STORE_OPTIONS,
  run: async (values, _, context) => {
    const folder = pageFolder(values, context);
    if (!hasPageFolder(folder)) throw new ExitError(EXIT.noInput, passwordText.noFolder(folder));
    const code = (await readText(join(folder, SETUP_CODE_FILE)))?.trim();
    const fingerprint = await certificateFingerprint(folder);
    if (fingerprint !== undefined) print(context, passwordText.fingerprint(fingerprint));
    if (code === undefined) throw new ExitError(EXIT.unavailable, passwordText.noCode);
    print(context, code);
  },
};

export function passwdCommand(input: () => Readable & { readonly isTTY?: boolean }): Command {
  return {
    name: 'passwd',
    summary: passwordText.summary,
    positionals: 'USER',
    options: STORE_OPTIONS,
    run: async (values, [user], context) => {
      const folder = pageFolder(values, context);
      // Opening makes the folder, with a new set-up code.
      const isThere = hasPageFolder(folder);
      if (user === undefined && !isThere) throw misuse(passwordText.noUser('', []));
      if (!isThere) throw new ExitError(EXIT.noInput, passwordText.noFolder(folder));
      const accounts = await Accounts.open(folder, systemClock());
      const names = accounts.list().map((row) => row.user);
      if (user === undefined || !names.includes(user))
        throw misuse(names.length === 0 ? passwordText.noUsers : passwordText.noUser(user ?? '', names));
      const password = await secretLine(input(), passwordText.ask, context);
      await accounts.setPassword(user, password ?? '').catch((error: unknown) => {
        throw error instanceof Problem ? new ExitError(EXIT.failure, error.text) : error;
      });
      await noteAtShell(dirname(folder), auditText.passwordOf(user), context);
      print(context, passwordText.done(user));
    },
  };
}
