/**
 * The signature comparison (cloud-release-api.md): aligns the text the platform signed with ours and lists the differences. Pure. Neither
 * text contains the secret; a secret that the platform fails to mask is masked here.
 */
import { canonicalText, type Fields, MASK } from './sign.ts';

export type SignatureDifference =
  /** Sent by us, not signed by the platform. */
  | { readonly kind: 'missing'; readonly field: string; readonly ours: string }
  /** Signed by the platform, not sent by us. `empty`: it signed an empty value, which must be left out. */
  | { readonly kind: 'extra'; readonly field: string; readonly theirs: string; readonly empty: boolean }
  /** Characters beyond ASCII arrived as `?` or as other characters: the charset of the part was lost. */
  | { readonly kind: 'charset'; readonly field: string; readonly ours: string; readonly theirs: string }
  /** Signed form-encoded, `%E7…`; the signature is over raw text. */
  | { readonly kind: 'encoded'; readonly field: string; readonly ours: string; readonly theirs: string }
  | { readonly kind: 'value'; readonly field: string; readonly ours: string; readonly theirs: string }
  /** The same fields and values in another order. */
  | { readonly kind: 'order'; readonly theirs: readonly string[] }
  /** A text that is no list of fields: both from a little before their first difference, which is character `at`, from 1. */
  | { readonly kind: 'text'; readonly at: number; readonly ours: string; readonly theirs: string };

export type SignatureComparison =
  /** The hint holds no signed text. */
  | { readonly kind: 'noText' }
  /** Same text on both sides: the secret is wrong. */
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly differences: readonly SignatureDifference[] };

interface Pair {
  readonly name: string;
  readonly value: string;
}

interface SignedText {
  readonly pairs: readonly Pair[];
  /** It reaches the end, where the secret stands: a field missing in it was not signed. */
  readonly whole: boolean;
}

/** `hint`: the platform's answer, with the text somewhere in it. `secretName`: the pair that ends it; empty: none. */
export function compareSignatures(fields: Fields, hint: string, secretName = 'app_secret'): SignatureComparison {
  const names = Object.keys(fields);
  const canonical = canonicalText(fields);
  const ours = split(canonical, names);
  const text = unwrapped(hint);
  const inLine = /[\r\n]/.test(canonical) ? text : inOneLine(text, [...names, secretName]);
  const theirs = signedText(inLine, names, secretName);
  if (theirs === undefined) return { kind: 'noText' };
  const differences = [...fieldByField(ours, theirs), ...order(ours, theirs.pairs)];
  if (differences.length > 0) return { kind: 'different', differences };
  return theirs.whole || theirs.pairs.length === ours.length ? { kind: 'equal' } : { kind: 'noText' };
}

/** A hint as pasted: from a whole answer, a page, or an address. Each form counts only where the text itself cannot look like it. */
function unwrapped(pasted: string): string {
  const hint = hintIn(pasted);
  if (/&amp;/.test(hint) && !/&(?!amp;)/.test(hint)) return hint.replaceAll('&amp;', '&');
  if (hint.includes('=') || !/%3D/i.test(hint)) return hint;
  try {
    return decodeURIComponent(hint.replaceAll('+', ' '));
  } catch {
    return hint;
  }
}

function hintIn(pasted: string): string {
  if (!pasted.trimStart().startsWith('{')) return pasted;
  try {
    const { hint, message } = JSON.parse(pasted) as Record<string, unknown>;
    return ([hint, message].find((text) => typeof text === 'string' && text !== '') as string | undefined) ?? pasted;
  } catch {
    return pasted;
  }
}

/** A text that was wrapped at its source, or had a line for each field. */
function inOneLine(hint: string, names: readonly string[]): string {
  const beginnings = names.map((name) => `${name}=`);
  return hint.replaceAll(/&?[\r\n]+[ \t]*&?/g, (between, at: number) =>
    beginnings.some((name) => hint.startsWith(name, at + between.length)) ? '&' : between.replaceAll(/[\r\n]/g, ''),
  );
}

/** The pairs of the signed text inside a hint; undefined when there is none. */
function signedText(hint: string, names: readonly string[], secretName: string): SignedText | undefined {
  const start = hint.search(/(?<![A-Za-z0-9_.])(?!sign=)[A-Za-z_][A-Za-z0-9_.]*=/);
  if (start < 0) return undefined;
  const text = hint.slice(start);
  const secretAt = secretName === '' ? -1 : text.search(new RegExp(`(?<![A-Za-z0-9_.])${secretName}=`));
  const whole = secretAt >= 0;
  const body = whole ? text.slice(0, secretAt).replace(/&$/, '') : text.replace(/[\s"'”’）)\]}。.，,;；]+$/u, '');
  const pairs = split(body, names).filter(({ name }) => name !== 'sign');
  return whole || pairs.some(({ name }) => names.includes(name)) ? { pairs, whole } : undefined;
}

/** A value may contain `&` and `=`: only an `&` before something like a name splits. */
function split(text: string, names: readonly string[]): readonly Pair[] {
  if (text === '') return [];
  const pairs: { name: string; value: string }[] = [];
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at));
    const last = pairs.at(-1);
    const isField = at > 0 && (names.includes(name) || /^[a-z][a-z0-9_.]*$/i.test(name));
    if (isField || last === undefined)
      pairs.push({ name: at > 0 ? name : part, value: at > 0 ? part.slice(at + 1) : '' });
    else last.value += `&${part}`;
  }
  return pairs;
}

function fieldByField(ours: readonly Pair[], theirs: SignedText): SignatureDifference[] {
  const there = new Map(theirs.pairs.map(({ name, value }) => [name, value]));
  const here = new Map(ours.map(({ name, value }) => [name, value]));
  const differences: SignatureDifference[] = [];
  for (const { name: field, value } of ours) {
    const other = there.get(field);
    if (other === undefined) {
      if (theirs.whole) differences.push({ kind: 'missing', field, ours: value });
    } else if (other !== value) differences.push({ kind: kindOf(value, other), field, ours: value, theirs: other });
  }
  for (const { name: field, value } of theirs.pairs)
    if (!here.has(field)) differences.push({ kind: 'extra', field, theirs: value, empty: value === '' });
  return differences;
}

function order(ours: readonly Pair[], theirs: readonly Pair[]): SignatureDifference[] {
  const shared = new Set(ours.map(({ name }) => name));
  const there = theirs.map(({ name }) => name).filter((name) => shared.has(name));
  const here = ours.map(({ name }) => name).filter((name) => there.includes(name));
  return here.join('&') === there.join('&') ? [] : [{ kind: 'order', theirs: there }];
}

function kindOf(ours: string, theirs: string): 'charset' | 'encoded' | 'value' {
  if (isCharsetLoss(ours, theirs)) return 'charset';
  const encodings = [encodeURIComponent(ours), new URLSearchParams({ v: ours }).toString().slice(2)];
  return encodings.some((text) => text.toLowerCase() === theirs.toLowerCase()) ? 'encoded' : 'value';
}

/** How a server reads UTF-8 without a charset; latin1 separately, since TextDecoder takes that for windows-1252. */
const MISREADINGS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('latin1'),
  ...['windows-1252', 'gbk'].map((label) => (text: string) => new TextDecoder(label).decode(Buffer.from(text))),
];

/**
 * ASCII survived and the rest did not: it became `?` or the replacement character, or the bytes were read in another charset. Merely
 * different characters are another value.
 */
function isCharsetLoss(ours: string, theirs: string): boolean {
  if (isAscii(ours)) return false;
  // A byte that begins a character of that charset may swallow the letter behind it.
  const readings = MISREADINGS.flatMap((read) => [read(ours), ours.replaceAll(/[^\p{ASCII}]+/gu, read)]);
  if (readings.some((text) => withMarks(text) === withMarks(theirs))) return true;
  const marks = (text: string): number => text.split(/[?\uFFFD]/).length;
  // How many marks a character becomes depends on the decoder.
  const around = (text: string): string => text.replaceAll(/(?:[^\p{ASCII}]|\?)+/gu, '?');
  const isOurs = (character: string): boolean =>
    isAscii(character) || character === '\uFFFD' || ours.includes(character);
  const shape = (text: string): string => around(text).replaceAll(/[A-Za-z0-9]+/g, 'x');
  if (marks(theirs) <= marks(ours)) return false;
  // In the hint of another vehicle nothing else need be equal.
  if (isAscii(theirs)) return shape(theirs) === shape(ours);
  return around(theirs) === around(ours) && [...theirs].every(isOurs);
}

/** A character missing in a charset becomes `?`, the replacement character, or one of private use. */
function withMarks(text: string): string {
  return text.replaceAll(/[\uE000-\uF8FF\uFFFD?]+/g, '?');
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant as a whole
  return /^[\x00-\x7f]*$/.test(text);
}

/** A hint fit to be shown: the value of `app_secret=` is masked, also URL-encoded or in JSON. */
export function maskedHint(hint: string): string {
  return hint
    .replaceAll(/(app_?secret(?:=|["']\s*:\s*["']?))[^&\s"']*/gi, `$1${MASK}`)
    .replaceAll(/(app_?secret%(?:25)*3D)(?:(?!%(?:25)*26)[^&\s"'])*/gi, `$1${MASK}`);
}

/** A shorter secret (as in the platform's examples) would mask half of every text; those are masked behind their name. */
const SECRET_LENGTH_MIN = 8;

/** Foreign text fit to be kept: a platform that shows the signed text may show the secret. */
export function masked(text: string, secret: string): string {
  if (secret.length < SECRET_LENGTH_MIN) return maskedHint(text);
  const encoded = encodeURIComponent(secret);
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encoded, encoded.replaceAll('%20', '+')];
  const lower = forms.map((form) => form.replaceAll(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return maskedHint([...forms, ...lower].reduce((rest, form) => rest.replaceAll(form, MASK), text));
}
