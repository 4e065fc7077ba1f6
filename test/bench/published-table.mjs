// Writes measured tables to the places in the documents, and the source, that wait for them.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

export const percent = (part, whole, digits = 1) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(digits)} %`);
const LANGUAGES = ['zh', 'en'];
/** Writes to the page of each language what `text` makes of its number (0 Chinese, 1 English). */
export const publish = (page, name, text) => {
  for (const [at, language] of LANGUAGES.entries()) put(`docs/${language}/${page}.md`, name, text(language, at));
};
export const table = (head, rows) => `| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.join('\n')}\n`;

/** In a page the end of a table bears its seal, so that `npm run docs:check` sees one that was changed by hand. */
export function put(file, name, text) {
  const isPage = file.endsWith('.md');
  const [open, close] = isPage
    ? [`<!-- measured: ${name} -->\n`, `<!-- end of ${name}`]
    : [`// measured: ${name}\n`, `  // end of ${name}`];
  const whole = readFileSync(file, 'utf8');
  const from = whole.indexOf(open);
  const to = whole.indexOf(close);
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
  const seal = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const rest = isPage ? `${close}, sealed ${seal} -->${whole.slice(whole.indexOf('-->', to) + 3)}` : whole.slice(to);
  writeFileSync(file, whole.slice(0, from + open.length) + text + rest);
}
