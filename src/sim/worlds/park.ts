/** A park of one or two lanes over hours of traffic, played from beginning to end. It must not know any box: nothing that a box does changes it. */
import type { Grant, PlateRead } from '../../lane/types.ts';
import { createRandom, type Random } from '../random.ts';
import { createFeed, type Feed, type FeedManner } from './feed.ts';
import { createLaneScene, type Guest, type LaneScene } from './lane-scene.ts';
import { drawn, gapOf, type Manners, type Mix, nextArrivalMs, type Visit } from './people.ts';
import type { SightManner } from './sight.ts';
import { type Roughness, randomSite } from './site.ts';
import type { LaneRecording, Message, OpeningTruth, Outage, ParkRecording, VehicleTruth } from './truth.ts';
import { follow, hold, type Lone, nobody, VISIT_SCRIPTS } from './visit-scripts.ts';
import type { Script, Stage } from './visits.ts';

/** A world: what is usual there. */
export interface WorldManner {
  readonly mix: Mix;
  readonly manners: Manners;
  readonly rough: Roughness;
  readonly sight: SightManner;
  readonly feed: FeedManner;
  /** The clock of the management system is off by up to so much. */
  readonly senderOffsetMs: number;
  readonly lanes: 1 | 2;
  readonly direction: 'exit' | 'entry' | 'both';
  /** A camera reads the vehicle of the lane beside. */
  readonly neighbourReads: number;
  /** Every so many hours the feed is cut for two: `told`, the box knows it; `half` of the messages are lost and nobody knows. */
  readonly feedLoss?: { readonly everyMs: number; readonly forMs: number; readonly how: 'told' | 'silent' | 'half' };
  /** An hour. */
  readonly outages: Readonly<Partial<Record<Outage['kind'], number>>>;
}

const STEP_MS = 20;
const START_MS = 1_000_000;
/** Every verdict is out. */
const AFTERWARDS_MS = 420_000;
/** No more come into a lane. */
const LANE_FULL = 5;
const PAID_AHEAD_MS = [60_000, 600_000] as const;
const PLATE_DELAY_MS = [30, 400] as const;
/** Season cars come from among so many. */
const HOUR_MS = 3_600_000;

interface Running {
  readonly script: Script;
  wait: number | (() => boolean);
}

interface LanePlay {
  readonly scene: LaneScene;
  readonly stage: Stage;
  readonly random: Random;
  nextMs: number;
  /** Somebody goes back: nobody comes up behind him. */
  alone: Guest | undefined;
  readonly again: { readonly atMs: number; readonly guest: Guest; readonly visit: Visit }[];
  /** Those that come together with the last. */
  party: (() => void)[];
}

export function playPark(manner: WorldManner, vehicles: number, seed: number): ParkRecording {
  const random = createRandom(seed);
  let nowMs = START_MS;
  let ids = 0;
  let come = 0;
  const messages: Message[] = [];
  const truths: VehicleTruth[] = [];
  const openings: OpeningTruth[] = [];
  const seasonPlates = new Set<string>();
  let running: Running[] = [];
  const timers: { atMs: number; act: () => void }[] = [];
  const run = (script: Script): void => void running.push({ script, wait: 0 });
  const deaf = (atMs: number) => deafAt(manner, atMs - START_MS);
  const names = manner.lanes === 1 ? ['L1'] : ['L1', 'L2'];

  const onRead = (lane: string, guest: Guest, read: PlateRead, atMs: number): void => {
    guest.truth.reads.push({ text: read.text, confidence: read.confidence, atMs });
    const tell = (at: string): void => {
      const delayMs = random.chance(0.005) ? random.between(800, 2_500) : random.between(...PLATE_DELAY_MS);
      messages.push({ kind: 'plate', lane: at, plate: read, atMs: atMs + delayMs });
    };
    tell(lane);
    const beside = names.find((name) => name !== lane);
    if (beside !== undefined && random.chance(manner.neighbourReads)) tell(beside);
  };
  const plays: LanePlay[] = names.map((lane) => {
    const own = createRandom(random.next() * 2 ** 32);
    const site = randomSite(own, manner.rough, own.between(-1, 1) * manner.senderOffsetMs);
    const scene = createLaneScene(lane, site, manner.sight, own, {
      ids: () => {
        ids += 1;
        return ids;
      },
      onVehicle: (truth) => truths.push(truth),
      onOpening: (truth) => openings.push(truth),
      onRead: (guest, read, atMs) => onRead(lane, guest, read, atMs),
    });
    const otherLane = names.find((name) => name !== lane);
    const feed: Feed = createFeed(manner.feed, own, (message) => messages.push(message), {
      ...{ otherLane: otherLane ?? 'L9', senderOffsetMs: site.senderOffsetMs, deaf },
    });
    const play: LanePlay = {
      ...{ scene, random: own, nextMs: nowMs + own.between(2_000, 20_000), alone: undefined, again: [], party: [] },
      stage: {
        ...{ scene, random: own, manners: manner.manners, feed, seasonTold: own.chance(0.5), otherLane, held: false },
        now: () => nowMs,
        later: (afterMs, act) => timers.push({ atMs: nowMs + afterMs, act }),
        comeAgain: (guest, afterMs, at, visit) => {
          const where = plays.find((one) => one.scene.lane === at) ?? play;
          where.again.push({ atMs: nowMs + afterMs, guest, visit });
        },
        knows: (plate) => seasonPlates.add(plate),
        deaf: () => deaf(nowMs),
      },
    };
    return play;
  });

  const spawn = (play: LanePlay, visit: Visit, way: 1 | -1): Guest => {
    come += 1;
    const usual = visit === 'slip' ? 'ebike' : drawn(manner.manners.kinds, play.random);
    return play.scene.spawn(usual, way);
  };
  const arrive = (play: LanePlay): void => {
    const visit = drawn(manner.mix, play.random);
    const way = manner.direction === 'both' && play.random.chance(manner.manners.inbound) ? -1 : 1;
    if (play.scene.guests.some(({ mover }) => mover.way !== way)) {
      play.nextMs = nowMs + 1_500;
      return;
    }
    play.nextMs = nowMs + nextArrivalMs(manner.manners, play.random);
    if (visit === 'nobody') run(nobody(play.stage));
    else if (visit === 'hold') run(hold(play.stage));
    else if (visit === 'follower') party(play, way);
    else lone(play, visit, way);
  };
  const lone = (play: LanePlay, visit: Lone, way: 1 | -1): void => {
    const guest = spawn(play, visit, way);
    if (visit === 'fakeExit' || visit === 'backOut' || visit === 'turnAway' || visit === 'changer') play.alone = guest;
    if (visit === 'ahead') payAhead(play, guest);
    run(VISIT_SCRIPTS[visit](play.stage, guest));
  };
  const payAhead = ({ stage, random: own }: LanePlay, { truth }: Guest): void =>
    stage.feed.paidAhead(truth, Math.max(START_MS + 1_000, nowMs - own.between(...PAID_AHEAD_MS)));
  /** One with a right to leave, and those behind it with none. */
  const party = (play: LanePlay, way: 1 | -1): void => {
    const how = drawn({ paid: 6, season: 2, free: 1, ahead: 1 }, play.random);
    let leader = spawn(play, how, way);
    if (how === 'ahead') payAhead(play, leader);
    run(VISIT_SCRIPTS[how](play.stage, leader));
    do {
      const guest = spawn(play, 'follower', way);
      run(follow(play.stage, guest, leader, gapOf(manner.manners, play.random)));
      leader = guest;
    } while (play.random.chance(manner.manners.chain));
  };
  const admit = (play: LanePlay): void => {
    if (play.alone !== undefined && play.alone.truth.goneMs === undefined) return;
    play.alone = undefined;
    if (play.scene.guests.length >= LANE_FULL) return;
    const [returning] = play.again;
    if (returning !== undefined && returning.atMs <= nowMs) {
      if (play.scene.guests.some(({ mover }) => mover.way !== returning.guest.mover.way)) return;
      play.again.shift();
      const { kind, way, plate } = returning.guest.mover;
      const guest = play.scene.spawn(kind, way, plate);
      run(VISIT_SCRIPTS.paid(play.stage, guest));
    } else if (play.nextMs <= nowMs && come < vehicles) arrive(play);
  };
  const act = (): void => {
    for (let index = timers.length - 1; index >= 0; index -= 1) {
      const timer = timers[index];
      if (timer === undefined || timer.atMs > nowMs) continue;
      timers.splice(index, 1);
      timer.act();
    }
    for (const one of running) goOn(one, nowMs);
    if (running.some(({ wait }) => wait === DONE)) running = running.filter(({ wait }) => wait !== DONE);
  };
  const nextMs = (): number => {
    let next = Number.POSITIVE_INFINITY;
    for (const { nextMs: due, again } of plays)
      next = Math.min(next, come < vehicles ? due : next, again[0]?.atMs ?? next);
    for (const { atMs } of timers) next = Math.min(next, atMs);
    return next;
  };
  for (;;) {
    const still = running.length === 0 && plays.every(({ scene }) => scene.still);
    if (still) {
      const next = nextMs();
      if (next === Number.POSITIVE_INFINITY) break;
      // Whole steps, so that the world goes the same however it is cut.
      nowMs = Math.max(nowMs + STEP_MS, Math.ceil(next / STEP_MS) * STEP_MS);
    } else nowMs += STEP_MS;
    for (const play of plays) admit(play);
    act();
    for (const { scene } of plays) if (!scene.still || running.length > 0) scene.step(nowMs, STEP_MS);
  }
  const endMs = nowMs + AFTERWARDS_MS;
  messages.push(...feedNews(manner, endMs));
  const byTime = <T extends { readonly atMs: number }>(all: readonly T[]): T[] =>
    [...all].sort((a, b) => a.atMs - b.atMs);
  return {
    ...{ startMs: START_MS, endMs, vehicles: truths, openings, seasonPlates: [...seasonPlates] },
    lanes: plays.map(({ scene }): LaneRecording => ({ lane: scene.lane, edges: byTime(scene.edges) })),
    messages: byTime(messages.filter(({ atMs }) => atMs > START_MS)).map(whole),
    outages: outagesOf(manner, endMs, random),
  };
}

const DONE = (): boolean => false;

function goOn(one: Running, nowMs: number): void {
  while (typeof one.wait === 'number' ? nowMs >= one.wait : one.wait()) {
    const { value, done } = one.script.next();
    if (done) {
      one.wait = DONE;
      return;
    }
    one.wait = typeof value === 'number' ? nowMs + value : (value as () => boolean);
  }
}

const whole = (message: Message): Message => {
  const atMs = Math.round(message.atMs);
  if (message.kind !== 'grant') return { ...message, atMs };
  const grant: Grant = { ...message.grant, issuedAtMs: Math.round(message.grant.issuedAtMs) };
  return { ...message, atMs, grant };
};

function deafAt({ feedLoss }: WorldManner, sinceMs: number): 'all' | 'half' | undefined {
  if (feedLoss === undefined || sinceMs % feedLoss.everyMs < feedLoss.everyMs - feedLoss.forMs) return undefined;
  return feedLoss.how === 'half' ? 'half' : 'all';
}

function feedNews({ feedLoss }: WorldManner, endMs: number): Message[] {
  if (feedLoss?.how !== 'told') return [];
  const news: Message[] = [];
  for (let atMs = START_MS + feedLoss.everyMs; atMs - feedLoss.forMs < endMs; atMs += feedLoss.everyMs)
    news.push({ kind: 'feed', up: false, atMs: atMs - feedLoss.forMs }, { kind: 'feed', up: true, atMs });
  return news;
}

const OUTAGE_MS = { wire: [300, 20_000], restart: [3_000, 9_000], powerCut: [25_000, 90_000] } as const;

function outagesOf({ outages }: WorldManner, endMs: number, random: Random): Outage[] {
  const all: Outage[] = [];
  for (const [kind, perHour] of Object.entries(outages) as [Outage['kind'], number][]) {
    const gap = (): number => (-Math.log(1 - random.next()) * HOUR_MS) / perHour;
    for (let fromMs = START_MS + gap(); fromMs < endMs; fromMs += gap() + OUTAGE_MS[kind][1]) {
      all.push({
        kind,
        fromMs: Math.round(fromMs),
        toMs: Math.round(fromMs + random.between(OUTAGE_MS[kind][0], OUTAGE_MS[kind][1])),
      });
    }
  }
  all.sort((a, b) => a.fromMs - b.fromMs);
  return all.filter((one, index) => one.fromMs > (all[index - 1]?.toMs ?? 0) + 1_000);
}
