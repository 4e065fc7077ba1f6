// A step of the page's build: a table of texts becomes one constant for each text, so that the names of texts cost nothing on the air and a
// text that nobody uses is not sent. Only tables whose every use is `table.name` are taken apart; the sources stay as they are.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** `export const wizardText = { … } satisfies Texts`: its name, where it stands, its texts. */
function tablesOf(code) {
  return parseAst(code, { lang: 'ts' }).body.flatMap((statement) => {
    const [declared] = statement.type === 'ExportNamedDeclaration' ? (statement.declaration?.declarations ?? []) : [];
    const table = declared?.init?.type === 'TSSatisfiesExpression' ? declared.init.expression : undefined;
    if (table?.type !== 'ObjectExpression' || !declared.id.name.endsWith('Text')) return [];
    const texts = table.properties.map(({ key, value }) => ({ name: key?.name, from: value?.start, to: value?.end }));
    return texts.every(({ name }) => name !== undefined) ? [{ name: declared.id.name, texts, ...statement }] : [];
  });
}

export function flatTexts(root) {
  const ui = join(root, 'src/ui');
  const texts = join(root, 'src/text/page');
  let flat = new Set();
  return {
    name: 'flat-texts',
    enforce: 'pre',
    buildStart() {
      const sources = [...filesIn(ui), ...filesIn(texts)].map((code) => code.replaceAll(/^import [^;]*;/gm, ''));
      const names = filesIn(texts).flatMap((code) => tablesOf(code).map(({ name }) => name));
      // Used as a whole somewhere: looked up by a value, or handed on.
      const whole = (name) =>
        sources.some((code) => new RegExp(`(?<!export const )\\b${name}\\b(?!\\.\\w)`).test(code));
      flat = new Set(names.filter((name) => !whole(name)));
    },
    resolveId: (id) => (id === 'virtual:text' ? id : undefined),
    load: (id) => (id === 'virtual:text' ? 'export const text$ = (zh, en) => ({ zh, en });' : undefined),
    transform(code, id) {
      if (id.startsWith(texts)) return { code: split(code, flat), map: null };
      if (id.startsWith(ui) && /\.tsx?$/.test(id)) return { code: uses(code, flat), map: null };
      return undefined;
    },
  };
}

/** `{ zh: …, en: … }` becomes `text(…, …)`: the names of the languages are said once. */
function shortened(code) {
  const places = [];
  const walk = (node) => {
    if (node === null || typeof node !== 'object') return;
    const [zh, en] = node.type === 'ObjectExpression' && node.properties.length === 2 ? node.properties : [];
    if (zh?.key?.name === 'zh' && en?.key?.name === 'en' && !zh.shorthand && !en.shorthand)
      places.push([node.start, zh.value.start, zh.value.end, en.value.start, en.value.end, node.end]);
    else for (const child of Object.values(node)) if (Array.isArray(child) || child?.type) [child].flat().forEach(walk);
  };
  walk(parseAst(code, { lang: 'ts' }));
  let out = code;
  for (const [start, a, b, c, d, end] of places.sort((left, right) => right[0] - left[0]))
    out = `${out.slice(0, start)}/*#__PURE__*/ text$(${code.slice(a, b)}, ${code.slice(c, d)})${out.slice(end)}`;
  return places.length === 0 ? code : `${out}\nimport { text$ } from 'virtual:text';\n`;
}

function split(whole, flat) {
  const code = shortened(whole);
  let out = code;
  for (const { name, texts, start, end } of tablesOf(code).reverse())
    if (flat.has(name)) {
      const each = texts.map((text) => `export const ${name}$${text.name} = ${code.slice(text.from, text.to)};`);
      out = out.slice(0, start) + each.join('\n') + out.slice(end);
    }
  return uses(out, flat);
}

function uses(code, flat) {
  const used = new Map();
  const body = code.replaceAll(/\b(\w+Text)\.(\w+)/g, (whole, table, name) => {
    if (!flat.has(table)) return whole;
    used.set(table, (used.get(table) ?? new Set()).add(`${table}$${name}`));
    return `${table}$${name}`;
  });
  return body.replaceAll(/^import \{([^}]*)\} from/gm, (_, list) => {
    const names = list.split(',').map((each) => each.trim());
    return `import { ${names.flatMap((name) => (flat.has(name) ? [...(used.get(name) ?? [])] : name)).join(', ')} } from`;
  });
}
