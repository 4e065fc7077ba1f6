/** Patterns of a day that name nobody but point: each is a question with its numbers, and says how much it rests on. Pure. */
import type { PlateCount } from '../store/days/accounts.ts';
import { daySheetText } from '../text/page/account.ts';
import type { Text } from '../text/text.ts';
import type { AccountRow } from './closing.ts';
import { groupOf } from './columns.ts';

export type Pattern =
  /** One operator's openings by hand, per hundred openings on duty, beside the median of all. */
  | {
      readonly kind: 'handOpenings';
      readonly operator: string;
      readonly count: number;
      readonly per100: number;
      readonly median100: number;
    }
  /** Openings by radio remote while nobody was signed on. */
  | { readonly kind: 'remoteUnsigned'; readonly count: number }
  /** Records of one plate within the week. */
  | { readonly kind: 'samePlate'; readonly plate: string; readonly count: number };

/** Fewer say nothing. */
const HAND_LEAST = 10;
const TIMES_MEDIAN = 2;
const OPERATORS_LEAST = 3;
const SAME_PLATE_LEAST = 3;
const SAME_PLATES_MOST = 10;

export function patternsOf(rows: readonly AccountRow[], plates: readonly PlateCount[]): readonly Pattern[] {
  return [...handOpenings(rows), ...remoteUnsigned(rows), ...samePlates(plates)];
}

function handOpenings(rows: readonly AccountRow[]): readonly Pattern[] {
  const openings = rows.filter(({ part, operator }) => part === 'opening' && operator !== '');
  const operators = [...new Set(openings.map(({ operator }) => operator))].map((operator) => {
    const own = openings.filter((row) => row.operator === operator);
    const all = own.reduce((total, { count }) => total + count, 0);
    const hand = own.filter(({ column }) => groupOf(column) === 'hand').reduce((total, { count }) => total + count, 0);
    return { operator, count: hand, per100: all === 0 ? 0 : Math.round((1000 * hand) / all) / 10 };
  });
  if (operators.length < OPERATORS_LEAST) return [];
  const sorted = operators.map(({ per100 }) => per100).sort((a, b) => a - b);
  const median100 = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return operators
    .filter(({ count, per100 }) => count >= HAND_LEAST && per100 > TIMES_MEDIAN * median100)
    .map((one) => ({ kind: 'handOpenings', ...one, median100 }));
}

/** Only where somebody signs on at all. */
function remoteUnsigned(rows: readonly AccountRow[]): readonly Pattern[] {
  if (rows.every(({ operator }) => operator === '')) return [];
  const count = rows
    .filter(({ part, operator, column }) => part === 'opening' && operator === '' && column === 'hand.remote')
    .reduce((total, row) => total + row.count, 0);
  return count === 0 ? [] : [{ kind: 'remoteUnsigned', count }];
}

const samePlates = (plates: readonly PlateCount[]): readonly Pattern[] =>
  plates
    .filter(({ count }) => count >= SAME_PLATE_LEAST)
    .slice(0, SAME_PLATES_MOST)
    .map(({ plate, count }) => ({ kind: 'samePlate', plate, count }));

export function patternText(pattern: Pattern): Text {
  if (pattern.kind === 'handOpenings')
    return daySheetText.handOpenings(pattern.operator, pattern.count, pattern.per100, pattern.median100);
  if (pattern.kind === 'remoteUnsigned') return daySheetText.remoteUnsigned(pattern.count);
  return daySheetText.samePlate(pattern.plate, pattern.count);
}
