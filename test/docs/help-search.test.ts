/**
 * What people type finds the page that answers it, among the first three. The questions of questions.yaml were written before any synonym was, those of
 * frozen-questions.yaml before the search was changed for the second time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Find = (asked: string) => readonly { readonly page: string }[];

const LANGUAGES = ['zh', 'en'] as const;
type Questions = Readonly<
  Record<(typeof LANGUAGES)[number], readonly (readonly [asked: string, pages: readonly string[]])[]>
>;
const questionsOf = (file: string): Questions => parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'help-'));
let finders: Readonly<Record<string, Find>>;

beforeAll(() => {
  execFileSync(process.execPath, ['deploy/help/build.mjs', folder]);
  finders = Object.fromEntries(LANGUAGES.map((language) => [language, finderOf(language)]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As the help's first page has it. */
function finderOf(language: string): Find {
  const context = createContext({});
  runInContext('var window = globalThis;', context);
  for (const file of ['search.js', `${language}/sections.js`])
    runInContext(readFileSync(`${folder}/${file}`, 'utf8'), context);
  return runInContext('window.helpSearch(window.sections, window.sameWords)', context);
}

const firstThree = (language: string, asked: string): string[] =>
  (finders[language] as Find)(asked)
    .slice(0, 3)
    .map(({ page }) => page.replace('.html', ''));

describe.each(['questions.yaml', 'frozen-questions.yaml'])('of %s', (file) => {
  it.each(LANGUAGES)('in %s the page that answers is among the first three, for 95 of 100 questions', (language) => {
    const asked = questionsOf(file)[language];
    const missed = asked.filter(([words, pages]) => !firstThree(language, words).some((page) => pages.includes(page)));
    expect(asked.length).toBeGreaterThanOrEqual(60);
    expect(missed.length, `${missed.map(([words]) => words)}`).toBeLessThanOrEqual(asked.length * 0.05);
  });
});

it.each([
  ['zh', 'U盘升级', 'U 盘 升级'],
  ['zh', 'wifi', 'Wi-Fi'],
  ['en', 'rs485', 'RS-485'],
  ['en', 'loop detectors', 'loop detector'],
])('in %s, blanks, hyphens and plurals make no difference: %s, %s', (language, one, other) => {
  expect(firstThree(language, one)).not.toEqual([]);
  expect(firstThree(language, one)).toEqual(firstThree(language, other));
});

it.each([
  ['zh', '照片', '图片'],
  ['zh', '保安', '收费员'],
  ['en', 'photos', 'picture'],
  ['en', 'guard', 'attendant'],
])('in %s, two words for one thing find the same: %s, %s', (language, one, other) => {
  expect(firstThree(language, one)).not.toEqual([]);
  expect(firstThree(language, one)).toEqual(firstThree(language, other));
});

it('what nobody writes finds nothing', () => {
  expect(firstThree('en', 'zyzzyva')).toEqual([]);
});

it('asks for a page once, and for what a developer reads last', () => {
  const found = (finders.zh as Find)('摄像机').map(({ page }) => page);
  expect(found).toEqual([...new Set(found)]);
  expect(found.indexOf('cameras.html')).toBeLessThan(found.indexOf('device-profiles.html'));
});
