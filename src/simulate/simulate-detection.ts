/** `lanewarden simulate --vehicles N`: from the words of the command line to a report of detection. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/arguments.ts';
import { type CommandContext, EXIT } from '../cli/command.ts';
import { written } from '../cli/written.ts';
import type { Role } from '../lane/types.ts';
import { STORIES, type Story } from '../sim/stories.ts';
import { NORMAL_TRAFFIC, type TrafficShares } from '../sim/traffic.ts';
import { simulateText } from '../text/simulate.ts';
import { judge, reportOf, reportText } from './detection-report.ts';
import { type DetectionOptions, runDetection } from './detection-run.ts';
import { storyOf } from './detection-story.ts';

type Values = Readonly<Record<string, unknown>>;

const POINTS: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'];
/** No more scenario files than a person would read. */
const STORIES_KEPT = 50;

export async function detect(values: Values, context: CommandContext): Promise<number> {
  const options = optionsOf(values);
  const run = runDetection(options);
  const judged = judge(run);
  const report = reportOf(run, judged);
  const { stdout, language } = context;
  if (values.json === true) await written(stdout, `${JSON.stringify({ options, ...report }, undefined, 2)}\n`);
  else await written(stdout, reportText(report, language));
  const folder = values.keep as string | undefined;
  if (folder !== undefined) {
    const wrong = judged.filter(({ expected, found, falseAlarm }) => falseAlarm || (expected !== undefined && !found));
    const kept = wrong.slice(0, STORIES_KEPT);
    mkdirSync(folder, { recursive: true });
    for (const [index, one] of kept.entries()) {
      const name = `${String(index + 1).padStart(2, '0')}-${one.class}.yaml`;
      writeFileSync(join(folder, name), storyOf(one, run, options));
    }
    if (values.json !== true) await written(stdout, `${simulateText.kept(kept.length, folder)[language]}\n`);
  }
  const reached = report.goals.every(({ met }) => met);
  return values.goals === true && !reached ? EXIT.failure : EXIT.ok;
}

function optionsOf(values: Values): DetectionOptions {
  const missing = ((values.without as string | undefined) ?? '').split(',').filter((part) => part !== '');
  const known = [...POINTS, 'camera', 'payments'];
  for (const part of missing)
    if (!known.includes(part)) throw new UsageError('option', simulateText.badWithout(part, known));
  return {
    vehicles: number(values, 'vehicles', 1, 1_000_000),
    seed: number(values, 'seed', 0, 4_294_967_295, 1),
    perHour: number(values, 'rate', 1, 400, 200),
    shares: sharesOf(values.mix as string | undefined),
    points: POINTS.filter((role) => !missing.includes(role)),
    camera: !missing.includes('camera'),
    feed: !missing.includes('payments'),
    pollMs: number(values, 'poll', 5, 1000, 25),
    baudRate: number(values, 'baud', 1200, 921_600, 38_400),
    boards: number(values, 'boards', 1, 32, 1),
  };
}

/** Throws UsageError with the range. */
export function number(values: Values, name: string, least: number, most: number, usual?: number): number {
  const text = values[name] as string | undefined;
  if (text === undefined && usual !== undefined) return usual;
  const value = Number(text);
  if (text === '' || !(value >= least && value <= most))
    throw new UsageError('option', simulateText.badNumber(name, String(text), least, most));
  return value;
}

/** `paid=80,tailgater=10`. */
export function sharesOf(text: string | undefined): TrafficShares {
  if (text === undefined) return NORMAL_TRAFFIC;
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', share = ''] = part.split('=');
      const value = Number(share);
      if (!(STORIES as readonly string[]).includes(name) || share === '' || !(value >= 0))
        throw new UsageError('option', simulateText.badMix(part, STORIES));
      return [name as Story, value];
    }),
  );
}
