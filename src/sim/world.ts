/**
 * One lane with everything that moves in it, as a function of the clock: whoever asks sees the state of now.
 * It knows the truth of what happened; it must not know the program that is to find it out.
 */
import type { Clock } from '../clock.ts';
import type { Grant, PlateRead, Role } from '../lane/types.ts';
import { createDirector, type OpenTruth, type Truth } from './director.ts';
import { createRandom } from './random.ts';
import type { Story, StoryOptions, StoryStage } from './stories.ts';
import { createStreet, type Street } from './street.ts';
import type { Vehicle, VehiclePlate } from './vehicle.ts';

export type { Truth } from './director.ts';

/** What the management system tells, without the program's own times. */
export interface WorldGrant
  extends Pick<
    Grant,
    'id' | 'scope' | 'kind' | 'count' | 'plate' | 'plateColor' | 'parkingSerial' | 'carDesc' | 'operator'
  > {
  readonly laneId: string;
  /** Clock.nowMs of the telling; so are the next two. */
  readonly atMs: number;
  /** When it was paid; left out: as it is told. */
  readonly issuedAtMs?: number;
  readonly expiresAtMs?: number;
}

/** What a camera would see. */
export interface Scene {
  readonly wallMs: number;
  readonly laneId: string;
  /** 0 down … 1 up */
  readonly armPosition: number;
  /** The one farthest down the lane first. */
  readonly vehicles: readonly Readonly<Vehicle>[];
}

export interface LaneWorld {
  readonly laneId: string;
  /** Orders a story; it begins when those before it are over. @returns its number, or undefined when too many wait (the car takes another exit) */
  send(story: Story, options?: StoryOptions): number | undefined;
  /** The contacts as they are now. `mains` means mains present. */
  levels(): Readonly<Record<Role, boolean>>;
  scene(): Scene;
  /** Every story begun so far, in order; the last thousand. */
  truth(): readonly Truth[];
  /** Nothing is under way or waiting, the arm is down and the lane is empty. */
  quiet(): boolean;
  /** A fault: the role keeps this level whatever happens. undefined: as it is. */
  force(role: Role, level: boolean | undefined): void;
  /** The fire panel opens the arm and holds it. */
  fire(on: boolean): void;
  /** Keeps the world going while nobody looks, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface LaneWorldOptions {
  readonly clock: Clock;
  readonly laneId: string;
  readonly seed: number;
  readonly onPlate?: (plate: PlateRead, atMs: number) => void;
  readonly onGrant?: (grant: WorldGrant) => void;
  /** A story has begun or is over. */
  readonly onStory?: (truth: Truth) => void;
}

/** The world moves in steps of its own, so that it goes the same however often it is looked at. */
const STEP_MS = 5;
const RUN_EVERY_MS = 20;

export function createLaneWorld(options: LaneWorldOptions): LaneWorld {
  const { clock, laneId } = options;
  const street = createStreet(createRandom(options.seed));
  let nowMs = clock.nowMs();
  const director = createDirector({
    stageFor: (truth) => stageOn(street, options, truth, { nowMs: () => nowMs, isFree: () => isFree(truth.id) }),
    onStory: (truth) => options.onStory?.(truth),
  });
  const isFree = (id: number): boolean => street.armPosition === 0 && !director.isBehindAnother(id);
  let moving = false;
  const advance = (): void => {
    // Whoever is told of something may look at once: then he sees the moment at which it happened.
    if (moving) return;
    moving = true;
    const untilMs = clock.nowMs();
    while (nowMs + STEP_MS <= untilMs) {
      nowMs += STEP_MS;
      director.step(nowMs);
      street.step(nowMs, STEP_MS);
    }
    moving = false;
  };
  const now = <T>(look: () => T): T => {
    advance();
    return look();
  };
  return {
    laneId,
    send: (story, storyOptions = {}) => now(() => director.order(story, storyOptions)),
    levels: () => now(street.levels),
    scene: () =>
      now(() => {
        const vehicles = street.vehicles.map((vehicle) => ({ ...vehicle }));
        return { wallMs: clock.wallMs(), laneId, armPosition: street.armPosition, vehicles };
      }),
    truth: () => now(() => director.truths),
    quiet: () => now(() => director.idle && street.vehicles.length === 0 && street.armPosition === 0),
    force: (role, level) => now(() => street.force(role, level)),
    fire: (on) => now(() => street.fire(on)),
    run: async (signal) => {
      while (!signal.aborted) {
        advance();
        await clock.sleep(RUN_EVERY_MS, signal);
      }
    },
  };
}

const READ_CONFIDENCE = 0.97;

/** What a story can do in this lane, and what is told of it to the camera, the management system and the truth. */
function stageOn(
  street: Street,
  options: LaneWorldOptions,
  truth: OpenTruth,
  world: { readonly nowMs: () => number; readonly isFree: () => boolean },
): StoryStage {
  const { laneId, clock } = options;
  // The management system never gives an id twice, not even after this program was started anew.
  const idHead = `${laneId}-${Math.round(clock.wallMs()).toString(36)}-${truth.id}`;
  let grants = 0;
  return {
    armPosition: () => street.armPosition,
    laneIsFree: world.isFree,
    spawn: (kind, text) => {
      const vehicle = street.spawn(kind, text);
      if (vehicle.plate) truth.plates.push(vehicle.plate.text);
      return vehicle;
    },
    read: ({ plate }) => {
      if (plate) options.onPlate?.({ ...plate, confidence: READ_CONFIDENCE }, world.nowMs());
    },
    grant: (plate: VehiclePlate | undefined) => {
      grants += 1;
      const bound = plate ? { plate: plate.text, plateColor: plate.color } : {};
      const id = `${idHead}-${grants}`;
      options.onGrant?.({ id, laneId, scope: 'lane', kind: 'paid', count: 1, ...bound, atMs: world.nowMs() });
    },
    pulse: (contact) => street.open(contact),
    crank: () => street.open(),
    release: (release) => truth.releases.push({ ...release, atMs: world.nowMs() }),
  };
}
