/** The day's sheet of the running box: what is counted so far is kept first, then read like any other day. */
import { setImmediate } from 'node:timers/promises';
import { rowsOf } from '../account/closing.ts';
import { dayOf, daysAfter } from '../account/days.ts';
import { sheetLine } from '../account/lines.ts';
import { monthNamed, monthParts, monthSheet } from '../account/month-sheet.ts';
import { patternText } from '../account/patterns.ts';
import { dayNamed, readSheet } from '../account/read-sheet.ts';
import { buildSheet, type SheetSource, trendOf } from '../account/sheet.ts';
import { monthCsv, sheetCsv } from '../account/sheet-csv.ts';
import { unhurried } from '../account/steps.ts';
import { trendSvg } from '../account/trend.ts';
import type { App } from '../app/app.ts';
import type { DaySheetView, MonthSheetView, SheetFilter, TodayBrief } from '../page/api/api-account.ts';
import { reviewedText } from '../text/page/account.ts';
import type { Language } from '../text/text.ts';
import { questionRecords } from './question-records.ts';

const wallMsOf = ({ store, clock }: App): number => store.time.wallMsAt(clock.nowMs());

/** undefined: no such lane. While the disk refuses, the figures are those of before. */
async function keptUntilNow(app: App, { lane, own }: SheetFilter) {
  const { store, config, accounts } = app;
  const lanes = config.lanes.flatMap(({ id, name }) => (own?.includes(id) === false ? [] : [{ id, name }]));
  if (lane !== undefined && !lanes.some(({ id }) => id === lane)) return undefined;
  if (store.status().stalled === undefined) await accounts.keep().catch(() => undefined);
  return { lane, own, lanes, nowWallMs: wallMsOf(app) };
}

/** undefined: no such day or lane. */
async function sourceOf(app: App, { day = 'yesterday', ...which }: SheetFilter): Promise<SheetSource | undefined> {
  const wanted = dayNamed(day, dayOf(wallMsOf(app)));
  if (wanted === undefined) return undefined;
  const source = await keptUntilNow(app, which);
  return source && readSheet(app.store.accounts, { day: wanted, ...source });
}

/** undefined: no such month or lane. */
async function monthOf(app: App, { month, ...which }: SheetFilter) {
  const today = dayOf(wallMsOf(app));
  const wanted = monthNamed(month ?? daysAfter(today, -1).slice(0, 7), today);
  if (wanted === undefined) return undefined;
  const source = await keptUntilNow(app, which);
  return source && { month: wanted, ...source };
}

export async function monthSheetView(app: App, filter: SheetFilter): Promise<MonthSheetView | undefined> {
  const wanted = await monthOf(app, filter);
  return wanted && { ...(await monthSheet(app.store.accounts, wanted, setImmediate)), lanes: wanted.lanes };
}

export async function monthSheetCsv(app: App, filter: SheetFilter, language: Language): Promise<string | undefined> {
  const wanted = await monthOf(app, filter);
  return wanted && monthCsv(await monthParts(app.store.accounts, wanted, setImmediate), wanted.lanes, language);
}

export async function daySheetView(app: App, filter: SheetFilter): Promise<DaySheetView | undefined> {
  const source = await sourceOf(app, filter);
  if (source === undefined) return undefined;
  const sheet = await unhurried(buildSheet(source), setImmediate);
  return {
    ...sheet,
    asks: sheet.patterns.map((pattern) => patternText(pattern, sheet.lanes)),
    review: reviewedText(sheet.reviewed),
    records: await questionRecords(app.store, sheet.questions).catch(() => []),
  };
}

export async function daySheetCsv(app: App, filter: SheetFilter, language: Language) {
  const source = await sourceOf(app, filter);
  return source && unhurried(sheetCsv(source, source.lanes, language), setImmediate);
}

export async function trendPicture(
  app: App,
  filter: SheetFilter,
  language: Language,
  width: number | undefined,
): Promise<string | undefined> {
  const trend =
    filter.month === undefined
      ? await sourceOf(app, filter).then((source) => source && trendOf(source))
      : (await monthSheetView(app, filter))?.days;
  return trend && trendSvg(trend, language, width);
}

/** From memory: asked for with every overview. */
export function todayBrief(app: App): TodayBrief {
  const today = dayOf(wallMsOf(app));
  const briefOf = (rows: ReturnType<typeof rowsOf>) => {
    const { passages, byHand, tailgating } = sheetLine(today, rows);
    return { passages, byHand, tailgating };
  };
  const lanes = app.accounts.rowsOn(today).map(({ laneId: lane, rows }) => ({ lane, rows: rowsOf(rows) }));
  return {
    ...briefOf(lanes.flatMap(({ rows }) => rows)),
    byLane: lanes.map(({ lane, rows }) => ({ lane, ...briefOf(rows) })),
  };
}
