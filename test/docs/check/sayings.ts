/** What the program says in both languages: where a page quotes it in one, its twin speaks of the same in the other. */
import type { Section } from './pages.ts';

/** A sentence as it is written in `src/text`, in both languages. */
export interface Saying {
  readonly zh: string;
  readonly en: string;
}

const HAN = /\p{Script=Han}/u;
/** A key and a blank between two literals, not more. */
const NEXT_WITHIN = 40;

/** Literals that stand one behind the other, Chinese first, as `src/text` has them. */
export function sayingsOf(texts: string): readonly Saying[] {
  const literals = [...texts.matchAll(/'([^'\n]*)'|`([^`]*)`|"([^"\n]*)"/g)].map((match) => ({
    text: match[1] ?? match[2] ?? match[3] ?? '',
    from: match.index,
    to: match.index + match[0].length,
  }));
  const titles = [...texts.matchAll(/"title": "([^"·]+) · ([^"]+)"/g)].map(([, en = '', zh = '']) => ({ zh, en }));
  const pairs = literals.flatMap((zh, index) => {
    const en = literals[index + 1];
    return en !== undefined && HAN.test(zh.text) && !HAN.test(en.text) && en.from - zh.to < NEXT_WITHIN
      ? [{ zh: zh.text, en: en.text }]
      : [];
  });
  return [...titles, ...pairs];
}

const COMMON = ['the', 'and', 'for', 'with', 'not'];

/** Words that bear meaning, without their endings. */
const stemsOf = (text: string): readonly string[] =>
  [...new Set(text.toLowerCase().match(/[a-z]{3,}/g) ?? [])]
    .filter((word) => !COMMON.includes(word))
    .map((word) => word.replace(/(ies|es|s|ed|d|ing)$/, '').slice(0, 6));

/** Whether English text speaks of what is quoted in Chinese: all words of the very sentence, or half of the words of one that contains it. */
function isSpokenOf(quote: string, english: string, sayings: readonly Saying[]): boolean {
  const text = english.toLowerCase();
  const quoted = quotesIn(text);
  const found = sayings.filter(({ zh }) => zh.includes(quote));
  // Of a word that the program says alone, sentences that contain it are no proof, unless they are quoted, too.
  const isAlone = found.some(({ zh }) => zh === quote);
  return (
    found.length === 0 ||
    found.some(({ zh, en }) => {
      if (quoted.some((other) => en.toLowerCase().includes(other))) return true;
      if (isAlone && zh !== quote) return false;
      const stems = stemsOf(en);
      // One word of many pages is there by chance: in the very form that the program gives it.
      if (isAlone && stems.length < 2) return text.includes(en.toLowerCase());
      const there = stems.filter((stem) => text.includes(stem)).length;
      return zh === quote || stems.length === 0 ? there === stems.length : there >= Math.max(1, stems.length / 2);
    })
  );
}

/** The same the other way round: two characters in a row of the sentence. */
function isSpokenInChinese(quote: string, chinese: string, sayings: readonly Saying[]): boolean {
  const same = sayings.filter(({ en }) => en.toLowerCase() === quote.toLowerCase());
  const found = same.length > 0 ? same : sayings.filter(({ en }) => en.toLowerCase().includes(quote.toLowerCase()));
  const pairsIn = (zh: string): readonly string[] =>
    [...zh].slice(1).map((letter, index) => `${[...zh][index]}${letter}`);
  return (
    found.length === 0 ||
    found.some(({ zh }) => pairsIn(zh).some((two) => /^\p{Script=Han}{2}$/u.test(two) && chinese.includes(two)))
  );
}

/** What stands beside each other in both trees: rows, and lines of prose where there are as many. */
function unitsOf(zh: Section, en: Section): readonly (readonly [string, string])[] {
  const rows = zh.rows.map(({ text }, index) => [text, en.rows[index]?.text ?? ''] as const);
  const [one, other] = [zh, en].map(({ prose }) =>
    prose.map(({ text }) => text).filter((text) => text.trim() !== ''),
  ) as [string[], string[]];
  const prose =
    one.length === other.length
      ? one.map((text, index) => [text, other[index] ?? ''] as const)
      : [[one.join('\n'), other.join('\n')] as const];
  return [...rows, ...prose];
}

const quotesIn = (text: string): readonly string[] =>
  [...text.matchAll(/“([^”\n]+)”/g)].flatMap(([, quote = '']) => quote.replaceAll("'", '’').split(' → '));

export function sayingFaults(zh: Section, en: Section, sayings: readonly Saying[]): readonly string[] {
  return unitsOf(zh, en).flatMap(([chinese, english]) => [
    ...quotesIn(chinese)
      .filter((quote) => !isSpokenOf(quote, english, sayings))
      .map(
        (quote) => `“${quote}” is quoted in Chinese, and English speaks of nothing like it: ${english.slice(0, 60)}`,
      ),
    ...quotesIn(english)
      .filter((quote) => !isSpokenInChinese(quote, chinese, sayings))
      .map(
        (quote) => `“${quote}” is quoted in English, and Chinese speaks of nothing like it: ${chinese.slice(0, 40)}`,
      ),
  ]);
}
