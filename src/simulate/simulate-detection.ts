/** `lanewarden simulate --vehicles N`: from the words of the command line to the goals table over the worlds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/arguments.ts';
import { type CommandContext, EXIT } from '../cli/command.ts';
import { print } from '../cli/output.ts';
import { progressOf } from '../cli/progress.ts';
import type { Role } from '../lane/types.ts';
import { WORLD_NAMES, WORLDS, type WorldName } from '../sim/worlds/worlds.ts';
import { detectionText, simulateText } from '../text/commands/simulate.made.ts';
import { type Case, storyOf } from './detection/detection-story.ts';
import { addOutcome, type Figures, goalsOf, noFigures, sumOf } from './detection/detection-table.ts';
import { figuresText, goalsText } from './detection/detection-text.ts';
import { CLASSES, type VerdictClass } from './detection/verdict-classes.ts';
import { type LaneOutcome, runWorld, type WiringOptions } from './detection/world-run.ts';
import { listOf, number } from './option-words.ts';

type Values = Readonly<Record<string, unknown>>;

const POINTS: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'];
/** No more scenario files than a person would read. */
const CASES_KEPT = 50;
/** What a lane may have besides: loop C, an infrared beam in place of loop B, an overview camera. */
const MORE = ['exit', 'beam', 'camera2'] as const;
/** Said where nobody was. */
const PHANTOM = 'phantom';
const LIVE_ONLY = ['rate', 'mix'] as const;

interface DetectionOptions {
  readonly vehicles: number;
  readonly seed: number;
  readonly worlds: readonly WorldName[];
  readonly wiring: WiringOptions;
  /** Cases of these are kept. */
  readonly wanted: ReadonlySet<string>;
}

export async function detect(values: Values, context: CommandContext): Promise<number> {
  const options = optionsOf(values);
  const { stdout, language } = context;
  const json = values.json === true;
  const figures = new Map<WorldName, Figures>();
  const cases: string[] = [];
  const progress = progressOf(context);
  for (const [at, name] of options.worlds.entries()) {
    const sum = noFigures();
    let judged = 0;
    for (const outcome of runWorld(name, WORLDS[name], options.vehicles, options.seed, options.wiring)) {
      addOutcome(sum, outcome);
      judged += outcome.judged.length;
      progress.at(name, (at + Math.min(1, judged / options.vehicles)) / options.worlds.length);
      for (const one of casesOf(outcome, options.wanted))
        if (cases.length < CASES_KEPT)
          cases.push(storyOf({ ...one, name: `${name}, seed ${options.seed}, ${one.name}` }, outcome));
    }
    figures.set(name, sum);
    progress.clear();
    if (!json) print(context, figuresText(name, sum, language));
  }
  const all = [...figures.values()];
  const total = sumOf(all);
  const goals = goalsOf(all);
  if (json) {
    const { worlds: _, wanted: _wanted, ...said } = options;
    print(context, JSON.stringify({ options: said, worlds: Object.fromEntries(figures), total, goals }, undefined, 2));
  } else {
    if (all.length > 1) print(context, figuresText(detectionText.total[language], total, language));
    stdout.write(goalsText(goals, total, language));
  }
  keepCases(cases, values, context);
  return values.goals === true && goals.some(({ met }) => met === false) ? EXIT.failure : EXIT.ok;
}

function keepCases(cases: readonly string[], values: Values, context: CommandContext): void {
  const folder = values.keep as string | undefined;
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    for (const [index, text] of cases.entries())
      writeFileSync(join(folder, `${String(index + 1).padStart(2, '0')}.yaml`), text);
    if (values.json !== true) print(context, simulateText.kept(cases.length, folder));
  } else if (values.wrong !== undefined && values.json !== true) print(context, ...cases);
}

/** What is wrong with it: accused, missed, misnamed, or only kept for review. */
function* casesOf({ judged, phantoms }: LaneOutcome, wanted: ReadonlySet<string>): Generator<Case> {
  for (const { class: name, match, finding, wrong } of judged) {
    const missed = match.item.guilt === 'guilty' && finding !== 'reported';
    if ((wrong || missed) && wanted.has(name)) yield { name: `${name}, ${finding}`, ...match };
  }
  if (wanted.has(PHANTOM)) for (const given of phantoms) yield { name: PHANTOM, given };
}

function optionsOf(values: Values): DetectionOptions {
  for (const name of LIVE_ONLY)
    if (values[name] !== undefined) throw new UsageError('option', simulateText.notTogether(name));
  const missing = listOf(values, 'without', [...POINTS, 'camera', 'payments']) ?? [];
  const added = listOf(values, 'with', MORE) ?? [];
  const worlds = listOf(values, 'world', [...WORLD_NAMES, 'all']) ?? [];
  const named = listOf(values, 'wrong', [...CLASSES, PHANTOM, 'all']) ?? [];
  const everything = named.includes('all') || (named.length === 0 && values.keep !== undefined);
  return {
    vehicles: number(values, 'vehicles', 1, 1_000_000),
    seed: number(values, 'seed', 0, 4_000_000, 1),
    worlds: worlds.length === 0 || worlds.includes('all') ? WORLD_NAMES : (worlds as readonly WorldName[]),
    wanted: new Set<VerdictClass | string>(everything ? [...CLASSES, PHANTOM] : named),
    wiring: {
      points: [
        ...POINTS.filter((role) => !missing.includes(role)),
        ...(added.includes('exit') ? (['exit'] as const) : []),
      ],
      cameras: missing.includes('camera') ? 0 : added.includes('camera2') ? 2 : 1,
      beam: added.includes('beam'),
      feed: !missing.includes('payments'),
      pollMs: number(values, 'poll', 5, 1000, 25),
      baudRate: number(values, 'baud', 1200, 921_600, 38_400),
      boards: number(values, 'boards', 1, 32, 1),
    },
  };
}
