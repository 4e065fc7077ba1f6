/**
 * Plays a scenario file on simulated boards, for `scenario --through-hardware`. Levels are a pure function of time; it must not know the
 * expectations, nor the program that reads the boards.
 */
import type { Clock } from '../clock.ts';
import type { PlateRead, Role } from '../lane/types.ts';
import { createLaneBoard } from './devices/board.ts';
import type { SimulatedDevice } from './devices/far-end.ts';
import { LANE } from './loops.ts';
import { colorOfPlate } from './plates.ts';
import { seenCar } from './street.ts';
import type { LaneWorld, WorldGrant } from './world.ts';

/** A scenario file's lane (scenarios/README), parsed elsewhere. */
export interface ReplayedScenario {
  readonly points: readonly Role[];
  /** Default: `down` and `mains`, where wired. */
  readonly initial?: readonly Role[];
  /** In order of `atMs`. */
  readonly timeline: readonly ScenarioMoment[];
}

export interface ScenarioMoment {
  /** From the start of the story. */
  readonly atMs: number;
  readonly levels?: Readonly<Partial<Record<Role, boolean>>>;
  readonly plate?: PlateRead & { readonly behind?: boolean };
  /** `lane`: another lane's id; this one by default or `L1`. */
  readonly grant?: Pick<WorldGrant, 'id' | 'plate' | 'plateColor' | 'parkingSerial' | 'carDesc' | 'operator'> &
    Partial<Pick<WorldGrant, 'scope' | 'kind' | 'count'>> & {
      readonly lane?: string;
      /** From the start of the story, as `atMs`. */
      readonly issuedAtMs?: number;
      readonly expiresAtMs?: number;
    };
  /** The platform keeps the arm open, or ends that. */
  readonly keepOpen?: { readonly on: boolean; readonly reason?: string };
  readonly stale?: readonly Role[];
  readonly fresh?: readonly Role[];
}

/** One board of the lane; its terminals DI1… are `roles` in that order. All points of a board fall silent together. */
export interface ReplayedBoard {
  readonly roles: readonly Role[];
  readonly device: SimulatedDevice;
}

export interface ScenarioWorld extends Pick<LaneWorld, 'laneId' | 'levels' | 'scene'> {
  /** Give each its own wire: a silent one would delay the others. */
  readonly boards: readonly ReplayedBoard[];
  /** Clock.nowMs of the story's 0 s; unknown until `run`. */
  readonly startedAtMs: number | undefined;
  /** Plays the story once, after a lead-in in which the first levels can be read; ends after its last moment, or when `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ScenarioWorldOptions {
  readonly clock: Clock;
  readonly laneId: string;
  readonly scenario: ReplayedScenario;
  readonly onPlate?: (plate: PlateRead & { readonly behind?: boolean }, atMs: number) => void;
  readonly onGrant?: (grant: WorldGrant) => void;
  readonly onKeepOpen?: (mode: { readonly on: boolean; readonly reason?: string }) => void;
  /** Duration of the initial state before the story. */
  readonly leadInMs?: number;
}

const LEAD_IN_MS = 1500;
const TERMINALS = 8;
const THIS_LANE = 'L1';

export function createScenarioWorld(options: ScenarioWorldOptions): ScenarioWorld {
  const { clock, laneId, scenario } = options;
  const { timeline } = scenario;
  let startedAtMs: number | undefined;
  const storyMs = (): number => (startedAtMs === undefined ? Number.NEGATIVE_INFINITY : clock.nowMs() - startedAtMs);
  const levels = (): Record<Role, boolean> => levelsAt(scenario, storyMs());

  const deliver = (moment: ScenarioMoment): void => {
    const atMs = clock.nowMs();
    const startMs = atMs - moment.atMs;
    if (moment.plate) options.onPlate?.(moment.plate, atMs);
    if (moment.grant) options.onGrant?.(grantOf(moment.grant, laneId, atMs, startMs));
    if (moment.keepOpen) options.onKeepOpen?.(moment.keepOpen);
  };
  return {
    laneId,
    levels,
    scene: () => sceneOf(laneId, clock.wallMs(), levels(), plateAt(timeline, storyMs())),
    boards: boardsOf(scenario).map((roles) => {
      const board = createLaneBoard({ levels }, { terminals: roles });
      const receive = (bytes: Uint8Array): readonly Uint8Array[] => {
        board.powered = !isStaleAt(timeline, roles, storyMs());
        return board.receive(bytes);
      };
      return { roles, device: { receive } };
    }),
    get startedAtMs() {
      return startedAtMs;
    },
    run: async (signal) => {
      startedAtMs = clock.nowMs() + (options.leadInMs ?? LEAD_IN_MS);
      for (const moment of timeline) {
        await clock.sleep(startedAtMs + moment.atMs - clock.nowMs(), signal);
        if (signal.aborted) return;
        deliver(moment);
      }
    },
  };
}

/** Levels of all contacts at a time of the story; before 0 the initial ones. */
export function levelsAt(scenario: ReplayedScenario, atMs: number): Record<Role, boolean> {
  const initial = scenario.initial ?? scenario.points.filter((role) => role === 'down' || role === 'mains');
  const none = { down: false, up: false, approach: false, barrier: false, exit: false };
  const levels = { ...none, auto: false, button: false, remote: false, fire: false, mains: false };
  for (const role of initial) levels[role] = true;
  for (const moment of scenario.timeline) if (moment.atMs <= atMs) Object.assign(levels, moment.levels);
  return levels;
}

function isStaleAt(timeline: readonly ScenarioMoment[], roles: readonly Role[], atMs: number): boolean {
  let stale = false;
  for (const moment of timeline) {
    if (moment.atMs > atMs) break;
    if (moment.stale?.some((role) => roles.includes(role))) stale = true;
    if (moment.fresh?.some((role) => roles.includes(role))) stale = false;
  }
  return stale;
}

/** Points that always fall silent together share a board, eight at most. */
function boardsOf({ points, timeline }: ReplayedScenario): readonly (readonly Role[])[] {
  const silences = (role: Role): string =>
    timeline.map(({ stale, fresh }) => `${stale?.includes(role) ?? ''}${fresh?.includes(role) ?? ''}`).join();
  const groups = new Map<string, Role[]>();
  for (const role of points) groups.set(silences(role), [...(groups.get(silences(role)) ?? []), role]);
  return [...groups.values()].flatMap((roles) =>
    Array.from({ length: Math.ceil(roles.length / TERMINALS) }, (_, board) =>
      roles.slice(board * TERMINALS, (board + 1) * TERMINALS),
    ),
  );
}

function grantOf(
  grant: NonNullable<ScenarioMoment['grant']>,
  laneId: string,
  atMs: number,
  startMs: number,
): WorldGrant {
  const { lane, issuedAtMs, expiresAtMs, ...rest } = grant;
  return {
    ...{ scope: 'lane', kind: 'paid', count: 1 },
    ...rest,
    laneId: lane === undefined || lane === THIS_LANE ? laneId : lane,
    atMs,
    ...(issuedAtMs !== undefined && { issuedAtMs: startMs + issuedAtMs }),
    ...(expiresAtMs !== undefined && { expiresAtMs: startMs + expiresAtMs }),
  };
}

function plateAt(timeline: readonly ScenarioMoment[], atMs: number): PlateRead | undefined {
  return timeline.findLast((moment) => moment.atMs <= atMs && moment.plate)?.plate;
}

/** A picture consistent with the contacts: a car on the occupied loops, with the plate read last. */
function sceneOf(
  laneId: string,
  wallMs: number,
  levels: Readonly<Record<Role, boolean>>,
  plate: PlateRead | undefined,
): ReturnType<LaneWorld['scene']> {
  const armPosition = levels.down ? 0 : levels.up ? 1 : 0.5;
  const frontM = levels.barrier ? (levels.approach ? -0.4 : 1.5) : LANE.stopLineM;
  const vehicle = seenCar(frontM, plate && { text: plate.text, color: plate.color ?? colorOfPlate(plate.text) });
  return { wallMs, laneId, armPosition, vehicles: levels.approach || levels.barrier ? [vehicle] : [] };
}
