/** One world from its dice to what the box made of it: several parks, each with a box for each lane. It plays and collects; counting is the table's business. */
import { laneSettings } from '../../lane/settings.ts';
import { type LaneSettings, REPORTED_KINDS, type ReportedKind, type Role } from '../../lane/types.ts';
import type { WorldManner } from '../../sim/worlds/manner.ts';
import { playPark } from '../../sim/worlds/park.ts';
import type { ParkRecording } from '../../sim/worlds/truth.ts';
import type { BoxRun, Given, WireTiming } from './detection-box.ts';
import { watchPark } from './detection-park.ts';
import { type Judged, judgeMatch } from './verdict-classes.ts';
import { itemsOf, matchVerdicts } from './verdict-match.ts';

export interface WiringOptions extends WireTiming {
  /** The contacts that are wired. */
  readonly points: readonly Role[];
  /** 2: an overview camera besides. */
  readonly cameras: 0 | 1 | 2;
  /** An infrared beam on the contact of B, in place of its loop. */
  readonly beam: boolean;
  /** Whether the management system tells of payments; the relay says what it says in any case. */
  readonly feed: boolean;
}

/** One lane of one park. */
export interface LaneOutcome {
  readonly park: ParkRecording;
  readonly lane: string;
  readonly cameras: number;
  readonly settings: LaneSettings;
  readonly box: BoxRun;
  readonly judged: readonly Judged[];
  readonly phantoms: readonly Given[];
}

/** So many vehicles have the same place; then comes another park. */
const PER_PARK = 700;
const MOST_PARKS = 20;

export function* runWorld(
  name: string,
  manner: WorldManner,
  vehicles: number,
  seed: number,
  wiring: WiringOptions,
): Generator<LaneOutcome, void> {
  const parks = Math.min(MOST_PARKS, Math.max(1, Math.round(vehicles / PER_PARK)));
  for (let index = 0; index < parks; index += 1) {
    const share = Math.floor((vehicles * (index + 1)) / parks) - Math.floor((vehicles * index) / parks);
    const park = playPark(manner, share, seedOf(name, seed, index));
    yield* outcomesOf(manner, park, wiring);
  }
}

/** A feed counts as complete when of so many let out by the relay so many were told, and again so many pulses after a loss (lane-logic.md, section 5). */
const TRIAL = { vehicles: 100, told: 95 };
const AGAIN_PULSES = 35;

/** When every payment is told and the box can know that it is so. */
function completeAt(
  { feed, relayIsNoGrant }: WorldManner,
  park: ParkRecording,
  lane: string,
): (atMs: number) => boolean {
  if (!feed.complete) return () => false;
  const pulses = (park.lanes.find((one) => one.lane === lane)?.edges ?? [])
    .filter(({ role, on }) => role === 'auto' && on)
    .map(({ atMs }) => atMs);
  const after = (atMs: number, count: number): number =>
    pulses[pulses.findIndex((pulseMs) => pulseMs >= atMs) + count] ?? park.endMs;
  const provedMs = relayIsNoGrant ? park.startMs : provedAt(park, lane);
  const doubts = park.losses.map(({ toMs }) => ({ fromMs: toMs, toMs: after(toMs, AGAIN_PULSES) }));
  return (atMs) => atMs >= provedMs && !doubts.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}

/** When the trial is over. Season cars may go without a word, and what is lost while messages are says nothing of the feed. */
function provedAt(park: ParkRecording, lane: string): number {
  const ring: boolean[] = [];
  for (const { lane: at, means, season, untold, deaf, offBMs } of park.vehicles) {
    const isCounted = means === 'paid' || means === 'free' || means === 'software';
    if (at !== lane || !isCounted || season || deaf !== undefined || offBMs === undefined) continue;
    ring.push(means !== 'software' && untold === undefined);
    const last = ring.slice(-TRIAL.vehicles);
    if (last.length === TRIAL.vehicles && last.filter(Boolean).length >= TRIAL.told) return offBMs + TOLD_WITHIN_MS;
  }
  return park.endMs;
}

/** A message may come so long after its vehicle. */
const TOLD_WITHIN_MS = 120_000;

/** Each world has traffic of its own, or what is rare in one would be rare in all. */
const seedOf = (name: string, seed: number, index: number): number =>
  [...name].reduce(
    (mixed, character) => Math.imul(mixed ^ character.charCodeAt(0), 16_777_619),
    2_166_136_261 + seed * 1_000 + index,
  ) >>> 0;

function* outcomesOf(manner: WorldManner, park: ParkRecording, wiring: WiringOptions): Generator<LaneOutcome, void> {
  const { points, cameras, beam, feed, ...wire } = wiring;
  const { direction } = manner;
  const roles = direction === 'both' && !points.includes('exit') ? [...points, 'exit' as const] : points;
  const complete = manner.feed.complete && feed;
  const tells: readonly ReportedKind[] = complete ? REPORTED_KINDS : feed ? ['paid'] : [];
  const settings = laneSettings(
    { direction, roles, tells },
    { fakeExit: 'report', ...(complete && manner.relayIsNoGrant && { autoCommandIsGrant: false }) },
  );
  const here = <T extends { readonly lane: string }>(all: readonly T[], lane: string): T[] =>
    all.filter((one) => one.lane === lane);
  for (const [lane, box] of watchPark(park, { settings, wire, cameras, beam, feed })) {
    const items = itemsOf(here(park.vehicles, lane), here(park.openings, lane));
    const { matches, phantoms } = matchVerdicts(items, box.given);
    const isComplete = complete ? completeAt(manner, park, lane) : () => false;
    const judged = matches.flatMap((match) => judgeMatch(match, isComplete, cameras) ?? []);
    yield { park, lane, cameras, settings, box, judged, phantoms };
  }
}
