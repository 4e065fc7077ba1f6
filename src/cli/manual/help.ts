/** Help, generated from the table of commands and their manual, so that no command lacks it. */
import { cliText } from '../../text/commands/cli.ts';
import { manualOf, pageOf } from '../../text/commands/manual.ts';
import { exitText, manualText } from '../../text/commands/manual-words.ts';
import type { Language } from '../../text/text.ts';
import { GLOBAL_OPTIONS } from '../arguments.ts';
import { type Command, type CommandOption, EXIT, type ExitName } from '../command.ts';

export const PROGRAM = 'lanewarden';

/** Options of the program itself, without a command. */
export const PROGRAM_OPTIONS: Readonly<Record<string, CommandOption>> = {
  version: { type: 'boolean', short: 'V', help: manualText.version },
  ...GLOBAL_OPTIONS,
};

export function programHelp(commands: readonly Command[], language: Language): string {
  const text = cliText;
  const usage = `${PROGRAM} ${text.commandPlaceholder[language]} [${text.optionsPlaceholder[language]}]`;
  return [
    text.programSummary[language],
    '',
    text.usage(usage)[language],
    '',
    text.commands[language],
    ...columns(commands.map(({ name, summary }) => [name, summary[language]])),
    '',
    text.options[language],
    ...optionRows(PROGRAM_OPTIONS, language),
    '',
    manualText.exits[language],
    ...exitRows(Object.keys(EXIT) as ExitName[], language),
    '',
    text.helpFooter(PROGRAM)[language],
    manualText.more(`man ${PROGRAM}, ${manualText.docs}`)[language],
    '',
  ].join('\n');
}

export function commandHelp(command: Command, language: Language): string {
  const text = cliText;
  const manual = manualOf(command.name);
  return [
    command.summary[language],
    '',
    ...usageLines(command).map((line, index) => (index === 0 ? text.usage(line)[language] : `  ${line}`)),
    '',
    text.options[language],
    ...optionRows({ ...command.options, ...GLOBAL_OPTIONS }, language),
    '',
    ...(manual === undefined
      ? []
      : [
          manualText.examples[language],
          ...columns(manual.examples.map(([line, what]) => [`${PROGRAM} ${line}`, what[language]])),
          '',
          manualText.exits[language],
          ...exitRows(['ok', 'usage', ...manual.exits], language),
          '',
          manualText.more(`man ${PROGRAM}, ${manualText.docs}/${pageOf(command.name, language)}`)[language],
          '',
        ]),
  ].join('\n');
}

/** One line for each form of the arguments. */
export function usageLines({ name, positionals = '' }: Pick<Command, 'name' | 'positionals'>): readonly string[] {
  const forms = positionals.includes(' | ') ? positionals.split(' | ') : [positionals];
  return forms.map((form) => [PROGRAM, name, '[OPTIONS]', form].join(' ').trimEnd());
}

/** `-c, --config FILE`. */
export function optionHead(name: string, { short, type, value }: CommandOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
}

const optionRows = (options: Readonly<Record<string, CommandOption>>, language: Language): readonly string[] =>
  columns(
    Object.entries(options).map(([name, option]) => {
      const hasDefault = option.default !== undefined && option.default !== false;
      const words = option.help[language];
      return [
        optionHead(name, option),
        hasDefault ? words + cliText.defaultsTo(String(option.default))[language] : words,
      ];
    }),
  );

/** In the order of their numbers. */
export const exitRows = (names: readonly ExitName[], language: Language): readonly string[] =>
  columns(
    (Object.keys(EXIT) as ExitName[])
      .filter((name) => names.includes(name))
      .map((name) => [String(EXIT[name]), exitText[name][language]]),
  );

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
