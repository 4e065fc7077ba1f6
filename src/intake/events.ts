/** Meaning of a message of a management system or a camera. Lanes are known by id only; times are lane time. */
import type { KnownVehicleConfig } from '../config/types.ts';
import type { Grant, PlateColor, PlateRead, Side } from '../lane/types.ts';

/** One event received from outside. Times are lane time. */
export type IntakeEvent =
  /** For one lane, or (no lane) for every lane where its plate is read. */
  | { readonly kind: 'grant'; readonly laneId?: string; readonly grant: Grant }
  | {
      readonly kind: 'plate';
      readonly laneId: string;
      readonly plate: PlateRead;
      readonly readAtMs: number;
      /** The camera gives no confidence. */
      readonly unrated?: true;
      readonly side?: Side;
      /** A tail plate, read from behind. */
      readonly behind?: boolean;
    }
  /** Paid for a lane unknown to this box: perhaps its name is wrong. */
  | { readonly kind: 'elsewhere'; readonly laneId: string; readonly plate: string; readonly grantId: string }
  /** Text in place of a plate: no evidence, only journalled. */
  | { readonly kind: 'text'; readonly laneId: string; readonly text: string; readonly source: string }
  /** The platform keeps a barrier open on purpose, or ends that. */
  | {
      readonly kind: 'keepOpen';
      readonly laneId: string;
      readonly on: boolean;
      readonly reason?: string;
      readonly operator?: string;
    }
  /** A record of an entry, kept by plate. */
  | { readonly kind: 'entry'; readonly laneId?: undefined; readonly entry: EntryMessage }
  | { readonly kind: 'charge'; readonly laneId?: undefined; readonly charge: ChargeMessage }
  | { readonly kind: 'vehicle'; readonly laneId?: undefined; readonly vehicle: VehicleMessage; readonly source: string }
  | { readonly kind: 'shift'; readonly laneId?: undefined; readonly shift: ShiftMessage };

interface ParkMessage {
  readonly id: string;
  readonly source: string;
  readonly atMs: number;
  readonly wallMs: number;
}

interface PlateMessage extends ParkMessage {
  readonly plate: string;
  /** Perhaps of another box. */
  readonly lane?: string;
}

export interface EntryMessage extends PlateMessage {
  readonly plateColor?: PlateColor;
  /** The entry record of the management system. */
  readonly serial?: string;
  readonly carType?: string;
  readonly carDesc?: string;
}

/** What a vehicle is asked to pay before it may leave. */
export interface ChargeMessage extends PlateMessage {
  /** In fen. */
  readonly amount: number;
  /** Until when this is the price. */
  readonly untilMs: number;
  readonly untilWallMs: number;
}

export interface VehicleMessage extends KnownVehicleConfig {
  readonly carType: string;
  readonly plateColor?: PlateColor;
  readonly removed?: true;
}

export interface ShiftMessage extends ParkMessage {
  readonly operator: string;
  readonly lanes: readonly string[];
  readonly on: boolean;
  readonly untilMs?: number;
  readonly untilWallMs?: number;
}

/** Expired on arrival: it authorises no vehicle now, and may still have paid for an earlier passage. */
export interface Expired {
  readonly kind: 'expired';
  /** Of a payment without an end of its own: how long after its time of issue it ended. */
  readonly lifeMs?: number;
  /** Its end and its arrival, by the box's clock. */
  readonly endedWallMs: number;
  readonly receivedWallMs: number;
}

/** `reusedId`: accepted as another payment than the one that had its id before. `repeated`: a payment of before under another id, or of before the last start: it counted then. `full`: the journal cannot take it now, and it had no effect. */
export type IntakeOutcome = 'accepted' | 'reusedId' | 'repeated' | 'full' | Expired;

export type Elsewhere = Extract<IntakeEvent, { kind: 'elsewhere' }>;

/** A message that passed its checks. */
export interface Understood {
  /** Key of de-duplication; undefined: repetitions cannot be recognised. */
  readonly id?: string;
  /** Ids of entries, charges, vehicles and shifts are of their own; of grants and plates when left out. */
  readonly space?: string;
  /** The id means the same message only for this long; for ever when undefined. */
  readonly sameForMs?: number;
  /** Content that must be equal under the same id, by field. */
  readonly content: Readonly<Record<string, string>>;
  /** undefined: nothing to do for this box. With `ignored` as well it is only kept. */
  readonly event?: IntakeEvent;
  readonly ignored?: 'otherLane' | 'noPlate' | 'notPlate' | 'noOrder';
  /** Of an ignored one: the lane in the sender's words. */
  readonly theirLane?: string;
  /** Its signature does not prove that it is the platform's. It counts all the same. */
  readonly unverified?: 'wrong' | 'missing';
  /** A payment: other content under its id corrects it, or is another payment. The lane says which. */
  readonly corrects?: true;
  /** A plate: the same id again with another or a better one is the same vehicle, read better. */
  readonly refines?: true;
  /** Of an ignored one: the lanes are notified all the same. */
  readonly elsewhere?: Elsewhere;
}
