/** Names: a stranger types the field's word into the search box, and what it finds is one thing. */
import { it } from 'vitest';
import { declared, expectNone, expectOnly, type Source, sources, target } from './sources.ts';

/** Exported by two files each, with a meaning of its own. */
const HOMONYMS: readonly string[] = [];

/** Words of no field: none says what a thing is, and each has a usual one (docs/en/glossary.md). */
const NO_WORDS =
  /^(told|tells?|tellers?|whoever|whatever|nobody|somebody|someone|everybody|anew|aloud|utils?|helpers?|managers?|misc|common|stuff)$/i;

const FILES_WITH_SUCH: readonly string[] = [];

const EXPORTS_WITH_SUCH: readonly string[] = [];

const wordsOf = (name: string): string[] => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);

const byPath = new Map(sources.map((source) => [source.path, source]));
/** What a file adds to a table of texts stands under the table's name, wherever the file is. */
const addsTo = (source: Source, name: string): string | undefined =>
  source.imports
    .map(({ from }) => target(source, from) ?? '')
    .find((path) => path.endsWith('.made.ts') && declared(byPath.get(path) ?? source).includes(name));

const exported = sources.flatMap((source) =>
  declared(source).map((name) => ({ name, path: addsTo(source, name) ?? source.path })),
);

it('each exported name has one meaning', () => {
  const files = new Map<string, Set<string>>();
  for (const { name, path } of exported) files.set(name, (files.get(name) ?? new Set()).add(path));
  const several = [...files].filter(([, places]) => places.size > 1);
  expectOnly(
    HOMONYMS,
    several.map(([name]) => name),
    `two things of one name are taken for one (${several.map(([name, places]) => `${name}: ${[...places].join(', ')}`).join('; ')})`,
  );
});

it('no file and no export bears a word that says nothing', () => {
  const why = 'a name says what a thing is, in the terms of the field';
  expectOnly(
    FILES_WITH_SUCH,
    sources.map(({ path }) => path).filter((path) => wordsOf(path).some((word) => NO_WORDS.test(word))),
    why,
  );
  expectOnly(
    EXPORTS_WITH_SUCH,
    exported
      .filter(({ name }) => wordsOf(name).some((word) => NO_WORDS.test(word)))
      .map(({ name, path }) => `${path} ${name}`),
    why,
  );
});

it('no file is a service', () => {
  expectNone(
    sources.map(({ path }) => path).filter((path) => /service/i.test(path)),
    'a service is anything: a name says what a thing is',
  );
});
