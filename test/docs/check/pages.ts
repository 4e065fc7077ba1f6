/** The documents as the checker sees them: pages of one or both languages, their sections, and in these prose, rows of tables and blocks of code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Language = 'zh' | 'en';
/** Text of every page by its path. */
export type Pages = ReadonlyMap<string, string>;

export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Block {
  readonly number: number;
  /** What stands behind the opening fence: sh, yaml, json or nothing. */
  readonly form: string;
  readonly lines: readonly Line[];
}

export interface Section {
  readonly heading: Line;
  /** Lines outside of tables and blocks, the heading among them. */
  readonly prose: readonly Line[];
  readonly rows: readonly Line[];
  readonly blocks: readonly Block[];
}

export interface Fault {
  readonly page: string;
  readonly line: number;
  readonly what: string;
}

/** Where test/blocks runs a block, and by what words the help finds a section: shown to no reader. */
const BLOCK_MARK = /^( *)<!-- (?:run|not run|file|search): .* -->$/gm;

export const withoutMarks = (text: string): string => text.replaceAll(BLOCK_MARK, '$1');

/** Pages that speak of what was: of them only links are checked. */
const HISTORY = ['CHANGELOG.md', 'CHANGELOG.en.md'];
export const isHistory = (path: string): boolean => HISTORY.includes(path) || path.startsWith('docs/decisions/');

/** Every document there is; new ones are found by themselves. */
export function readPages(): Pages {
  const in_ = (folder: string): string[] =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  const doors = readdirSync(join(root, 'src'))
    .map((room) => `src/${room}/README.md`)
    .filter((path) => existsSync(join(root, path)));
  const top = ['README.md', 'README.en.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', ...HISTORY];
  const paths = [
    ...top,
    ...in_('docs'),
    ...in_('docs/zh'),
    ...in_('docs/en'),
    ...in_('docs/decisions'),
    ...in_('deploy/fleet'),
    ...doors,
  ];
  return new Map(paths.map((path) => [path, withoutMarks(readFileSync(join(root, path), 'utf8'))]));
}

/** Undefined: both languages stand on one page. */
export function languageOf(path: string, pages: Pages): Language | undefined {
  if (/(^|\/)docs\/en\/|\.en\.md$|^src\//.test(path)) return 'en';
  return /(^|\/)docs\/zh\//.test(path) || pages.has(path.replace(/\.md$/, '.en.md')) ? 'zh' : undefined;
}

/** The same page in English, of one in Chinese. */
export function englishOf(path: string, pages: Pages): string | undefined {
  const other = path.includes('docs/zh/') ? path.replace('docs/zh/', 'docs/en/') : path.replace(/\.md$/, '.en.md');
  return other !== path && pages.has(other) ? other : undefined;
}

export function sectionsOf(text: string): readonly Section[] {
  let section = { heading: { number: 1, text: '' }, prose: [] as Line[], rows: [] as Line[], blocks: [] as Block[] };
  const sections = [section];
  let block: { number: number; form: string; lines: Line[] } | undefined;
  for (const [index, each] of text.split('\n').entries()) {
    const line = { number: index + 1, text: each };
    const fence = /^\s*```(\w*)/.exec(each);
    if (fence !== null && block !== undefined) {
      section.blocks.push(block);
      block = undefined;
    } else if (fence !== null) block = { number: line.number, form: fence[1] ?? '', lines: [] };
    else if (block !== undefined) block.lines.push(line);
    else if (/^#+ /.test(each)) {
      section = { heading: line, prose: [line], rows: [], blocks: [] };
      sections.push(section);
    } else if (each.startsWith('|')) section.rows.push(line);
    else section.prose.push(line);
  }
  return sections;
}

/** What stands between grave accents. */
export const codeOf = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The numbers of prose, without those in code and in the targets of links, as both languages mean them: `50 万` is `500,000`. */
export function numbersOf(text: string): readonly string[] {
  const plain = text
    .replaceAll(/`[^`]*`/g, ' ')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/<!--.*?-->/g, '')
    .replaceAll(/\b\d{1,2} (\w+) (?=20\d\d)/g, (all, month: string) =>
      MONTHS.includes(month) ? all.replace(month, String(MONTHS.indexOf(month) + 1)) : all,
    )
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replaceAll(/(\d[\d.]*) ?([万亿])/g, (_, number: string, unit: string) =>
      String(Math.round(Number(number) * (unit === '万' ? 10_000 : 100_000_000))),
    )
    .replaceAll(/(\d[\d.]*) (m|b)illion/g, (_, number: string, unit: string) =>
      String(Math.round(Number(number) * (unit === 'm' ? 1_000_000 : 1_000_000_000))),
    );
  return plain.match(/\d+(?:\.\d+)*/g) ?? [];
}
