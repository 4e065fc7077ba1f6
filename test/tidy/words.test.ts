/** One word for one thing in all that a person reads: who searches for the word of the trade finds everything, and nobody asks whether two names are two things. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNone, root, sources, under } from './sources.ts';

/** Where the words of the other column stand in another sense. */
const EXCEPT: Readonly<Record<string, RegExp>> = {
  // Unpaid releases are called so.
  缴费放行: /(?<![未已])缴费放行/,
  // The table of classes in the detection report is published under it.
  已知车辆: /已知车辆/,
  // Of Modbus, of a relay, and that of a loop which is cut anew.
  线圈: /(?<!读|写|写多个|地感|哪个|')线圈/,
  // 令牌照旧, 车牌照写.
  牌照: /(?<![令车])牌照/,
};
/** A document speaks of the coils of relays and of the wire of a loop by its name. */
const IN_DOCUMENTS = ['线圈'];

/** Sentences of the page, as a native writes them. */
const ENGLISH: readonly (readonly [word: string, not: RegExp])[] = [
  ['Nothing queued', /\bnothing waits\b/i],
  ['Reason', /\bwhy the box says so\b/i],
  ['Fix it', /\bput it right\b/i],
  ['No payment in the last 70 s', /\bno grant in\b/i],
  ['Uploads paused', /\bsomebody has paused\b/i],
  ['anyone who', /\bwhoever\b/i],
  ['receives payments', /\bhears? of p/i],
  ['set aside, quarantined', /\bput aside\b/i],
  ['the account reconciles', /\baccount (?:closes|does not close)\b/i],
];

type Language = 'zh' | 'en';
type Words = readonly (readonly [word: string, not: RegExp])[];

/** The last table of the glossary: what a thing is called, and what it is not. */
function glossary(language: Language, allowed: readonly string[] = []): Words {
  const [table = ''] = readFileSync(join(root, `docs/${language}/glossary.md`), 'utf8')
    .split('\n## ')
    .slice(-1);
  return [...table.matchAll(/^\| ([^|]+) \| ([^|-]+) \|$/gm)].slice(1).flatMap(([, word = '', not = '']) =>
    not
      .split(/、|, /)
      .filter((each) => !allowed.includes(each))
      .map(
        (each) =>
          [word, EXCEPT[each] ?? (language === 'zh' ? new RegExp(each) : new RegExp(`\\b${each}s?\\b`, 'i'))] as const,
      ),
  );
}
const WORDS = { zh: glossary('zh'), en: [...glossary('en'), ...ENGLISH] } as const;

/** What a reader sees of a page, without code and without the addresses of links. */
const prose = (text: string): string => text.replace(/<!--[\s\S]*?-->|```[\s\S]*?```|`[^`\n]*`|\]\([^)]*\)/g, ' ');

/** Literals of a file without what is computed in them. */
const literals = (text: string): readonly string[] =>
  [...text.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)].map(([literal]) => literal.replace(/\$\{[^{}]*\}/g, ''));

describe('a text that a person reads', () => {
  it('has one word for one thing, in Chinese and in English', () => {
    const found = sources
      .filter(({ path }) => under(path, 'src/text/'))
      .flatMap(({ path: file }) =>
        literals(readFileSync(join(root, file), 'utf8')).flatMap((literal) =>
          (/\p{Script=Han}/u.test(literal) ? WORDS.zh : WORDS.en)
            .filter(([, not]) => not.test(literal))
            .map(([word]) => `${file}: ${literal.slice(0, 80)} — ${word}`),
        ),
      );
    expectNone(found, 'two words are taken for two things; the list is the last table of docs/LANG/glossary.md');
  });

  it.each(['zh', 'en'] as const)('in a document has that word too, in %s', (language) => {
    const words = language === 'zh' ? glossary('zh', IN_DOCUMENTS) : WORDS.en;
    expect(words.length).toBeGreaterThan(10);
    const found = readdirSync(join(root, `docs/${language}`))
      .filter((file) => file !== 'glossary.md')
      .flatMap((file) =>
        prose(readFileSync(join(root, `docs/${language}`, file), 'utf8'))
          .split('\n')
          .flatMap((line) =>
            words.flatMap(([word, not]) => {
              const at = line.search(not);
              return at < 0
                ? []
                : [`docs/${language}/${file}: …${line.slice(Math.max(0, at - 20), at + 30)}… — ${word}`];
            }),
          ),
      );
    expectNone(found, 'write the word of the last table of the glossary');
  });
});
