/**
 * One lane with everything that moves in it, as a function of the clock: whoever asks sees the state of now.
 * It knows the truth of what happened; it must not know the program that is to find it out.
 */
import type { Clock } from '../clock.ts';
import type { Grant, PlateColor, PlateRead, Role } from '../lane/types.ts';
import { type Barrier, createBarrier } from './barrier.ts';
import { createDetector, LANE, overlaps } from './loops.ts';
import { colorOfPlate, randomPlate } from './plates.ts';
import { createRandom } from './random.ts';
import { type ExpectedRelease, type Script, type Stage, type Story, type StoryOptions, scriptOf } from './stories.ts';
import { drive, metalOf, rearOf, type Vehicle } from './vehicle.ts';

/** What the management system tells, without the program's own times. */
export interface WorldGrant
  extends Pick<Grant, 'id' | 'scope' | 'kind' | 'count' | 'plate' | 'plateColor' | 'parkingSerial'> {
  readonly laneId: string;
  /** Clock.nowMs */
  readonly atMs: number;
}

/** One story as it really went. */
export interface Truth {
  readonly id: number;
  readonly story: Story;
  readonly options: StoryOptions;
  /** Clock.nowMs when the first vehicle came into view. */
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly plates: readonly string[];
  /** `atMs` (Clock.nowMs): when the arm left down, or the tailgater came onto B. */
  readonly releases: readonly (ExpectedRelease & { readonly atMs: number })[];
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
const WAITING_LIMIT = 50;
const TRUTH_KEPT = 1000;
const DETECTOR_DELAY_MS = 50;
const CONTACT_MS = 300;
/** From the contact to the arm's first movement. */
const ARM_DELAY_MS = 120;
const STAND_STILL_GAP_M = 1.5;
const PAINTS = [
  [196, 52, 48],
  [46, 92, 158],
  [228, 230, 232],
  [62, 66, 74],
  [150, 156, 162],
  [34, 118, 92],
] as const;

interface Running {
  readonly script: Script;
  readonly truth: { -readonly [K in keyof Truth]: Truth[K] } & {
    plates: string[];
    releases: Truth['releases'][number][];
  };
  wait: number | (() => boolean);
}

export function createLaneWorld(options: LaneWorldOptions): LaneWorld {
  const { clock, laneId } = options;
  const random = createRandom(options.seed);
  const barrier: Barrier = createBarrier();
  const loops = { approach: LANE.loopA, barrier: LANE.loopB, exit: LANE.loopC };
  const detectors = {
    approach: createDetector(DETECTOR_DELAY_MS),
    barrier: createDetector(DETECTOR_DELAY_MS),
    exit: createDetector(DETECTOR_DELAY_MS),
  };
  const contactUntilMs = { auto: -1, button: -1, remote: -1 };
  const forced = new Map<Role, boolean>();
  const waiting: { id: number; story: Story; options: StoryOptions }[] = [];
  const truths: Truth[] = [];
  let vehicles: Vehicle[] = [];
  let running: Running[] = [];
  let openAtMs: number | undefined;
  let fire = false;
  let orders = 0;
  let grants = 0;
  let nowMs = clock.nowMs();

  const spawn = (kind: Vehicle['kind'], text: string | undefined, truth: Running['truth']): Vehicle => {
    const last = vehicles.at(-1);
    const plateText = kind === 'motorcycle' ? undefined : (text ?? randomPlate(random));
    const vehicle: Vehicle = {
      kind,
      plate: plateText === undefined ? undefined : { text: plateText, color: colorOfPlate(plateText) },
      paint: random.pick(PAINTS),
      frontM: Math.min(LANE.spawnM, last ? rearOf(last) - 4 : LANE.spawnM),
      speedMps: 3,
      targetM: LANE.holdLineM,
      maximumMps: random.between(2.4, 3.4),
      accelerationMps2: random.between(1.1, 1.6),
      gapM: STAND_STILL_GAP_M,
    };
    if (plateText !== undefined) truth.plates.push(plateText);
    vehicles.push(vehicle);
    return vehicle;
  };
  const startArm = () => {
    openAtMs = nowMs + ARM_DELAY_MS;
  };
  const stageFor = (truth: Running['truth']): Stage => ({
    armPosition: () => barrier.position,
    spawn: (kind, text) => spawn(kind, text, truth),
    laneIsFree: () => barrier.position === 0 && !running.some((other) => other.truth.id < truth.id),
    read: (vehicle) => {
      if (vehicle.plate) options.onPlate?.({ ...vehicle.plate, confidence: 0.97 }, nowMs);
    },
    grant: (plate) => {
      grants += 1;
      const bound: { plate?: string; plateColor?: PlateColor } = plate
        ? { plate: plate.text, plateColor: plate.color }
        : {};
      const id = `${laneId}-paid-${grants}`;
      options.onGrant?.({ id, laneId, scope: 'lane', kind: 'paid', count: 1, ...bound, atMs: nowMs });
    },
    pulse: (contact) => {
      contactUntilMs[contact] = nowMs + CONTACT_MS;
      startArm();
    },
    crank: startArm,
    release: (release) => truth.releases.push({ ...release, atMs: nowMs }),
  });
  const begin = (order: { id: number; story: Story; options: StoryOptions }): void => {
    const truth = { ...order, startedAtMs: nowMs, plates: [], releases: [] };
    truths.push(truth);
    if (truths.length > TRUTH_KEPT) truths.shift();
    running.push({ script: scriptOf(order.story, order.options, stageFor(truth)), truth, wait: 0 });
    options.onStory?.(truth);
  };
  const startNext = (): void => {
    const [next] = waiting;
    const [ahead] = running;
    if (!next) return;
    const mayFollow =
      running.length === 1 &&
      next.options.close === true &&
      ahead !== undefined &&
      CAN_BE_FOLLOWED.has(ahead.truth.story);
    if (ahead && !mayFollow) return;
    waiting.shift();
    begin(next);
  };
  const act = (story: Running): void => {
    while (typeof story.wait === 'number' ? nowMs >= story.wait : story.wait()) {
      const { value, done } = story.script.next();
      if (done) {
        story.truth.finishedAtMs = nowMs;
        running = running.filter((other) => other !== story);
        options.onStory?.(story.truth);
        return;
      }
      story.wait = typeof value === 'number' ? nowMs + value : value;
    }
  };
  const step = (): void => {
    nowMs += STEP_MS;
    startNext();
    for (const story of [...running]) act(story);
    if (openAtMs !== undefined && nowMs >= openAtMs) {
      barrier.open(nowMs);
      openAtMs = undefined;
    }
    vehicles.forEach((vehicle, index) => {
      const ahead = vehicles[index - 1];
      drive(vehicle, ahead && rearOf(ahead), STEP_MS / 1000);
    });
    if (vehicles[0] && rearOf(vehicles[0]) > LANE.goneM) vehicles = vehicles.slice(1);
    const metal = vehicles.flatMap(metalOf);
    for (const role of ['approach', 'barrier', 'exit'] as const) {
      detectors[role].feel(
        metal.some((stretch) => overlaps(stretch, loops[role])),
        nowMs,
      );
    }
    barrier.move(nowMs, STEP_MS, forced.get('barrier') ?? detectors.barrier.on);
  };
  const advance = (): void => {
    const untilMs = clock.nowMs();
    while (nowMs + STEP_MS <= untilMs) step();
  };

  return {
    laneId,
    send: (story, storyOptions = {}) => {
      advance();
      if (waiting.length >= WAITING_LIMIT) return undefined;
      orders += 1;
      waiting.push({ id: orders, story, options: storyOptions });
      return orders;
    },
    levels: () => {
      advance();
      const real: Record<Role, boolean> = {
        down: barrier.down,
        up: barrier.up,
        approach: detectors.approach.on,
        barrier: detectors.barrier.on,
        exit: detectors.exit.on,
        auto: nowMs < contactUntilMs.auto,
        button: nowMs < contactUntilMs.button,
        remote: nowMs < contactUntilMs.remote,
        fire,
        mains: true,
      };
      for (const [role, level] of forced) real[role] = level;
      return real;
    },
    scene: () => {
      advance();
      const seen = vehicles.map((vehicle) => ({ ...vehicle }));
      return { wallMs: clock.wallMs(), laneId, armPosition: barrier.position, vehicles: seen };
    },
    truth: () => {
      advance();
      return truths;
    },
    quiet: () => {
      advance();
      return waiting.length === 0 && running.length === 0 && vehicles.length === 0 && barrier.position === 0;
    },
    force: (role, level) => {
      if (level === undefined) forced.delete(role);
      else forced.set(role, level);
    },
    fire: (on) => {
      advance();
      fire = on;
      barrier.hold(on);
    },
    run: async (signal) => {
      while (!signal.aborted) {
        advance();
        await clock.sleep(RUN_EVERY_MS, signal);
      }
    },
  };
}

/** Stories whose vehicle goes straight through, so that another may come close behind it. */
const CAN_BE_FOLLOWED: ReadonlySet<Story> = new Set(['paid', 'trailer', 'button', 'remote']);
