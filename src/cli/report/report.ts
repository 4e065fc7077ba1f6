/** `lanewarden report`: the day's sheet on a terminal, as CSV or JSON, and thirty days as a picture. It reads the store only. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSheet } from '../../account/read-sheet.ts';
import { buildSheet, type DaySheet, rowsOfDay, type SheetLane, type SheetSource } from '../../account/sheet.ts';
import { sheetCsv } from '../../account/sheet-csv.ts';
import { finished } from '../../account/steps.ts';
import { trendSvg } from '../../account/trend.ts';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { loadConfig } from '../../config/file.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/types.ts';
import { dayReportText } from '../../text/commands/report.ts';
import { auditText } from '../../text/page/server.ts';
import type { Language } from '../../text/text.ts';
import { noteAtShell } from '../access/shell-audit.ts';
import { type Command, EXIT } from '../command.ts';
import { daysOf, RANGE_OPTIONS } from '../time-range.ts';
import { writeAll } from '../write-all.ts';
import { daysLines, sheetLines } from './sheet-lines.ts';
import { PICTURES_MAX, writeSheetZip } from './sheet-zip.ts';

const DAYS_MAX = 31;

export function reportCommand(kinds: Kinds): Command {
  return {
    name: 'report',
    summary: dayReportText.summary,
    options: {
      ...RANGE_OPTIONS,
      lane: { type: 'string', value: 'LANE', help: dayReportText.lane },
      json: { type: 'boolean', help: dayReportText.json },
      csv: { type: 'boolean', help: dayReportText.csv },
      zip: { type: 'string', value: 'FILE', help: dayReportText.zip },
      trend: { type: 'string', value: 'FILE', help: dayReportText.trend },
      config: { type: 'string', short: 'c', value: 'FILE', help: dayReportText.config },
      store: { type: 'string', value: 'FOLDER', help: dayReportText.store },
    },
    async run(values, [extra], context) {
      const { language, stdout, stderr, environment } = context;
      const clock = systemClock();
      const lane = values.lane as string | undefined;
      const stop = (words: { readonly zh: string; readonly en: string }, code: number): number => {
        stderr.write(`lanewarden report: ${words[language]}\n`);
        return code;
      };
      const isOther = values.last !== undefined || values.from !== undefined || values.until !== undefined;
      const days = daysOf(isOther || values.day !== undefined ? values : { day: 'yesterday' }, clock.wallMs());
      if (days.length > DAYS_MAX) return stop(dayReportText.tooMany(DAYS_MAX), EXIT.usage);
      if (values.zip !== undefined && days.length > 1) return stop(dayReportText.zipOneDay, EXIT.usage);
      if (extra !== undefined) return stop(dayReportText.extra(extra), EXIT.usage);
      if (values.json === true && values.csv === true) return stop(dayReportText.both, EXIT.usage);
      const named = values.store as string | undefined;
      const config =
        named !== undefined && values.config === undefined
          ? undefined
          : loadConfig(values.config as string | undefined, kinds, environment);
      const path = named ?? config?.store.path ?? '';
      if (!existsSync(join(path, 'lanewarden.db'))) return stop(dayReportText.noStore(path), EXIT.noInput);
      const lanes: readonly SheetLane[] = config?.lanes.map(({ id, name }) => ({ id, name })) ?? [];
      if (lane !== undefined && config !== undefined && !lanes.some(({ id }) => id === lane))
        return stop(
          dayReportText.wrongLane(
            lane,
            lanes.map(({ id }) => id),
          ),
          EXIT.usage,
        );
      const store = await openStore({ framesMaxBytes: Number.MAX_SAFE_INTEGER, path, clock, tool: true });
      try {
        const sources = await Promise.all(
          days.map((day) => readSheet(store.accounts, { day, lane, lanes, nowWallMs: clock.wallMs() })),
        );
        const sheets = sources.map((source) => finished(buildSheet(source)));
        const [last] = sheets.slice(-1);
        if (typeof values.trend === 'string') writeFileSync(values.trend, trendSvg(last?.trend ?? [], language));
        if (typeof values.zip === 'string') {
          const done = await zipped(values.zip, sources, sheets, { lane, store, language });
          for (const day of days) await noteAtShell(path, auditText.sheetTaken(day), context);
          stdout.write(`${dayReportText.zipped(values.zip, done.records, done.pictures)[language]}\n`);
          if (done.records > PICTURES_MAX) stdout.write(`${dayReportText.zipMore(PICTURES_MAX)[language]}\n`);
          return EXIT.ok;
        }
        await writeAll(stdout, written(sources, sheets, values, language));
        if (values.json !== true && values.csv !== true && last?.isToday)
          stderr.write(`${dayReportText.running[language]}\n`);
        return EXIT.ok;
      } finally {
        await store.close();
      }
    },
  };
}

function zipped(
  file: string,
  sources: readonly SheetSource[],
  sheets: readonly DaySheet[],
  { lane, store, language }: { readonly lane: string | undefined; readonly store: Store; readonly language: Language },
) {
  const [sheet] = sheets;
  const day = sheet?.day ?? '';
  const csv = written(sources, sheets, { csv: true }, language);
  return writeSheetZip(file, { day, lane, csv, trend: trendSvg(sheet?.trend ?? [], language) }, store, language);
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
    const days = sources.map((source, at) =>
      sheetCsv(source.day, finished(rowsOfDay(source)), sheets[at]?.lanes ?? [], language),
    );
    // One head for all.
    return days.map((text, at) => (at === 0 ? text : text.slice(text.indexOf('\n') + 1))).join('');
  }
  return `${(isOne ? sheetLines(only, language) : daysLines(sheets, language)).join('\n')}\n`;
}
