/** What a sheet is built from, read from the store: the day, thirty before it and those that may correct it. */
import type { AccountStore } from '../store/days/accounts.ts';
import { beginOf, DAY_MS, daysAfter } from './days.ts';
import { type RowSource, type SheetSource, TREND_DAYS } from './sheet.ts';

/** A correction stands with the day it came on, at most so many later: a payment ahead ends within a day. */
const CORRECTED_WITHIN_DAYS = 3;
/** As JSON writes it: of a later day such a text is not wanted. */
const NOT_CORRECTING = '"corrections":[]';
const PLATE_DAYS = 7;

type RowsAsked = Pick<SheetSource, 'day' | 'lane'> & {
  /** Nothing of other lanes is read. */
  readonly own?: readonly string[] | undefined;
};
type SheetAsked = RowsAsked & Pick<SheetSource, 'lanes' | 'nowWallMs'>;

/** One question after the other: the answers to several asked at once would come to the lanes' thread at once. */
export async function readSheet(store: AccountStore, asked: SheetAsked): Promise<SheetSource> {
  const { day, lane, own, lanes, nowWallMs } = asked;
  const beginMs = beginOf(day);
  const ofLanes = lane === undefined ? own : [lane];
  const lines = await store.lines(daysAfter(day, 1 - TREND_DAYS), day);
  const rows = await readRows(store, { day, lane, own });
  const plates = await store.plates(beginMs - (PLATE_DAYS - 1) * DAY_MS, beginMs + DAY_MS, ofLanes);
  const reviewed = await store.reviewed(beginMs, beginMs + DAY_MS, ofLanes);
  const observed = await store.observed(beginMs, beginMs + DAY_MS);
  return { ...rows, lanes, plates, reviewed, nowWallMs, lines: ofOwn(own, lines), observed: ofOwn(own, observed) };
}

export async function readRows(store: AccountStore, { day, lane, own }: RowsAsked): Promise<RowSource> {
  const beginMs = beginOf(day);
  const texts = await store.between(day, day);
  const later = await store.between(daysAfter(day, 1), daysAfter(day, CORRECTED_WITHIN_DAYS), NOT_CORRECTING);
  const dropped = await store.dropped(beginMs, beginMs + DAY_MS);
  return { day, lane, texts: ofOwn(own, [...texts, ...later]), dropped: ofOwn(own, dropped) };
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
