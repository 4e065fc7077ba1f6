/** `lanewarden report`: the day's sheet on a terminal, as CSV or JSON, and thirty days as a picture. It reads the store only. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf } from '../../account/days.ts';
import { dayNamed, readSheet } from '../../account/read-sheet.ts';
import { buildSheet, rowsOfDay, type SheetLane } from '../../account/sheet.ts';
import { sheetCsv } from '../../account/sheet-csv.ts';
import { finished } from '../../account/steps.ts';
import { trendSvg } from '../../account/trend.ts';
import { systemClock } from '../../clock.ts';
import type { Kinds } from '../../config/devices.ts';
import { loadConfig } from '../../config/file.ts';
import { openStore } from '../../store/store.ts';
import { dayReportText } from '../../text/commands/report.ts';
import { type Command, EXIT } from '../command.ts';
import { writeAll } from '../write-all.ts';
import { sheetLines } from './sheet-lines.ts';

export function reportCommand(kinds: Kinds): Command {
  return {
    name: 'report',
    summary: dayReportText.summary,
    options: {
      day: { type: 'string', short: 'd', value: 'DAY', default: 'yesterday', help: dayReportText.day },
      lane: { type: 'string', value: 'LANE', help: dayReportText.lane },
      json: { type: 'boolean', help: dayReportText.json },
      csv: { type: 'boolean', help: dayReportText.csv },
      trend: { type: 'string', value: 'FILE', help: dayReportText.trend },
      config: { type: 'string', short: 'c', value: 'FILE', help: dayReportText.config },
      store: { type: 'string', value: 'FOLDER', help: dayReportText.store },
    },
    async run(values, [extra], { language, stdout, stderr, environment }) {
      const clock = systemClock();
      const lane = values.lane as string | undefined;
      const stop = (words: { readonly zh: string; readonly en: string }, code: number): number => {
        stderr.write(`lanewarden report: ${words[language]}\n`);
        return code;
      };
      const day = dayNamed(String(values.day), dayOf(clock.wallMs()));
      if (day === undefined) return stop(dayReportText.wrongDay(String(values.day)), EXIT.usage);
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
        const source = await readSheet(store.accounts, { day, lane, lanes, nowWallMs: clock.wallMs() });
        const sheet = finished(buildSheet(source));
        if (typeof values.trend === 'string') writeFileSync(values.trend, trendSvg(sheet.trend, language));
        if (values.json === true) await writeAll(stdout, `${JSON.stringify(sheet)}\n`);
        else if (values.csv === true)
          await writeAll(stdout, sheetCsv(day, finished(rowsOfDay(source)), sheet.lanes, language));
        else {
          await writeAll(stdout, `${sheetLines(sheet, language).join('\n')}\n`);
          if (sheet.isToday) stderr.write(`${dayReportText.running[language]}\n`);
        }
        return EXIT.ok;
      } finally {
        await store.close();
      }
    },
  };
}
