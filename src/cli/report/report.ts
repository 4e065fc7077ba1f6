/** `lanewarden report`: the day's sheet on a terminal, as CSV or JSON, and thirty days as a picture. It reads the store only. */
import { writeFileSync } from 'node:fs';
import { readSheet } from '../../account/read-sheet.ts';
import { buildSheet, type DaySheet, type SheetLane, type SheetSource } from '../../account/sheet.ts';
import { sheetCsv } from '../../account/sheet-csv.ts';
import { finished } from '../../account/steps.ts';
import { trendSvg } from '../../account/trend.ts';
import { systemClock } from '../../clock.ts';
import type { Store } from '../../store/types.ts';
import { dayReportText } from '../../text/commands/report.made.ts';
import { auditText } from '../../text/page/server.ts';
import type { Language } from '../../text/text.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, type CommandContext, JSON_OPTION, misuse, STORE_OPTIONS } from '../command.ts';
import { namedStore, withStore } from '../named-store.ts';
import { print, remark } from '../output.ts';
import { progressOf } from '../progress.ts';
import { daysOf, RANGE_OPTIONS } from '../time-range.ts';
import { daysLines, sheetLines } from './sheet-lines.ts';
import { PICTURES_MAX, writeSheetZip } from './sheet-zip.ts';

const DAYS_MAX = 31;

export const reportCommand: Command = {
  name: 'report',
  summary: dayReportText.summary,
  options: {
    ...RANGE_OPTIONS,
    lane: { type: 'string', value: 'LANE', help: dayReportText.lane },
    ...JSON_OPTION,
    csv: { type: 'boolean', help: dayReportText.csv },
    zip: { type: 'string', value: 'FILE', help: dayReportText.zip },
    trend: { type: 'string', value: 'FILE', help: dayReportText.trend },
    ...STORE_OPTIONS,
  },
  async run(values, _positionals, context) {
    const clock = systemClock();
    const lane = values.lane as string | undefined;
    const namesDays = ['day', 'last', 'from', 'until'].some((option) => values[option] !== undefined);
    const days = daysOf(namesDays ? values : { day: 'yesterday' }, clock.wallMs());
    requireOneForm(values, days.length);
    const { config, path } = await namedStore(values, context);
    const lanes: readonly SheetLane[] = config?.lanes.map(({ id, name }) => ({ id, name })) ?? [];
    const ids = lanes.map(({ id }) => id);
    if (lane !== undefined && config !== undefined && !ids.includes(lane))
      throw misuse(dayReportText.wrongLane(lane, ids));
    await withStore(path, async (store) => {
      const progress = progressOf(context);
      const sources: SheetSource[] = [];
      for (const day of days) {
        progress.at(day, sources.length / days.length);
        sources.push(await readSheet(store.accounts, { day, lane, lanes, nowWallMs: clock.wallMs() }));
      }
      progress.clear();
      const sheets = sources.map((source) => finished(buildSheet(source)));
      const trend = sheets.at(-1)?.trend ?? [];
      if (typeof values.trend === 'string') writeFileSync(values.trend, trendSvg(trend, context.language));
      if (typeof values.zip === 'string') await writeZip(values.zip, sources, sheets, { lane, store, path }, context);
      else writeSheets(sources, sheets, values, context);
    });
  },
};

function writeSheets(
  sources: readonly SheetSource[],
  sheets: readonly DaySheet[],
  values: Readonly<Record<string, unknown>>,
  context: CommandContext,
): void {
  context.stdout.write(written(sources, sheets, values, context.language));
  if (values.json !== true && values.csv !== true && sheets.at(-1)?.isToday) remark(context, dayReportText.running);
}

function requireOneForm({ zip, json, csv }: Readonly<Record<string, unknown>>, days: number): void {
  if (days > DAYS_MAX) throw misuse(dayReportText.tooMany(DAYS_MAX));
  if (zip !== undefined && days > 1) throw misuse(dayReportText.zipOneDay);
  if (json === true && csv === true) throw misuse(dayReportText.both);
}

/** Of one day, as the audit log has it. */
async function writeZip(
  file: string,
  sources: readonly SheetSource[],
  sheets: readonly DaySheet[],
  { lane, store, path }: { readonly lane: string | undefined; readonly store: Store; readonly path: string },
  context: CommandContext,
): Promise<void> {
  const { language } = context;
  const [sheet] = sheets;
  const day = sheet?.day ?? '';
  const csv = written(sources, sheets, { csv: true }, language);
  const trend = trendSvg(sheet?.trend ?? [], language);
  const { records, pictures } = await writeSheetZip(file, { day, lane, csv, trend }, store, language);
  await noteAtShell(path, auditText.sheetTaken(day), context);
  print(context, dayReportText.zipped(file, records, pictures));
  if (records > PICTURES_MAX) print(context, dayReportText.zipMore(PICTURES_MAX));
}

/** One day as its sheet, several as a line each; JSON and CSV hold all of each day. */
function written(
  sources: readonly SheetSource[],
  sheets: readonly DaySheet[],
  { json, csv }: Readonly<Record<string, unknown>>,
  language: Language,
): string {
  const [only] = sheets;
  const isOne = sheets.length === 1 && only !== undefined;
  if (json === true) return `${JSON.stringify(isOne ? only : sheets)}\n`;
  if (csv === true) {
    const days = sources.map((source, at) => finished(sheetCsv(source, sheets[at]?.lanes ?? [], language)).join(''));
    // One head for all.
    return days.map((text, at) => (at === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
  }
  return `${(isOne ? sheetLines(only, language) : daysLines(sheets, language)).join('\n')}\n`;
}
