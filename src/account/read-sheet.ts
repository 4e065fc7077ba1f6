/** What a sheet is built from, read from the store: the day, thirty before it and those that may correct it. */
import type { AccountStore } from '../store/days/accounts.ts';
import { beginOf, DAY_MS, daysAfter } from './days.ts';
import { type RowSource, type SheetSource, TREND_DAYS } from './sheet.ts';

/** A correction stands with the day it came on, at most so many later: a payment ahead ends within a day. */
const CORRECTED_WITHIN_DAYS = 3;
const PLATE_DAYS = 7;

type RowsAsked = Pick<SheetSource, 'day' | 'lane'> & {
  /** Nothing of other lanes is read. */
  readonly own?: readonly string[] | undefined;
};
type SheetAsked = RowsAsked & Pick<SheetSource, 'lanes' | 'nowWallMs'>;

export async function readSheet(store: AccountStore, asked: SheetAsked): Promise<SheetSource> {
  const { day, lane, own, lanes, nowWallMs } = asked;
  const beginMs = beginOf(day);
  const ofLanes = lane === undefined ? own : [lane];
  const [lines, rows, plates, reviewed, observed] = await Promise.all([
    store.lines(daysAfter(day, 1 - TREND_DAYS), day),
    readRows(store, { day, lane, own }),
    store.plates(beginMs - (PLATE_DAYS - 1) * DAY_MS, beginMs + DAY_MS, ofLanes),
    store.reviewed(beginMs, beginMs + DAY_MS, ofLanes),
    store.observed(beginMs, beginMs + DAY_MS),
  ]);
  return {
    ...{ ...rows, lanes, plates, reviewed, nowWallMs },
    ...{ lines: ofOwn(own, lines), observed: ofOwn(own, observed) },
  };
}

export async function readRows(store: AccountStore, { day, lane, own }: RowsAsked): Promise<RowSource> {
  const beginMs = beginOf(day);
  const [texts, dropped] = await Promise.all([
    store.between(day, daysAfter(day, CORRECTED_WITHIN_DAYS)),
    store.dropped(beginMs, beginMs + DAY_MS),
  ]);
  return { day, lane, texts: ofOwn(own, texts), dropped: ofOwn(own, dropped) };
}

export const ofOwn = <Each extends { readonly laneId: string }>(
  own: readonly string[] | undefined,
  all: readonly Each[],
): readonly Each[] => (own === undefined ? all : all.filter(({ laneId }) => own.includes(laneId)));

/** A day as people write it; undefined: it is none. */
export function dayNamed(word: string, today: string): string | undefined {
  if (word === 'today') return today;
  if (word === 'yesterday') return daysAfter(today, -1);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(word) && !Number.isNaN(Date.parse(`${word}T00:00:00Z`));
  return isDay && daysAfter(word, 0) === word ? word : undefined;
}
