/**
 * The only gate to a camera: which addresses may be requested. An address passes when it has one of the forms of `picture-forms.ts`,
 * letter for letter, or when a person has confirmed exactly it. Path and query are judged as they go over the wire: every percent, dot
 * segment, backslash, second slash and repeated key is a difference. It knows no make and sends nothing.
 */
import { createHash } from 'node:crypto';
import { PICTURE_FORMS, type PictureForm, SERVICE_FORMS } from './picture-forms.ts';

export type Method = 'GET' | 'POST';

/** No picture address is longer. */
const LENGTH_MAX = 1_000;

/** In a path; a token in a query may also contain dots, which mean nothing there. */
const HOLES: Readonly<Record<string, string>> = {
  n: '\\d{1,20}',
  size: '\\d{2,5}x\\d{2,5}',
  token: '\\w[\\w-]{0,127}',
  file: '\\w[\\w-]{0,79}',
  plated: '\\w(?:[\\w-]|%[89A-F][\\dA-F]){0,79}',
  folders: '(?:\\w[\\w-]{0,79}\\/){0,4}',
};
const QUERY_HOLES: Readonly<Record<string, string>> = {
  ...HOLES,
  token: '[\\w.-]{1,256}',
  login: '[\\w.~!*-]{0,64}',
};

/** `a{n|size}b` as a regular expression: literal outside braces; inside, a placeholder or words, which may contain placeholders. */
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

/** Splits at the bars outside nested braces. */
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
  /** Parts of the query, each at most once. */
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

/** Made when a camera is first asked. */
const readers: Partial<Record<Method, readonly Reader[]>> = {};
const readersOf = (method: Method): readonly Reader[] => {
  readers[method] ??= (method === 'GET' ? Object.values(PICTURE_FORMS).flat() : SERVICE_FORMS).map(readerOf);
  return readers[method];
};

/** Path and query as sent. */
export function sentAs(url: URL): string {
  return url.pathname + url.search;
}

/** The digest that a confirmation stores for an address. */
export function digestOf(sent: string): string {
  return createHash('sha256').update(sent).digest('hex');
}

export function hasForm(method: Method, sent: string): boolean {
  if (sent.length > LENGTH_MAX) return false;
  const mark = sent.indexOf('?');
  const path = mark === -1 ? sent : sent.slice(0, mark);
  const query = mark === -1 ? [] : sent.slice(mark + 1).split('&');
  return readersOf(method).some((reader) => reader.path.test(path) && fits(query, reader.parts));
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

/** `confirmed`: digest of the one address a person has vouched for; it never allows a POST. */
export function mayAsk(method: Method, sent: string, confirmed?: string): boolean {
  return hasForm(method, sent) || (method === 'GET' && confirmed !== undefined && digestOf(sent) === confirmed);
}
