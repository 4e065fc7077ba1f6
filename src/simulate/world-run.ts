/** One world from its dice to what the box made of it: several parks, each with a box for each lane. It plays and collects; counting is the table's business. */
import { laneSettings } from '../lane/settings.ts';
import type { LaneSettings, Role } from '../lane/types.ts';
import { playPark, type WorldManner } from '../sim/worlds/park.ts';
import type { Message, ParkRecording } from '../sim/worlds/truth.ts';
import { type BoxRun, type Given, type WireTiming, watchLane } from './detection-box.ts';
import { type Judged, judgeMatch } from './verdict-classes.ts';
import { itemsOf, matchVerdicts } from './verdict-match.ts';

export interface WiringOptions extends WireTiming {
  /** The contacts that are wired. */
  readonly points: readonly Role[];
  readonly camera: boolean;
  /** Whether the management system tells of payments; the relay says what it says in any case. */
  readonly feed: boolean;
}

/** One lane of one park. */
export interface LaneOutcome {
  readonly park: ParkRecording;
  readonly lane: string;
  readonly settings: LaneSettings;
  readonly box: BoxRun;
  readonly judged: readonly Judged[];
  readonly phantoms: readonly Given[];
}

/** So many vehicles have the same place; then comes another park. */
const PER_PARK = 500;
const MOST_PARKS = 20;

export function* runWorld(
  manner: WorldManner,
  vehicles: number,
  seed: number,
  wiring: WiringOptions,
): Generator<LaneOutcome, void> {
  const parks = Math.min(MOST_PARKS, Math.max(1, Math.round(vehicles / PER_PARK)));
  for (let index = 0; index < parks; index += 1) {
    const share = Math.floor((vehicles * (index + 1)) / parks) - Math.floor((vehicles * index) / parks);
    const park = playPark(manner, share, seed * 1_000 + index);
    for (const { lane } of park.lanes) yield outcomeOf(manner, park, lane, wiring);
  }
}

function outcomeOf(manner: WorldManner, park: ParkRecording, lane: string, wiring: WiringOptions): LaneOutcome {
  const { points, camera, feed, ...wire } = wiring;
  const roles = manner.direction === 'both' && !points.includes('exit') ? [...points, 'exit' as const] : points;
  const settings = laneSettings({ direction: manner.direction, roles }, {});
  const messages = park.messages.filter((message) => isFor(message, lane, camera, feed));
  const box = watchLane({ park, lane, settings, wire, messages });
  const here = <T extends { readonly lane: string }>(all: readonly T[]): T[] => all.filter((one) => one.lane === lane);
  const { matches, phantoms } = matchVerdicts(itemsOf(here(park.vehicles), here(park.openings)), box.given);
  const complete = manner.feed.complete && feed;
  const judged = matches.flatMap((match) => judgeMatch(match, complete) ?? []);
  return { park, lane, settings, box, judged, phantoms };
}

function isFor(message: Message, lane: string, camera: boolean, feed: boolean): boolean {
  if (message.kind === 'plate') return camera && message.lane === lane;
  if (message.kind === 'grant') return feed && (message.lane === undefined || message.lane === lane);
  return feed;
}
