// Makes a typed module of every table of texts: src/text/page/server.txt → src/text/page/server.made.ts, which git ignores. How a table is written: src/text/README.md.
// It runs by itself before everything that reads them: npm ci, the build, tests, checks. By hand: node deploy/texts.mjs
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../src/text', import.meta.url));
const MADE = '.made.ts';

/** `[NAME]`, and of a table with exactly the members of a type: `[NAME: TYPE] FILE`. */
const SECTION = /^\[([A-Za-z]\w*)(?:: (.+))?\](?: (\S+\.ts))?$/;
/** `key`, `group.key`, `"key.with.dots"`; behind it `(place, place)` or `({ place, place })`. */
const KEY = /^((?:\w+\.)*(?:\w+|"[^"]+"))(?:\((.+)\))?$/;
const NAME = /^[A-Za-z]\w*$/;
/** A place takes a string or a number, and of another kind what that is. */
const PLACE = /^([A-Za-z]\w*)(?:: (Text|List))?$/;
const KINDS = {
  '': { type: 'string | number', written: (place) => [place, place] },
  Text: { type: 'Text', written: (place) => [`${place}.zh`, `${place}.en`] },
  List: { type: 'Listed', written: (place) => [`listZh(${place})`, `listEn(${place})`] },
};
/** What is not itself in a text; `\s` is a blank at its edge. */
const ESCAPES = { n: '\n', s: ' ', '|': '|', '{': '{', '}': '}', '\\': '\\' };

/** Of a table: `faults` of it, or `code`. `path` names it in faults; `ground` is where text.ts is, seen from it. */
export function moduleOf(table, path, ground) {
  const faults = [];
  const sections = [{ entries: new Map() }];
  table.split('\n').forEach((line, index) => {
    const fault = (what) => faults.push(`${path}:${index + 1}: ${what}`);
    if (line.trim() === '' || line.startsWith('#')) return;
    if (line.startsWith('[')) addSection(sections, line, fault);
    else addText(sections, line, fault);
  });
  return { faults, code: faults.length === 0 ? code(sections, path, ground) : '' };
}

function addSection(sections, line, fault) {
  const [, name, type, file] = SECTION.exec(line) ?? [];
  if (name === undefined) return fault(`${line} is no head of a section: write [name], or [name: Type] file.ts`);
  if (sections.some((section) => section.name === name) || sections[0].entries.has(name))
    fault(`${name} is there twice`);
  sections.push({ name, type, file, entries: new Map() });
}

function addText(sections, line, fault) {
  const { entries } = sections.at(-1);
  const [head, ...languages] = line.split(/(?<=(?<!\\)(?:\\\\)*)\|/).map((part) => part.trim());
  const [, written, declared] = KEY.exec(head) ?? [];
  if (written === undefined)
    return fault(`${head} is no key: write key, group.key or "a key", behind it (its, places)`);
  if (languages.length !== 2 || languages.includes(''))
    return fault(`${head} needs two languages: key | 中文 | English (a | in a text is written \\|)`);
  const inObject = /^\{ (.+) \}$/.exec(declared ?? '');
  const places = new Map();
  for (const each of (inObject?.[1] ?? declared)?.split(', ') ?? []) {
    const [, place, kind = ''] = PLACE.exec(each) ?? [];
    if (place === undefined || places.has(place))
      return fault(`${head} cannot have a place ${each}: write (one, another: Text, third: List), each once`);
    places.set(place, kind);
  }
  const texts = languages.map((text) => parts(text, (what) => fault(`${head}: ${what}`)));
  for (const [index, text] of texts.entries())
    for (const place of places.keys())
      if (!text.some((part) => part.place === place))
        fault(`${head}: the ${['Chinese', 'English'][index]} text does not use the place ${place}`);
  for (const { place } of texts.flat())
    if (place !== undefined && !places.has(place)) fault(`${head} does not declare the place ${place}`);
  const keys = written.match(/"[^"]+"|\w+/g).map((key) => key.replaceAll('"', ''));
  put(entries, keys, { places, isObject: inObject !== null, texts }, () => fault(`${written} is there twice`));
}

function put(entries, [key, ...rest], text, twice) {
  if (rest.length === 0) return entries.has(key) ? twice() : entries.set(key, text);
  const group = entries.get(key) ?? new Map();
  if (!(group instanceof Map)) return twice();
  put(entries.set(key, group).get(key), rest, text, twice);
}

/** A text as literal parts and places. */
function parts(text, fault) {
  const found = [{ literal: '' }];
  for (const [whole, sign, place] of text.matchAll(/\\(.?)|\{([^{}]*)\}|./gu)) {
    if (place !== undefined) found.push({ place }, { literal: '' });
    else if (sign !== undefined && ESCAPES[sign] === undefined) fault(`${whole} is no escape`);
    else if (/^[{}]$/.test(whole)) fault(`${whole} alone: a place is written {name}, the sign itself \\${whole}`);
    else found.at(-1).literal += sign === undefined ? whole : ESCAPES[sign];
  }
  return found;
}

function code(sections, path, ground) {
  const types = [...new Set(sections.map(({ file }) => file).filter((file) => file !== undefined))].map((from) => {
    const named = sections.flatMap(({ type, file }) => (file === from ? type.match(/(?<!['\w])[A-Z]\w*/g) : []));
    return `import type { ${[...new Set(named)].join(', ')} } from '${from}';\n`;
  });
  const [loose, ...named] = sections;
  const body = [
    ...[...loose.entries].map(([key, text]) => `export const ${key} = ${value(text)};\n`),
    ...named.map(
      ({ name, type, entries }) =>
        `export const ${name}${type === undefined ? '' : `: Readonly<Record<${type}, Text>>`} = ${value(entries)};\n`,
    ),
  ].join('\n');
  const used = ['listEn', 'type Listed', 'listZh', 'type Text'].filter((name) =>
    body.match(`\\b${name.split(' ').at(-1)}\\b`),
  );
  const grounds = used.length === 0 ? '' : `import { ${used.join(', ')} } from '${ground}';\n`;
  return `/** Made of ${path} by deploy/texts.mjs: change it there. */\n${types.join('')}${grounds}\n${body}`;
}

function value(text, indent = '  ') {
  if (text instanceof Map) {
    const members = [...text].map(
      ([key, member]) => `${indent}${NAME.test(key) ? key : quoted(key)}: ${value(member, `${indent}  `)},\n`,
    );
    return `{\n${members.join('')}${indent.slice(2)}}`;
  }
  const { places, isObject, texts } = text;
  const [zh, en] = texts.map((parts, index) => literal(parts, places, index));
  if (places.size === 0) return `{ zh: ${zh}, en: ${en} }`;
  const typed = [...places].map(([place, kind]) => `${place}: ${KINDS[kind].type}`);
  const given = isObject
    ? `{ ${[...places.keys()].join(', ')} }: { readonly ${typed.join('; readonly ')} }`
    : typed.join(', ');
  return `(${given}): Text => ({ zh: ${zh}, en: ${en} })`;
}

const escaped = (text, mark) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(mark, `\\${mark}`);

function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + escaped(text, mark) + mark;
}

function literal(parts, places, language) {
  if (parts.length === 1) return quoted(parts[0].literal);
  const written = parts.map(({ place, literal: plain }) =>
    place === undefined
      ? escaped(plain, '`').replaceAll('${', '\\${')
      : `\${${KINDS[places.get(place)].written(place)[language]}}`,
  );
  return `\`${written.join('')}\``;
}

/** Makes what has changed, and removes what has no table. Whoever reads while it writes sees one whole module or the other. */
export function makeTexts(folder = FOLDER) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const faults = [];
  for (const file of files.filter((name) => name.endsWith('.txt'))) {
    const made = join(folder, file.replace(/\.txt$/, MADE));
    const toGround = relative(dirname(file), 'text.ts');
    const table = readFileSync(join(folder, file), 'utf8');
    const module = moduleOf(table, `src/text/${file}`, toGround.startsWith('.') ? toGround : `./${toGround}`);
    faults.push(...module.faults);
    if (module.faults.length > 0 || (existsSync(made) && readFileSync(made, 'utf8') === module.code)) continue;
    writeFileSync(`${made}.${process.pid}`, module.code);
    renameSync(`${made}.${process.pid}`, made);
  }
  for (const file of files.filter((name) => name.endsWith(MADE) && !files.includes(name.replace(MADE, '.txt'))))
    rmSync(join(folder, file));
  return faults;
}

/** Before the tests, too: vitest calls it. */
export function setup() {
  const faults = makeTexts();
  if (faults.length > 0) throw new Error(`texts\n${faults.join('\n')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = makeTexts();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
