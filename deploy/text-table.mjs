// A table of texts as a typed module: what src/text/README.md says of tables, and a clear fault for what it does not.

/** `[NAME]`; `[NAME: TYPE] FILE` has exactly the members of that type; `(one, another)` behind it are the parts of each line. */
const SECTION = /^\[([A-Za-z]\w*)(?:: (.+))?\](?: (\.\S+\.ts))?(?: \((\w+(?:, \w+)*)\))?$/;
/** `key`, `group.key`, `group."key.with.dots"`; behind it `(place, place)`, `({ place, place })` or `()`. */
const KEY = /^((?:\w+\.)*(?:\w+|"[^"]+"))(?:\((.*)\))?$/;
const NAME = /^(?:[A-Za-z]\w*|\d+)$/;
/** A place takes a string or a number, and of another kind what that is; with `?` it may be missing. */
const PLACE = /^([A-Za-z]\w*)(\??)(?:: (\w+))?$/;
const alike = (written) => ({ type: 'number', written: (place) => [written(place), written(place)] });
const KINDS = {
  '': { type: 'string | number', written: (place) => [place, place] },
  Text: { type: 'Text', written: (place) => [`${place}.zh`, `${place}.en`] },
  List: { type: 'Listed', written: (place) => [`listZh(${place})`, `listEn(${place})`], isThere: '?.length' },
  Flag: { type: 'boolean' },
  Duration: { type: 'number', written: (place) => [`durationText(${place}).zh`, `durationText(${place}).en`] },
  Seconds: alike((place) => `Math.round(${place} / 1_000)`),
  Tenths: alike((place) => `(${place} / 1_000).toFixed(1)`),
  Whole: alike((place) => `Math.round(${place})`),
  Yuan: alike((place) => `yuan(${place})`),
};
/** An escape, the head of a part that depends on a place, one or several, a place, a bracket, what is itself. */
const TOKEN =
  /\\(?<sign>.?)|\{(?<not>!?)(?<when>\w+)\?|\{(?<count>\w+), (?<one>[^{},]+), (?<many>[^{},]+)\}|\{(?<place>[^{}]*)\}|(?<bracket>[{}])|[^\\{}]+/gu;
/** What is not itself in a text; `\s` is a blank at its edge. */
const ESCAPES = { n: '\n', s: ' ', '|': '|', '{': '{', '}': '}', '\\': '\\' };
const LANGUAGES = ['Chinese', 'English'];

/** `path` names the table in its faults; `ground` is where text.ts is, seen from it. */
export function moduleOf(table, path, ground) {
  const faults = [];
  const sections = [{ entries: new Map() }];
  // As an editor on Windows may leave it.
  const lines = table.replace(/^\uFEFF/, '').split(/\r?\n/);
  lines.forEach((line, index) => {
    const fault = (what) => faults.push(`${path}:${index + 1}: ${what}`);
    if (line.trim() === '' || line.startsWith('#')) return;
    if (line.startsWith('[')) addSection(sections, line, fault);
    else addText(sections, line, fault);
  });
  return { faults, code: faults.length === 0 ? codeOf(sections, path, ground) : '' };
}

function addSection(sections, line, fault) {
  const [, name, type, file, columns] = SECTION.exec(line) ?? [];
  if (name === undefined) return fault(`${line} is no head of a section: write [name], or [name: Type] ./file.ts`);
  if (sections.some((section) => section.name === name) || sections[0].entries.has(name))
    fault(`${name} is there twice`);
  sections.push({ name, type, file, columns: columns?.split(', '), entries: new Map() });
}

/** What a section above names: `why: CAUSE`. Of `[CAUSE: string]` what it does not name is as it is. */
function kindOf(name, sections) {
  const section = sections.find((each) => each.name === name && each.columns === undefined);
  if (section === undefined) return undefined;
  const { type = `keyof typeof ${name}` } = section;
  if (type !== 'string') return { type, written: (place) => [`${name}[${place}].zh`, `${name}[${place}].en`] };
  const named = (language) => (place) => `(${name}[${place}]?.${language} ?? ${place})`;
  return { type: 'string', written: (place) => [named('zh')(place), named('en')(place)] };
}

function addText(sections, line, fault) {
  const { entries, columns } = sections.at(-1);
  const [head, ...texts] = line.split(/(?<=(?<!\\)(?:\\\\)*)\|/).map((text) => text.trim());
  const [, written, declared] = KEY.exec(head) ?? [];
  if (written === undefined)
    return fault(`${head} is no key: write key, group.key or "a key", behind it (its, places)`);
  if (texts.length < 2 || texts.length % 2 > 0 || texts.length > 2 * (columns?.length ?? 1) || texts.includes(''))
    return fault(
      `${head} needs two languages${columns ? ` of ${columns.join(', ')}` : ''}: key | 中文 | English (a | in a text: \\|)`,
    );
  const places = placesOf(head, declared, sections, fault);
  const parts = texts.map((text) => partsOf(text, (what) => fault(`${head}: ${what}`)));
  const used = [0, 1].map((language) => namesIn(parts.filter((_, at) => at % 2 === language).flat()));
  for (const [language, name] of LANGUAGES.entries())
    for (const [place, { written }] of places)
      if (!used[language].has(place) && (written !== undefined || !used[1 - language].has(place)))
        fault(`${head}: the ${name} text does not use the place ${place}`);
  for (const place of new Set(used.flatMap((names) => [...names])))
    if (!places.has(place)) fault(`${head} does not declare the place ${place}`);
  const alone = columns?.map((_, at) => aloneIn(parts.slice(2 * at, 2 * at + 2), places)) ?? [];
  const printed = parts.filter((_, at) => alone[Math.floor(at / 2)] === undefined);
  for (const place of printedAlone(printed.flat(), places))
    fault(`${head}: ${place} may be missing, and a Flag has no words: write {${place}? …}`);
  const keys = written.match(/"[^"]+"|\w+/g).map((key) => key.replaceAll('"', ''));
  put(entries, keys, { declared, places, parts, columns, alone }, () => fault(`${written} is there twice`));
}

function placesOf(head, declared = '', sections, fault) {
  const places = new Map();
  for (const each of declared.replace(/^\{ (.+) \}$/, '$1').split(', ')) {
    const [, place, missing, kind = ''] = PLACE.exec(each) ?? [];
    const known = KINDS[kind] ?? kindOf(kind, sections);
    if (declared !== '' && (place === undefined || places.has(place) || known === undefined))
      fault(`${head} cannot have a place ${each}: write (one, another: Text, third?: List, fourth: Flag), each once`);
    else if (declared !== '') places.set(place, { ...known, mayMiss: missing === '?' || kind === 'Flag' });
  }
  return places;
}

function put(entries, [key, ...rest], text, twice) {
  if (rest.length === 0) return entries.has(key) ? twice() : entries.set(key, text);
  const group = entries.get(key) ?? new Map();
  if (!(group instanceof Map)) return twice();
  put(entries.set(key, group).get(key), rest, text, twice);
}

/** A text as what is written, what is put in, and what depends on a place. */
function partsOf(text, fault) {
  const open = [{ inside: [{ literal: '' }] }];
  const put = (...parts) => open.at(-1).inside.push(...parts, { literal: '' });
  for (const { 0: whole, groups } of text.matchAll(TOKEN)) {
    const { sign, not, when, count, one, many, place, bracket } = groups;
    if (when !== undefined) open.push({ when, not: not !== '', inside: [{ literal: '' }] });
    else if (count !== undefined) put({ count, one, many });
    else if (place !== undefined) put({ place });
    else if (bracket === '}' && open.length > 1) put(open.pop());
    else if (bracket !== undefined) fault(`${whole} alone: a place is written {name}, the sign itself \\${whole}`);
    else if (sign !== undefined && ESCAPES[sign] === undefined) fault(`${whole} is no escape`);
    else open.at(-1).inside.at(-1).literal += sign === undefined ? whole : ESCAPES[sign];
  }
  if (open.length > 1) fault(`{${open.at(-1).when}? does not end: close it with }`);
  return open[0].inside;
}

function namesIn(parts) {
  const names = parts.flatMap(({ place, count, when, inside = [] }) => [place, count, when, ...namesIn(inside)]);
  return new Set(names.filter((name) => name !== undefined));
}

/** Places that may be missing and are written where they may. */
function printedAlone(parts, places, known = []) {
  return parts.flatMap(({ place, count = place, when, not, inside = [] }) => [
    ...(places.has(count) && isBare(places.get(count), known.includes(count)) ? [count] : []),
    ...printedAlone(inside, places, not ? known : [...known, when]),
  ]);
}

/** The place that a pair of a section with parts is by itself, `{why} | {why}`: where it may be missing the pair is missing with it. */
function aloneIn(pair, places) {
  const [place, other] = pair.map(([before, one, behind, ...more]) => {
    const isAlone = more.length === 0 && before.literal === '' && behind?.literal === '';
    return isAlone ? one.place : undefined;
  });
  return place === other && places.get(place)?.mayMiss ? place : undefined;
}

const isBare = ({ mayMiss, written }, isKnown) => written === undefined || (mayMiss && !isKnown);

function codeOf(sections, path, ground) {
  const types = [...new Set(sections.map(({ file }) => file).filter((file) => file !== undefined))].map((from) => {
    const named = sections.flatMap(({ type, file }) => (file === from ? type.match(/(?<!['\w])[A-Z]\w*/g) : []));
    return `import type { ${[...new Set(named)].join(', ')} } from '${from}';\n`;
  });
  const [loose, ...named] = sections;
  const body = [
    ...[...loose.entries].map(([key, text]) => `export const ${key} = ${memberOf(text)};\n`),
    ...named.map(({ name, type, columns, entries }) => {
      const members = type && `Readonly<Record<${type}, ${columns ? 'unknown' : 'Text'}>>`;
      const [before, behind] =
        type === undefined ? ['', ''] : columns ? ['', ` satisfies ${members}`] : [`: ${members}`, ''];
      return `export const ${name}${before} = ${memberOf(entries)}${behind};\n`;
    }),
  ].join('\n');
  const grounds = [
    ...(body.includes('durationText(') ? ['durationText'] : []),
    ...(body.includes('listZh(') ? ['listEn', 'type Listed', 'listZh'] : []),
    ...(/(?:[({]|, |readonly )\w+\??: Text\b|, Text>>/.test(body) ? ['type Text'] : []),
    ...(body.includes('yuan(') ? ['yuan'] : []),
  ];
  const imported = grounds.length === 0 ? '' : `import { ${grounds.join(', ')} } from '${ground}';\n`;
  return `/** Made of ${path} by deploy/texts.mjs: change it there. */\n${types.join('')}${imported}\n${body}`;
}

function memberOf(text, indent = '  ') {
  if (text instanceof Map) {
    const members = [...text].map(
      ([key, member]) => `${indent}${NAME.test(key) ? key : quoted(key)}: ${memberOf(member, `${indent}  `)},\n`,
    );
    return `{\n${members.join('')}${indent.slice(2)}}`;
  }
  const { declared, places, parts, columns, alone } = text;
  const literals = parts.map((each, at) => literalOf(each, places, at % 2));
  const pairs = literals.filter((_, at) => at % 2 === 0).map((zh, at) => `{ zh: ${zh}, en: ${literals[2 * at + 1]} }`);
  const member = (pair, at) =>
    alone[at] === undefined
      ? `${columns[at]}: ${pair}`
      : `...(${alone[at]} !== undefined && { ${columns[at]}: ${pair} })`;
  const value = columns === undefined ? pairs[0] : `{ ${pairs.map(member).join(', ')} }`;
  if (declared === undefined) return value;
  const isObject = declared.startsWith('{');
  const optional = ([, { mayMiss }]) => mayMiss;
  const typed = [...places].map(([place, { type, mayMiss }], at, all) => {
    const mark = mayMiss && (isObject || all.slice(at).every(optional)) ? '?' : '';
    return `${place}${mark}: ${type}${mayMiss ? ' | undefined' : ''}`;
  });
  const given = isObject
    ? `{ ${[...places.keys()].join(', ')} }: { readonly ${typed.join('; readonly ')} }`
    : typed.join(', ');
  return `(${given}) => (${value})`;
}

const escaped = (text, mark) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(mark, `\\${mark}`);

function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + escaped(text, mark) + mark;
}

function literalOf(parts, places, language) {
  if (parts.length === 1) return quoted(parts[0].literal);
  const written = ({ place, literal, count, one, many, when, not, inside }) => {
    if (literal !== undefined) return escaped(literal, '`').replaceAll('${', '\\${');
    if (place !== undefined) return `\${${places.get(place).written(place)[language]}}`;
    if (count !== undefined) return `\${${count} === 1 ? ${quoted(one)} : ${quoted(many)}}`;
    const [yes, no] = [literalOf(inside, places, language), "''"];
    const isThere = `${when}${places.get(when).isThere ?? ''}`;
    return `\${${isThere} ? ${not ? `${no} : ${yes}` : `${yes} : ${no}`}}`;
  };
  return `\`${parts.map(written).join('')}\``;
}
