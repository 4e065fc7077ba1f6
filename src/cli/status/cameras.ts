/** `lanewarden cameras`: what each camera of the running box sent lately, and what became of it. It asks the box only. */
import { join } from 'node:path';
import { CAMERAS_SOCKET } from '../../box/box-socket.ts';
import { systemClock } from '../../clock.ts';
import type { PushesView, PushView } from '../../page/api/api-intake.ts';
import { camerasText } from '../../text/commands/cameras.made.ts';
import { outcomeText, pictureText, wayText } from '../../text/page/pushes.made.ts';
import { beijingTime, type Language } from '../../text/text.ts';
import { type Command, type CommandContext, EXIT, ExitError, JSON_OPTION, misuse, STORE_OPTIONS } from '../command.ts';
import { namedFolder } from '../named-store.ts';
import { printResult } from '../output.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';
import { askBox } from './ask-box.ts';

const LINES = 20;

export const camerasCommand: Command = {
  name: 'cameras',
  summary: camerasText.summary,
  positionals: '[CAMERA]',
  options: {
    ...STORE_OPTIONS,
    ...RANGE_OPTIONS,
    limit: { type: 'string', value: 'N', default: String(LINES), help: camerasText.limit },
    ...JSON_OPTION,
  },
  async run(values, [camera], context) {
    const limit = Number(values.limit);
    const range = timeRange(values, systemClock().wallMs());
    if (!Number.isInteger(limit) || limit < 0) throw misuse(camerasText.wrongLimit);
    const { path: folder } = await namedFolder(values, context);
    const view = await askBox<PushesView>(join(folder, CAMERAS_SOCKET)).catch(
      ({ code, message }: NodeJS.ErrnoException) => {
        const exitCode = code === 'EACCES' ? EXIT.permission : EXIT.unavailable;
        throw new ExitError(exitCode, camerasText.notRunning(folder, code ?? message));
      },
    );
    const cameras = view.cameras
      .filter(({ id }) => camera === undefined || id === camera)
      .map((one) => ({ ...one, rows: one.rows.filter(isWithin(range)) }));
    if (camera !== undefined && cameras.length === 0)
      throw new ExitError(EXIT.noInput, camerasText.unknown(camera, names(view)));
    printResult(context, values.json, { cameras }, () => written(cameras, limit, context));
  },
};

const isWithin =
  (range: TimeRange | undefined) =>
  ({ atWallMs }: PushView): boolean =>
    range === undefined || (atWallMs >= range.fromWallMs && atWallMs < range.toWallMs);

const names = ({ cameras }: PushesView): readonly string[] => cameras.map(({ id }) => id);

function written(cameras: PushesView['cameras'], limit: number, { language }: CommandContext): readonly string[] {
  if (cameras.length === 0) return [camerasText.none[language]];
  return cameras.flatMap(({ id, name, kind, counts, rows }, at) => {
    const sums = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([outcome, count]) => `${outcomeText[outcome as PushView['outcome']][language]} ${count}`);
    const head = [name?.[language] ?? id, kind && `(${kind})`].filter(Boolean).join(' ');
    const sum = sums.length === 0 ? camerasText.silent[language] : sums.join(language === 'zh' ? '，' : ', ');
    return [
      ...(at === 0 ? [] : ['']),
      `${head}${language === 'zh' ? '：' : ': '}${sum}`,
      ...rows.slice(0, limit).map((row) => line(row, language)),
    ];
  });
}

/** Time, outcome, plate, reason, and where it came from. */
function line(row: PushView, language: Language): string {
  const { confidence, unrated, picture, bytes, count } = row;
  return [
    `  ${beijingTime(row.atWallMs).slice(0, 19)}`,
    outcomeText[row.outcome][language],
    row.plate,
    confidence === undefined || unrated ? undefined : `${Math.round(confidence * 100)}%`,
    picture && pictureText[picture][language],
    count > 1 ? camerasText.times(count, beijingTime(row.firstWallMs).slice(0, 19))[language] : undefined,
    row.what?.[language],
    [wayText[row.way][language], row.from, row.path, row.type, bytes === undefined ? undefined : `${bytes} B`]
      .filter((each) => each !== undefined)
      .join(' '),
  ]
    .filter((each) => each !== undefined)
    .join('  ');
}
