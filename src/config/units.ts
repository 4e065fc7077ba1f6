/** Durations and sizes as people write them. Knows numbers and units, no keys, files or settings. */

import type { Text } from '../text/text.ts';
import { unitText } from '../text/units.made.ts';

export type UnitCode =
  | 'duration' // not a number with ms, s, min, h or d
  | 'size' // not a number with B, KB, MB or GB
  | 'range'; // a number, but negative, not finite or too large to count exactly

/** Not a duration or size. `text` states the expectation, in both languages. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
  readonly code: UnitCode;
  readonly text: Text;
  constructor(code: UnitCode, text: Text) {
    super(text.en);
    this.code = code;
    this.text = text;
  }
}

const DURATION_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
/** Powers of 1000, as disks and cameras are sold: a limit read as 1000 is never exceeded by one meant as 1024. */
const SIZE_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1000],
  ['MB', 1_000_000],
  ['GB', 1_000_000_000],
]);
const NUMBER_AND_UNIT = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/;

/** `250ms`, `5s`, `1.5s`, `10min`, `2h`, `7d`; a bare number is milliseconds. Returns whole milliseconds. Throws UnitError. */
export function parseDuration(value: string | number): number {
  const [amount, unit] = split(value, 'duration');
  const factor = unit === '' ? 1 : DURATION_MS.get(unit.toLowerCase());
  if (factor === undefined) throw new UnitError('duration', unitText.duration(String(value)));
  return whole(amount * factor, value);
}

/** `800B`, `500KB`, `1.5MB`, `4GB`; a bare number is bytes. Units are powers of 1000. Returns whole bytes. Throws UnitError. */
export function parseSize(value: string | number): number {
  const [amount, unit] = split(value, 'size');
  const factor = unit === '' ? 1 : SIZE_BYTES.get(unit.toUpperCase());
  if (factor === undefined) throw new UnitError('size', unitText.size(String(value)));
  return whole(amount * factor, value);
}

/** The shortest exact form of a duration: 600000 → `10min`. */
export function writeDuration(ms: number): string {
  const fitting = [...DURATION_MS].filter(([, factor]) => ms !== 0 && ms % factor === 0);
  const [unit, factor] = fitting.at(-1) ?? ['ms', 1];
  return `${ms / factor}${unit}`;
}

function split(value: string | number, code: 'duration' | 'size'): readonly [number, string] {
  const found = NUMBER_AND_UNIT.exec(typeof value === 'number' ? String(value) : value.trim());
  if (found !== null) return [Number(found[1]), found[2] ?? ''];
  if (typeof value === 'number') throw new UnitError('range', unitText.range(String(value)));
  throw new UnitError(code, unitText[code](value));
}

function whole(amount: number, value: string | number): number {
  const rounded = Math.round(amount);
  if (!Number.isSafeInteger(rounded)) throw new UnitError('range', unitText.range(String(value)));
  return rounded;
}
