/** Both trees say the same: in each section the same numbers, the same code and blocks of code, in each row of a table the same cells. */
import type { Known } from './known.ts';
import { codeOf, englishOf, type Fault, languageOf, numbersOf, type Pages, type Section, sectionsOf } from './pages.ts';
import { type Saying, sayingFaults } from './sayings.ts';

const HAN = /[\p{Script=Han}，。、；：（）《》“”「」]/u;

/** What each list has that the other lacks, counted. */
function apart(one: readonly string[], other: readonly string[]): readonly [string[], string[]] {
  const left = [...other];
  const only = one.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [only, left];
}

/** Placeholders and examples of text are translated: code with Chinese in it fits what is alike around it. */
function withoutTranslated([zh, en]: readonly [string[], string[]]): readonly [string[], string[]] {
  const left = [...en];
  const only = zh.filter((each) => {
    if (!HAN.test(each)) return true;
    const pieces = each.split(/[\p{Script=Han}，。、；：（）《》“”「」 ]*[\p{Script=Han}，。、；：（）《》“”「」]+/u);
    const fits = new RegExp(`^${pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*?')}$`);
    const at = left.findIndex((code) => fits.test(code));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [only, left];
}

const shown = (items: readonly string[]): string => (items.length === 0 ? 'nothing' : items.join(' ¦ '));

/** What names its own language is meant alike. */
const ofEither = (code: string): string => code.replaceAll(/(?<=--lang |docs\/)(zh|en)\b/g, 'LANG');

/** Where links lead, in either tree; headings have names of their own. */
const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#\s]*)(#[^)\s]*)?\)/g)].map(([, path = '', anchor]) => {
    const target = path
      .replace(/(docs|\.\.)\/(zh|en)\//, '$1/LANG/')
      .replace(/\.en\.md$/, '.md')
      .replace('lang/zh-CN/', '')
      .replace(/-en\.png$/, '.png');
    return `${target}${anchor === undefined ? '' : '#'}`;
  });

/** One text in two languages. */
function textFaults(zh: string, en: string): readonly string[] {
  const numbers = apart(numbersOf(zh), numbersOf(en));
  const code = withoutTranslated(apart(codeOf(zh).map(ofEither), codeOf(en).map(ofEither)));
  const say = (name: string, [one, other]: readonly [string[], string[]]): string[] =>
    one.length + other.length === 0 ? [] : [`${name}: Chinese has ${shown(one)}, English has ${shown(other)}`];
  const links = apart(linksOf(zh), linksOf(en));
  return [...say('numbers', numbers), ...say('code', code), ...say('links', links)];
}

/** Lines of a block without its comments, and text for people in it. */
const bare = (line: string): string =>
  line
    .replace(/ --lang (zh|en)\b/, '')
    .replace(/(^|\s)#.*$/, '')
    .trimEnd();

const wordsOf = (lines: readonly string[]): readonly string[] => lines.join('\n').match(/[A-Za-z][\w-]*/g) ?? [];

function blockFaults(zh: Section, en: Section): readonly string[] {
  if (zh.blocks.length !== en.blocks.length)
    return [`blocks of code: ${zh.blocks.length} in Chinese, ${en.blocks.length} in English`];
  return zh.blocks.flatMap((block, index) => {
    const lines = block.lines.map(({ text }) => text);
    const others = en.blocks[index]?.lines.map(({ text }) => text) ?? [];
    // What has no language is a drawing: its words stand where each tongue wants them.
    const code: readonly [string[], string[]] =
      ['', 'text'].includes(block.form) && HAN.test(lines.join('\n'))
        ? [wordsOf(lines).filter((word) => !wordsOf(others).includes(word)), []]
        : withoutTranslated(apart(lines.map(bare), others.map(bare)));
    const numbers = apart(numbersOf(lines.join('\n')), numbersOf(others.join('\n')));
    if (code[0].length + code[1].length + numbers[0].length + numbers[1].length === 0) return [];
    return [
      `block of code in line ${block.number}: Chinese has ${shown([...code[0], ...numbers[0]])}, English has ${shown([...code[1], ...numbers[1]])}`,
    ];
  });
}

const cellsOf = (row: string): readonly string[] => row.replaceAll('\\|', '').split('|').slice(1, -1);

function rowFaults(zh: Section, en: Section): readonly string[] {
  if (zh.rows.length !== en.rows.length)
    return [`rows of tables: ${zh.rows.length} in Chinese, ${en.rows.length} in English`];
  return zh.rows.flatMap((row, index) => {
    const one = cellsOf(row.text);
    const other = cellsOf(en.rows[index]?.text ?? '');
    if (one.length !== other.length) return [`row in line ${row.number}: ${one.length} cells and ${other.length}`];
    return one.flatMap((cell, at) =>
      textFaults(cell, other[at] ?? '').map((what) => `row in line ${row.number}, cell ${at + 1}, ${what}`),
    );
  });
}

const proseOf = ({ prose }: Section): string => prose.map(({ text }) => text).join('\n');

function pairFaults(
  page: string,
  zh: readonly Section[],
  en: readonly Section[],
  sayings: readonly Saying[],
): readonly Fault[] {
  const levels = (sections: readonly Section[]): string =>
    sections.map(({ heading }) => heading.text.replace(/ .*/, '')).join(' ');
  if (levels(zh) !== levels(en))
    return [{ page, line: 1, what: `headings: ${levels(zh)} in Chinese, ${levels(en)} in English` }];
  return zh.flatMap((section, index) => {
    const other = en[index] as Section;
    const whats = [
      ...textFaults(proseOf(section), proseOf(other)),
      ...rowFaults(section, other),
      ...blockFaults(section, other),
      ...sayingFaults(section, other, sayings),
    ];
    return whats.map((what) => ({
      page,
      line: section.heading.number,
      what: `(${section.heading.text.replace(/^#+ /, '')}) ${what}`,
    }));
  });
}

/** The Chinese and the English of a text that has both: a line each, ` · ` between them, or one sentence behind the other. */
function parted(text: string): readonly [string, string] {
  const pieces = text.split('\n').flatMap((line) => line.split(' · '));
  const zh: string[] = [];
  const en: string[] = [];
  for (const piece of pieces) {
    const outside = piece.replaceAll(/\]\([^)]*\)/g, (target) => ' '.repeat(target.length));
    const end = [...outside].findLastIndex((letter) => HAN.test(letter)) + 1;
    const letters = [...piece];
    const tail = letters.slice(end).join('');
    // Not every tail is a sentence: a number or a name may end a Chinese one.
    const whole = end === 0 || !/[A-Za-z]{2,} [A-Za-z]+/.test(tail.replaceAll(/`[^`]*`/g, ''));
    if (whole) (end === 0 ? en : zh).push(piece);
    else {
      zh.push(letters.slice(0, end).join(''));
      en.push(tail);
    }
  }
  return [zh.join('\n'), en.join('\n')];
}

function bilingualFaults(page: string, sections: readonly Section[]): readonly Fault[] {
  return sections.flatMap((section) =>
    textFaults(...parted(proseOf(section))).map((what) => ({ page, line: section.heading.number, what })),
  );
}

/** Faults of the page and its twin; none for a page that is neither half of a pair. */
export function pairFaultsOf(path: string, pages: Pages, { sayings }: Known): readonly Fault[] {
  const language = languageOf(path, pages);
  const text = pages.get(path) ?? '';
  if (language === undefined) return path !== 'SECURITY.md' ? [] : bilingualFaults(path, sectionsOf(text));
  const english = language === 'zh' ? englishOf(path, pages) : undefined;
  return english === undefined ? [] : pairFaults(path, sectionsOf(text), sectionsOf(pages.get(english) ?? ''), sayings);
}
