/** The man page, from the table of commands and their manual. Knows no command by name. */
import { manualOf, pageOf } from '../../text/commands/manual.ts';
import { environmentText, exitText, filesText, manualText } from '../../text/commands/manual-words.ts';
import type { Language, Text } from '../../text/text.ts';
import { type Command, type CommandOption, EXIT, type ExitName } from '../command.ts';
import { optionHead, PROGRAM, PROGRAM_OPTIONS, usageLines } from './help.ts';

export function manPage(commands: readonly Command[], version: string, language: Language): string {
  const heading = (name: keyof typeof manualText.sections): string => `.SH ${manualText.sections[name][language]}`;
  const rows = (texts: Readonly<Record<string, Text>>, font: 'B' | 'I'): readonly string[] =>
    Object.entries(texts).flatMap(([name, text]) => tagged(font, name, text[language]));
  const pages = [...new Set(commands.flatMap(({ name }) => pageOf(name, language) ?? []))].sort();
  return [
    `.TH LANEWARDEN 1 "" "lanewarden ${roff(version)}" "lanewarden"`,
    // Left-aligned: few places to stretch in Chinese.
    '.ad l',
    heading('name'),
    `${PROGRAM} \\- ${roff(manualText.whatIs[language])}`,
    heading('synopsis'),
    `.B ${PROGRAM}`,
    '.I COMMAND',
    '[OPTIONS]',
    '.br',
    `.B ${PROGRAM} help`,
    '.I COMMAND',
    heading('description'),
    roff(manualText.description[language]),
    heading('options'),
    ...optionsOf(PROGRAM_OPTIONS, language),
    heading('commands'),
    ...commands.flatMap((command) => commandPart(command, language)),
    heading('exits'),
    ...(Object.keys(EXIT) as ExitName[]).flatMap((name) => tagged('B', String(EXIT[name]), exitText[name][language])),
    heading('environment'),
    ...rows(environmentText, 'B'),
    heading('files'),
    ...rows(filesText, 'I'),
    heading('examples'),
    ...commands.flatMap(({ name }) =>
      (manualOf(name)?.examples ?? []).flatMap(([line, what]) => tagged('B', `${PROGRAM} ${line}`, what[language])),
    ),
    heading('seeAlso'),
    '.BR systemctl (1),',
    '.BR journalctl (1),',
    ...pages.map((page, index) => `.I ${roff(`${manualText.docs}/${page}`)}${index < pages.length - 1 ? ' ,' : ''}`),
    '',
  ].join('\n');
}

function commandPart(command: Command, language: Language): readonly string[] {
  const manual = manualOf(command.name);
  const exits = ['ok', 'usage', ...(manual?.exits ?? [])] as readonly ExitName[];
  const numbers = [...new Set(exits.map((name) => EXIT[name]))].sort((a, b) => a - b);
  return [
    `.SS ${roff(command.name)}`,
    ...usageLines(command).flatMap((line) => [`.B ${roff(line)}`, '.br']),
    '.PP',
    roff(command.summary[language]),
    ...optionsOf(command.options, language),
    '.PP',
    roff(`${manualText.exits[language]} ${numbers.join(', ')}`),
  ];
}

const optionsOf = (options: Readonly<Record<string, CommandOption>>, language: Language): readonly string[] =>
  Object.entries(options).flatMap(([name, option]) => tagged('B', optionHead(name, option), option.help[language]));

const tagged = (font: 'B' | 'I', tag: string, text: string): readonly string[] => [
  '.TP',
  `.${font} ${roff(tag)}`,
  roff(text),
];

/** A line that begins with a dot or a quote is an instruction to the formatter, a quote begins a word of several, and a hyphen is no minus. Chinese may break after its marks. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/[，。；：、）]/g, '$&\\:')
    .replaceAll(/^([.'])/gm, '\\&$1');
