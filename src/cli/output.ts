/** What a command writes, line by line: texts in the language asked for. */
import type { Language, Text } from '../text/text.ts';
import type { CommandContext } from './command.ts';

type Line = Text | string;
const inLanguage = (line: Line, language: Language): string => (typeof line === 'string' ? line : line[language]);

/** Lines of the result. */
export function print({ stdout, language }: Pick<CommandContext, 'stdout' | 'language'>, ...lines: readonly Line[]) {
  for (const line of lines) stdout.write(`${inLanguage(line, language)}\n`);
}

/** Lines beside the result. */
export function remark({ stderr, language }: Pick<CommandContext, 'stderr' | 'language'>, ...lines: readonly Line[]) {
  for (const line of lines) stderr.write(`${inLanguage(line, language)}\n`);
}

/** One result: for programs on one line of JSON, else for people. */
export function printResult(context: CommandContext, asJson: unknown, value: unknown, lines: () => readonly Line[]) {
  print(context, ...(asJson === true ? [JSON.stringify(value)] : lines()));
}
