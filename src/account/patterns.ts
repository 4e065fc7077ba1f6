/** Patterns of a day that name nobody but point: each is a question with its numbers, and says how much it rests on. Pure. */

import type { PlateCount } from '../store/days/accounts.ts';
import { daySheetText, type HandOpenings } from '../text/page/account.ts';
import type { Text } from '../text/text.ts';
import type { AccountRow } from './account.ts';
import { groupOf } from './columns.ts';
import { groupedBy } from './lines.ts';
import { finished } from './steps.ts';

export type Pattern =
  /** One operator's openings by hand in a lane, per hundred openings there on duty, beside the median of those on duty in this lane. */
  | ({ readonly kind: 'handOpenings' } & HandOpenings)
  /** Openings by radio remote while nobody was signed on. */
  | { readonly kind: 'remoteUnsigned'; readonly count: number; readonly of: number }
  /** Records of one plate within the week. */
  | { readonly kind: 'samePlate'; readonly plate: string; readonly count: number };

/** Fewer say nothing. */
const HAND_LEAST = 10;
const TIMES_MEDIAN = 2;
const OPERATORS_LEAST = 3;
/** Where nobody else opens by hand: one opening of two hundred is no wonder. */
const MEDIAN_LEAST = 0.5;
const SAME_PLATE_LEAST = 3;
const SAME_PLATES_MOST = 10;

/** A row of a lane. */
type OfLane = AccountRow & { readonly lane: string };

export function patternsOf(rows: readonly OfLane[], plates: readonly PlateCount[]): readonly Pattern[] {
  const byHand = finished(groupedBy(rows, ({ lane }) => lane)).flatMap(([lane, own]) => handOpenings(own, lane));
  return [...byHand, ...remoteUnsigned(rows), ...samePlates(plates)];
}

/** A lane's own median: the booth of a lane whose reader is poor opens more often than another, whoever sits in it. */
function handOpenings(rows: readonly OfLane[], lane: string): readonly Pattern[] {
  const openings = rows.filter((row) => row.part === 'opening' && row.operator !== '');
  const operators = [...new Set(openings.map(({ operator }) => operator))].map((operator) => {
    const own = openings.filter((row) => row.operator === operator);
    const all = own.reduce((total, { count }) => total + count, 0);
    const hand = own.filter(({ column }) => groupOf(column) === 'hand').reduce((total, { count }) => total + count, 0);
    return { operator, count: hand, all, per100: all === 0 ? 0 : Math.round((1000 * hand) / all) / 10 };
  });
  if (operators.length < OPERATORS_LEAST) return [];
  const sorted = operators.map(({ per100 }) => per100).sort((a, b) => a - b);
  const median100 = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return operators
    .filter(({ count, per100 }) => count >= HAND_LEAST && per100 > TIMES_MEDIAN * median100)
    .map(({ all, ...one }) => {
      const expected = (Math.max(median100, MEDIAN_LEAST) * all) / 100;
      return { kind: 'handOpenings', lane, ...one, median100, chance100: chanceOf(one.count, expected) };
    });
}

/** In percent, that a count with this mean (Poisson) is so high or higher. */
function chanceOf(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let n = 0; n < count; n += 1) {
    below += term;
    term *= mean / (n + 1);
  }
  return Math.round(1000 * Math.max(0, 1 - below)) / 10;
}

/** Only where somebody signs on at all. */
function remoteUnsigned(rows: readonly AccountRow[]): readonly Pattern[] {
  if (rows.every(({ operator }) => operator === '')) return [];
  const remote = rows.filter(({ part, column }) => part === 'opening' && column === 'hand.remote');
  const countOf = (some: readonly AccountRow[]) => some.reduce((total, row) => total + row.count, 0);
  const count = countOf(remote.filter(({ operator }) => operator === ''));
  return count === 0 ? [] : [{ kind: 'remoteUnsigned', count, of: countOf(remote) }];
}

const samePlates = (plates: readonly PlateCount[]): readonly Pattern[] =>
  plates
    .filter(({ count }) => count >= SAME_PLATE_LEAST)
    .slice(0, SAME_PLATES_MOST)
    .map(({ plate, count }) => ({ kind: 'samePlate', plate, count }));

export function patternText(pattern: Pattern, lanes: readonly { readonly id: string; readonly name: string }[]): Text {
  if (pattern.kind === 'handOpenings') {
    const name = lanes.find(({ id }) => id === pattern.lane)?.name ?? pattern.lane;
    return daySheetText.handOpenings({ ...pattern, lane: name });
  }
  if (pattern.kind === 'remoteUnsigned') return daySheetText.remoteUnsigned(pattern.count, pattern.of);
  return daySheetText.samePlate(pattern.plate, pattern.count);
}
