/**
 * Everything that can go wrong around a box, by name: wires, boards, loops, cameras, the platform. Several may be on at a time.
 * It must not know who asks for it, nor what the program makes of it.
 */
import type { CameraBehaviour } from './devices/camera.ts';
import type { FarEndManners, Mishap } from './devices/far-end.ts';
import type { Misbehaviour } from './platform/platform.ts';
import type { LaneWorld } from './world.ts';

const REPLIES = {
  late: { reply: 'late' },
  lost: { reply: 'none' },
  doubled: { reply: 'twice' },
  garbled: { reply: 'wrongChecksum' },
  cut: { reply: 'cut' },
  noise: { noise: true },
} as const satisfies Readonly<Record<string, Omit<Mishap, 'share'>>>;

const CAMERAS = {
  'camera-slow': { kind: 'slow', delayMs: 2_500 },
  'camera-dead': { kind: 'dead' },
  'camera-gone': { kind: 'gone' },
  'camera-login': { kind: 'refusesLogin' },
  'camera-busy': { kind: 'busy' },
  'camera-broken': { kind: 'broken' },
} as const satisfies Readonly<Record<string, CameraBehaviour>>;

const PLATFORM = {
  'platform-hint': { kind: 'successWithHint' },
  'platform-400': { kind: 'badRequest', hint: 'plate: as asked' },
  'platform-401': { kind: 'unauthorized' },
  'platform-429': { kind: 'status', status: 429, retryAfter: '5' },
  'platform-500': { kind: 'status', status: 500 },
  'platform-503': { kind: 'status', status: 503 },
  'platform-code': { kind: 'code', code: '1999' },
  'platform-html': { kind: 'html' },
  'platform-half': { kind: 'half' },
  'platform-reset': { kind: 'reset' },
  'platform-stall': { kind: 'stall' },
  'platform-slow': { kind: 'slow', delayMs: 5_000 },
  'platform-answer-lost': { kind: 'recordThenReset' },
} as const satisfies Readonly<Record<string, Misbehaviour>>;

const STUCK = { 'stuck-a': 'approach', 'stuck-b': 'barrier' } as const;

type Names<T> = Extract<keyof T, string>;
const names = <T extends object>(table: T): readonly Names<T>[] => Object.keys(table) as Names<T>[];

export type FaultName =
  | Names<typeof REPLIES>
  | 'echo'
  | 'unplug'
  | 'power'
  | Names<typeof STUCK>
  | Names<typeof CAMERAS>
  | Names<typeof PLATFORM>;

export const FAULTS: readonly FaultName[] = [
  ...names(REPLIES),
  ...(['echo', 'unplug', 'power'] as const),
  ...names(STUCK),
  ...names(CAMERAS),
  ...names(PLATFORM),
];
export const isFault = (name: string): name is FaultName => (FAULTS as readonly string[]).includes(name);

/** What can be made to go wrong; empty where there is none. */
export interface FaultParts {
  readonly wires: readonly {
    behave(manners: FarEndManners): void;
    /** The adapter or the network cable. */
    unplug(): void;
    plug(): void;
  }[];
  /** I/O boards. */
  readonly boards: readonly { powered: boolean }[];
  readonly worlds: readonly Pick<LaneWorld, 'force'>[];
  readonly cameras: readonly { behave(behaviour: CameraBehaviour): void }[];
  readonly platform: { behave(misbehaviour?: Misbehaviour, times?: number): void };
}

export interface FaultInjector {
  /** `share`: of the answers on a wire that it strikes, 0…1; the other faults are whole. */
  set(name: FaultName, on: boolean, share?: number): void;
  /** Those that are on, in the order in which they began. */
  readonly active: readonly FaultName[];
}

export function createFaults(parts: FaultParts): FaultInjector {
  const active = new Map<FaultName, number>();
  const last = <T extends object>(table: T): T[keyof T] | undefined => {
    const name = [...active.keys()].filter((one) => Object.hasOwn(table, one)).at(-1);
    return name === undefined ? undefined : table[name as unknown as keyof T];
  };
  const apply = (): void => {
    const mishaps = names(REPLIES).flatMap((name) => {
      const share = active.get(name);
      return share === undefined ? [] : [{ ...REPLIES[name], share }];
    });
    for (const wire of parts.wires) {
      wire.behave({ echo: active.has('echo'), mishaps });
      if (active.has('unplug')) wire.unplug();
      else wire.plug();
    }
    for (const board of parts.boards) board.powered = !active.has('power');
    for (const world of parts.worlds)
      for (const name of names(STUCK)) world.force(STUCK[name], active.has(name) ? true : undefined);
    for (const camera of parts.cameras) camera.behave(last(CAMERAS) ?? { kind: 'good' });
    parts.platform.behave();
    const misbehaviour = last(PLATFORM);
    if (misbehaviour !== undefined) parts.platform.behave(misbehaviour, Number.POSITIVE_INFINITY);
  };
  return {
    get active() {
      return [...active.keys()];
    },
    set: (name, on, share = 1) => {
      active.delete(name);
      if (on) active.set(name, share);
      apply();
    },
  };
}
