/**
 * What is solid in one lane, step by step: vehicles, loops, arm, cameras, and what is true of them. Two lanes of a park are two scenes.
 * It must not know why anybody does anything: drivers and attendants act on it (`visits.ts`).
 */
import type { PlateRead, Role } from '../../lane/types.ts';
import { createLaneField } from '../lane-field.ts';
import { comesAgain, driveMover, type Kind, type Mover, moverRear, newMover } from '../movers.ts';
import { createOpenings } from '../openings.ts';
import type { Random } from '../random.ts';
import { createLaneSights } from './lane-sights.ts';
import { noteProgress } from './progress.ts';
import type { SightManner } from './sight.ts';
import { type Site, type Way, waysOf } from './site.ts';
import type { Edge, OpeningTruth, TrueCause, VehicleTruth } from './truth.ts';

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
  /** Somebody new, or one who has been here before. */
  spawn(who: { readonly kind: Kind; readonly way: 1 | -1 } | Mover): Guest;
  /** It has gone where nobody sees it. */
  remove(guest: Guest): void;
  /** The contact closes, and the arm starts soon after; without one the arm just starts. */
  open(contact: 'auto' | 'button' | 'remote' | undefined, cause: TrueCause, forVehicle?: number): void;
  hold(on: boolean): void;
  step(nowMs: number, stepMs: number): void;
}

export interface SceneHands {
  readonly ids: () => number;
  readonly now: () => number;
  readonly onVehicle: (truth: VehicleTruth) => void;
  readonly onOpening: (truth: OpeningTruth) => void;
  readonly onRead: (guest: Guest, read: PlateRead, camera: 1 | 2, atMs: number) => void;
}

const QUEUE_GAP_M = 2.5;
const CONTACT_MS = [250, 700] as const;
/** After the last movement detectors may still have something to say. */
const SETTLES_MS = 1_000;

export function createLaneScene(
  lane: string,
  site: Site,
  manner: SightManner,
  random: Random,
  hands: SceneHands,
): LaneScene {
  const { now } = hands;
  const guests: Guest[] = [];
  const [edges, beam]: [Edge[], Edge[]] = [[], []];
  const ways = waysOf(site);
  let busyUntilMs = 0;
  const say = (role: Role, on: boolean, atMs: number): void => void edges.push({ role, on, atMs });
  const opened = createOpenings(lane, site, hands, say);
  const { arm } = opened;
  const sights = createLaneSights(site, manner, random, (mover, read, camera, atMs) => {
    const guest = guests.find((one) => one.mover === mover);
    if (guest) hands.onRead(guest, read, camera, atMs);
  });
  const field = createLaneField(site, random, (role, on, atMs) => {
    if (role === 'beam') return void beam.push({ role: 'barrier', on, atMs });
    say(role, on, atMs);
    if (on && role !== 'barrier') sights.trigger(role === 'approach' ? 1 : -1, atMs);
  });
  say('down', true, 0);
  const scene: LaneScene = {
    ...{ lane, arm, guests, edges, beam },
    get empty() {
      return guests.length === 0;
    },
    get still() {
      return guests.length === 0 && arm.still && !opened.starting && now() >= busyUntilMs;
    },
    wayOf: (way) => ways[way],
    spawn: (who) => {
      const { kind, way } = who;
      const last = guests.at(-1);
      const { spawnM } = ways[way];
      const atM = last && last.mover.way === way ? Math.min(spawnM, moverRear(last.mover) - QUEUE_GAP_M) : spawnM;
      const id = hands.ids();
      const before = 'metal' in who ? who : undefined;
      const mover = before ? comesAgain(before, id, atM, random) : newMover(id, kind, way, atM, random);
      const truth: VehicleTruth = {
        ...{ id: mover.id, lane, kind, way, arrivedMs: now(), authorised: false, season: false, reads: [] },
        ...(mover.plate && { plate: mover.plate.text }),
        ...(before && { cameAs: before.id }),
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
      busyUntilMs = now() + SETTLES_MS;
    },
    open: (contact, cause, forVehicle) => {
      if (contact !== undefined) {
        say(contact, true, now());
        say(contact, false, now() + random.between(...CONTACT_MS));
      }
      opened.command(cause, forVehicle);
    },
    hold: opened.hold,
    step: (nowMs, stepMs) => {
      opened.start(nowMs);
      const moved = moveAll(guests, ways, opened.current, nowMs, stepMs);
      const movers = guests.map(({ mover }) => mover);
      field.step(movers, moved, nowMs, stepMs);
      arm.step(nowMs, stepMs, field.barrierOn);
      sights.look(movers, nowMs, stepMs);
      const [gone] = guests;
      if (gone !== undefined && moverRear(gone.mover) > ways[gone.mover.way].goneM) scene.remove(gone);
      if (!arm.still || guests.length > 0) busyUntilMs = nowMs + SETTLES_MS;
    },
  };
  return scene;
}

/** Each drives up to the one before it. Whether anything moved. */
function moveAll(
  guests: readonly Guest[],
  ways: ReturnType<typeof waysOf>,
  opening: OpeningTruth | undefined,
  nowMs: number,
  stepMs: number,
): boolean {
  let moved = false;
  for (const [index, guest] of guests.entries()) {
    const ahead = guests[index - 1];
    const { mover } = guest;
    const before = mover.frontM;
    const sameWay = ahead !== undefined && ahead.mover.way === mover.way;
    driveMover(mover, sameWay ? moverRear(ahead.mover) : undefined, ahead?.mover.speedMps ?? 0, stepMs / 1000);
    if (mover.frontM === before) continue;
    moved = true;
    noteProgress(guest, ways[mover.way], ahead, opening, nowMs);
  }
  return moved;
}
