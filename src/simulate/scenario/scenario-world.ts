/** A scenario file on simulated boards, for `scenario --through-hardware`: levels are a pure function of time. It must not know what is expected. */
import type { Clock } from '../../clock.ts';
import type { PlateRead, Role } from '../../lane/types.ts';
import { createLaneBoard } from '../../sim/devices/board.ts';
import type { SimulatedDevice } from '../../sim/devices/far-end.ts';
import { LANE } from '../../sim/loops.ts';
import type { ManagementSystem } from '../../sim/management-system.ts';
import { colorOfPlate } from '../../sim/plates.ts';
import { seenCar } from '../../sim/street.ts';
import type { Scene, WorldGrant } from '../../sim/world.ts';
import { type Scenario, THIS_LANE, type TimelineMoment } from './scenario-file.ts';

type Told = Pick<Scenario, 'points' | 'initial' | 'timeline'>;

/** One board of the lane; its terminals DI1… are `roles` in that order. All points of a board fall silent together. */
interface ScenarioBoard {
  readonly roles: readonly Role[];
  readonly device: SimulatedDevice;
}

export interface ScenarioWorld {
  scene(): Scene;
  /** Give each its own wire: a silent one would delay the others. */
  readonly boards: readonly ScenarioBoard[];
  /** Clock.nowMs of the story's 0 s; unknown until `run`. */
  readonly startedAtMs: number | undefined;
  /** Plays the story once, after a lead-in in which the first levels can be read; ends after its last moment, or when `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const LEAD_IN_MS = 1500;
const TERMINALS = 8;

export function createScenarioWorld(
  scenario: Told,
  clock: Clock,
  system: Pick<ManagementSystem, 'plate' | 'grant' | 'keepOpen'>,
): ScenarioWorld {
  const { timeline } = scenario;
  let startedAtMs: number | undefined;
  const storyMs = (): number => (startedAtMs === undefined ? Number.NEGATIVE_INFINITY : clock.nowMs() - startedAtMs);
  const levels = (): Record<Role, boolean> => levelsAt(scenario, storyMs());
  return {
    scene: () =>
      sceneOf(clock.wallMs(), levels(), timeline.findLast((one) => one.atMs <= storyMs() && one.plate)?.plate),
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
      startedAtMs = clock.nowMs() + LEAD_IN_MS;
      for (const { atMs, plate, grant, mode } of timeline) {
        await clock.sleep(startedAtMs + atMs - clock.nowMs(), signal);
        if (signal.aborted) return;
        if (plate) system.plate(THIS_LANE, plate as PlateRead);
        if (grant) system.grant(grantOf(grant, clock.nowMs(), clock.nowMs() - atMs));
        if (mode)
          system.keepOpen(THIS_LANE, { on: mode.on, ...(mode.reason !== undefined && { reason: mode.reason }) });
      }
    },
  };
}

/** Levels of all contacts at a time of the story; before 0 the initial ones. */
function levelsAt({ initial, timeline }: Told, atMs: number): Record<Role, boolean> {
  const none = { down: false, up: false, approach: false, barrier: false, exit: false };
  const levels = { ...none, auto: false, button: false, remote: false, fire: false, mains: false };
  for (const role of initial) levels[role] = true;
  for (const moment of timeline) if (moment.atMs <= atMs) Object.assign(levels, moment.levels);
  return levels;
}

function isStaleAt(timeline: readonly TimelineMoment[], roles: readonly Role[], atMs: number): boolean {
  let stale = false;
  for (const moment of timeline) {
    if (moment.atMs > atMs) break;
    if (moment.stale?.some((role) => roles.includes(role))) stale = true;
    if (moment.fresh?.some((role) => roles.includes(role))) stale = false;
  }
  return stale;
}

/** Points that always fall silent together share a board, eight at most. */
function boardsOf({ points, timeline }: Told): readonly (readonly Role[])[] {
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

/** Who told it is the intake's to say. */
function grantOf(grant: NonNullable<TimelineMoment['grant']>, atMs: number, startMs: number): WorldGrant {
  const { source: _, lane, issuedAt, expiresAt, ...told } = grant;
  return {
    ...(told as Omit<WorldGrant, 'laneId' | 'atMs'>),
    ...{ laneId: lane, atMs },
    ...(issuedAt !== undefined && { issuedAtMs: startMs + issuedAt * 1000 }),
    ...(expiresAt !== undefined && { expiresAtMs: startMs + expiresAt * 1000 }),
  };
}

/** A picture consistent with the contacts: a car on the occupied loops, with the plate read last. */
function sceneOf(wallMs: number, levels: Readonly<Record<Role, boolean>>, plate: TimelineMoment['plate']): Scene {
  const armPosition = levels.down ? 0 : levels.up ? 1 : 0.5;
  const frontM = levels.barrier ? (levels.approach ? -0.4 : 1.5) : LANE.stopLineM;
  const vehicle = seenCar(frontM, plate && { text: plate.text, color: plate.color ?? colorOfPlate(plate.text) });
  return { wallMs, laneId: THIS_LANE, armPosition, vehicles: levels.approach || levels.barrier ? [vehicle] : [] };
}
