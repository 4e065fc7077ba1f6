/** What is true of the stories of a live park beside what its platform got: found, missed, taken for something else, false alarms. It runs nothing. */
import type { Release, ReleaseDesc } from '../../lane/types.ts';
import type { ExpectedRelease, Story } from '../../sim/stories.ts';
import type { Truth } from '../../sim/world.ts';
import { storyReportText } from '../../text/commands/simulate.made.ts';
import type { Language } from '../../text/text.ts';
import { padded } from '../demo/demo-line.ts';

export const STORY_CLASSES = [
  'paid',
  'paidTrailer',
  'paidMotorcycle',
  'backOut',
  'button',
  'remote',
  'crank',
  'motorcycle',
  'nobody',
  'tailgater',
  'tailgaterClose',
] as const;
export type DetectionClass = (typeof STORY_CLASSES)[number];

const CLASS_OF: Readonly<Record<Story, DetectionClass>> = {
  ...{ paid: 'paid', trailer: 'paidTrailer', paidMotorcycle: 'paidMotorcycle', backOut: 'backOut', tailgater: 'paid' },
  ...{ button: 'button', remote: 'remote', crank: 'crank', motorcycle: 'motorcycle', nobody: 'nobody' },
};
const PAID: readonly DetectionClass[] = ['paid', 'paidTrailer', 'paidMotorcycle', 'backOut'];
const MANUAL: readonly DetectionClass[] = ['button', 'remote', 'crank', 'motorcycle', 'nobody'];

/** What was played. */
export interface StoryRun {
  readonly truths: readonly Truth[];
  readonly vehicles: number;
  readonly storyMs: number;
}

/** How many vehicles a story has. */
export function vehiclesOf({ story }: Truth): number {
  if (story === 'nobody') return 0;
  return story === 'tailgater' ? 2 : 1;
}

/** What the box made of it: nothing, a record of some kind, or one that waits for review on its page. */
export type StoryFinding = 'nothing' | 'review' | ReleaseDesc;

/** As much of a release as is judged: the engine's own, or what a platform got. */
export type Said = Pick<Release, 'releaseAtMs' | 'method' | 'desc' | 'reported' | 'plate'>;

/** One vehicle, or one opening with none, and what came of it. */
export interface JudgedStory {
  readonly class: DetectionClass;
  readonly truth: Truth;
  readonly expected?: ExpectedRelease & { readonly atMs: number };
  readonly finding: StoryFinding;
  readonly release?: Said;
  /** Reported as what it was: by the platform's `release_method`. */
  readonly found: boolean;
  readonly falseAlarm: boolean;
}

export interface StoryFigures {
  readonly count: number;
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

export interface StoryGoal {
  readonly name: 'manual' | 'tailgaters' | 'falseAlarms';
  readonly share: number;
  readonly goal: number;
  readonly met: boolean;
}

export interface DetectionReport {
  readonly vehicles: number;
  readonly hours: number;
  readonly paidPassages: number;
  readonly classes: Readonly<Partial<Record<DetectionClass, StoryFigures>>>;
  /** Class → finding → how often. */
  readonly confusion: Readonly<Partial<Record<DetectionClass, Readonly<Partial<Record<StoryFinding, number>>>>>>;
  readonly falseAlarms: number;
  /** Of what was found: how many bore the right plate (none, where none could be read). */
  readonly platesRight: number;
  readonly platesOf: number;
  readonly goals: readonly StoryGoal[];
}

/** A release is of an expected one when their times are within this; the loops tell late and the box looks late. */
const SAME_MS = 1_500;
/** After a story is over its verdict may still speak of it. */
const AFTERWARDS_MS = 2_000;

export function judgeStory({
  truths,
  releases,
}: Pick<StoryRun, 'truths'> & { readonly releases: readonly Said[] }): readonly JudgedStory[] {
  const free = new Set(releases);
  const expected = truths.flatMap((truth) => truth.releases.map((release) => ({ truth, release })));
  const taken = new Map<object, Said>();
  for (const { release } of [...expected].sort((a, b) => a.release.atMs - b.release.atMs)) {
    const near = [...free].filter(({ releaseAtMs }) => Math.abs(releaseAtMs - release.atMs) <= SAME_MS);
    const distance = (one: Said): number =>
      Math.abs(one.releaseAtMs - release.atMs) + (one.method === release.method ? 0 : SAME_MS);
    const match = near.sort((a, b) => distance(a) - distance(b))[0];
    if (match === undefined) continue;
    free.delete(match);
    taken.set(release, match);
  }
  const judged = expected.map(({ truth, release }): JudgedStory => {
    const match = taken.get(release);
    const found = match?.reported === true && match.method === release.method;
    return {
      class: truth.story === 'tailgater' ? (release.separate ? 'tailgater' : 'tailgaterClose') : CLASS_OF[truth.story],
      ...{ truth, expected: release, finding: findingOf(match), found, falseAlarm: false },
      ...(match && { release: match }),
    };
  });
  const innocent = truths.filter(({ story }) => PAID.includes(CLASS_OF[story]));
  return [...judged, ...innocent.flatMap((truth) => innocentOf(truth, free)), ...nobodys(free)];
}

/** A paid passage: nothing should have been said of it. */
function innocentOf(truth: Truth, free: Set<Said>): readonly JudgedStory[] {
  const { startedAtMs, finishedAtMs = startedAtMs, story } = truth;
  const said = [...free].filter(
    ({ releaseAtMs }) => releaseAtMs >= startedAtMs && releaseAtMs <= finishedAtMs + AFTERWARDS_MS,
  );
  for (const release of said) free.delete(release);
  const base = { class: CLASS_OF[story], truth, found: false };
  if (said.length === 0) return [{ ...base, finding: 'nothing', falseAlarm: false }];
  return said.map((release) => ({ ...base, release, finding: findingOf(release), falseAlarm: release.reported }));
}

/** Said of nobody at all. */
function nobodys(free: ReadonlySet<Said>): readonly JudgedStory[] {
  return [...free].map((release) => ({
    ...{ class: 'nobody' as const, truth: NOTHING, release, finding: findingOf(release), found: false },
    falseAlarm: release.reported,
  }));
}
const NOTHING: Truth = { id: 0, story: 'nobody', options: {}, startedAtMs: 0, plates: [], releases: [] };

const findingOf = (release: Said | undefined): StoryFinding =>
  release === undefined ? 'nothing' : release.reported ? release.desc : 'review';

export function reportOf(run: StoryRun, judged: readonly JudgedStory[]): DetectionReport {
  const classes: Partial<Record<DetectionClass, StoryFigures>> = {};
  const confusion: Partial<Record<DetectionClass, Partial<Record<StoryFinding, number>>>> = {};
  for (const { class: name, finding, found, expected, falseAlarm } of judged) {
    const { count, ...figures } = classes[name] ?? { count: 0, found: 0, missed: 0, falseAlarms: 0 };
    classes[name] = {
      count: count + 1,
      found: figures.found + (found ? 1 : 0),
      missed: figures.missed + (expected !== undefined && !found ? 1 : 0),
      falseAlarms: figures.falseAlarms + (falseAlarm ? 1 : 0),
    };
    const row = confusion[name] ?? {};
    confusion[name] = { ...row, [finding]: (row[finding] ?? 0) + 1 };
  }
  const sum = (names: readonly DetectionClass[], what: keyof StoryFigures): number =>
    names.reduce((total, name) => total + (classes[name]?.[what] ?? 0), 0);
  const paidPassages = run.truths.filter(({ story }) => PAID.includes(CLASS_OF[story])).length;
  const falseAlarms = judged.filter((one) => one.falseAlarm).length;
  const found = judged.filter((one) => one.found);
  const manual = { found: sum(MANUAL, 'found'), missed: sum(MANUAL, 'missed') };
  return {
    vehicles: run.vehicles,
    hours: run.storyMs / 3_600_000,
    paidPassages,
    classes,
    confusion,
    falseAlarms,
    platesRight: found.filter(({ expected, release }) => expected?.plate === (release?.plate?.text ?? '无牌车')).length,
    platesOf: found.length,
    goals: [
      atLeast('manual', share(manual.found, manual.found + manual.missed), 1),
      atLeast('tailgaters', share(classes.tailgater?.found ?? 0, classes.tailgater?.count ?? 0), 0.995),
      atMost('falseAlarms', paidPassages === 0 ? 0 : falseAlarms / paidPassages, 0.001),
    ],
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
const atLeast = (name: StoryGoal['name'], is: number, goal: number): StoryGoal => ({
  name,
  share: is,
  goal,
  met: is >= goal,
});
const atMost = (name: StoryGoal['name'], is: number, goal: number): StoryGoal => ({
  name,
  share: is,
  goal,
  met: is <= goal,
});

/** For a person: one row a class, then what it was taken for, then the goals. */
export function reportText(report: DetectionReport, language: Language): string {
  const { classes, confusion, goals } = report;
  const findings = [...new Set(Object.values(confusion).flatMap((row) => Object.keys(row)))] as StoryFinding[];
  const present = STORY_CLASSES.filter((name) => classes[name] !== undefined);
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `  ${padded(name, 30)}${cells.map((cell) => padded(String(cell), 12)).join('')}`.trimEnd();
  const expects = (name: DetectionClass): boolean => !PAID.includes(name);
  return [
    storyReportText.head(report.vehicles, report.hours.toFixed(1), report.paidPassages)[language],
    '',
    row(
      '',
      [storyReportText.count, storyReportText.found, storyReportText.missed, storyReportText.false].map(
        (text) => text[language],
      ),
    ),
    ...present.map((name) => {
      const { count, found, missed, falseAlarms } = classes[name] as StoryFigures;
      const wanted = expects(name);
      return row(storyReportText.class[name][language], [
        count,
        wanted ? found : '',
        wanted ? missed : '',
        falseAlarms,
      ]);
    }),
    '',
    storyReportText.confusion[language],
    row(
      '',
      findings.map((finding) => storyReportText.finding[finding][language]),
    ),
    ...present.map((name) =>
      row(
        storyReportText.class[name][language],
        findings.map((finding) => confusion[name]?.[finding] ?? '·'),
      ),
    ),
    '',
    storyReportText.plates(report.platesRight, report.platesOf)[language],
    ...goals.map(
      ({ name, share: is, goal, met }) =>
        `${met ? '✓' : '✗'} ${storyReportText.goal[name](percent(is), percent(goal))[language]}`,
    ),
    '',
  ].join('\n');
}

const percent = (value: number): string => `${Number((value * 100).toFixed(3))} %`;
