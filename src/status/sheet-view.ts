/** The day's sheet of the running box: what is counted so far is kept first, then read like any other day. */
import { setImmediate } from 'node:timers/promises';
import { type AccountRow, rowsOf } from '../account/closing.ts';
import { dayOf } from '../account/days.ts';
import { sheetLine } from '../account/lines.ts';
import { patternText } from '../account/patterns.ts';
import { dayNamed, readSheet } from '../account/read-sheet.ts';
import { buildSheet, rowsOfDay, type SheetSource, trendOf } from '../account/sheet.ts';
import { sheetCsv } from '../account/sheet-csv.ts';
import { unhurried } from '../account/steps.ts';
import { trendSvg } from '../account/trend.ts';
import type { App } from '../app/app.ts';
import type { DaySheetView, SheetFilter, TodayBrief } from '../page/api/api-account.ts';
import { reviewedText } from '../text/page/account.ts';
import type { Language } from '../text/text.ts';
import { questionRecords } from './question-records.ts';

const wallMsOf = ({ store, clock }: App): number => store.time.wallMsAt(clock.nowMs());

/** undefined: no such day or lane. While the disk refuses, the figures are those of before. */
async function sourceOf(app: App, { day = 'yesterday', lane, own }: SheetFilter): Promise<SheetSource | undefined> {
  const { store, config, accounts } = app;
  const nowWallMs = wallMsOf(app);
  const wanted = dayNamed(day, dayOf(nowWallMs));
  const lanes = config.lanes.flatMap(({ id, name }) => (own?.includes(id) === false ? [] : [{ id, name }]));
  if (wanted === undefined || (lane !== undefined && !lanes.some(({ id }) => id === lane))) return undefined;
  if (store.status().stalled === undefined) await accounts.keep().catch(() => undefined);
  return readSheet(store.accounts, { day: wanted, lane, own, lanes, nowWallMs });
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

export async function daySheetCsv(app: App, filter: SheetFilter, language: Language): Promise<string | undefined> {
  const source = await sourceOf(app, filter);
  return source && sheetCsv(source.day, await unhurried(rowsOfDay(source), setImmediate), source.lanes, language);
}

export async function trendPicture(
  app: App,
  filter: SheetFilter,
  language: Language,
  width: number | undefined,
): Promise<string | undefined> {
  const source = await sourceOf(app, filter);
  return source && trendSvg(trendOf(source), language, width);
}

/** From memory: asked for with every overview. */
export function todayBrief(app: App): TodayBrief {
  const today = dayOf(wallMsOf(app));
  const briefOf = (rows: readonly AccountRow[]) => {
    const { passages, byHand, tailgating } = sheetLine(today, rows);
    return { passages, byHand, tailgating };
  };
  const lanes = app.accounts.rowsOn(today).map(({ laneId: lane, rows }) => ({ lane, rows: rowsOf(rows) }));
  return {
    ...briefOf(lanes.flatMap(({ rows }) => rows)),
    byLane: lanes.map(({ lane, rows }) => ({ lane, ...briefOf(rows) })),
  };
}
