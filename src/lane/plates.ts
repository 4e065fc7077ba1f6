/** When two plates are one: equality, likely misreadings, and contradiction. It knows texts only. */
import type { Body, Read } from './body.ts';

/** Below this a read neither contradicts a grant nor tells two vehicles apart. */
export const CONFIDENT = 0.8;
const HALF_CONFIDENT = 0.5;

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** Plates of this country as cameras read them: a character too few or too many, a wrong one in the serial. Then embassies, armed police and army. */
const FORM = new RegExp(
  `^(?:[${PROVINCES}][A-Z][A-Z0-9]{4,6}[挂学警港澳领]?|使\\d{6}|\\d{6}使|WJ.{5,6}|[A-Z]{2}\\d{5})$`,
);
/** Of another country: letters and digits. */
const FOREIGN = /^(?=.*\p{Nd})(?=.*\p{L}).{4,}$/u;

/** What a camera took for a plate may be one: what it read poorly must have the form of those of this country. */
export const canBePlate = ({ text, confidence }: Pick<Read, 'text' | 'confidence'>): boolean =>
  FORM.test(text) || (confidence >= CONFIDENT && FOREIGN.test(text));

/** Nothing that can be a plate was read for it. */
export const isUnread = ({ reads }: Pick<Body, 'reads'>): boolean => !reads.some(canBePlate);

/** Characters that cameras take for one another. */
const CONFUSABLE = ['0DQO', '8B', '2Z', '5S', '17IL', '6G', 'CG', '4A', 'UV'];

/** One character for all that are taken for one another, directly or by way of a third. */
const CANONICAL: ReadonlyMap<string, string> = canonical();
function canonical(): ReadonlyMap<string, string> {
  const of = new Map<string, string>();
  for (const group of CONFUSABLE) {
    const known = [...group].map((one) => of.get(one)).find((one) => one !== undefined) ?? group.charAt(0);
    const joined = new Set([...group].flatMap((one) => [one, of.get(one) ?? one]));
    for (const [one, first] of of) if (joined.has(first)) joined.add(one);
    for (const one of joined) of.set(one, known);
  }
  return of;
}

/** The same for plates that differ in confusable characters only: a key to find those that `confusedPlate` may hold for one. */
export const confusableKey = (text: string): string =>
  [...normalPlate(text)].map((one) => CANONICAL.get(one) ?? one).join('');

/** As compared: upper case, without spaces and separators (粤B·12345). */
export function normalPlate(text: string): string {
  return /[\s·•.\-_a-z]/.test(text) ? text.replaceAll(/[\s·•.\-_]/g, '').toUpperCase() : text;
}

/** A reader takes one character of a plate for another, rarely two; of plates that differ in more, each is that of another vehicle. */
const CONFUSED_MOST = 2;

/** What is taken for what, by their codes: every grant that waits is compared with every read, character by character. */
const TAKEN_FOR = new Uint8Array(128 * 128);
for (const group of CONFUSABLE)
  for (const one of group) for (const other of group) TAKEN_FOR[one.charCodeAt(0) * 128 + other.charCodeAt(0)] = 1;

const confusable = (one: number, other: number): boolean => other < 128 && TAKEN_FOR[one * 128 + other] === 1;

/** Of two plates of one length: characters that differ and look alike, and others that differ. */
function differences(one: string, other: string, from = 0): { readonly confused: number; readonly hard: number } {
  let confused = 0;
  let hard = 0;
  for (let index = from; index < one.length; index += 1) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    if (left === right) continue;
    if (confusable(left, right)) confused += 1;
    else hard += 1;
  }
  return { confused, hard };
}

/**
 * Equal, or likely the same plate misread: one character differs (so the province alone may), or two that are confusable pairs. Both must be normal
 * plates.
 */
export function fuzzyPlate(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length !== other.length || one.length < 4) return false;
  const { confused, hard } = differences(one, other);
  return confused + hard === 1 || (hard === 0 && confused <= CONFUSED_MOST);
}

/** Equal, or misread in nothing but characters that are taken for one another. */
export function confusedPlate(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  const { confused, hard } = differences(one, other);
  return hard === 0 && confused <= CONFUSED_MOST;
}

/** The most confident read; of equals the first. */
export function bestRead(reads: readonly Read[]): Read | null {
  let best: Read | null = null;
  for (const read of reads) if (best === null || read.confidence > best.confidence) best = read;
  return best;
}

export const readsExactly = (reads: readonly Read[], plate: string): Read | undefined =>
  reads.find((read) => read.text === plate);

export const readsFuzzily = (reads: readonly Read[], plate: string): Read | undefined =>
  reads.find((read) => fuzzyPlate(read.text, plate));

/** Of a learner, the police, a trailer, Hong Kong, Macao or a consulate, without the sign that says so: whole plates are longer. */
const lacksSign = (whole: string, other: string): boolean =>
  whole.length === 7 && other.length === 6 && '学警挂港澳领'.includes(whole.charAt(6)) && whole.startsWith(other);

/** By a camera older than plates of eight characters, or one that leaves the last sign out, as who was told of the plate may have. */
export const readsShort = (reads: readonly Read[], plate: string): Read | undefined =>
  reads.find(({ text }) =>
    plate.length === 8
      ? text.length === 7 && plateDistance(text, plate) === 0
      : lacksSign(plate, text) || lacksSign(text, plate),
  );

/** Equal or misread, be it that a character is missing. */
export const readsLike = (reads: readonly Read[], plate: string): boolean =>
  reads.some((read) => fuzzyPlate(read.text, plate) || plateDistance(read.text, plate) < PAYMENT_DISTANCE);

/** It was read, at whatever confidence, and never as this plate, not even misread. */
export const isReadAsAnother = (body: Pick<Body, 'reads'>, plate: string): boolean =>
  !isUnread(body) && !readsLike(body.reads, plate);

/** So far apart two plates are not one misread: where a payment is at stake, and where a second vehicle is. */
export const PAYMENT_DISTANCE = 2;
export const CHAIN_DISTANCE = 4;
/** Where the loops show two vehicles already: no misread changes so many characters. */
const LOOPS_DISTANCE = 3;

/**
 * Characters that differ beyond confusion, which takes no more than it can, the province free; a character too few or too many costs nothing (an 8-character plate
 * loses its D or F). Both must be normal plates.
 */
export function plateDistance(one: string, other: string): number {
  if (one === other) return 0;
  if (one.length === other.length) {
    const { confused, hard } = differences(one, other, 1);
    return confused > CONFUSED_MOST ? confused + hard : hard;
  }
  const rest = Math.abs(one.length - other.length);
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const left = one.charCodeAt(i - 1);
      const right = other.charCodeAt(j - 1);
      const free = left === right || (i === 1 && j === 1) || confusable(left, right);
      const replaced = (row[j - 1] as number) + (free ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return Math.max(0, (row[other.length] as number) - rest);
}

/** A plate of a trailer, or one of the second plates that a vehicle may bear beside its own. */
const TRAILER = /挂$/;
const BESIDE = /[使领学港澳]/;

/** Nothing but the plate of a trailer was read: no vehicle leaves under that alone. */
export const bearsTrailerPlate = ({ reads }: Pick<Body, 'reads'>): boolean =>
  reads.length > 0 && reads.every(({ text }) => TRAILER.test(text));

/** The plate may belong to the same vehicle as one of another form. */
const isBeside = (one: string, other: string): boolean =>
  TRAILER.test(one) || TRAILER.test(other) || BESIDE.test(one) !== BESIDE.test(other);

const areApart = (one: Read, other: Read, distance: number, least: number): boolean =>
  one.confidence >= least &&
  other.confidence >= least &&
  canBePlate(one) &&
  canBePlate(other) &&
  !isBeside(one.text, other.text) &&
  plateDistance(one.text, other.text) >= distance;

/** Two reads that cannot be of one plate. */
export const contradict = (one: Read, other: Read, distance: number): boolean =>
  areApart(one, other, distance, CONFIDENT);

/** A read that no read of a body agrees with, and a confident one of them contradicts. */
export const contradictsReads = (read: Read, reads: readonly Read[], distance: number): boolean =>
  reads.some((one) => contradict(read, one, distance)) &&
  !reads.some((one) => plateDistance(read.text, one.text) < distance);

/** A confident read that is none of `plates`, not even misread; false when either side has nothing to say. */
export function contradicts(body: Pick<Body, 'reads'>, plates: readonly string[]): boolean {
  const best = bestRead(body.reads.filter(canBePlate));
  if (best === null || best.confidence < HALF_CONFIDENT || plates.length === 0) return false;
  // A poor read is no other plate by one or two characters, but by most of them.
  const distance = best.confidence < CONFIDENT ? CHAIN_DISTANCE : PAYMENT_DISTANCE;
  return !plates.some((plate) =>
    body.reads.some((read) => fuzzyPlate(read.text, plate) || plateDistance(read.text, plate) < distance),
  );
}

/** Two bodies with confident plates that cannot be one plate. */
export function differentPlates(one: readonly Read[], other: readonly Read[]): boolean {
  const best = bestRead(one);
  return best !== null && other.length > 0 && contradictsReads(best, other, CHAIN_DISTANCE);
}

/**
 * Every read of one differs in most characters from every read of the other, though the camera was not confident, or gives no confidence:
 * too little to part what the loops show as one, enough beside loops that show two.
 */
export const hardlyOnePlate = (one: readonly Read[], other: readonly Read[]): boolean =>
  one.length > 0 &&
  other.length > 0 &&
  one.every((read) => other.every((before) => areApart(read, before, LOOPS_DISTANCE, HALF_CONFIDENT)));
