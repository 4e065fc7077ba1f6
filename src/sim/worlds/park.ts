/** A park of one or two lanes over hours of traffic, played from beginning to end. It must not know any box: nothing that a box does changes it. */
import type { PlateRead } from '../../lane/types.ts';
import { createRandom, type Random } from '../random.ts';
import { createScriptRunner, type ScriptRunner } from '../script-runner.ts';
import { createFeed } from './feed.ts';
import { createLanePlay, type LanePlay } from './lane-play.ts';
import { createLaneScene, type Guest } from './lane-scene.ts';
import type { WorldManner } from './manner.ts';
import { randomSite, type Site } from './site.ts';
import type { Message, OpeningTruth, Outage, ParkRecording, VehicleTruth } from './truth.ts';
import type { Stage } from './visits.ts';

const STEP_MS = 20;
const START_MS = 1_000_000;
/** Every verdict is out. */
const AFTERWARDS_MS = 420_000;
const PLATE_DELAY_MS = [30, 400] as const;
const PLATE_LATE_MS = [800, 2_500] as const;
const PLATE_LATE_SHARE = 0.005;
const HOUR_MS = 3_600_000;

/** What is written down as the park goes. */
interface Notes {
  readonly messages: Message[];
  readonly vehicles: VehicleTruth[];
  readonly openings: OpeningTruth[];
  readonly seasonPlates: Set<string>;
  nowMs: number;
  ids: number;
  come: number;
}

export function playPark(manner: WorldManner, vehicles: number, seed: number): ParkRecording {
  const random = createRandom(seed);
  const notes: Notes = {
    ...{ messages: [], vehicles: [], openings: [], seasonPlates: new Set<string>() },
    ...{ nowMs: START_MS, ids: 0, come: 0 },
  };
  const runner = createScriptRunner();
  const names = manner.lanes === 1 ? ['L1'] : ['L1', 'L2'];
  const plays = new Map<string, LanePlay>();
  for (const lane of names) plays.set(lane, playOf(lane, names, { manner, random, notes, runner, plays }));
  const all = [...plays.values()];
  for (;;) {
    const full = notes.come >= vehicles;
    if (runner.idle && all.every(({ scene }) => scene.still)) {
      const nextMs = Math.min(runner.nextMs, ...all.map((play) => play.nextMs(full)));
      if (nextMs === Number.POSITIVE_INFINITY) break;
      // Whole steps, so that it goes the same whatever is left out.
      notes.nowMs = Math.max(notes.nowMs + STEP_MS, Math.ceil(nextMs / STEP_MS) * STEP_MS);
    } else notes.nowMs += STEP_MS;
    for (const play of all) play.admit(notes.nowMs, notes.come >= vehicles);
    runner.step(notes.nowMs);
    for (const { scene } of all) if (!scene.still || !runner.idle) scene.step(notes.nowMs, STEP_MS);
  }
  const endMs = notes.nowMs + AFTERWARDS_MS;
  const losses = lossesOf(manner, endMs);
  const messages = [...notes.messages, ...feedNews(manner, losses)].filter(({ atMs }) => atMs > START_MS);
  return {
    ...{ startMs: START_MS, endMs, vehicles: notes.vehicles, openings: notes.openings },
    ...{ losses, seasonPlates: [...notes.seasonPlates] },
    lanes: all.map(({ scene: { lane, edges, beam } }) => ({ lane, edges: byTime(edges), beam })),
    messages: byTime(messages.map((message) => ({ ...message, atMs: Math.round(message.atMs) }))),
    outages: outagesOf(manner, endMs, random),
  };
}

interface Parts {
  readonly manner: WorldManner;
  readonly random: Random;
  readonly notes: Notes;
  readonly runner: ScriptRunner;
  readonly plays: ReadonlyMap<string, LanePlay>;
}

function playOf(lane: string, names: readonly string[], { manner, random, notes, runner, plays }: Parts): LanePlay {
  const own = createRandom(random.next() * 2 ** 32);
  const site = randomSite(own, manner.rough, own.between(-1, 1) * manner.senderOffsetMs);
  const otherLane = names.find((name) => name !== lane);
  const scene = createLaneScene(lane, site, manner.sight, own, {
    ids: () => {
      notes.ids += 1;
      return notes.ids;
    },
    now: () => notes.nowMs,
    onVehicle: (truth) => notes.vehicles.push(truth),
    onOpening: (truth) => notes.openings.push(truth),
    onRead: (guest, read, camera, atMs) => {
      guest.truth.reads.push({ text: read.text, confidence: read.confidence, camera, atMs });
      tellRead({ manner, random: own, notes, site }, lane, { guest, read, camera, atMs });
      if (otherLane !== undefined && own.chance(manner.neighbourReads))
        tellRead({ manner, random: own, notes, site }, otherLane, { guest, read, camera, atMs });
    },
  });
  const deaf = (atMs: number) => deafAt(manner, atMs - START_MS);
  const feed = createFeed(manner.feed, own, (message) => notes.messages.push(message), {
    ...{ otherLane: otherLane ?? 'L9', senderOffsetMs: site.senderOffsetMs, deaf },
  });
  const stage: Stage = {
    ...{ scene, random: own, manners: manner.manners, feed, seasonTold: own.chance(0.5), otherLane, held: false },
    now: () => notes.nowMs,
    later: (afterMs, act) => runner.at(notes.nowMs + afterMs, act),
    comeAgain: ({ mover }, afterMs, at, visit) =>
      (plays.get(at ?? lane) ?? play).comesAgain(notes.nowMs + afterMs, mover, visit),
    knows: (plate) => notes.seasonPlates.add(plate),
    deaf: () => deaf(notes.nowMs),
  };
  const onArrival = (): void => {
    notes.come += 1;
  };
  const play = createLanePlay({ manner, scene, random: own, runner, stage, startMs: START_MS, onArrival });
  return play;
}

function tellRead(
  { manner, random, notes, site }: Pick<Parts, 'manner' | 'random' | 'notes'> & { readonly site: Site },
  lane: string,
  seen: { readonly guest: Guest; readonly read: PlateRead; readonly camera: 1 | 2; readonly atMs: number },
): void {
  const { guest, read, camera, atMs } = seen;
  const { rated, sided } = site.camera;
  const [leastMs, mostMs] = random.chance(PLATE_LATE_SHARE) ? PLATE_LATE_MS : PLATE_DELAY_MS;
  const delayMs = random.between(leastMs, mostMs);
  const side = guest.mover.way === 1 ? 'inside' : 'outside';
  notes.messages.push({
    ...{ kind: 'plate', lane, plate: read, camera, atMs: atMs + delayMs },
    ...(sided && manner.direction === 'both' && { side }),
    ...(!rated && { unrated: true as const }),
  });
}

const byTime = <T extends { readonly atMs: number }>(all: readonly T[]): T[] =>
  [...all].sort((a, b) => a.atMs - b.atMs);

function deafAt({ feedLoss }: WorldManner, sinceMs: number): 'all' | 'half' | undefined {
  if (feedLoss === undefined || sinceMs % feedLoss.everyMs < feedLoss.everyMs - feedLoss.forMs) return undefined;
  return feedLoss.how === 'half' ? 'half' : 'all';
}

function lossesOf({ feedLoss }: WorldManner, endMs: number): ParkRecording['losses'] {
  const losses: { fromMs: number; toMs: number }[] = [];
  if (feedLoss === undefined) return losses;
  const { everyMs, forMs } = feedLoss;
  for (let toMs = START_MS + everyMs; toMs - forMs < endMs; toMs += everyMs)
    losses.push({ fromMs: toMs - forMs, toMs });
  return losses;
}

/** What the box is told of them: that the connection is down, and up again. */
const feedNews = ({ feedLoss }: WorldManner, losses: ParkRecording['losses']): Message[] =>
  feedLoss?.how !== 'told'
    ? []
    : losses.flatMap(({ fromMs, toMs }) => [
        { kind: 'feed' as const, up: false, atMs: fromMs },
        { kind: 'feed' as const, up: true, atMs: toMs },
      ]);

const OUTAGE_MS = { wire: [300, 20_000], restart: [3_000, 9_000], powerCut: [25_000, 90_000] } as const;

function outagesOf({ outages }: WorldManner, endMs: number, random: Random): Outage[] {
  const all: Outage[] = [];
  for (const [kind, perHour] of Object.entries(outages) as [Outage['kind'], number][]) {
    const [leastMs, mostMs] = OUTAGE_MS[kind];
    const gap = (): number => (-Math.log(1 - random.next()) * HOUR_MS) / perHour;
    for (let fromMs = START_MS + gap(); fromMs < endMs; fromMs += gap() + mostMs)
      all.push({ kind, fromMs: Math.round(fromMs), toMs: Math.round(fromMs + random.between(leastMs, mostMs)) });
  }
  all.sort((a, b) => a.fromMs - b.fromMs);
  return all.filter((one, index) => one.fromMs > (all[index - 1]?.toMs ?? 0) + 1_000);
}
