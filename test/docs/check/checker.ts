/** Everything that is wrong with the documents. What was checked of a page is remembered, so that a second look at one change takes milliseconds. */
import { commandFaultsOf } from './commands.ts';
import { complete } from './complete.ts';
import { factFaultsOf, sealFaultsOf } from './facts.ts';
import { type Generated, generated } from './generated.ts';
import type { Known } from './known.ts';
import { languageFaultsOf } from './language.ts';
import { limitFaultsOf } from './limits.ts';
import { linkFaultsOf } from './links.ts';
import { englishOf, type Fault, isHistory, type Pages, sectionsOf } from './pages.ts';
import { pairFaultsOf } from './pairs.ts';
import { messageFaultsOf, quoteFaultsOf } from './quotes.ts';
import { registerFaultsOf } from './register.ts';
import { senseFaultsOf } from './sense.ts';
import { settingFaultsOf } from './settings.ts';
import { wordFaultsOf } from './words.ts';

function faultsOfPage(page: string, text: string, all: Known, written: Generated): readonly Fault[] {
  const sections = sectionsOf(text);
  return [
    ...wordFaultsOf(page, sections, all),
    ...commandFaultsOf(page, sections, all),
    ...settingFaultsOf(page, sections, all),
    ...messageFaultsOf(page, text, all),
    ...factFaultsOf(page, sections),
    ...senseFaultsOf(page, sections),
    ...sealFaultsOf(page, text),
    ...written(page, text),
  ];
}

export type Checker = (pages: Pages) => readonly Fault[];

export async function checkerOf(all: Known): Promise<Checker> {
  const written = await generated(all);
  const missing = complete(all);
  const registered = registerFaultsOf(all);
  const limited = limitFaultsOf();
  const seen = new Map<string, readonly Fault[]>();
  const once = (key: string, look: () => readonly Fault[]): readonly Fault[] => {
    const before = seen.get(key);
    if (before !== undefined) return before;
    const faults = look();
    seen.set(key, faults);
    return faults;
  };
  return (pages) => {
    const headings = [...pages.values()].flatMap((text) => text.match(/^#+ .*$/gm) ?? []).join('\n');
    const perPage = [...pages].flatMap(([page, text]) => {
      if (isHistory(page)) return once(`links ${page} ${text} ${headings}`, () => linkFaultsOf(page, pages, all));
      return [
        ...once(`page ${page} ${text}`, () => [
          ...faultsOfPage(page, text, all, written),
          ...registered(page, pages),
          ...limited(page, text),
        ]),
        ...once(`links ${page} ${text} ${headings}`, () => [
          ...linkFaultsOf(page, pages, all),
          ...quoteFaultsOf(page, pages, all),
          ...languageFaultsOf(page, pages),
        ]),
        ...once(`pair ${page} ${text} ${pages.get(englishOf(page, pages) ?? '') ?? ''}`, () =>
          pairFaultsOf(page, pages, all),
        ),
      ];
    });
    return [...perPage, ...missing(pages)];
  };
}
