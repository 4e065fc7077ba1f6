/** Help, generated from the table of commands, so that no command lacks it. */
import { cliText } from '../text/commands/cli.ts';
import type { Language } from '../text/text.ts';
import { GLOBAL_OPTIONS } from './arguments.ts';
import type { Command, CommandOption } from './command.ts';

export const PROGRAM = 'lanewarden';

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
    ...columns(Object.entries(GLOBAL_OPTIONS).map((option) => optionRow(option, language))),
    '',
    text.helpFooter(PROGRAM)[language],
    '',
  ].join('\n');
}

export function commandHelp(command: Command, language: Language): string {
  const text = cliText;
  const usage = [PROGRAM, command.name, `[${text.optionsPlaceholder[language]}]`, command.positionals ?? ''].join(' ');
  return [
    command.summary[language],
    '',
    text.usage(usage.trimEnd())[language],
    '',
    text.options[language],
    ...columns(Object.entries({ ...command.options, ...GLOBAL_OPTIONS }).map((option) => optionRow(option, language))),
    '',
  ].join('\n');
}

function optionRow([name, option]: readonly [string, CommandOption], language: Language): readonly [string, string] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : '';
  const hasDefault = option.default !== undefined && option.default !== false;
  return [
    `${short}--${name}${value}`,
    option.help[language] + (hasDefault ? cliText.defaultsTo(String(option.default))[language] : ''),
  ];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
