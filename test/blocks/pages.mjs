// The blocks of the documents and their marks: what an author wrote, page by page, and whether both languages say the same. It must not know how a
// block is run. How to mark one: docs/en/contributing-documents.md.
import { readdirSync, readFileSync } from 'node:fs';

/** What a shell is to run. */
const SHELL = new Set(['sh', 'bash', 'shell', 'console', 'terminal']);
const ENVIRONMENTS = new Set(['repository', 'simulator', 'box', 'bare', '.ci/run']);
const OPTIONS = new Set(['needs', 'until', 'exit', 'except', 'answers']);

/** Each with the page of the other language; one that has both languages in it, or none, stands alone. */
export function pairsOfPages() {
  const markdownIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.md'));
  return [
    { zh: 'README.md', en: 'README.en.md' },
    ...markdownIn('docs/zh').map((name) => ({ zh: `docs/zh/${name}`, en: `docs/en/${name}` })),
    ...['SECURITY.md', ...markdownIn('docs').map((name) => `docs/${name}`)].map((page) => ({ zh: page, en: page })),
  ];
}

/** Blocks and files of a page in their order, and what is wrong with its marks. */
export function readPage(page, text = readFileSync(page, 'utf8')) {
  const blocks = [];
  const faults = [];
  const lines = text.split('\n');
  let mark;
  for (let at = 0; at < lines.length; at += 1) {
    const comment = /^\s*<!-- ((?:run|not run|file): .*?) -->$/.exec(lines[at]);
    if (comment) mark = { text: comment[1], line: at + 1 };
    const fence = /^(\s*)```(\S*)/.exec(lines[at]);
    if (!fence) {
      if (!comment && mark && lines[at].trim() !== '') {
        faults.push(`${page}:${mark.line}: a mark stands right before its block: ${mark.text}`);
        mark = undefined;
      }
      continue;
    }
    const [, indent, language] = fence;
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    const script = lines.slice(at + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const block = { page, line: at + 1, language, lines: script, isShell: SHELL.has(language) };
    try {
      if (mark !== undefined) block.mark = markOf(mark.text, block);
      if (block.isShell && mark === undefined) throw new Error('neither marked as run nor as not run');
      blocks.push(block);
    } catch (error) {
      faults.push(`${page}:${at + 1}: ${error.message}`);
    }
    mark = undefined;
    at = end;
  }
  return { page, blocks, faults };
}

/** `run: box; needs: records; except: TEXT (WHY)`, `not run: WHY`, `file: NAME`. Throws when it is none of them. */
function markOf(text, { isShell }) {
  const [first, ...rest] = text.split(/;\s+/);
  const [, kind, value] = /^(run|not run|file): (.+)$/.exec(first);
  if ((kind === 'file') === isShell) throw new Error(`not for a block of this language: ${text}`);
  if (kind === 'not run') return { kind, reason: text.slice('not run: '.length) };
  if (kind === 'file') return { kind, name: value };
  const [environment] = value.split(': ');
  if (!ENVIRONMENTS.has(environment)) throw new Error(`no such environment: ${environment}`);
  const mark = { kind, environment, needs: [], until: [], except: [], exit: 0, text };
  if (environment === '.ci/run') mark.command = text.slice('run: .ci/run: '.length);
  else for (const option of rest) addOption(mark, option);
  return mark;
}

function addOption(mark, option) {
  const [, name, value] = /^(\w+): (.+)$/.exec(option) ?? [];
  if (!OPTIONS.has(name)) throw new Error(`no such option: ${option}`);
  if (name === 'exit') mark.exit = Number(value);
  else if (name === 'answers') mark.answers = value;
  else if (name === 'needs') mark.needs.push(...value.split(/,\s*/));
  else if (name === 'until') mark.until.push(...value.split(/\s*\|\s*/));
  else {
    const [, start, reason] = /^(.+?) \((.+)\)$/.exec(value) ?? [];
    if (reason === undefined) throw new Error(`except: TEXT (WHY), not ${value}`);
    mark.except.push({ start, reason });
  }
}

/** What a comment shows as output: a status code, JSON, or a text without blanks. undefined: it explains. */
export function outputIn(comment) {
  const text = comment.trim();
  const [, code, rest = ''] = /^([1-5]\d\d)(?![\d.])(.*)$/su.exec(text) ?? [];
  if (code !== undefined) return { code: Number(code), text: /^\s*[{[]/.test(rest) ? rest.trim() : '' };
  if (/^[{[]/.test(text) || /^[!-~]*[=&\d][^\s]*$/u.test(text)) return { text };
  return undefined;
}

/** A line of a shell as its command and its comment; one in quotes, or opened before the line and not closed, is left alone. */
export function partsOf(line, quote = '') {
  let open = quote;
  for (let at = 0; at < line.length; at += 1) {
    const each = line[at];
    if (open !== "'" && each === '\\') at += 1;
    else if (open !== '' && each === open) open = '';
    else if (open === '' && (each === "'" || each === '"')) open = each;
    else if (open === '' && each === '#' && (at === 0 || /\s/.test(line[at - 1])))
      return { command: line.slice(0, at).trimEnd(), comment: line.slice(at + 1), open };
  }
  return { command: line.trimEnd(), open };
}

/** Commands with the comments that show output: what both languages have in common. */
export function commandsOf({ lines }) {
  let open = '';
  return lines.flatMap((line) => {
    const parts = partsOf(line, open);
    open = parts.open;
    const output = parts.comment === undefined ? undefined : outputIn(parts.comment);
    return parts.command === '' && output === undefined
      ? []
      : [{ command: parts.command, open, ...(output && { output }) }];
  });
}

/** What differs between the blocks of both languages; none: one of them stands for both. */
export function differencesOf(zh, en) {
  if (zh.page === en.page) return [];
  const shells = [zh, en].map(({ blocks }) => blocks.filter(({ isShell, mark }) => isShell || mark !== undefined));
  if (shells[0].length !== shells[1].length)
    return [`${zh.page} has ${shells[0].length} blocks to run, ${en.page} ${shells[1].length}`];
  return shells[0].flatMap((block, index) => {
    const other = shells[1][index];
    const where = `${block.page}:${block.line} and ${other.page}:${other.line}`;
    if (JSON.stringify(block.mark) !== JSON.stringify(other.mark)) return [`${where}: other marks`];
    if (!block.isShell) return [];
    // Chinese is what a program says by itself on a page in Chinese.
    const commands = [block, other].map((each) => JSON.stringify(commandsOf(each)).replaceAll(' --lang en', ''));
    return commands[0] === commands[1] ? [] : [`${where}: other commands\n  ${commands[0]}\n  ${commands[1]}`];
  });
}
