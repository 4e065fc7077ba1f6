/**
 * The signature comparison (cloud-release-api.md): lines the text that the platform signed up with ours and says what differs.
 * Pure. Neither text has the secret in it; a secret that the platform should fail to mask is masked here.
 */
import { canonicalText, type Fields, MASK } from './sign.ts';

export type SignatureDifference =
  /** We sent it; the platform did not sign it. */
  | { readonly kind: 'missing'; readonly field: string; readonly ours: string }
  /** The platform signed it; we did not send it. `empty`: it signed an empty value, which is to be left out. */
  | { readonly kind: 'extra'; readonly field: string; readonly theirs: string; readonly empty: boolean }
  /** Characters beyond ASCII arrived as `?` or as other characters: the charset of the part was lost. */
  | { readonly kind: 'charset'; readonly field: string; readonly ours: string; readonly theirs: string }
  /** Signed as it travels in a form, `%E7…`; it is to be signed raw. */
  | { readonly kind: 'encoded'; readonly field: string; readonly ours: string; readonly theirs: string }
  | { readonly kind: 'value'; readonly field: string; readonly ours: string; readonly theirs: string }
  /** The same fields and values in another order. */
  | { readonly kind: 'order'; readonly theirs: readonly string[] };

export type SignatureComparison =
  /** The hint holds no text that was signed. */
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
  /** It goes to the end, where the secret stands: what is not in it was not signed. */
  readonly whole: boolean;
}

/** `hint`: what the platform said, with the text somewhere in it. */
export function compareSignatures(fields: Fields, hint: string): SignatureComparison {
  const names = Object.keys(fields);
  const canonical = canonicalText(fields);
  const ours = split(canonical, names);
  const said = unwrapped(hint);
  const theirs = signedText(/[\r\n]/.test(canonical) ? said : inOneLine(said, names), names);
  if (theirs === undefined) return { kind: 'noText' };
  const differences = [...fieldByField(ours, theirs), ...order(ours, theirs.pairs)];
  if (differences.length > 0) return { kind: 'different', differences };
  return theirs.whole || theirs.pairs.length === ours.length ? { kind: 'equal' } : { kind: 'noText' };
}

/** A hint as it is pasted: out of a whole answer, a page, or an address. Each form counts only where the text itself cannot look like it. */
function unwrapped(pasted: string): string {
  const hint = saidIn(pasted);
  if (/&amp;/.test(hint) && !/&(?!amp;)/.test(hint)) return hint.replaceAll('&amp;', '&');
  if (hint.includes('=') || !/%3D/i.test(hint)) return hint;
  try {
    return decodeURIComponent(hint.replaceAll('+', ' '));
  } catch {
    return hint;
  }
}

function saidIn(pasted: string): string {
  if (!pasted.trimStart().startsWith('{')) return pasted;
  try {
    const { hint, message } = JSON.parse(pasted) as Record<string, unknown>;
    return ([hint, message].find((text) => typeof text === 'string' && text !== '') as string | undefined) ?? pasted;
  } catch {
    return pasted;
  }
}

/** A text that was wrapped where it was copied from, or had a line for each field. */
function inOneLine(hint: string, names: readonly string[]): string {
  const beginnings = [...names, 'app_secret'].map((name) => `${name}=`);
  return hint.replaceAll(/&?[\r\n]+[ \t]*&?/g, (between, at: number) =>
    beginnings.some((name) => hint.startsWith(name, at + between.length)) ? '&' : between.replaceAll(/[\r\n]/g, ''),
  );
}

/** The pairs of the signed text inside a hint; undefined when there is none. */
function signedText(hint: string, names: readonly string[]): SignedText | undefined {
  const start = hint.search(/(?<![A-Za-z0-9_.])(?!sign=)[A-Za-z_][A-Za-z0-9_.]*=/);
  if (start < 0) return undefined;
  const text = hint.slice(start);
  const secretAt = text.search(/(?<![A-Za-z0-9_.])app_secret=/);
  const whole = secretAt >= 0;
  const body = whole ? text.slice(0, secretAt).replace(/&$/, '') : text.replace(/[\s"'”’）)\]}。.，,;；]+$/u, '');
  const pairs = split(body, names).filter(({ name }) => name !== 'sign');
  return whole || pairs.some(({ name }) => names.includes(name)) ? { pairs, whole } : undefined;
}

/** A value may hold `&` and `=` itself: only `&` in front of something that looks like a name splits. */
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

/** What a server reads UTF-8 as when nobody tells it the charset; latin1 by itself, since TextDecoder takes that for windows-1252. */
const MISREADINGS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('latin1'),
  ...['windows-1252', 'gbk'].map((label) => (text: string) => new TextDecoder(label).decode(Buffer.from(text))),
];

/**
 * ASCII survived and what lies beyond it did not: it became `?` or the replacement character, or the bytes were read in another charset.
 * Characters that are only others are another value.
 */
function isCharsetLoss(ours: string, theirs: string): boolean {
  if (isAscii(ours)) return false;
  // A byte that begins a character of that charset takes the letter behind it along, or not.
  const readings = MISREADINGS.flatMap((read) => [read(ours), ours.replaceAll(/[^\p{ASCII}]+/gu, read)]);
  if (readings.some((text) => withMarks(text) === withMarks(theirs))) return true;
  const marks = (text: string): number => text.split(/[?\uFFFD]/).length;
  // How many marks a character becomes depends on who lost it.
  const around = (text: string): string => text.replaceAll(/(?:[^\p{ASCII}]|\?)+/gu, '?');
  const isOurs = (character: string): boolean =>
    isAscii(character) || character === '\uFFFD' || ours.includes(character);
  const shape = (text: string): string => around(text).replaceAll(/[A-Za-z0-9]+/g, 'x');
  if (marks(theirs) <= marks(ours)) return false;
  // In the hint of another car nothing else need be the same.
  if (isAscii(theirs)) return shape(theirs) === shape(ours);
  return around(theirs) === around(ours) && [...theirs].every(isOurs);
}

/** What a charset has no character for is `?`, the replacement character, or one of private use. */
function withMarks(text: string): string {
  return text.replaceAll(/[\uE000-\uF8FF\uFFFD?]+/g, '?');
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant as a whole
  return /^[\x00-\x7f]*$/.test(text);
}

/** A hint as it may be shown: whatever stands behind `app_secret=` is masked, also where that is URL-encoded or JSON. */
export function maskedHint(hint: string): string {
  return hint
    .replaceAll(/(app_?secret(?:=|["']\s*:\s*["']?))[^&\s"']*/gi, `$1${MASK}`)
    .replaceAll(/(app_?secret%(?:25)*3D)(?:(?!%(?:25)*26)[^&\s"'])*/gi, `$1${MASK}`);
}

/** A secret as short as the platform's examples would mask half of every text; those stand behind their name. */
const SECRET_LENGTH_MIN = 8;

/** Text of others as it may be kept: a platform that shows what it signed may show with what. */
export function masked(text: string, secret: string): string {
  if (secret.length < SECRET_LENGTH_MIN) return maskedHint(text);
  const encoded = encodeURIComponent(secret);
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encoded, encoded.replaceAll('%20', '+')];
  const lower = forms.map((form) => form.replaceAll(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()));
  return maskedHint([...forms, ...lower].reduce((rest, form) => rest.replaceAll(form, MASK), text));
}
