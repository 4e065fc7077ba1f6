// Makes docs/ into pages: node deploy/help/build.mjs [FOLDER] (dist/help), as npm run build does. The same files are the site, whose search needs no
// server, and the help of the box at /help/, which has no internet.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import markdownIt from 'markdown-it';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
// Built with the program, the words of that command are not ours.
const folder = (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2]) || 'dist/help';
const LANGUAGES = {
  zh: {
    home: '文档',
    other: 'English',
    search: '搜索',
    parts: '本页',
    none: [
      '没有找到。换短一点的词，一次一个，比如“地感”“图片”“密码”。',
      '看到的是一句报错、什么东西不工作：[出了问题怎么办](troubleshooting.md)。',
      '正在安装：[从开箱到第一条记录](install.md)。要对接：[给管理系统厂商](vendor.md)。不知道叫什么：[术语](glossary.md)。',
      '[全部文档](index.md)',
    ],
  },
  en: {
    home: 'Documents',
    other: '中文',
    search: 'Search',
    parts: 'On this page',
    none: [
      'Nothing found. Try one short word, such as “loop”, “picture” or “password”.',
      'For a message that you see, or what does not work: [Something is wrong](troubleshooting.md).',
      'For an installation: [From the carton to the first record](install.md). To connect a system: [For vendors](vendor.md). For the right word: [Glossary](glossary.md).',
      '[All documents](index.md)',
    ],
  },
};

const SAME_WORDS = readFileSync('deploy/help/same-words.txt', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' '));

/** By whom a page is for: a developer knows where to look. In the order of the sections of `index.md`. */
const WEIGHTS = [1, 1, 0.8, 0.9, 0.7, 0.8, 0.4, 0.4];

/** Of each page, by the section of `index.md` that lists it; the first counts. */
function weightsOf(language) {
  const weights = new Map();
  const [, ...sections] = readFileSync(`docs/${language}/index.md`, 'utf8').split(/^## /m);
  if (sections.length !== WEIGHTS.length) throw new Error(`docs/${language}/index.md: one weight for each section`);
  for (const [index, section] of sections.entries())
    for (const [, name] of section.matchAll(/\(([\w-]+)\.md\)/g))
      if (!weights.has(name)) weights.set(name, WEIGHTS[index]);
  return weights;
}

/** Its pages and what its search looks through. What is found stands on the first one, `index.md`. */
function makeLanguage(language) {
  mkdirSync(join(folder, language));
  const sections = [];
  const weights = weightsOf(language);
  for (const path of pagesOf(language)) {
    const name = basename(path, '.md');
    const { html, title, found, parts } = rendered(readFileSync(path, 'utf8'), path, language);
    const weight = weights.get(name);
    if (weight !== undefined) sections.push(...found.map((each) => ({ page: `${name}.html`, title, weight, ...each })));
    const body =
      name === 'index'
        ? `${html}<div id="found" hidden></div><div id="none" hidden>${advice(path, language)}</div>`
        : html.replace('</h1>', `</h1>${partsOf(parts, LANGUAGES[language].parts)}`);
    writeFileSync(join(folder, language, `${name}.html`), layout({ language, title, body, other: `${name}.html` }));
  }
  writeFileSync(
    join(folder, language, 'sections.js'),
    `window.sections = ${JSON.stringify(sections)};\nwindow.sameWords = ${JSON.stringify(SAME_WORDS)};\n`,
  );
}

/** Where a page has many parts its reader wants one of them. */
const partsOf = (parts, name) =>
  parts.length < 4
    ? ''
    : `<nav aria-label="${name}">${parts.map(({ anchor, heading }) => `<a href="#${anchor}">${escaped(heading)}</a>`).join(' ')}</nav>`;

/** In place of a hundred links, when a search finds nothing. */
const advice = (path, language) => rendered(LANGUAGES[language].none.join('\n\n'), path, language).html;

const pagesOf = (language) =>
  readdirSync(`docs/${language}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${language}/${name}`);

/** What people call what a page or a section is about, below its heading: shown to no reader. */
const SYNONYMS = /<!-- search: (.*) -->/;

/** HTML without anything inlined, and the text of each section. */
function rendered(text, path, language) {
  const md = markdownIt({ html: true, linkify: false });
  // Other comments are for those who have the sources: marks of the blocks of code.
  const tokens = md.parse(text.replaceAll(/^ *<!-- (?!search: ).* -->\n/gm, ''), {});
  const found = [];
  const parts = [];
  let heading;
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const words = plain(tokens[index + 1]);
      heading = { anchor: anchorOf(words), heading: words, text: '' };
      token.attrSet('id', heading.anchor);
      found.push(heading);
      if (token.tag === 'h2') parts.push(heading);
    } else if (token.type === 'inline' && tokens[index - 1]?.type !== 'heading_open' && heading)
      heading.text += `${plain(token)} `;
    else if (['fence', 'code_block'].includes(token.type) && heading) heading.text += `${token.content} `;
    else if (token.type === 'html_block' && heading) heading.words = SYNONYMS.exec(token.content)?.[1];
    for (const child of token.children ?? []) {
      if (child.type === 'image') child.attrSet('src', picture(child.attrGet('src'), path));
      if (child.type !== 'link_open') continue;
      const href = linkTo(child.attrGet('href'), path, language);
      if (href === undefined) child.attrs = [];
      else child.attrSet('href', href);
      // It runs by itself, from a folder of the reader's: the page's policy lets no script within a page.
      if (href === VERIFIER) child.attrSet('download', '');
    }
  }
  const html = md.renderer.render(
    tokens.filter(({ type, content }) => type !== 'html_block' || !SYNONYMS.test(content)),
    md.options,
    {},
  );
  return { html: accessible(html), title: found[0]?.heading ?? '', found, parts };
}

/** What scrolls is reached by the keyboard, an empty head is none, and nothing carries a style: the page's policy forbids it. */
const accessible = (html) =>
  html
    .replaceAll(/ style="[^"]*"/g, '')
    .replaceAll('<th></th>', '<td></td>')
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');

const plain = ({ children }) =>
  (children ?? [])
    .map((child) =>
      ['text', 'code_inline'].includes(child.type)
        ? child.content
        : /^(?:soft|hard)break$|^html/.test(child.type)
          ? ' '
          : '',
    )
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** As headings are reached in the sources. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const VERIFIER = '../evidence-verifier.html';

/** undefined: it leads to what is not here, such as a source file. */
function linkTo(href, from, language) {
  if (/^[a-z]+:/.test(href)) return href;
  const [place = '', anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (place === '') return hash;
  const path = normalize(join(dirname(from), place));
  if (!existsSync(path)) throw new Error(`${from}: ${href} leads nowhere`);
  if (path === 'docs/evidence-verifier.html') return VERIFIER;
  const [, tree, name] = /^docs\/(?:(zh|en)\/)?([\w-]+)\.md$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return `${tree === undefined || tree === language ? '' : `../${tree}/`}${name}.html${hash}`;
}

function picture(src, from) {
  const path = normalize(join(dirname(from), src));
  copyFileSync(path, join(folder, 'pictures', basename(path)));
  return `../pictures/${basename(path)}`;
}

function layout({ language, title, body, other }) {
  const { home, other: name, search } = LANGUAGES[language];
  const [another] = Object.keys(LANGUAGES).filter((each) => each !== language);
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · lanewarden</title>
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="../help.css">
</head>
<body>
<header><a href="index.html">${home}</a> <form action="index.html"><input type="search" name="q" aria-label="${search}" placeholder="${search}"></form> <a href="../${another}/${other}" lang="${another}">${name}</a></header>
<main>${body}</main>
<script src="../help.js"></script>
</body>
</html>
`;
}

/** For those who come without a language. */
function chooser() {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>lanewarden</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="help.css"></head>
<body><main><h1>闸口卫士 lanewarden</h1><p><a href="zh/index.html">中文文档</a></p><p lang="en"><a href="en/index.html">Documents in English</a></p></main></body></html>
`;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'pictures'), { recursive: true });
for (const file of ['help.css', 'help.js', 'search.js']) copyFileSync(`deploy/help/${file}`, join(folder, file));
copyFileSync('src/ui/icon.svg', join(folder, 'icon.svg'));
copyFileSync('docs/evidence-verifier.html', join(folder, 'evidence-verifier.html'));
for (const language of Object.keys(LANGUAGES)) makeLanguage(language);
writeFileSync(join(folder, 'index.html'), chooser());
