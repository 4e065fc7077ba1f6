/** The table of commands as a page of the documents, in Markdown. Knows no command by name. */
import { pageOf } from '../../text/commands/manual.ts';
import { environmentText, exitText, filesText, manualText } from '../../text/commands/manual-words.ts';
import type { Language, Text } from '../../text/text.ts';
import { type Command, EXIT, type ExitName } from '../command.ts';
import { RANGE_OPTIONS } from '../time-range.ts';
import { optionHead } from './help.ts';

export function referencePage(commands: readonly Command[], language: Language): string {
  const { reference } = manualText;
  const takers = commands.filter(({ options }) => Object.keys(RANGE_OPTIONS).every((name) => name in options));
  return [
    `# ${reference.title[language]}`,
    reference.intro[language],
    table(
      [reference.command, reference.what].map((each) => each[language]),
      commands.map(({ name, summary }) => [`\`${name}\``, `${summary[language]}${more(name, language)}`]),
    ),
    `## ${reference.times[language]}`,
    reference.takers(takers.map(({ name }) => `\`${name}\``).join(language === 'zh' ? '、' : ', '))[language],
    rows(
      Object.fromEntries(
        Object.entries(RANGE_OPTIONS).map(([name, option]) => [optionHead(name, option), option.help] as const),
      ),
      [reference.option, reference.what],
      language,
    ),
    `## ${reference.exits[language]}`,
    rows(
      Object.fromEntries(
        (Object.keys(EXIT) as ExitName[]).map((name) => [String(EXIT[name]), exitText[name]] as const),
      ),
      [reference.code, reference.meaning],
      language,
    ),
    `## ${reference.environment[language]}`,
    rows(environmentText, [reference.variable, reference.meaning], language),
    `## ${reference.files[language]}`,
    rows(filesText, [reference.file, reference.meaning], language),
    '',
  ].join('\n\n');
}

/** The page that says more of a command. */
const more = (command: string, language: Language): string => {
  const page = pageOf(command, language)?.replace(/.*\//, '');
  return page === undefined ? '' : ` [→](${page})`;
};

const rows = (texts: Readonly<Record<string, Text>>, heads: readonly Text[], language: Language): string =>
  table(
    heads.map((each) => each[language]),
    Object.entries(texts).map(([name, text]) => [`\`${name}\``, text[language]]),
  );

const table = (heads: readonly string[], lines: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
