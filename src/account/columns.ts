/** The columns of the account, and in which of them an opening, a passage or a payment stands. Pure. */
import type { CountedOpening, CountedPassage, OpeningCommand } from '../lane/counted.ts';

/**
 * Three sums and what joins them: `opening`, `passage`, `payment`; `extra` are vehicles beyond the one of an opening that nothing covers, `told`
 * are payments by the time of their arrival; `owed` are exits that nobody paid for, by how well their sum is known; `pair` are passages for which an
 * unused payment of the same minute spoke, by what came of it.
 */
export const PARTS = ['opening', 'extra', 'passage', 'payment', 'told', 'owed', 'pair'] as const;
export type AccountPart = (typeof PARTS)[number];

/** A column's name begins with its group: `granted.paid`, `hand.button`, `reported.tailgating`. */
export type Column = string;

export function groupOf(column: Column): string {
  const end = column.indexOf('.');
  return end === -1 ? column : column.slice(0, end);
}

/** The groups of each sum in the order of the sheet. `part` and `bounced` are no vehicle and no opening, and count in no sum. */
export const GROUPS = {
  opening: ['granted', 'automatic', 'hand', 'systemUnpaid', 'continued', 'nobody', 'maintenance', 'unknown', 'bounced'],
  passage: ['covered', 'reported', 'review', 'withdrawn', 'automatic', 'maintenance', 'blind', 'unclear', 'part'],
  payment: ['used', 'usedLate', 'usedOther', 'cameAndWent', 'neverCame', 'expired', 'elsewhere', 'ended'],
  owed: ['told', 'estimated', 'without'],
  pair: ['review', 'covered'],
} as const;

/** Columns that are counted beside their sum. */
export const BESIDE: ReadonlySet<string> = new Set(['part', 'bounced']);

const PRESS = { button: 'button', remote: 'remote', hand: 'noCommand' } as const;

function commandOf({ begun, press }: OpeningCommand): string {
  if (begun === 'relay') return 'systemUnpaid';
  if (begun === 'unknown') return 'unknown';
  return press === null ? 'hand.noCommand' : `hand.${PRESS[press]}`;
}

/** Of an opening by its first passage. `by`: what covered that, or the cause of a time without a verdict per car. */
export function openingColumn({ how, maintenance }: CountedPassage, command: OpeningCommand, by: string): Column {
  if (how === 'automatic') return `automatic.${by}`;
  if (how !== 'uncovered' && how !== 'part') return `granted.${by}`;
  return maintenance ? 'maintenance' : commandOf(command);
}

/** Of an opening that ended with no passage counted. One of which the lane says that somebody passed stands as if: it is asked about. */
export function emptyColumn(opening: CountedOpening): Column {
  if (opening.isNone) return 'bounced';
  const command = opening.granted ? 'granted' : commandOf(opening);
  const cause = opening.maintenance ? 'maintenance' : opening.automatic ? 'automatic' : command;
  return opening.passed ? command : `nobody.${cause.replace('hand.', '')}`;
}

export interface GivenVerdict {
  readonly verdict: string;
  readonly reported: boolean;
  /** A payment of its minute was left for it. */
  readonly paired?: true;
  /** Of a vehicle that left. */
  readonly exit?: true;
  /** What that would have cost, in fen, where it can be said. */
  readonly owed?: { readonly by: 'told' | 'tariff'; readonly amount: number };
}

/** Where an exit stands that nobody paid for; null: none, or none of whom that can be said. `column`: of its passage. */
export function owedColumn(
  column: Column,
  given: GivenVerdict | undefined,
): { readonly column: Column; readonly amount: number } | null {
  const group = groupOf(column);
  if (given?.exit === undefined || (group !== 'reported' && group !== 'review')) return null;
  const { owed } = given;
  if (owed === undefined) return { column: 'without', amount: 0 };
  return { column: owed.by === 'told' ? 'told' : 'estimated', amount: owed.amount };
}

/** An insider can buy a cheap payment for a covered plate: each such pair is counted under whoever was on duty. */
export const pairColumns = ({ assigned }: CountedPassage, given: GivenVerdict | undefined): readonly Column[] =>
  assigned === true ? ['covered'] : given?.paired === true ? ['review'] : [];

/** `by`: what covered it; `given`: the release that came of it. */
export function passageColumn(passage: CountedPassage, by: string, given: GivenVerdict | undefined): Column {
  const { how, first, openingId, maintenance, presumed } = passage;
  if (how === 'automatic') return `automatic.${by}`;
  if (how === 'part') return first !== null || openingId === null ? 'unclear' : 'part';
  if (how !== 'uncovered') return `covered.${by}`;
  if (maintenance) return 'maintenance';
  if (presumed) return 'blind';
  if (given === undefined) return 'unclear';
  return `${given.reported ? 'reported' : 'review'}.${given.verdict}`;
}

/** Beside the openings: a further vehicle in one, let out for itself or not; with no opening at all, past a closed arm or an unseen one. */
export function furtherColumn(
  passage: CountedPassage,
  column: Column,
): { readonly part: AccountPart; readonly column: Column } {
  const { how, openingId } = passage;
  const isCovered = how !== 'uncovered' && how !== 'part';
  if (isCovered && openingId !== null) return { part: 'opening', column: 'continued' };
  return { part: 'extra', column: isCovered ? 'unseenOpening' : (column.split('.')[1] ?? column) };
}

/** Payments that ended by a message. */
const ENDED: ReadonlySet<string> = new Set(['repeated', 'replaced', 'cancelled', 'givenUp']);
/** Ends of a payment for the whole park that say only that this lane was not the one. */
const NOT_HERE: ReadonlySet<string> = new Set(['neverCame', 'expired', 'elsewhere']);

/** A payment ahead is told to every lane of the park: what one of them did not use stands there as another's. */
export function paymentColumn(fate: string, scope: 'lane' | 'park'): Column {
  if (scope === 'park' && NOT_HERE.has(fate)) return 'elsewhere.ahead';
  return ENDED.has(fate) ? `ended.${fate}` : fate;
}

/** `how`: what the passage that used it counts as. */
export function usedColumn(how: CountedPassage['how'], otherPlate: boolean, scope: 'lane' | 'park'): Column {
  if (how === 'grant') return scope === 'park' ? 'used.ahead' : 'used';
  return otherPlate ? 'usedOther' : 'usedOther.automatic';
}
