/** What really happened in a simulated lane, vehicle by vehicle and opening by opening, and what a box could have known of it. It must not know any box. */
import type { Grant, LaneEvent, PlateRead, Role } from '../../lane/types.ts';
import type { Kind } from '../movers.ts';

/** What lets a vehicle out, or in. `follow`: nothing does, it slips through behind another. */
export type Means =
  | 'paid'
  | 'free'
  | 'season'
  | 'button'
  | 'remote'
  | 'key'
  | 'software'
  | 'held'
  | 'follow'
  /** Past a closed arm. */
  | 'slip';

export type TrueCause = 'system' | 'software' | 'button' | 'remote' | 'key' | 'hold';

/** Why a box could not know of a payment in time. */
export type Untold = 'never' | 'late' | 'wrongLane' | 'aheadUnread';

export interface VehicleTruth {
  readonly id: number;
  readonly lane: string;
  readonly kind: Kind;
  readonly way: 1 | -1;
  readonly plate?: string;
  /** It has been here before: its visit then. */
  readonly cameAs?: number;
  readonly arrivedMs: number;
  means?: Means;
  /** Somebody who may has let it pass: it must not be reported. */
  authorised: boolean;
  season: boolean;
  untold?: Untold;
  /** The messages of the management system were lost as it was let out: all of them, or half of them. */
  deaf?: 'all' | 'half';
  /** What a camera made of its plate, whatever became of it. */
  readonly reads: {
    readonly text: string;
    readonly confidence: number;
    readonly camera: 1 | 2;
    readonly atMs: number;
  }[];
  /** Bumper to bumper behind the vehicle ahead as its front came onto B; undefined when none was near. */
  gapM?: number;
  onAMs?: number;
  onBMs?: number;
  /** Its rear has left B forwards: it is through. */
  offBMs?: number;
  opening?: number;
  /** It had a right to leave, and went back: `fake` for good, `honest` to come again and pay again. */
  back?: 'fake' | 'honest' | 'turnAway';
  backMs?: number;
  goneMs?: number;
}

export interface OpeningTruth {
  readonly id: number;
  readonly lane: string;
  readonly startMs: number;
  endMs?: number;
  readonly cause: TrueCause;
  /** Passed, in order; none: it opened for nobody. */
  readonly vehicles: number[];
  /** The one it was opened for. */
  readonly forVehicle?: number;
}

export interface Edge {
  readonly role: Role;
  readonly on: boolean;
  readonly atMs: number;
}

/** Something told to the box; `lane` left out: for the whole park. */
export type Message =
  | {
      readonly kind: 'plate';
      readonly lane: string;
      readonly plate: PlateRead;
      /** 2: an overview camera past the arm, where there is one. */
      readonly camera: 1 | 2;
      /** Which side of the arm the camera looks at, where that is known. */
      readonly side?: 'inside' | 'outside';
      /** The camera gives no confidence. */
      readonly unrated?: true;
      readonly atMs: number;
    }
  | { readonly kind: 'grant'; readonly lane?: string; readonly grant: Grant; readonly atMs: number }
  /** A person, or a plan, puts the lane into a mode or ends it. */
  | (Omit<Extract<LaneEvent, { kind: 'mode' }>, 'untilMs' | 'reason'> & { readonly lane: string })
  /** The connection of the management system is known to be up or down. */
  | { readonly kind: 'feed'; readonly up: boolean; readonly atMs: number };

/** The box, or its wires, are not there. */
export interface Outage {
  readonly kind: 'wire' | 'restart' | 'powerCut';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LaneRecording {
  readonly lane: string;
  readonly edges: readonly Edge[];
  /** An infrared beam across the lane over B, as it would show on the contact of B. */
  readonly beam: readonly Edge[];
}

/** One park over its whole time: what the field showed, what was told, and what was true. */
export interface ParkRecording {
  readonly startMs: number;
  readonly endMs: number;
  readonly lanes: readonly LaneRecording[];
  /** In the order in which they are told. */
  readonly messages: readonly Message[];
  readonly outages: readonly Outage[];
  readonly vehicles: readonly VehicleTruth[];
  readonly openings: readonly OpeningTruth[];
  /** When messages were lost, all or half of them. */
  readonly losses: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Plates that may leave without a message. */
  readonly seasonPlates: readonly string[];
}
