/**
 * What is solid in one lane, step by step: vehicles, loops, arm, camera, and what is true of them. Two lanes of a park are two scenes.
 * It must not know why anybody does anything: drivers and attendants act on it (`visits.ts`).
 */
import type { PlateRead, Role } from '../../lane/types.ts';
import { createRandom, type Random } from '../random.ts';
import { createLoopDetector } from './loop-detector.ts';
import { createMachineArm } from './machine-arm.ts';
import { drive, type Kind, type Mover, newMover, reachOver, rearOf } from './movers.ts';
import { createSight, type Sight, type SightManner } from './sight.ts';
import type { Site, Stretch } from './site.ts';
import type { Cause, Edge, OpeningTruth, VehicleTruth } from './truth.ts';

type LoopRole = 'approach' | 'barrier' | 'exit';
const LOOPS: readonly LoopRole[] = ['approach', 'barrier', 'exit'];

/** A lane as one way sees it, in that way's own metres. */
export interface Way {
  readonly first: Stretch;
  readonly barrier: Stretch;
  readonly stopM: number;
  readonly spawnM: number;
  readonly goneM: number;
}

export interface Guest {
  readonly mover: Mover;
  readonly truth: VehicleTruth;
}

export interface LaneScene {
  readonly lane: string;
  readonly arm: { readonly position: number; readonly rising: boolean };
  readonly guests: readonly Guest[];
  readonly edges: Edge[];
  readonly beam: Edge[];
  readonly empty: boolean;
  /** Nothing moves: time may jump. */
  readonly still: boolean;
  wayOf(way: 1 | -1): Way;
  /** `plate`: it has been here before. */
  spawn(kind: Kind, way: 1 | -1, plate?: Mover['plate']): Guest;
  /** It has gone where nobody sees it. */
  remove(guest: Guest): void;
  /** The contact closes, and the arm starts soon after; without one the arm just starts. */
  open(contact: 'auto' | 'button' | 'remote' | undefined, cause: Cause, forVehicle?: number): void;
  hold(on: boolean): void;
  /** The one right ahead of it. */
  aheadOf(guest: Guest): Guest | undefined;
  step(nowMs: number, stepMs: number): void;
}

const SPAWN_BEFORE_M = 14;
const GONE_AFTER_M = 7;
const QUEUE_GAP_M = 2.5;
const CONTACT_MS = [250, 700] as const;
const BEAM_HALF_M = 0.02;
const BEAM_DELAY_MS = 10;
/** A vehicle ahead is near when it is within this. */
const NEAR_M = 8;

export function createLaneScene(
  lane: string,
  site: Site,
  manner: SightManner,
  random: Random,
  hands: {
    readonly ids: () => number;
    readonly now: () => number;
    readonly onVehicle: (truth: VehicleTruth) => void;
    readonly onOpening: (truth: OpeningTruth) => void;
    readonly onRead: (guest: Guest, read: PlateRead, camera: 1 | 2, atMs: number) => void;
  },
): LaneScene {
  const guests: Guest[] = [];
  const edges: Edge[] = [];
  const beam: Edge[] = [];
  let opening: OpeningTruth | undefined;
  let lastCause: { cause: Cause; atMs: number; forVehicle: number | undefined } | undefined;
  let openAtMs = Number.POSITIVE_INFINITY;
  let busyUntilMs = 0;
  const { now } = hands;
  let nowMs = now();
  const say = (role: Role, on: boolean, atMs: number): void => void edges.push({ role, on, atMs });
  const arm = createMachineArm(site.arm, (limit, on, atMs) => {
    say(limit, on, atMs);
    if (limit !== 'down') return;
    if (on) {
      if (opening) opening.endMs = atMs;
      opening = undefined;
    } else {
      const why = lastCause ?? { cause: 'key' as const, forVehicle: undefined };
      const { forVehicle } = why;
      opening = {
        id: hands.ids(),
        lane,
        startMs: atMs,
        cause: why.cause,
        vehicles: [],
        ...(forVehicle !== undefined && { forVehicle }),
      };
      hands.onOpening(opening);
    }
  });
  say('down', true, 0);
  // Chance of its own, so that the lane goes the same whether it is there or not.
  const overviewRandom = createRandom(random.next() * 2 ** 32);
  const sightOf = (number: 1 | 2): Sight =>
    createSight(number === 1 ? site.camera : site.overview, manner, number === 1 ? random : overviewRandom, (...seen) =>
      told(number, ...seen),
    );
  const sights = { 1: sightOf(1), [-1]: sightOf(1) };
  const overviews = { 1: sightOf(2), [-1]: sightOf(2) };
  const told = (camera: 1 | 2, mover: Mover, read: PlateRead, atMs: number): void => {
    const guest = guests.find((one) => one.mover === mover);
    if (guest) hands.onRead(guest, read, camera, atMs);
  };
  const detectors = {
    approach: createLoopDetector(site.detectors.approach, random, (on, atMs) => {
      say('approach', on, atMs);
      if (on) sights[1].trigger(atMs);
    }),
    barrier: createLoopDetector(site.detectors.barrier, random, (on, atMs) => say('barrier', on, atMs)),
    exit: createLoopDetector(site.detectors.exit, random, (on, atMs) => {
      say('exit', on, atMs);
      if (on) sights[-1].trigger(atMs);
    }),
  };
  const reach: Record<LoopRole, number> = { approach: -1, barrier: -1, exit: -1 };
  const mirrored = ({ fromM, toM }: Stretch): Stretch => ({ fromM: -toM, toM: -fromM });
  const ways: Readonly<Record<1 | -1, Way>> = {
    1: wayFrom(site.approach, site.barrier, site.stopM),
    [-1]: wayFrom(mirrored(site.exit), mirrored(site.barrier), -site.exit.fromM + (site.stopM - site.approach.toM)),
  };
  const feelLoop = (role: LoopRole, stepMs: number): void => {
    let most = -1;
    let rough = false;
    for (const { mover } of guests) {
      const { fromM, toM } = mover.way === 1 ? site[role] : mirrored(site[role]);
      const over = reachOver(mover, fromM, toM);
      if (over > most) {
        most = over;
        rough = mover.kind === 'truck' || mover.kind === 'trailer';
      }
    }
    const before = reach[role];
    reach[role] = most;
    if (before > 0 === most > 0) return;
    const share = most === before ? 1 : Math.min(1, Math.max(0, -before / (most - before)));
    detectors[role].metal(most > 0, nowMs - stepMs + stepMs * share, rough);
  };
  const look = (way: 1 | -1, stepMs: number): void => {
    const movers = moversOf(guests, way);
    sights[way].look(movers, nowMs, stepMs);
    overviews[way].look(movers, nowMs, stepMs);
  };
  let beamReach = -1;
  const feelBeam = (stepMs: number): void => {
    let most = -1;
    for (const { mover } of guests) most = Math.max(most, reachOver(mover, -BEAM_HALF_M, BEAM_HALF_M));
    if (most > 0 !== beamReach > 0) {
      const share = Math.min(1, Math.max(0, -beamReach / (most - beamReach)));
      beam.push({ role: 'barrier', on: most > 0, atMs: nowMs - stepMs + stepMs * share + BEAM_DELAY_MS });
    }
    beamReach = most;
  };
  const remember = (guest: Guest): void => {
    const { mover, truth } = guest;
    const { first, barrier } = ways[mover.way];
    if (mover.frontM > first.fromM) truth.onAMs ??= nowMs;
    // What a loop feels begins behind the bumper.
    if (truth.onBMs === undefined && mover.frontM - (mover.metal[0]?.[0] ?? 0) > barrier.fromM) {
      truth.onBMs = nowMs;
      const ahead = scene.aheadOf(guest);
      const gapM = ahead && rearOf(ahead.mover) - mover.frontM;
      if (gapM !== undefined && gapM < NEAR_M) truth.gapM = gapM;
    }
    // Backed off B again: it has not been there for good.
    if (truth.onBMs !== undefined && truth.offBMs === undefined && mover.frontM < barrier.fromM - 0.3) {
      delete truth.onBMs;
      delete truth.gapM;
    }
    if (truth.offBMs === undefined && rearOf(mover) > barrier.toM) {
      truth.offBMs = nowMs;
      if (opening !== undefined) {
        truth.opening = opening.id;
        opening.vehicles.push(truth.id);
      }
    }
  };
  const scene: LaneScene = {
    lane,
    arm,
    guests,
    ...{ edges, beam },
    get empty() {
      return guests.length === 0;
    },
    get still() {
      return guests.length === 0 && arm.still && openAtMs === Number.POSITIVE_INFINITY && now() >= busyUntilMs;
    },
    wayOf: (way) => ways[way],
    spawn: (kind, way, plate) => {
      const last = guests.at(-1);
      const { spawnM } = ways[way];
      const atM = last && last.mover.way === way ? Math.min(spawnM, rearOf(last.mover) - QUEUE_GAP_M) : spawnM;
      const mover = newMover(hands.ids(), kind, way, atM, random, plate);
      const truth: VehicleTruth = {
        ...{ id: mover.id, lane, kind, way, arrivedMs: now(), authorised: false, season: false, reads: [] },
        ...(mover.plate && { plate: mover.plate.text }),
      };
      const guest = { mover, truth };
      guests.push(guest);
      hands.onVehicle(truth);
      return guest;
    },
    remove: (guest) => {
      const index = guests.indexOf(guest);
      if (index >= 0) guests.splice(index, 1);
      guest.truth.goneMs = now();
    },
    open: (contact, cause, forVehicle) => {
      if (contact !== undefined) {
        say(contact, true, now());
        say(contact, false, now() + random.between(...CONTACT_MS));
      }
      if ((arm.still && openAtMs === Number.POSITIVE_INFINITY) || lastCause === undefined)
        lastCause = { cause, atMs: now(), forVehicle };
      openAtMs = Math.min(openAtMs, now() + site.armDelayMs);
    },
    hold: (on) => arm.hold(on, now()),
    aheadOf: (guest) => guests[guests.indexOf(guest) - 1],
    step: (atMs, stepMs) => {
      nowMs = atMs;
      if (nowMs >= openAtMs) {
        arm.open(nowMs);
        openAtMs = Number.POSITIVE_INFINITY;
      }
      for (let index = 0; index < guests.length; index += 1) {
        const guest = guests[index] as Guest;
        const ahead = guests[index - 1];
        const sameWay = ahead !== undefined && ahead.mover.way === guest.mover.way;
        drive(guest.mover, sameWay ? rearOf(ahead.mover) : undefined, ahead?.mover.speedMps ?? 0, stepMs / 1000);
        remember(guest);
      }
      for (const role of LOOPS) {
        feelLoop(role, stepMs);
        detectors[role].advance(nowMs);
      }
      feelBeam(stepMs);
      arm.step(nowMs, stepMs, detectors.barrier.on);
      const way = guests[0]?.mover.way;
      if (way !== undefined) look(way, stepMs);
      const gone = guests[0];
      if (gone !== undefined && rearOf(gone.mover) > ways[gone.mover.way].goneM) scene.remove(gone);
      if (!arm.still || guests.length > 0) busyUntilMs = nowMs + 1_000;
    },
  };
  return scene;
}

const moversOf = (guests: readonly Guest[], way: 1 | -1): readonly Mover[] => {
  const movers: Mover[] = [];
  for (const { mover } of guests) if (mover.way === way) movers.push(mover);
  return movers;
};

function wayFrom(first: Stretch, barrier: Stretch, stopM: number): Way {
  return { first, barrier, stopM, spawnM: first.fromM - SPAWN_BEFORE_M, goneM: barrier.toM + GONE_AFTER_M };
}
