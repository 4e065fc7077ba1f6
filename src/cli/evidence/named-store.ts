/** The store that a command of evidence is about: how it is named, and what is said where there is none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Kinds } from '../../config/devices.ts';
import { loadConfig } from '../../config/file.ts';
import { verifyText } from '../../text/evidence.ts';
import type { Text } from '../../text/text.ts';
import { type CommandContext, EXIT } from '../command.ts';

export const STORE_OPTIONS = {
  config: { type: 'string', short: 'c', value: 'FILE', help: verifyText.config },
  store: { type: 'string', value: 'FOLDER', help: verifyText.store },
} as const;

interface Named {
  readonly config?: unknown;
  readonly store?: unknown;
}

/** The state folder; a number: there is no store in it, it was said, and this is the exit code. */
export function namedStore(command: string, named: Named, kinds: Kinds, context: CommandContext): string | number {
  const folder =
    typeof named.store === 'string'
      ? named.store
      : loadConfig(named.config as string | undefined, kinds, context.environment).store.path;
  return existsSync(join(folder, 'lanewarden.db'))
    ? folder
    : refuse(command, context, EXIT.noInput, verifyText.noStore(folder));
}

export function refuse(command: string, context: CommandContext, code: number, text: Text): number {
  context.stderr.write(`lanewarden ${command}: ${text[context.language]}\n`);
  return code;
}
