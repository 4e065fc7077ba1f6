/** What came of a scenario beside what was expected, for people and for programs. It runs nothing. */
import type { LaneEvent, Release } from '../../lane/types.ts';
import { scenarioText } from '../../text/commands/scenario.ts';
import { descText, factText, timedFactText } from '../../text/lanes/lane.ts';
import type { Language, Text } from '../../text/text.ts';
import type { Expectation, Scenario, Summary } from './scenario-file.ts';
import { type ScenarioOutcome, START_MS } from './scenario-run.ts';

/** What stands for a plate that was not read. */
const NO_PLATE = '无牌车';
/** Times agree within this, in virtual time; through hardware within that. */
export const TOLERANCE_S = 0.05;
export const HARDWARE_TOLERANCE_S = 0.3;

/** A release by the names of scenario files. */
export interface NamedRelease {
  readonly method: number;
  readonly desc: string;
  readonly plate: string;
  readonly at: number;
  readonly confidence: string;
  readonly direction: string;
  readonly passed: boolean;
  readonly degraded: boolean;
  readonly reported: boolean;
  readonly withdrawn: boolean;
}

export interface ScenarioVerdict {
  readonly ok: boolean;
  /** Pairs in the order of `at`; either side may be missing. */
  readonly pairs: readonly {
    readonly expected?: Expectation;
    readonly actual?: NamedRelease;
    readonly release?: Release;
    readonly problems: readonly Text[];
  }[];
  /** Totals that are not as expected. */
  readonly problems: readonly Text[];
}

const storySeconds = (atMs: number): number => Math.round(atMs - START_MS) / 1000;

export function namedRelease(release: Release, withdrawn: boolean): NamedRelease {
  return {
    method: release.method,
    desc: descText(release.desc).zh,
    plate: release.plate?.text ?? NO_PLATE,
    at: storySeconds(release.releaseAtMs),
    confidence: release.confidence,
    direction: release.direction,
    passed: release.passed,
    degraded: release.degraded,
    reported: release.reported,
    withdrawn,
  };
}

/** What a run in virtual time says of its releases. */
const plainly = (release: Release, { withdrawn }: ScenarioOutcome): NamedRelease =>
  namedRelease(release, withdrawn.has(release.id));

/**
 * Compares what was decided with what was expected; a member left out is not checked. `tell` says what a release was, by the names of
 * scenario files; through hardware it goes by what the platform got.
 */
export function compare<O extends ScenarioOutcome>(
  scenario: Pick<Scenario, 'expect' | 'summary'>,
  outcome: O,
  toleranceS = TOLERANCE_S,
  tell: (release: Release, outcome: O) => NamedRelease = plainly,
): ScenarioVerdict {
  const { expect } = scenario;
  const { releases, summary } = outcome;
  const pairs = Array.from({ length: Math.max(expect.length, releases.length) }, (_, index) => {
    const expected = expect[index];
    const release = releases[index];
    const actual = release && tell(release, outcome);
    return {
      ...(expected && { expected }),
      ...(actual && { actual }),
      ...(release && { release }),
      problems: problemsOf(expected, actual, toleranceS),
    };
  });
  const problems = totalsOf(scenario.summary, summary);
  return { ok: problems.length === 0 && pairs.every((pair) => pair.problems.length === 0), pairs, problems };
}

function problemsOf(
  expected: Expectation | undefined,
  actual: NamedRelease | undefined,
  toleranceS: number,
): readonly Text[] {
  if (expected === undefined) return [scenarioText.unexpected];
  if (actual === undefined) return [scenarioText.missing];
  return (Object.keys(actual) as (keyof NamedRelease)[]).flatMap((member) => {
    const wanted = expected[member];
    const agrees =
      wanted === undefined ||
      wanted === actual[member] ||
      (member === 'at' && Math.abs(Number(wanted) - actual.at) <= toleranceS + 1e-9);
    return agrees ? [] : [scenarioText.differs(member, String(wanted), String(actual[member]))];
  });
}

function totalsOf(expected: Partial<Summary>, actual: Summary): readonly Text[] {
  return (Object.keys(actual) as (keyof Summary)[]).flatMap((key) => {
    const wanted = expected[key];
    return wanted === undefined || wanted === actual[key] ? [] : [scenarioText.total(key, wanted, actual[key])];
  });
}

/** The story as it was seen and what was decided, then each release beside what was expected. Ends with a newline. */
export function writeReport(
  scenario: Scenario,
  outcome: ScenarioOutcome,
  verdict: ScenarioVerdict,
  language: Language,
): string {
  const problem = (text: Text): string => `      ✗ ${text[language]}`;
  const pairs = verdict.pairs.flatMap(({ expected, actual, release, problems }) => [
    `    ${scenarioText.expected[language]}  ${expected === undefined ? scenarioText.nothing[language] : line(expected)}`,
    `    ${scenarioText.decided[language]}  ${actual === undefined ? scenarioText.nothing[language] : line(actual)}`,
    ...(release?.facts ?? []).map((fact) => `      · ${timedFactText(fact, clock, release?.direction)[language]}`),
    ...problems.map(problem),
  ]);
  return [
    `  ${scenario.file}`,
    `  ${scenarioText.timelineHead[language]}`,
    ...timeline(outcome, scenario, language).map((row) => `    ${row}`),
    ...pairs,
    ...verdict.problems.map(problem),
    '',
  ].join('\n');
}

const clock = (atMs: number): string => storySeconds(atMs).toFixed(3);
const line = (members: object): string =>
  Object.entries(members)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function timeline({ journal, effects }: ScenarioOutcome, scenario: Scenario, language: Language): readonly string[] {
  const { direction } = scenario.settings;
  const rows: { readonly atMs: number; readonly text: string }[] = [];
  for (const event of journal) {
    const text = eventText(event);
    if (text !== undefined && event.atMs >= START_MS) rows.push({ atMs: event.atMs, text });
  }
  for (const effect of effects) {
    if (effect.kind === 'note')
      rows.push({ atMs: effect.atMs, text: `  → ${factText(effect.fact, direction)[language]}` });
    if (effect.kind === 'alarm') rows.push({ atMs: effect.atMs, text: `  → ${effect.on ? '!' : '-'} ${effect.alarm}` });
    if (effect.kind === 'withdraw') rows.push({ atMs: effect.atMs, text: `  → withdraw ${effect.releaseId}` });
    if (effect.kind === 'release') {
      rows.push({ atMs: effect.atMs, text: `  → ${effect.release.id} ${line(namedRelease(effect.release, false))}` });
    }
  }
  return rows.sort((a, b) => a.atMs - b.atMs).map(({ atMs, text }) => `${clock(atMs).padStart(9)}  ${text}`);
}

function eventText(event: LaneEvent): string | undefined {
  switch (event.kind) {
    case 'edge':
      return `${event.role} ${event.on ? 'on' : 'off'}`;
    case 'plate':
      return `plate ${event.plate.text} ${event.plate.confidence}`;
    case 'grant':
      return `grant ${event.grant.id} ${event.grant.plate ?? ''} ${event.grant.kind} ×${event.grant.count}`;
    case 'tick':
      if (event.witness !== undefined) return `witness ${event.witness.what}`;
      return event.aside && `no plate: ${event.aside.text}`;
    case 'sent':
    case 'unsent':
      return undefined;
    default:
      return JSON.stringify(event);
  }
}

/** One scenario for programs. */
export function reportJson(scenario: Scenario, outcome: ScenarioOutcome, verdict: ScenarioVerdict): unknown {
  return {
    file: scenario.file,
    name: scenario.name,
    ok: verdict.ok,
    pairs: verdict.pairs.map(({ expected, actual, release, problems }) => ({
      expected,
      actual,
      facts: release?.facts.map((fact) => ({ ...fact, text: timedFactText(fact, clock, release.direction) })),
      problems,
    })),
    problems: verdict.problems,
    summary: outcome.summary,
  };
}
