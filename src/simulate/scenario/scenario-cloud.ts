/** What the platform got of each release beside what the box decided: the wire's word counts where it has one. It runs nothing. */
import type { Release } from '../../lane/types.ts';
import { scenarioText } from '../../text/commands/scenario.ts';
import type { Text } from '../../text/text.ts';
import type { Scenario } from './scenario-file.ts';
import type { HardwareOutcome } from './scenario-hardware.ts';
import {
  compare,
  HARDWARE_TOLERANCE_S,
  type NamedRelease,
  namedRelease,
  type ScenarioVerdict,
} from './scenario-report.ts';
import { START_MS } from './scenario-run.ts';

const DIRECTIONS: Readonly<Record<string, string>> = { 1: 'entry', 2: 'exit' };

/** A release as the platform knows it; what is on no wire (confidence, passed, degraded, the fraction of a second) is the box's word. */
function tell(release: Release, { delivered, withdrawn }: HardwareOutcome): NamedRelease {
  const own = namedRelease(release, withdrawn.has(release.id));
  const fields = delivered.get(release.id)?.fields;
  if (fields === undefined) return { ...own, reported: own.withdrawn ? own.reported : false };
  return {
    ...own,
    method: Number(fields.release_method),
    desc: fields.release_method_desc ?? '',
    plate: fields.plate ?? '',
    direction: DIRECTIONS[fields.release_type ?? ''] ?? '',
    reported: true,
  };
}

/** The expectations applied to what the platform received; every reported release must have got there, with its picture, and no other. */
export function compareWithCloud(scenario: Scenario, outcome: HardwareOutcome): ScenarioVerdict {
  const verdict = compare(scenario, outcome, HARDWARE_TOLERANCE_S, tell);
  // A picture that was under way when the program stopped is lost, and the record says so.
  const restarted = scenario.timeline.some(({ restart }) => restart !== undefined);
  const problems = [
    ...verdict.problems,
    ...outcome.problems,
    ...outcome.releases.flatMap((release) => problemsOf(release, outcome, !restarted)),
  ];
  return { ...verdict, problems, ok: verdict.ok && problems.length === 0 };
}

function problemsOf(
  release: Release,
  { delivered, withdrawn, startWallMs }: HardwareOutcome,
  wantsPicture: boolean,
): readonly Text[] {
  const arrived = delivered.get(release.id);
  const due = release.reported && !withdrawn.has(release.id);
  if (arrived === undefined) return due ? [scenarioText.notDelivered(release.id)] : [];
  if (!due) return [scenarioText.withdrawnArrived(release.id)];
  const boxMs = startWallMs + release.releaseAtMs - START_MS;
  // Whole seconds, rounded down; the two may lie on both sides of one.
  const byMs = boxMs - Date.parse(arrived.fields.release_time ?? '');
  const timely = byMs > -20 && byMs < 1020;
  return [
    ...(arrived.hasPicture || !wantsPicture ? [] : [scenarioText.noPicture(release.id)]),
    ...(timely
      ? []
      : [scenarioText.cloudTime(release.id, arrived.fields.release_time ?? '', new Date(boxMs).toISOString())]),
  ];
}
