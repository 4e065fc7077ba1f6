/**
 * `test/docs/register.tsv`: a row of each section of the documents, with where it is from, the names in its code, and its figures. Other checks
 * ask whether a name or figure can be; this one whether it is the one that is meant, where both languages say the same wrong thing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOfLine } from './commands.ts';
import { type Known, WORD } from './known.ts';
import { englishOf, type Fault, isHistory, type Pages, root, type Section, sectionsOf } from './pages.ts';

const FILE = 'test/docs/register.tsv';
/** The program writes these, and `generated.ts` compares them whole. */
const WRITTEN = /\/(configuration[\w-]*|commands)\.md$/;
const CODE_BLOCKS = ['sh', 'yaml', 'json'];

interface Row {
  readonly section: string;
  readonly names: readonly string[];
  readonly figures: readonly string[];
}

const NAME = /(?:--?|\/|\.{1,2}\/)?[A-Za-z0-9_\p{Script=Han}][\w\p{Script=Han}./@~:+-]*/gu;

/** Words, paths, options and values of code; a sentence in Chinese is a reader's. */
const namesIn = (code: string): readonly string[] =>
  (code.match(NAME) ?? []).map((name) => name.replace(/[.:/]+$/, '')).filter((name) => !/\p{Script=Han}/u.test(name));

/** Each number with the word behind it, or before it where nothing follows. */
const figuresIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:([A-Za-zµ§]+) )?((?<![\w.])\d[\d,.:]*(?<=\d))( ?(?:%|[A-Za-zµ°/]+))?/g)].map(
    ([, before, number = '', after]) =>
      after !== undefined || before === undefined ? `${number}${after ?? ''}` : `${before} ${number}`,
  );

function rowOf({ heading, prose, rows, blocks }: Section, hasTable: boolean): Row {
  const lines = [...prose, ...(hasTable ? rows : [])].map(({ text }) => text);
  const isCode = ({ form }: { form: string }): boolean => CODE_BLOCKS.includes(form);
  const blockLines = blocks.flatMap((block) =>
    block.lines.map(({ text }) => {
      const at = isCode(block) ? text.search(/(?<=^|\s)#/) : 0;
      return at < 0 ? { code: text, rest: '' } : { code: text.slice(0, at), rest: text.slice(at) };
    }),
  );
  const code = [...lines.flatMap((line) => line.match(/`[^`]+`/g) ?? []), ...blockLines.map((line) => line.code)];
  // The number of an item in a list is looked at elsewhere.
  const rest = [
    ...lines.map((line) => line.replace(/^ *\d+\. /, '').replaceAll(/`[^`]+`|\]\([^)]*\)/g, ' ` ')),
    ...blockLines.map((line) => line.rest),
  ];
  return {
    section: heading.text.replace(/^#+ /, ''),
    names: [...new Set(code.flatMap(namesIn))].sort(),
    figures: rest.flatMap(figuresIn),
  };
}

/** Of the page in English, or in both languages; the twin says the same. */
const isRegistered = (page: string, pages: Pages): boolean =>
  !isHistory(page) && !WRITTEN.test(page) && englishOf(page, pages) === undefined;

const rowsOf = (text: string): readonly Row[] =>
  sectionsOf(text)
    // The program writes the table, and its names are many.
    .map((section) => rowOf(section, section.heading.text !== '## Metrics'))
    .filter(({ names, figures }) => names.length + figures.length > 0);

interface Entry extends Row {
  /** Files of this repository, or commands. */
  readonly from: readonly string[];
}

const items = (column: string, by: string): readonly string[] => column.split(by).filter((item) => item !== '');

function readEntries(): ReadonlyMap<string, readonly Entry[]> {
  const entries = new Map<string, Entry[]>();
  const lines = existsSync(join(root, FILE)) ? readFileSync(join(root, FILE), 'utf8').trimEnd().split('\n') : [];
  for (const line of lines) {
    const [page = '', section = '', from = '', names = '', figures = ''] = line.split('\t');
    const entry = { section, from: items(from, '; '), names: items(names, ' '), figures: items(figures, '; ') };
    entries.set(page, [...(entries.get(page) ?? []), entry]);
  }
  return entries;
}

const texts = new Map<string, string>();
function textOf(path: string): string {
  const before = texts.get(path);
  if (before !== undefined) return before;
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  texts.set(path, text);
  return text;
}

const isFile = (from: string): boolean => !from.includes(' ');

/** A plain word is a name where it is a key or stands in quotes; in a comment it is a word. */
const formOf = (word: string): RegExp =>
  /^[a-z]+$/.test(word)
    ? new RegExp(`['"\`]${word}['"\`]|(?<![\\w.])${word}\\??:`)
    : new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`);

/** Whether one of the files has the name: each of its words. */
function isIn(name: string, from: readonly string[]): boolean {
  const words = (name.match(WORD) ?? []).filter((word) => /[A-Za-z]{2}/.test(word));
  const files = from.filter(isFile);
  return words.length > 0 && words.every((word) => files.some((file) => formOf(word).test(textOf(file))));
}

/** Names behind ` | ` stand in none of the files: they are of examples, or of another page. */
const split = (names: readonly string[]): readonly [readonly string[], readonly string[]] => {
  const at = names.indexOf('|');
  return at < 0 ? [names, []] : [names.slice(0, at), names.slice(at + 1)];
};

const apart = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((each) => !other.includes(each));

function entryFaults({ section, from, names }: Entry, all: Known): readonly string[] {
  const say = (what: string): string => `(${section}) ${FILE}: ${what}`;
  const [own] = split(names);
  return [
    ...(from.length === 0 ? [say('it is not said where the section is from')] : []),
    ...from.filter((each) => isFile(each) && textOf(each) === '').map((each) => say(`there is no ${each}`)),
    ...from.filter((each) => each.startsWith('npm ')).flatMap((each) => faultsOfLine(each.split(' '), all).map(say)),
    ...own.filter((name) => !isIn(name, from)).map((name) => say(`${from.join(', ')} has no ${name} any more`)),
  ];
}

function rowFaults(row: Row, entry: Entry | undefined): readonly string[] {
  if (entry?.section !== row.section) return [`(${row.section}) ${FILE} has no such section here`];
  const [own, others] = split(entry.names);
  const listed = [...own, ...others];
  const at = row.figures.findIndex((figure, index) => figure !== entry.figures[index]);
  return [
    ...apart(row.names, listed).map((name) => `(${row.section}) says ${name}, and ${FILE} does not`),
    ...apart(listed, row.names).map((name) => `(${row.section}) does not say ${name}, and ${FILE} does`),
    ...(at < 0 && row.figures.length === entry.figures.length
      ? []
      : [`(${row.section}) says ${row.figures.at(at) ?? ''}, and ${FILE} ${entry.figures.at(at) ?? 'nothing'}`]),
  ];
}

export function registerFaultsOf(all: Known): (page: string, pages: Pages) => readonly Fault[] {
  const entries = readEntries();
  const ofEntries = new Map([...entries].map(([page, rows]) => [page, rows.flatMap((row) => entryFaults(row, all))]));
  return (page, pages) => {
    if (!isRegistered(page, pages)) return [];
    const rows = rowsOf(pages.get(page) ?? '');
    const own = entries.get(page) ?? [];
    const whats = [
      ...rows.flatMap((row, index) => rowFaults(row, own[index])),
      ...(own.length > rows.length ? [`${FILE} has ${own.length - rows.length} sections too many`] : []),
    ];
    return [...whats, ...(ofEntries.get(page) ?? [])].map((what) => ({ page, line: 1, what }));
  };
}

/** Writes the register as the pages are; where a section is from is kept, and is missing of a new one. */
export function writeRegister(pages: Pages): void {
  const entries = readEntries();
  const lines = [...pages].flatMap(([page, text]) =>
    (isRegistered(page, pages) ? rowsOf(text) : []).map(({ section, names, figures }) => {
      const from = entries.get(page)?.find((entry) => entry.section === section)?.from ?? [];
      const own = names.filter((name) => isIn(name, from));
      const others = apart(names, own);
      const both = [...own, ...(others.length === 0 ? [] : ['|', ...others])];
      return [page, section, from.join('; '), both.join(' '), figures.join('; ')].join('\t');
    }),
  );
  writeFileSync(join(root, FILE), `${lines.join('\n')}\n`);
}
