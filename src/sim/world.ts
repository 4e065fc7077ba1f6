/**
 * One lane with everything that moves in it, as a function of the clock: every access sees the current state. It knows the truth; it
 * must not know the program that is to find it out.
 */
import type { Clock } from '../clock.ts';
import type { Grant, PlateRead, Role } from '../lane/types.ts';
import { createDirector, type StreetVisit } from './director.ts';
import { createRandom } from './random.ts';
import type { Story, StoryOptions, StoryStage } from './stories.ts';
import { type Contact, createStreet, type SeenVehicle, type Street, type StreetTruth } from './street.ts';

export type { StreetVisit } from './director.ts';

/** A message of the management system, without the program's own times. */
export interface WorldGrant
  extends Pick<
    Grant,
    'id' | 'scope' | 'kind' | 'count' | 'plate' | 'plateColor' | 'parkingSerial' | 'carDesc' | 'operator'
  > {
  readonly laneId: string;
  /** Clock.nowMs of the message; so are the next two. */
  readonly atMs: number;
  /** Time of payment; by default that of the message. */
  readonly issuedAtMs?: number;
  readonly expiresAtMs?: number;
}

/** A camera's view. */
export interface Scene {
  readonly wallMs: number;
  readonly laneId: string;
  /** 0 down … 1 up */
  readonly armPosition: number;
  /** The one farthest down the lane first. */
  readonly vehicles: readonly Readonly<SeenVehicle>[];
}

export interface LaneWorld {
  readonly laneId: string;
  /**
   * Orders a story, which starts when those before it are over. @returns its number, or undefined when the queue is full (the car
   * takes another exit)
   */
  send(story: Story | 'arrive', options?: StoryOptions): number | undefined;
  /** Stories that have not begun are dropped. */
  clear(): void;
  /** A contact closes for a moment, and the arm rises. `auto`: the relay of the management system. */
  press(contact: Contact): void;
  /** Up: moved by hand and held there; down: let go. No contact closes. */
  moveArm(to: 'up' | 'down'): void;
  /** Current contacts. `mains` means mains present. */
  levels(): Readonly<Record<Role, boolean>>;
  scene(): Scene;
  truth(): StreetTruth;
  /** Nothing is in progress or queued, the arm is down and the lane is empty. */
  quiet(): boolean;
  /** A fault: forces a role's level. undefined ends it. */
  force(role: Role, level: boolean | undefined): void;
  /** The fire panel opens the arm and holds it. */
  fire(on: boolean): void;
  /** Keeps the world moving without accesses, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface LaneWorldOptions {
  readonly clock: Clock;
  readonly laneId: string;
  readonly seed: number;
  readonly onPlate?: (plate: PlateRead, atMs: number) => void;
  readonly onGrant?: (grant: WorldGrant) => void;
  /** A story has started or ended. */
  readonly onStory?: (visit: StreetVisit) => void;
}

/** Fixed steps make the result independent of the access pattern. */
const STEP_MS = 5;
const RUN_EVERY_MS = 20;

export function createLaneWorld(options: LaneWorldOptions): LaneWorld {
  const { clock, laneId } = options;
  const street = createStreet(laneId, createRandom(options.seed));
  let nowMs = clock.nowMs();
  const director = createDirector({
    stageFor: ({ id }) =>
      stageOn(street, options, id, {
        nowMs: () => nowMs,
        isFree: () => isFree(id),
        isNext: () => !director.isBehindAnother(id),
      }),
    onStory: (visit) => options.onStory?.(visit),
  });
  const isFree = (id: number): boolean => street.armPosition === 0 && !director.isBehindAnother(id);
  let moving = false;
  const advance = (): void => {
    // Callbacks may access the world: they then see the moment of the event.
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
    clear: () => now(director.clear),
    press: (contact) => now(() => street.open(contact)),
    moveArm: (to) => now(() => street.moveArm(to)),
    levels: () => now(street.levels),
    scene: () =>
      now(() => {
        const vehicles = street.vehicles.map((vehicle) => ({ ...vehicle }));
        return { wallMs: clock.wallMs(), laneId, armPosition: street.armPosition, vehicles };
      }),
    truth: () => now(() => street.truth),
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

/** The actions of a story in this lane, and their reports to the camera, the management system and the truth. */
function stageOn(
  street: Street,
  options: LaneWorldOptions,
  visit: number,
  world: { readonly nowMs: () => number; readonly isFree: () => boolean; readonly isNext: () => boolean },
): StoryStage {
  const { laneId, clock } = options;
  // The management system never reuses an id, not even after a restart of this program.
  const idHead = `${laneId}-${Math.round(clock.wallMs()).toString(36)}-${visit}`;
  let grants = 0;
  return {
    armPosition: () => street.armPosition,
    laneIsFree: world.isFree,
    isNext: world.isNext,
    spawn: street.spawn,
    read: ({ plate, truth }) => {
      if (plate === undefined) return;
      const read = { ...plate, confidence: READ_CONFIDENCE };
      truth.reads.push({ text: plate.text, confidence: READ_CONFIDENCE, camera: 1, atMs: world.nowMs() });
      options.onPlate?.(read, world.nowMs());
    },
    grant: ({ plate, truth }) => {
      truth.means = 'paid';
      truth.authorised = true;
      grants += 1;
      const bound = plate ? { plate: plate.text, plateColor: plate.color } : {};
      const id = `${idHead}-${grants}`;
      options.onGrant?.({ id, laneId, scope: 'lane', kind: 'paid', count: 1, ...bound, atMs: world.nowMs() });
    },
    open: street.open,
  };
}
