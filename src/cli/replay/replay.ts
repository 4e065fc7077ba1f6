/** `lanewarden replay --last 1h`: original and new verdicts side by side. It opens the store read-only. */
import { systemClock } from '../../clock.ts';
import { readLaneSettings } from '../../config/settings-file.ts';
import type { Config } from '../../config/types.ts';
import type { LaneSettings } from '../../lane/types.ts';
import { replayText } from '../../text/commands/scenario.ts';
import { descText, timedFactText } from '../../text/lanes/lane.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { beijingTime, type Language } from '../../text/text.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { namedConfig } from '../named-store.ts';
import { neededRange, RANGE_OPTIONS } from '../time-range.ts';
import { type Pair, type Replayed, type ReplayedRelease, type ReplaySource, replayLane } from './replay-run.ts';
import { openReplaySource } from './replay-source.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary: replayText.summary,
  options: {
    config: { type: 'string', short: 'c', value: 'FILE', help: replayText.config },
    ...RANGE_OPTIONS,
    lane: { type: 'string', value: 'ID', help: replayText.lane },
    settings: { type: 'string', value: 'FILE', help: replayText.settings },
    json: { type: 'boolean', help: replayText.json },
  },
  async run(values, _positionals, context) {
    const { stdout, language } = context;
    const range = neededRange(values, systemClock().wallMs());
    const other = typeof values.settings === 'string' ? readLaneSettings(values.settings) : undefined;
    const config = await namedConfig(values, context);
    const source = openReplaySource(config.store.path);
    try {
      const lanes = lanesOf(source, values.lane);
      const replayed = lanes.map((id) => replayLane(source, id, range, other ?? todays(config, id)));
      const text =
        values.json === true
          ? `${JSON.stringify({ lanes: replayed }, undefined, 2)}\n`
          : replayed.map((lane) => writeReplay(lane, language)).join('');
      stdout.write(text);
    } finally {
      source.close();
    }
  },
};

/** The lane's current settings; a lane no longer configured keeps its own. */
function todays(config: Config, laneId: string): (then: LaneSettings) => LaneSettings {
  const settings = config.lanes.find((lane) => lane.id === laneId)?.settings;
  return (then) => settings ?? then;
}

function lanesOf(source: ReplaySource, wanted: unknown): readonly string[] {
  const lanes = source.lanes();
  if (typeof wanted !== 'string') return lanes;
  if (!lanes.includes(wanted)) throw new UsageError('option', replayText.noLane(wanted));
  return [wanted];
}

/** Each original release beside its new one, with differing facts and the total change. Ends with a newline. */
export function writeReplay(lane: Replayed, language: Language): string {
  return [
    replayText.lane1(lane.laneId, lane.rows)[language],
    ...(lane.fromNothing ? [replayText.fromNothing[language]] : []),
    ...lane.pairs.flatMap((pair) => writePair(pair, language)),
    ...(lane.unlike > 0 ? [replayText.unlikeTotal(lane.unlike)[language]] : []),
    replayText.totals(lane.summary)[language],
    '',
  ].join('\n');
}

function writePair({ change, given, before, after, members }: Pair, language: Language): readonly string[] {
  const head = replayText.change[change][language];
  const isUnlike = given !== undefined && given.unlike.length > 0;
  const isLike = change === 'same' || change === 'seconds';
  if (isLike && after !== undefined && !isUnlike) return [`  ${head}  ${writeJudged(after, language)}`];
  return [
    `  ${head}`,
    ...(isUnlike ? side(replayText.given[language], given, language) : []),
    ...(isUnlike ? [`    ${replayText.unlike(given.unlike.join(', '), given.version)[language]}`] : []),
    ...side(replayText.asJudged[language], before, language),
    ...side(replayText.now[language], after, language),
    ...(members.length === 0 ? [] : [`    ${replayText.differs(members.join(', '))[language]}`]),
  ];
}

function side(name: string, judged: ReplayedRelease | undefined, language: Language): readonly string[] {
  if (judged === undefined) return [`    ${name}  —`];
  const offsetMs = judged.wallMs - judged.release.releaseAtMs;
  const time = (atMs: number): string => beijingTime(atMs + offsetMs).slice(11, 23);
  return [
    `    ${name}  ${writeJudged(judged, language)}`,
    ...judged.release.facts.map((fact) => `      · ${timedFactText(fact, time, judged.release.direction)[language]}`),
  ];
}

function writeJudged({ release, wallMs, withdrawn }: ReplayedRelease, language: Language): string {
  const marks = `${release.reported ? '' : replayText.review[language]}${withdrawn ? replayText.withdrawn[language] : ''}`;
  const plate = release.plate?.text ?? '—';
  const confidence = releasesText.sure(release.confidence);
  return `${beijingTime(wallMs)} ${release.method} ${descText(release.desc)[language]} ${plate} ${confidence[language]}${marks}`;
}
