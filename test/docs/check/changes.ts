/**
 * Random changes to the documents, at random places of all pages: what a slip of the pen or a renaming would do. They know nothing of what is
 * checked. Seeded, so that a survivor can be looked at again.
 */
import { englishOf, type Pages, sectionsOf } from './pages.ts';

export const CLASSES = ['command', 'figure', 'key', 'name', 'quote'] as const;
export type ChangeClass = (typeof CLASSES)[number];

interface Place {
  readonly page: string;
  /** Counted from 0 in the whole text. */
  readonly at: number;
  readonly was: string;
}

export interface Change {
  readonly of: ChangeClass;
  readonly place: Place;
  readonly now: string;
}

export type Chance = () => number;

/** mulberry32 */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(chance: Chance, items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;

interface Piece {
  readonly at: number;
  readonly text: string;
  /** Undefined: inline. */
  readonly form?: string;
}

/** Inline code, and lines of blocks without comments, with their places. */
function codePieces(text: string): readonly Piece[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const pieces: Piece[] = [];
  for (const { prose, rows, blocks } of sectionsOf(text)) {
    for (const line of [...prose, ...rows])
      for (const { 0: all, index } of line.text.matchAll(/`[^`]+`/g))
        pieces.push({ at: (starts[line.number - 1] ?? 0) + index + 1, text: all.slice(1, -1) });
    for (const { form, lines } of blocks)
      for (const line of lines)
        pieces.push({ at: starts[line.number - 1] ?? 0, text: line.text.replace(/(^|\s)#.*$/, ''), form });
  }
  return pieces;
}

const PROGRAM =
  /^(?:sudo )?(?:[A-Z_]+=\S+ )*(lanewarden|npm|npx|node|curl|systemctl|openssl|apt|apt-get|dpkg|mosquitto_pub|journalctl|mbpoll|cp|mount|git|kill)\b/;

function commandPlaces(page: string, text: string): readonly Place[] {
  return codePieces(text)
    .filter(
      (piece) =>
        piece.form === 'sh' || (piece.form === undefined && (PROGRAM.test(piece.text) || /^--?[a-z]/.test(piece.text))),
    )
    .flatMap((piece) =>
      [...piece.text.matchAll(/(?<=^|[\s[(])(--?[A-Za-z][\w-]*|[a-z][a-z-]+)(?=$|[\s\]=),])/g)].map(
        ({ 0: was, index }) => ({ page, at: piece.at + index, was }),
      ),
    );
}

/** Every number of the page, save in the targets of links. */
function figurePlaces(page: string, text: string): readonly Place[] {
  const visible = text.replaceAll(/\]\([^)]*\)|<!--.*?-->/g, (target) => ' '.repeat(target.length));
  return [...visible.matchAll(/(?<![\w.-])\d[\d,.]*(?<=\d)(?!\.?\w*[a-z]\w*\d)/gi)].map(({ 0: was, index }) => ({
    page,
    at: index,
    was,
  }));
}

/** Names in code: of keys, fields, topics, metrics, variables, errors. */
function keyPlaces(page: string, text: string): readonly Place[] {
  return codePieces(text)
    .filter(
      ({ form, text: code }) =>
        form === 'yaml' ||
        form === 'json' ||
        (form === undefined && !PROGRAM.test(code) && !/^-|\/\w+\.\w+$|\.(md|ts|mjs|yaml|py|sh|deb|zip)\b/.test(code)),
    )
    .flatMap((piece) =>
      [...piece.text.matchAll(/(?<![\w./-])[A-Za-z_][A-Za-z0-9_]{2,}(?![\w-])/g)].map(({ 0: was, index }) => ({
        page,
        at: piece.at + index,
        was,
      })),
    );
}

/** Files, tests and pages, in code and in the targets of links. */
function namePlaces(page: string, text: string): readonly Place[] {
  const inCode = codePieces(text).flatMap((piece) =>
    [
      ...piece.text.matchAll(
        /[\w/.@-]*[\w@-]+\.(?:md|tsx?|mjs|yaml|yml|py|sh|deb|zip|service|db|pem|json|conf|sql|html)\b|(?<![\w.:/])(?:src|test|docs|deploy|drivers|\/etc|\/usr|\/var|\/opt)\/[\w/.-]+\w/g,
      ),
    ].map(({ 0: was, index }) => ({ page, at: piece.at + index, was })),
  );
  const inLinks = [...text.matchAll(/(?<=\]\()(?!https?:)[^)#\s]+(?=[)#])/g)].map(({ 0: was, index }) => ({
    page,
    at: index,
    was,
  }));
  return [...inCode, ...inLinks];
}

/** What is quoted of the program: it says so now. */
function quotePlaces(page: string, text: string, texts: string): readonly Place[] {
  return [...text.matchAll(/(?<=“)[^”\n]+(?=”)/g)]
    .map(({ 0: was, index }) => ({ page, at: index, was }))
    .filter(({ was }) => texts.includes(was));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** One letter replaced, left out or doubled. */
function otherLetter(chance: Chance, was: string): string {
  const places = [...was.matchAll(/[A-Za-z]/g)].map(({ index }) => index);
  if (places.length === 0) return `${was}x`;
  const at = pick(chance, places);
  const letter = was[at] ?? '';
  const way = chance();
  const replaced = pick(
    chance,
    [...LETTERS].filter((each) => each !== letter.toLowerCase()),
  );
  const now =
    way < 0.6
      ? letter === letter.toLowerCase()
        ? replaced
        : replaced.toUpperCase()
      : way < 0.8
        ? ''
        : letter + letter;
  return was.slice(0, at) + now + was.slice(at + 1);
}

function otherDigit(chance: Chance, was: string): string {
  const at = pick(
    chance,
    [...was.matchAll(/\d/g)].map(({ index }) => index),
  );
  return (
    was.slice(0, at) +
    pick(
      chance,
      [...'0123456789'].filter((each) => each !== was[at]),
    ) +
    was.slice(at + 1)
  );
}

function otherSaying(chance: Chance, was: string, all: readonly Place[]): string {
  if (chance() < 0.3)
    return pick(
      chance,
      all.filter((place) => place.was !== was),
    ).was;
  const letters = [...was];
  const at = Math.floor(chance() * letters.length);
  const letter = letters[at] ?? '';
  const now = /\p{Script=Han}/u.test(letter)
    ? pick(
        chance,
        [
          ...'的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后',
        ].filter((each) => each !== letter),
      )
    : otherLetter(chance, letter);
  return [...letters.slice(0, at), now, ...letters.slice(at + 1)].join('');
}

/** Half of the names are misspelt, half become another one of the same kind. */
function nowOf(of: ChangeClass, { was }: Place, all: readonly Place[], chance: Chance): string {
  if (of === 'figure') return otherDigit(chance, was);
  if (of === 'quote') return otherSaying(chance, was, all);
  const swaps = of === 'command' ? was.startsWith('-') : true;
  if (!swaps || chance() < 0.5) return otherLetter(chance, was);
  const others = of === 'command' ? all.filter((place) => place.was.startsWith('--')) : all;
  return pick(
    chance,
    others.filter((place) => place.was !== was),
  ).was;
}

export function changesOf(pages: Pages, texts: string, seed: number, count: number): readonly Change[] {
  const chance = chanceOf(seed);
  const places: Readonly<Record<ChangeClass, readonly Place[]>> = {
    command: [...pages].flatMap(([page, text]) => commandPlaces(page, text)),
    figure: [...pages].flatMap(([page, text]) => figurePlaces(page, text)),
    key: [...pages].flatMap(([page, text]) => keyPlaces(page, text)),
    name: [...pages].flatMap(([page, text]) => namePlaces(page, text)),
    quote: [...pages].flatMap(([page, text]) => quotePlaces(page, text, texts)),
  };
  return Array.from({ length: count }, () => {
    const of = pick(chance, CLASSES);
    const place = pick(chance, places[of]);
    return { of, place, now: nowOf(of, place, places[of], chance) };
  });
}

const replaceAt = (text: string, at: number, was: string, now: string): string =>
  text.slice(0, at) + now + text.slice(at + was.length);

/** The section that a place is in, as lines from and to. */
function sectionAt(text: string, at: number): number {
  const line = text.slice(0, at).split('\n').length;
  return sectionsOf(text).findLastIndex(({ heading }) => heading.number <= line);
}

/** Where the twin says the same: in the section of the same place, in the same row or block if there is one. */
function twinPlace(text: string, { at, was }: Place, twin: string): number {
  const index = sectionAt(text, at);
  const [from = 0, to = twin.length] = [index, index + 1].map((each) => {
    const section = sectionsOf(twin)[each];
    return section === undefined
      ? undefined
      : twin
          .split('\n')
          .slice(0, section.heading.number - 1)
          .join('\n').length;
  });
  const edge = (side: string): string => `(?${side}[\\w.])`;
  const word = new RegExp(`${edge('<!')}${was.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}${edge('!')}`, 'g');
  const mine = text.slice(0, at).split('\n').at(-1) ?? '';
  const found = [...twin.slice(from, to).matchAll(word)].map((match) => match.index + from);
  // In a table the row of the same number, else the first.
  const rowOf = (whole: string, place: number): number =>
    whole
      .slice(0, place)
      .split('\n')
      .filter((line) => line.startsWith('|')).length;
  return (
    (mine.startsWith('|') ? found.find((place) => rowOf(twin, place) === rowOf(text, at)) : undefined) ?? found[0] ?? -1
  );
}

/** The pages with the change; `both`: the twin says the same wrong thing, where it said the same right one. */
export function changed(pages: Pages, { place, now }: Change, both: boolean): Pages {
  const { page, at, was } = place;
  const text = pages.get(page) ?? '';
  const result = new Map(pages).set(page, replaceAt(text, at, was, now));
  const twin = [...pages.keys()].find(
    (other) => other !== page && (englishOf(page, pages) === other || englishOf(other, pages) === page),
  );
  if (!both || twin === undefined) return result;
  const other = pages.get(twin) ?? '';
  const place2 = twinPlace(text, place, other);
  return place2 < 0 ? result : result.set(twin, replaceAt(other, place2, was, now));
}

/** One line around the change. */
export function shownChange(pages: Pages, { of, place, now }: Change): string {
  const { page, at, was } = place;
  const text = pages.get(page) ?? '';
  const line = text.slice(0, at).split('\n').length;
  const around = text.slice(Math.max(text.lastIndexOf('\n', at) + 1, at - 30), at);
  return `${page}:${line}: ${of}: …${around}[${was} → ${now}]${text.slice(at + was.length, at + was.length + 20).split('\n')[0]}…`;
}
