/** The management system's messages, as they go in the field: early, late, twice, lost, for the wrong lane, by a clock that is off. It must not know what the box makes of them. */
import type { Grant } from '../../lane/types.ts';
import type { Random } from '../random.ts';
import { misreadOf } from './sight.ts';
import type { Message, Untold, VehicleTruth } from './truth.ts';

export interface FeedManner {
  /** Of each payment told: */
  readonly late: number;
  readonly veryLate: number;
  readonly never: number;
  readonly twice: number;
  /** Again under a new order number. */
  readonly again: number;
  readonly wrongLane: number;
  readonly noPlate: number;
  readonly misspelt: number;
  /** Season cars and free ones are told of as well: every pulse has a message. */
  readonly complete: boolean;
}

const LATE_MS = [1_000, 4_000] as const;
const VERY_LATE_MS = [12_000, 60_000] as const;
const TWICE_MS = [200, 3_000] as const;
const AGAIN_MS = [3_000, 40_000] as const;
const DELAY_MS = [30, 350] as const;

export interface PaymentFeed {
  /** A payment for a vehicle at this lane, at the moment of its opening. */
  pays(vehicle: VehicleTruth, kind: Grant['kind'], nowMs: number): void;
  /** Paid in the park minutes ago; the lane is anybody's guess. */
  paidAhead(vehicle: VehicleTruth, paidAtMs: number): void;
}

export function createFeed(
  manner: FeedManner,
  random: Random,
  send: (message: Message) => void,
  place: {
    readonly otherLane: string;
    readonly senderOffsetMs: number;
    readonly deaf: (atMs: number) => 'all' | 'half' | undefined;
  },
): PaymentFeed {
  let orders = 0;
  const deliver = (message: Extract<Message, { kind: 'grant' }>): boolean => {
    const deaf = place.deaf(message.atMs);
    if (deaf === 'all' || (deaf === 'half' && random.chance(0.5))) return false;
    send(message);
    return true;
  };
  const lost = (vehicle: VehicleTruth, untold: Untold): void => {
    vehicle.untold = untold;
  };
  const order = (vehicle: VehicleTruth): string => {
    orders += 1;
    return `${vehicle.lane}-${orders}`;
  };
  return {
    pays: (vehicle, kind, nowMs) => {
      if (random.chance(manner.never)) return lost(vehicle, 'never');
      const plate = plateTold(vehicle, manner, random);
      const issuedAtMs = Math.floor((nowMs + place.senderOffsetMs) / 1000) * 1000;
      const grant: Grant = {
        ...{ id: order(vehicle), scope: 'lane', kind, count: 1, issuedAtMs, source: 'pms' },
        ...(plate !== undefined && { plate }),
      };
      const wrong = random.chance(manner.wrongLane);
      const lateness = random.next();
      const lateMs =
        lateness < manner.veryLate
          ? random.between(...VERY_LATE_MS)
          : lateness < manner.veryLate + manner.late
            ? random.between(...LATE_MS)
            : 0;
      const atMs = nowMs + random.between(...DELAY_MS) + lateMs;
      const message = { kind: 'grant', lane: wrong ? place.otherLane : vehicle.lane, grant, atMs } as const;
      if (!deliver(message)) return lost(vehicle, 'never');
      if (wrong) lost(vehicle, 'wrongLane');
      else if (lateness < manner.veryLate) lost(vehicle, 'late');
      if (random.chance(manner.twice)) deliver({ ...message, atMs: atMs + random.between(...TWICE_MS) });
      if (random.chance(manner.again))
        deliver({ ...message, grant: { ...grant, id: order(vehicle) }, atMs: atMs + random.between(...AGAIN_MS) });
    },
    paidAhead: (vehicle, paidAtMs) => {
      if (random.chance(manner.never) || vehicle.plate === undefined) return lost(vehicle, 'never');
      const issuedAtMs = Math.floor((paidAtMs + place.senderOffsetMs) / 1000) * 1000;
      const grant: Grant = {
        ...{ id: order(vehicle), scope: 'park', kind: 'paid', count: 1, issuedAtMs, source: 'pms' },
        plate: vehicle.plate,
      };
      if (!deliver({ kind: 'grant', grant, atMs: paidAtMs + random.between(...DELAY_MS) })) lost(vehicle, 'never');
    },
  };
}

/** The management system reads with the same camera, and an operator mends most of what it misreads. */
function plateTold(vehicle: VehicleTruth, manner: FeedManner, random: Random): string | undefined {
  if (vehicle.plate === undefined || random.chance(manner.noPlate)) return undefined;
  const read = vehicle.reads.findLast(({ camera }) => camera === 1);
  if (read !== undefined && read.text !== vehicle.plate && random.chance(0.5)) return read.text;
  return random.chance(manner.misspelt) ? misreadOf(vehicle.plate, random) : vehicle.plate;
}
