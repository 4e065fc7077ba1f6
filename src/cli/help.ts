/** Help, written from the table of commands: a command cannot be without it. */
import { cliText } from '../text/commands/cli.ts';
import type { Language } from '../text/text.ts';
import { GLOBAL_OPTIONS } from './arguments.ts';
import type { Command, CommandOption } from './command.ts';

export const PROGRAM = 'lanewarden';

export function programHelp(commands: readonly Command[], language: Language): string {
  const say = cliText;
  const usage = `${PROGRAM} ${say.commandPlaceholder[language]} [${say.optionsPlaceholder[language]}]`;
  return [
    say.programSummary[language],
    '',
    say.usage(usage)[language],
    '',
    say.commands[language],
    ...columns(commands.map(({ name, summary }) => [name, summary[language]])),
    '',
    say.options[language],
    ...columns(Object.entries(GLOBAL_OPTIONS).map((option) => optionRow(option, language))),
    '',
    say.helpFooter(PROGRAM)[language],
    '',
  ].join('\n');
}

export function commandHelp(command: Command, language: Language): string {
  const say = cliText;
  const usage = [PROGRAM, command.name, `[${say.optionsPlaceholder[language]}]`, command.positionals ?? ''].join(' ');
  return [
    command.summary[language],
    '',
    say.usage(usage.trimEnd())[language],
    '',
    say.options[language],
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
