/** `lanewarden why RELEASE`: the verdict on one record and every fact behind it, in words. It reads the store only. */
import { systemClock } from '../../clock.ts';
import { understandPlate } from '../../intake/plate-normalization.ts';
import type { Release } from '../../lane/types.ts';
import { knownOf, saidRow } from '../../store/record-known.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import type { Store } from '../../store/types.ts';
import { WHY_PASSED, whyReleaseText } from '../../text/commands/report.made.ts';
import { descText, factText, timedFactText } from '../../text/lanes/lane.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { STATE_TEXT } from '../../text/store.ts';
import { beijingTime, type Language } from '../../text/text.ts';
import { type Command, EXIT, ExitError, JSON_OPTION, misuse, STORE_OPTIONS } from '../command.ts';
import { namedStore, withStore } from '../named-store.ts';
import { print, printResult, remark } from '../output.ts';
import { openReplaySource } from '../replay/replay-source.ts';
import { RANGE_OPTIONS, type TimeRange, timeRange } from '../time-range.ts';
import { plateMoments } from './why-plate.ts';

/** Characters of a plate; less is a slip. */
const PLATE_LEAST = 6;
/** Of a plate, where no time is named. */
const DAY_MS = 86_400_000;
/** Of a stretch of time. */
const RECORDS_MAX = 50;

export const whyCommand: Command = {
  name: 'why',
  summary: whyReleaseText.summary,
  positionals: '[RELEASE|PLATE]',
  options: {
    ...RANGE_OPTIONS,
    ...JSON_OPTION,
    ...STORE_OPTIONS,
  },
  async run(values, [word], context) {
    const clock = systemClock();
    const range = timeRange(values, clock.wallMs());
    const asked = askedFor(word, range);
    if (asked === undefined) throw misuse(whyReleaseText.needsId);
    const { path } = await namedStore(values, context);
    if ('plate' in asked) {
      const nowMs = clock.wallMs();
      const during = range ?? { fromWallMs: nowMs - DAY_MS, toWallMs: nowMs + 1 };
      const lines = plateLines(path, asked.plate, during, context.language);
      if (lines.length === 0) throw new ExitError(EXIT.noInput, whyReleaseText.nothingOf(asked.plate));
      return print(context, ...lines);
    }
    const records = await withStore(path, (store) => recordsOf(store, asked.records));
    for (const record of records.slice(0, RECORDS_MAX))
      printResult(context, values.json, { id: record.id, release: record.release }, () =>
        record.damaged === true ? [whyReleaseText.damaged(record.id)] : whyLines(record, context.language),
      );
    if (records.length > RECORDS_MAX) remark(context, whyReleaseText.more(RECORDS_MAX));
  },
};

/** A plate, a record by its number, or those of a stretch of time; a plate may have one as well. undefined: none of them, or two. */
function askedFor(
  word: string | undefined,
  range: TimeRange | undefined,
): { readonly plate: string } | { readonly records: number | TimeRange } | undefined {
  if (word === undefined) return range && { records: range };
  const plate = word.length < PLATE_LEAST || /^\d+$/.test(word) ? undefined : understandPlate(word);
  if (plate?.kind === 'plate') return { plate: plate.plate.text };
  const id = Number(word);
  return range === undefined && Number.isSafeInteger(id) && id >= 1 ? { records: id } : undefined;
}

/** Each thing that was said of a plate, in words. */
function plateLines(path: string, plate: string, range: TimeRange, language: Language): readonly string[] {
  const source = openReplaySource(path);
  try {
    return plateMoments(source, plate, range).map(({ laneId, atWallMs, what }) => {
      const words =
        what.kind === 'told'
          ? whyReleaseText.told(what.grantId)
          : what.kind === 'fact'
            ? factText(what.fact)
            : what.kind === 'passed'
              ? (WHY_PASSED[what.how] ?? whyReleaseText.passed(what.how))
              : whyReleaseText.judged(descText(what.release.desc), what.release.reported);
      return `${beijingTime(atWallMs).slice(0, 19)}  ${laneId}  ${words[language]}`;
    });
  } finally {
    source.close();
  }
}

/** One by its number, or those of a stretch of time, newest first. Throws ExitError: there is none, or the one is damaged. */
async function recordsOf(store: Store, wanted: number | TimeRange): Promise<readonly OutboxRecord[]> {
  if (typeof wanted !== 'number') {
    const then = await store.review.list({ ...wanted, limit: RECORDS_MAX + 1 });
    if (then.length === 0) throw new ExitError(EXIT.noInput, whyReleaseText.noneThen);
    return then;
  }
  const record = (await store.review.get(wanted))?.record;
  if (record === undefined) throw new ExitError(EXIT.noInput, whyReleaseText.unknown(wanted));
  if (record.damaged === true) throw new ExitError(EXIT.io, whyReleaseText.damaged(wanted));
  return [record];
}

function whyLines(record: OutboxRecord, language: Language): readonly string[] {
  const { id, release, releaseWallMs, gateName, state, lastWhy } = record;
  const plate = release.plate?.text ?? whyReleaseText.noPlate[language];
  const head = [String(id), beijingTime(releaseWallMs).slice(0, 19), gateName, plate, descText(release.desc)[language]];
  const sure = releasesText.sure(release.confidence, release.score?.toString())[language];
  return [
    head.join('  '),
    `${STATE_TEXT[state][language]}${lastWhy === undefined || state === 'delivered' ? '' : `  ${lastWhy}`}  ·  ${sure}`,
    ...[...knownOf(record), ...(record.mark === undefined ? [] : [saidRow(record.mark)])].map(
      ([name, value]) => `${name[language]}: ${value[language]}`,
    ),
    whyReleaseText.facts[language],
    ...inOrder(release).map((fact) => {
      const time = (atMs: number): string => beijingTime(releaseWallMs + atMs - release.releaseAtMs).slice(11, 23);
      return `  · ${timedFactText(fact, time, release.direction)[language]}`;
    }),
  ];
}

/** As it happened; what has no moment comes last. */
const inOrder = ({ facts }: Release): Release['facts'] =>
  [...facts].sort((a, b) => (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY));
