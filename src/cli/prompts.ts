/** Prompts at the terminal. Without a terminal there is no prompt. */
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { backupText } from '../text/commands/backup.ts';
import type { Text } from '../text/text.ts';
import type { CommandContext } from './command.ts';

/** Whether the answer is `yes`. */
export async function confirm(question: Text, { stderr, language, signal }: CommandContext): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: stderr });
  try {
    return (await lines.question(question[language], { signal })).trim().toLowerCase() === 'yes';
  } catch {
    // Ctrl-C is a no.
    return false;
  } finally {
    lines.close();
  }
}

/** Of a backup. undefined: no value. */
export const passphraseOf = (context: CommandContext): Promise<string | undefined> =>
  promptSecret('LANEWARDEN_PASSPHRASE', backupText.ask, context);

/** From the environment, else prompted without echo. undefined: no value. */
export async function promptSecret(
  variable: string,
  question: Text,
  context: CommandContext,
): Promise<string | undefined> {
  const given = context.environment[variable];
  if (given !== undefined && given !== '') return given;
  return process.stdin.isTTY === true ? (await secretLine(process.stdin, question, context)) || undefined : undefined;
}

/** The first line; a terminal is asked for it, and does not echo it. */
export async function secretLine(
  input: Readable & { readonly isTTY?: boolean },
  question: Text,
  { stderr, language, signal }: CommandContext,
): Promise<string | undefined> {
  const isTerminal = input.isTTY === true;
  if (isTerminal) stderr.write(question[language]);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, ...(isTerminal && { output: nowhere, terminal: true }) });
  try {
    if (isTerminal) return await lines.question('', { signal });
    for await (const line of lines) return line;
    return undefined;
  } catch {
    return undefined;
  } finally {
    lines.close();
    if (isTerminal) stderr.write('\n');
  }
}
