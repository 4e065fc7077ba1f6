/** What `npm run docs:check` does not see: guides in straight quotes, boards beside their source, README's figures, help that the page leads to, the index, pictures. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELP, headingAnchor } from '../../src/text/page/help.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const texts = readdirSync(`${root}/src/text`, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`src/text/${name}`))
  .join('\n');

describe.each(['install', 'morning', 'review', 'swap', 'troubleshooting'])('the guide %s', (name) => {
  it.each([
    ['zh', /“([^”]+)”/g],
    ['en', /"([^"]+)"/g],
  ] as const)('quotes what the page says, in %s', (language, quote) => {
    const guide = prose(read(`docs/${language}/${name}.md`));
    const quoted = [...guide.matchAll(quote)].map((match) => (match[1] ?? '').replace(/[.。]$/, ''));
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((words) => !texts.includes(words))).toEqual([]);
  });
});

describe('docs/zh/support.md, docs/en/support.md', () => {
  const page = ['zh', 'en'].map((language) => read(`docs/${language}/support.md`)).join('\n');
  const boards = readdirSync(`${root}/test/transcripts`)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace('.yaml', ''))
    .filter((name) => name !== 'alarm-output');

  it.each(boards)('%s stands beside where its bytes come from, in both languages', (name) => {
    const text = read(`test/transcripts/${name}.yaml`);
    const [zh, en] = text.includes('from: capture')
      ? ['线上截取', 'captured on a wire']
      : text.includes('from: manual')
        ? ['手册原文', 'printed in the manual']
        : ['按寄存器表推出', 'derived from the register table'];
    for (const head of [zh, en])
      expect(page.split('\n').find((line) => line.startsWith(`| ${head} |`))).toContain(name);
  });
});

describe.each([
  ['README.md', 'docs/zh/detection.md'],
  ['README.en.md', 'docs/en/detection.md'],
])('%s', (name, page) => {
  const readme = read(name);

  it(`has the figures of ${page}, in at most eighty lines`, () => {
    const published = read(page).split('\n');
    const figures = [...readme.matchAll(/^\| .* \| ([\d.]+ %) \| ([\d.]+ %) \|$/gm)];
    expect(figures).toHaveLength(3);
    for (const [row, one, two] of figures)
      expect(
        published.some((line) => line.includes(`| ${one} |`) && line.includes(`| ${two} |`)),
        row,
      ).toBe(true);
    expect(readme.split('\n').length).toBeLessThanOrEqual(80);
  });
});

const pages = readdirSync(`${root}/docs`, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

it('no page of docs/ stands outside the two languages, but decisions, which say that they are in English', () => {
  const outside = pages.filter((page) => !/^docs\/(?:zh|en)\//.test(page));
  expect(outside.filter((page) => !page.startsWith('docs/decisions/'))).toEqual([]);
  for (const page of outside) expect(read(page).match(/\p{Script=Han}+/gu) ?? [], page).toEqual([]);
  expect(read('docs/decisions/README.md')).toContain('In English only');
});

it.each(Object.entries(HELP))('the page leads from %s to a heading that is there', (_name, { page, heading }) => {
  for (const language of ['zh', 'en'] as const)
    expect(
      read(`docs/${language}/${page}.md`)
        .match(/^#+ .*$/gm)
        ?.map((line) => headingAnchor(line.replace(/^#+ /, ''))),
    ).toContain(headingAnchor(heading[language]));
});

describe('docs/zh and docs/en', () => {
  const names = (language: string): string[] => readdirSync(`${root}/docs/${language}`);

  it.each(['zh', 'en'])('every page of docs/%s is listed in its index, or named by one that is', (language) => {
    const namedBy = (name: string): string[] =>
      [...read(`docs/${language}/${name}`).matchAll(/\]\(([\w-]+\.md)/g)].map((match) => match[1] ?? '');
    const listed = namedBy('index.md');
    const reached = new Set(['index.md', ...listed, ...listed.flatMap(namedBy)]);
    expect(names(language).filter((name) => !reached.has(name))).toEqual([]);
  });

  it.each(['zh', 'en'])('docs/%s has few enough pages to be found in', (language) => {
    expect(names(language).length).toBeLessThanOrEqual(70);
  });

  it('show the page in their own language', () => {
    const picturesOf = (page: string): string[] =>
      [...read(page).matchAll(/screenshots\/([^)]+)\.png/g)].map((match) => match[1] ?? '');
    const shown = (language: string): string[] => [
      ...picturesOf(language === 'zh' ? 'README.md' : 'README.en.md'),
      ...names(language).flatMap((name) => picturesOf(`docs/${language}/${name}`)),
    ];
    const isEnglish = (name: string): boolean => name.endsWith('-en');
    expect(shown('en').filter((name) => !isEnglish(name))).toEqual([]);
    expect(shown('zh').filter(isEnglish)).toEqual([]);
    const used = [...shown('en'), ...shown('zh')].map((name) => `${name}.png`);
    expect(readdirSync(`${root}/docs/screenshots`).filter((name) => !used.includes(name))).toEqual([]);
  });
});

/** Without code, and without places that links lead to. */
const prose = (text: string): string =>
  text
    .replaceAll(/```[\s\S]*?```|<!--[\s\S]*?-->/g, '')
    .replaceAll(/`[^`]*`/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\bWi-Fi\b/g, '');
