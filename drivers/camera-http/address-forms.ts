/**
 * The only door to a camera: whether an address may be asked for. It may when it has one of the forms of `picture-forms.ts`, letter for letter,
 * or when a person has confirmed exactly this one. What is judged is what is sent: path and query as they stand on the wire, where every
 * percent, dot segment, backslash, second slash and repeated key is a difference. It knows no make and sends nothing.
 */
import { createHash } from 'node:crypto';
import { PICTURE_FORMS, type PictureForm, SERVICE_FORMS } from './picture-forms.ts';

export type Method = 'GET' | 'POST';

/** Longer than any picture's. */
const LENGTH_MAX = 1_000;

/** In a path; a query's token may also have dots, which mean nothing there. */
const HOLES: Readonly<Record<string, string>> = {
  n: '\\d{1,20}',
  size: '\\d{2,5}x\\d{2,5}',
  token: '\\w[\\w-]{0,127}',
  file: '\\w[\\w-]{0,79}',
  folders: '(?:\\w[\\w-]{0,79}\\/){0,4}',
};
const QUERY_HOLES: Readonly<Record<string, string>> = {
  ...HOLES,
  token: '[\\w.-]{1,256}',
  login: '[\\w.~!*-]{0,64}',
};

/** `a{n|size}b` as a regular expression: outside braces everything is literal, inside stand a hole or words, which may have holes of their own. */
function patternOf(text: string, holes: Readonly<Record<string, string>>): string {
  let pattern = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character !== '{') {
      pattern += character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      continue;
    }
    const end = closing(text, at);
    const words = alternatives(text.slice(at + 1, end));
    pattern += `(?:${words.map((word) => (Object.hasOwn(holes, word) ? holes[word] : patternOf(word, holes))).join('|')})`;
    at = end;
  }
  return pattern;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** Split at the bars that stand in no braces of their own. */
function alternatives(text: string): readonly string[] {
  const words = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === '|' && depth === 0) words.push('');
    else words[words.length - 1] += character;
  }
  return words;
}

interface Reader {
  readonly path: RegExp;
  /** Each part of a query, at most once. */
  readonly parts: readonly { readonly pattern: RegExp; readonly isNeeded: boolean }[];
}

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`, 'i');

function readerOf([path, must, may]: PictureForm): Reader {
  const parts = (text: string | undefined, isNeeded: boolean): Reader['parts'] =>
    text === undefined || (text === '' && isNeeded)
      ? []
      : text.split('&').map((part) => ({ pattern: whole(patternOf(part, QUERY_HOLES)), isNeeded }));
  return { path: whole(patternOf(path, HOLES)), parts: [...parts(must, true), ...parts(may, false)] };
}

const READERS: Readonly<Record<Method, readonly Reader[]>> = {
  GET: Object.values(PICTURE_FORMS).flat().map(readerOf),
  POST: SERVICE_FORMS.map(readerOf),
};

/** Path and query, as they are sent. */
export function sentAs(url: URL): string {
  return url.pathname + url.search;
}

/** What a confirmation names an address by. */
export function digestOf(sent: string): string {
  return createHash('sha256').update(sent).digest('hex');
}

/** Whether the address has a known form. */
export function hasForm(method: Method, sent: string): boolean {
  if (sent.length > LENGTH_MAX) return false;
  const mark = sent.indexOf('?');
  const path = mark === -1 ? sent : sent.slice(0, mark);
  const query = mark === -1 ? [] : sent.slice(mark + 1).split('&');
  return READERS[method].some((reader) => reader.path.test(path) && fits(query, reader.parts));
}

function fits(query: readonly string[], parts: Reader['parts']): boolean {
  const left = [...parts];
  for (const written of query) {
    const found = left.findIndex(({ pattern }) => pattern.test(written));
    if (found === -1) return false;
    left.splice(found, 1);
  }
  return left.every(({ isNeeded }) => !isNeeded);
}

/** `confirmed`: the digest of the one address that a person has vouched for; it opens no way for a POST. */
export function mayAsk(method: Method, sent: string, confirmed?: string): boolean {
  return hasForm(method, sent) || (method === 'GET' && confirmed !== undefined && digestOf(sent) === confirmed);
}
