/** Each page of the two trees is in one language, is there in both, and is short. */
import { englishOf, type Fault, languageOf, type Pages } from './pages.ts';

const ENGLISH_WORDS_MAX = 1_200;
const CHINESE_LETTERS_MAX = 2_400;

/** Without code, and without places that links lead to. */
const proseOf = (text: string): string =>
  text
    .replaceAll(/```[\s\S]*?```|<!--[\s\S]*?-->/g, '')
    .replaceAll(/`[^`]*`/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\bWi-Fi\b/g, '');

export function languageFaultsOf(page: string, pages: Pages): readonly Fault[] {
  if (!/^docs\/(zh|en)\//.test(page)) return [];
  const prose = proseOf(pages.get(page) ?? '');
  // A table is looked things up in, not read through.
  const readThrough = prose.replaceAll(/^\|.*$/gm, '');
  const say = (...whats: readonly string[]): readonly Fault[] => whats.map((what) => ({ page, line: 1, what }));
  if (languageOf(page, pages) === 'en') {
    const chinese = prose.match(/\p{Script=Han}+/gu) ?? [];
    const words = readThrough.split(/\s+/).length;
    return say(
      ...(pages.has(page.replace('docs/en/', 'docs/zh/')) ? [] : ['there is no such page in Chinese']),
      ...chinese.map((text) => `Chinese on a page in English: ${text}`),
      ...(words > ENGLISH_WORDS_MAX ? [`${words} words, at most ${ENGLISH_WORDS_MAX}: two pages`] : []),
    );
  }
  const letters = readThrough.match(/\p{Script=Han}/gu)?.length ?? 0;
  // A name of a product or a protocol is no sentence.
  const english = prose.match(/(?:[A-Za-z']{2,}[ ,;]+){5,}[A-Za-z']+/g) ?? [];
  return say(
    ...(englishOf(page, pages) === undefined ? ['there is no such page in English'] : []),
    ...english.map((text) => `English on a page in Chinese: ${text}`),
    ...(letters > CHINESE_LETTERS_MAX ? [`${letters} characters, at most ${CHINESE_LETTERS_MAX}: two pages`] : []),
  );
}
