/** Parses the words of a command line by the command's own table of options. Prints nothing. */
import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import { cliText } from '../text/commands/cli.ts';
import type { Language, Text } from '../text/text.ts';
import type { Command, CommandOption } from './command.ts';

/** Options of every command. */
export const GLOBAL_OPTIONS: Readonly<Record<string, CommandOption>> = {
  lang: { type: 'string', value: 'zh|en', help: cliText.langOption },
  help: { type: 'boolean', short: 'h', help: cliText.helpOption },
};

export type UsageCode =
  | 'command' // none, or one that does not exist
  | 'option' // an option that does not exist, or its value
  | 'positional'; // an unexpected word

/** The command line is invalid; nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageCode;
  readonly text: Text;
  constructor(code: UsageCode, text: Text) {
    super(text.en);
    this.code = code;
    this.text = text;
  }
}

export interface Words {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** Splits off the command's name: the first word that is neither an option nor the value of a global one. */
export function splitCommand(words: readonly string[]): {
  readonly name: string | undefined;
  readonly rest: readonly string[];
} {
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-')) at += words[at] === '--lang' ? 2 : 1;
  return { name: words[at], rest: words.filter((_, index) => index !== at) };
}

/** Throws UsageError with the probable intention. */
export function readArguments(command: Pick<Command, 'options' | 'positionals'>, words: readonly string[]): Words {
  const options: Readonly<Record<string, CommandOption>> = { ...command.options, ...GLOBAL_OPTIONS };
  const former = formerNames(options);
  const settings = [
    ...Object.entries(options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
    ...[...former].map(([before, name]) => [before, { type: options[name]?.type }]),
  ];
  // Not strict: parseArgs' own errors are in English only and suggest nothing.
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(settings) as Record<string, { type: 'string' | 'boolean' }>,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens)
    if (token.kind === 'option') checkOption(options, former.get(token.name) ?? token.name, token.rawName, token.value);
  const surplus = positionals[mostPositionals(command.positionals)];
  if (surplus !== undefined) throw new UsageError('positional', cliText.positionalUnwanted(surplus));
  const defaults = Object.entries(options).flatMap(([name, option]) =>
    option.default === undefined ? [] : [[name, option.default] as const],
  );
  const written = Object.entries(values).sort(([one], [other]) => Number(former.has(other)) - Number(former.has(one)));
  const named = written.map(([name, value]) => [former.get(name) ?? name, value] as const);
  return { values: { ...Object.fromEntries([...defaults, ...named]) }, positionals };
}

/** The option of today by each name of before; a name that another option has today is that one. */
function formerNames(options: Readonly<Record<string, CommandOption>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(options).flatMap(([name, { formerly = [] }]) =>
      formerly.filter((before) => !Object.hasOwn(options, before)).map((before) => [before, name] as const),
    ),
  );
}

/** As the help shows them. */
function mostPositionals(shown: string | undefined): number {
  if (shown === undefined) return 0;
  if (shown.includes('…')) return Number.POSITIVE_INFINITY;
  return Math.max(...shown.split(' | ').map((form) => form.split(' ').length));
}

function checkOption(
  options: Readonly<Record<string, CommandOption>>,
  name: string,
  written: string,
  value: string | undefined,
): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const near = nearest(name, Object.keys(options));
    throw new UsageError('option', cliText.unknownOption(written, near === undefined ? undefined : `--${near}`));
  }
  if (option.type === 'string' && value === undefined) throw new UsageError('option', cliText.valueMissing(written));
  if (option.type === 'boolean' && value !== undefined) throw new UsageError('option', cliText.valueUnwanted(written));
}

/** The language of a command line: `--lang`, else the locale, else Chinese. Throws UsageError for an unknown language. */
export function argumentLanguage(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const asked = at < 0 ? undefined : (words[at]?.split('=')[1] ?? words[at + 1]);
  if (asked === 'zh' || asked === 'en') return asked;
  if (asked !== undefined) throw new UsageError('option', cliText.badLanguage(asked));
  return localeLanguage(environment);
}

/** POSIX order of precedence. `C` and `POSIX` name no language. */
export function localeLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^(zh|C\b|POSIX\b|$)/i.test(locale) ? 'zh' : 'en';
}
