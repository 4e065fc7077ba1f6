/** A passphrase from the environment, else from the person at the terminal, who does not see it as it is typed. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { backupText } from '../text/backup.ts';
import type { CommandContext } from './command.ts';

/** undefined: nobody gave one. */
export async function passphraseOf({
  environment,
  stderr,
  language,
  signal,
}: CommandContext): Promise<string | undefined> {
  const given = environment.LANEWARDEN_PASSPHRASE;
  if (given !== undefined && given !== '') return given;
  if (process.stdin.isTTY !== true) return undefined;
  stderr.write(backupText.ask[language]);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return (await lines.question('', { signal })) || undefined;
  } catch {
    return undefined;
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
