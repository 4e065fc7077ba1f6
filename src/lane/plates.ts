/** When two plates are one: equality, likely misreadings, and contradiction. It knows texts only. */
import type { Body, Read } from './state.ts';

/** Below this a read neither contradicts a grant nor tells two vehicles apart. */
export const CONFIDENT = 0.8;

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

/** The same for plates that differ in confusable characters only: a key to find a plate that may have been misread. */
export const confusableKey = (text: string): string =>
  [...normalPlate(text)].map((one) => CANONICAL.get(one) ?? one).join('');

/** As compared: upper case, without spaces and separators (粤B·12345). */
export function normalPlate(text: string): string {
  return /[\s·•.\-_a-z]/.test(text) ? text.replaceAll(/[\s·•.\-_]/g, '').toUpperCase() : text;
}

const confusable = (one: string, other: string): boolean =>
  CONFUSABLE.some((group) => group.includes(one) && group.includes(other));

/**
 * Equal, or likely the same plate misread: one character differs (so the province alone may), or every character that differs
 * is a confusable pair. Both must be normal plates.
 */
export function fuzzyPlate(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length !== other.length || one.length < 4) return false;
  let differing = 0;
  let hard = 0;
  for (let index = 0; index < one.length; index += 1) {
    const left = one.charAt(index);
    const right = other.charAt(index);
    if (left === right) continue;
    differing += 1;
    if (!confusable(left, right)) hard += 1;
  }
  return differing === 1 || hard === 0;
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

/** A confident read that is none of `plates`, not even misread; false when either side has nothing to say. */
export function contradicts(body: Pick<Body, 'reads'>, plates: readonly string[]): boolean {
  const best = bestRead(body.reads);
  if (best === null || best.confidence < CONFIDENT || plates.length === 0) return false;
  return !plates.some((plate) => body.reads.some((read) => fuzzyPlate(read.text, plate)));
}

/** Two bodies with confident plates that cannot be one plate. */
export function differentPlates(one: readonly Read[], other: readonly Read[]): boolean {
  const best = bestRead(other);
  if (best === null || best.confidence < CONFIDENT) return false;
  return contradicts(
    { reads: one },
    other.map((read) => read.text),
  );
}
