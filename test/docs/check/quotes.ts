/** What stands in “…” is said by the program, in the language of the page, or is the name of a page's part; what else is quoted is listed. */
import type { Known } from './known.ts';
import { OUTSIDE_QUOTES } from './outside.ts';
import { type Fault, type Language, languageOf, type Pages, sectionsOf } from './pages.ts';

const others = new Set(OUTSIDE_QUOTES.trim().split('\n'));

/** Digits and what is left out are values of a template; a way through the page is its steps. */
const partsOf = (quote: string): readonly string[] => quote.split(/ → | · | \/ /).map((part) => part.trim());

const isHan = (letter: string | undefined): boolean => /^\p{Script=Han}/u.test(letter ?? '');
const isLetter = (letter: string | undefined): boolean => /^[a-z]/i.test(letter ?? '');

/** As whole words, where they are letters; Chinese begins or ends where a phrase does. */
function includesWords(texts: string, part: string): boolean {
  for (let at = texts.indexOf(part); at >= 0; at = texts.indexOf(part, at + 1)) {
    const [before, after] = [texts[at - 1], texts[at + part.length]];
    if (
      isHan(part[0]) && isHan(part.at(-1))
        ? !isHan(before) || !isHan(after)
        : !(isLetter(before) && isLetter(part[0])) && !(isLetter(after) && isLetter(part.at(-1)))
    )
      return true;
  }
  return false;
}

function isSaid(part: string, texts: string): boolean {
  // A sentence may begin with what is said in the middle of one.
  if (includesWords(texts, part) || includesWords(texts, part.slice(0, 1).toLowerCase() + part.slice(1))) return true;
  const pieces = part.split(/[\d.:]+|N/).map((piece) => piece.trim());
  return pieces.length > 1 && pieces.every((piece) => includesWords(texts, piece));
}

/** Sentences of the other language; a name may stand in any. */
const isForeign = (quote: string, language: Language | undefined): boolean =>
  (language === 'en' && /\p{Script=Han}/u.test(quote)) || (language === 'zh' && /^[A-Za-z’, -]{3,}$/.test(quote));

export function quoteFaultsOf(page: string, pages: Pages, { texts }: Known): readonly Fault[] {
  const headings = [...pages.values()].flatMap((text) =>
    sectionsOf(text).map(({ heading }) => heading.text.replace(/^#+ /, '')),
  );
  let inBlock = false;
  return (pages.get(page) ?? '').split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('```')) inBlock = !inBlock;
    const quotes = inBlock ? [] : [...line.matchAll(/“([^”\n]+)”/g)].map(([, quote = '']) => quote);
    const language = languageOf(page, pages);
    return quotes
      .filter(
        (quote) =>
          !others.has(quote) &&
          !headings.some((heading) => heading === quote) &&
          (isForeign(quote, language) || !partsOf(quote).every((part) => isSaid(part, texts))),
      )
      .map((quote) => ({
        page,
        line: index + 1,
        what: `“${quote}” is not said by the program (test/docs/check/outside.ts lists what others say)`,
      }));
  });
}

/** Messages in code that have blanks and no code in them: the first column of the page of troubles. */
export function messageFaultsOf(page: string, text: string, { texts }: Known): readonly Fault[] {
  if (!page.endsWith('/troubleshooting.md')) return [];
  return text.split('\n').flatMap((line, index) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]*)`/g)]
      .map(([, message = '']) => message)
      .filter((message) => /\p{Script=Han}|^[a-z' ]+ [a-z' ]+$/u.test(message) && !texts.includes(message))
      .map((message) => ({ page, line: index + 1, what: `"${message}" is not said by the program` })),
  );
}
