/**
 * Random traffic in one lane, in virtual time as fast as it goes: the world knows what is true, the box finds out what it can.
 * It plays and collects; what the two make of each other is the report's business.
 */
import type { Clock } from '../clock.ts';
import { laneSettings } from '../lane/settings.ts';
import type { LaneEvent, Release, Role } from '../lane/types.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { randomTraffic, type TrafficShares } from '../sim/traffic.ts';
import { createLaneWorld, type LaneWorld, type Truth } from '../sim/world.ts';
import { createVirtualBox, type WireTiming } from './detection-box.ts';

export interface DetectionOptions extends WireTiming {
  readonly vehicles: number;
  readonly seed: number;
  readonly perHour: number;
  readonly shares: TrafficShares;
  /** The contacts that are wired. */
  readonly points: readonly Role[];
  readonly camera: boolean;
  /** Whether the management system tells of payments; the relay says what it says in any case. */
  readonly feed: boolean;
}

export interface DetectionRun {
  readonly truths: readonly Truth[];
  readonly releases: readonly Release[];
  readonly journal: readonly LaneEvent[];
  readonly vehicles: number;
  /** How long the traffic was. */
  readonly storyMs: number;
}

/** From the camera's read, and from the payment, to their message: usual, and for one payment in a hundred late. */
const MESSAGE_MS = [30, 300] as const;
const LATE_MS = [1_000, 4_000] as const;
const LATE_SHARE = 0.01;
const TOLD_TWICE_SHARE = 0.01;
/** One read in a hundred takes a character for one that looks like it. */
const MISREAD_SHARE = 0.01;
const LOOKALIKES: Readonly<Record<string, string>> = { 0: 'D', 8: 'B', 2: 'Z', 5: 'S', 1: '7', B: '8', D: '0' };
const START_MS = 1_000_000;
/** Every verdict is out. */
const AFTERWARDS_MS = 90_000;
/** How far virtual time goes at once; the world tells of plates and payments in between. */
const STRIDE_MS = 250;

export function runDetection(options: DetectionOptions): DetectionRun {
  const settings = laneSettings({ direction: 'exit', roles: options.points }, {});
  const random = createRandom(options.seed + 1);
  const clock = { nowMs: START_MS };
  const messages: Extract<LaneEvent, { kind: 'plate' | 'grant' }>[] = [];
  const arrive = (event: Extract<LaneEvent, { kind: 'plate' | 'grant' }>): void => {
    const at = messages.findIndex(({ atMs }) => atMs > event.atMs);
    messages.splice(at < 0 ? messages.length : at, 0, event);
  };
  const truths: Truth[] = [];
  let vehicles = 0;
  const world = createLaneWorld({
    clock: virtualClock(clock),
    laneId: 'L1',
    seed: options.seed,
    onPlate: (plate, atMs) => {
      const read = { ...plate, text: random.chance(MISREAD_SHARE) ? misread(plate.text, random) : plate.text };
      if (options.camera) arrive({ kind: 'plate', plate: read, atMs: atMs + delayMs(random) });
    },
    onGrant: ({ laneId: _, atMs, ...grant }) => {
      const event = { kind: 'grant', grant: { ...grant, issuedAtMs: Math.round(atMs), source: 'pms' } } as const;
      if (!options.feed) return;
      const lateMs = random.chance(LATE_SHARE) ? Math.round(random.between(...LATE_MS)) : 0;
      arrive({ ...event, atMs: atMs + delayMs(random) + lateMs });
      if (random.chance(TOLD_TWICE_SHARE)) arrive({ ...event, atMs: atMs + 1_000 + lateMs });
    },
    onStory: (truth) => {
      if (truth.finishedAtMs === undefined) return;
      truths.push(truth);
      vehicles += vehiclesOf(truth);
    },
  });
  const box = createVirtualBox(settings, options, START_MS);
  const levelsAt = (atMs: number): Readonly<Record<Role, boolean>> => {
    clock.nowMs = atMs;
    return world.levels();
  };
  const advance = (untilMs: number): void => {
    while (clock.nowMs < untilMs) {
      const nextMs = Math.min(untilMs, clock.nowMs + STRIDE_MS);
      // What comes in between two polls is told between them.
      while (box.nextLookMs <= nextMs) {
        while (messages[0] !== undefined && messages[0].atMs <= box.nextLookMs)
          box.tell(messages.shift() as LaneEvent & { kind: 'plate' | 'grant' });
        box.run(box.nextLookMs, levelsAt);
      }
      clock.nowMs = Math.max(clock.nowMs, nextMs);
    }
  };
  const { seed, perHour, shares } = options;
  let dueMs = START_MS + 1000;
  for (const order of randomTraffic({ seed, perHour, shares })) {
    if (vehicles >= options.vehicles) break;
    dueMs += order.afterMs;
    advance(dueMs);
    // The lane is full: the next waits outside.
    while (!sent(world, order)) advance(clock.nowMs + 1000);
  }
  while (!world.quiet()) advance(clock.nowMs + 1000);
  advance(clock.nowMs + AFTERWARDS_MS);
  return { truths, releases: box.releases, journal: box.journal, vehicles, storyMs: clock.nowMs - START_MS };
}

const sent = (world: LaneWorld, { story, options }: { story: Truth['story']; options: Truth['options'] }): boolean =>
  world.send(story, options) !== undefined;

const delayMs = (random: Random): number => Math.round(random.between(...MESSAGE_MS));

/** How many vehicles a story has. */
export function vehiclesOf({ story }: Truth): number {
  if (story === 'nobody') return 0;
  return story === 'tailgater' ? 2 : 1;
}

function misread(text: string, random: Random): string {
  const places = [...text].flatMap((character, index) => (LOOKALIKES[character] === undefined ? [] : [index]));
  if (places.length === 0) return text;
  const place = random.pick(places);
  return [...text].map((character, index) => (index === place ? LOOKALIKES[character] : character)).join('');
}

/** Nobody waits on it: the world is a function of it. */
function virtualClock(now: { readonly nowMs: number }): Clock {
  return { nowMs: () => now.nowMs, wallMs: () => now.nowMs, sleep: () => Promise.resolve() };
}
