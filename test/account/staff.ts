/** Who really sits in the booth of a simulated park, and how the box comes to know: by roster, at the page, by messages. It must not know the box. */
import { createRandom } from '../../src/sim/random.ts';
import type { ParkRecording } from '../../src/sim/worlds/truth.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Shifts begin at these hours. */
export const SHIFT_HOURS = [7, 15, 23] as const;
const PLANNED = ['张三', '李四', '王五'] as const;
const WAYS = ['roster', 'pin', 'message'] as const;
const OTHERS = ['赵六', '钱七', '孙八'] as const;

/** Told to the box; times are lane time. */
export type Saying =
  | { readonly kind: 'signOn'; readonly operator: string; readonly atMs: number }
  /** One tap: nobody has changed. */
  | { readonly kind: 'affirm'; readonly atMs: number }
  | { readonly kind: 'signOff'; readonly operator: string; readonly atMs: number }
  | {
      readonly kind: 'shift';
      readonly id: string;
      readonly operator: string;
      readonly on: boolean;
      /** When it began, and when it was told. */
      readonly beganMs: number;
      readonly atMs: number;
    }
  /** The box looks at its roster. */
  | { readonly kind: 'look'; readonly atMs: number };

export interface Staff {
  readonly sayings: readonly Saying[];
  /** What was drawn, by its name. */
  readonly ways: ReadonlyMap<string, number>;
  onDutyAt(atMs: number): string | undefined;
}

export const rosterOf = (lanes: readonly string[]) =>
  SHIFT_HOURS.map((hour, index) => ({
    operator: PLANNED[index] as string,
    lanes,
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const,
    fromMinutes: hour * 60,
    toMinutes: (SHIFT_HOURS[(index + 1) % 3] as number) * 60,
  }));

/** `beginMs`: lane time of a midnight in Beijing. */
export function playStaff(beginMs: number, endMs: number, seed: number): Staff {
  const random = createRandom(seed);
  const sayings: Saying[] = [];
  const ways = new Map<string, number>();
  const changes: { readonly atMs: number; readonly operator: string | undefined }[] = [];
  const did = (way: string): void => {
    ways.set(way, (ways.get(way) ?? 0) + 1);
  };
  const tell = (operator: string, on: boolean, beganMs: number): void => {
    const id = `${operator}-${on ? 'on' : 'off'}-${beganMs}`;
    const atMs = beganMs + random.between(1_000, 15_000);
    sayings.push({ kind: 'shift', id, operator, on, beganMs, atMs });
    if (!random.chance(0.15)) return;
    did('message told twice');
    sayings.push({ kind: 'shift', id, operator, on, beganMs, atMs: atMs + random.between(1_000, 60_000) });
  };
  let before: { readonly operator: string; readonly way: 'roster' | 'pin' | 'message' } | undefined;
  for (let dayMs = beginMs - DAY_MS; dayMs < endMs; dayMs += DAY_MS)
    for (const [index, hour] of SHIFT_HOURS.entries()) {
      const plannedMs = dayMs + hour * HOUR_MS;
      // What was said before the run began nobody can have heard.
      const isHeard = plannedMs > beginMs + HOUR_MS;
      const isOther = isHeard && random.chance(0.25);
      const operator = isOther ? random.pick(OTHERS) : (PLANNED[index] as string);
      // Who is not in the roster must say so.
      const drawn = isOther ? random.pick(['pin', 'message'] as const) : random.pick(WAYS);
      const way = isHeard ? drawn : 'roster';
      // Relief comes early more often than late; where only the roster speaks, it is kept.
      const late = random.chance(0.03);
      const offMs = way === 'roster' ? 0 : late ? random.between(0, 5 * MINUTE_MS) : -random.between(0, 14 * MINUTE_MS);
      const atMs = plannedMs + Math.round(offMs);
      did(`${way}${isOther ? ', not the one planned' : ''}`);
      if (late && way !== 'roster') did('late');
      if (atMs > beginMs) {
        sayings.push({ kind: 'look', atMs: plannedMs + random.between(0, 15_000) });
        if (before !== undefined && before.way !== 'roster' && before.operator !== operator) {
          if (random.chance(0.5)) did('forgot to sign off');
          else if (before.way === 'pin' && way !== 'pin')
            sayings.push({ kind: 'signOff', operator: before.operator, atMs });
          else if (before.way === 'message') tell(before.operator, false, atMs);
        }
        if (way === 'pin') sayings.push({ kind: 'signOn', operator, atMs });
        if (way === 'message') tell(operator, true, atMs);
        if (way === 'pin' && random.chance(0.2)) {
          did('affirmed before the end');
          sayings.push({
            kind: 'affirm',
            atMs: plannedMs + 8 * HOUR_MS - random.between(15, 30) * MINUTE_MS,
          });
        }
      }
      changes.push({ atMs, operator });
      before = { operator, way };
    }
  sayings.sort((a, b) => a.atMs - b.atMs);
  return {
    sayings: sayings.filter(({ atMs }) => atMs < endMs),
    ways,
    onDutyAt: (atMs) => changes.findLast((change) => change.atMs <= atMs)?.operator,
  };
}

export interface CarTruth {
  readonly type: string;
  readonly desc: string;
}
export interface EntryTold {
  readonly plate: string;
  readonly atMs: number;
  readonly told: CarTruth;
}

/** What the management system and its list say of cars: each plate is one kind of car for the whole run. */
export function playEntries(park: ParkRecording, seed: number): readonly EntryTold[] {
  const random = createRandom(seed);
  const seasons = new Set(park.seasonPlates);
  const kinds = new Map<string, string>();
  for (const message of park.messages)
    if (message.kind === 'grant' && message.grant.plate !== undefined && !kinds.has(message.grant.plate))
      kinds.set(message.grant.plate, message.grant.kind);
  return park.vehicles
    .flatMap(({ plate, arrivedMs }) => {
      if (plate === undefined || !random.chance(0.7)) return [];
      const kind = kinds.get(plate);
      const type = kind === 'monthly' || seasons.has(plate) ? '2' : kind === 'free' ? '3' : '1';
      const atMs = Math.max(park.startMs + 1, Math.round(arrivedMs - random.between(5, 300) * MINUTE_MS));
      return [{ plate, atMs, told: { type, desc: `车${plate.slice(-3)}` } }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

export interface ChargeTold {
  readonly plate: string;
  readonly atMs: number;
  /** In fen; of each visit its own. */
  readonly amount: number;
}

/** Half of those that come to an exit are asked for a fee there, before anything opens. */
export function playCharges(park: ParkRecording, seed: number): readonly ChargeTold[] {
  const random = createRandom(seed);
  return park.vehicles
    .flatMap(({ plate, arrivedMs }) =>
      plate === undefined || !random.chance(0.5)
        ? []
        : [
            {
              plate,
              atMs: Math.max(park.startMs + 1, Math.round(arrivedMs)),
              amount: 100 * Math.ceil(random.between(0, 90)),
            },
          ],
    )
    .sort((a, b) => a.atMs - b.atMs);
}
