/** What the intake makes of a message, and what it needs from the program. It knows lanes by id only. */
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import type { CameraEvent, CameraPush } from '../driver.ts';
import type { Grant, PlateRead, Side } from '../lane/types.ts';
import type { Log } from '../log.ts';
import type { Arrivals } from './arrivals.ts';
import type { Channels } from './channels.ts';
import type { Memory } from './deduplication.ts';

/** One thing told from outside. Times are lane time. */
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
    }
  /** Paid for a lane that is none of this box: perhaps its name is wrong. */
  | { readonly kind: 'elsewhere'; readonly laneId: string; readonly plate: string; readonly grantId: string }
  /** What stood where a plate should be and is none: evidence of nothing, kept aside. */
  | { readonly kind: 'text'; readonly laneId: string; readonly text: string; readonly source: string }
  /** The platform keeps a barrier open on purpose, or no longer. */
  | { readonly kind: 'keepOpen'; readonly laneId: string; readonly on: boolean; readonly reason?: string };

/** Its time was over before it came: it lets nobody out, and may still have paid for a passage of then. */
export interface Expired {
  readonly kind: 'expired';
  /** When it was over, and when it came, by the box's clock. */
  readonly endedWallMs: number;
  readonly receivedWallMs: number;
}

/** `full`: the journal cannot take it now, and it has not been acted on. */
export type IntakeOutcome = 'accepted' | 'full' | Expired;

export type Elsewhere = Extract<IntakeEvent, { kind: 'elsewhere' }>;

export interface IntakeOptions {
  readonly config: HttpIntakeConfig;
  readonly clock: Clock;
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  /** Messages of the platform that name another park are refused. */
  readonly parkUuid: string;
  /** The lane time that belongs to a wall time. */
  readonly laneTimeMs: (wallMs: number) => number;
  /**
   * Lane time of now. Without it the wall clock is asked, which is wrong on a box whose clock is off and whose program knows by how much.
   */
  readonly laneNowMs?: () => number;
  /** Called in the order of arrival. Resolves once the event would survive a power cut, or cannot be kept now. */
  readonly accept: (event: IntakeEvent) => Promise<IntakeOutcome>;
  readonly log: Log;
  /** Shared by every way in, so that a thing told over two of them counts once. */
  readonly memory?: Memory;
  /** Shared likewise. */
  readonly arrivals?: Arrivals;
  /** Is told when a channel can receive and when something valid came in over it. */
  readonly channels?: Pick<Channels, 'connected' | 'heard'>;
  /** Cameras that send their reads to us, by id. */
  readonly cameras?: ReadonlyMap<string, PushingCamera>;
}

export interface PushingCamera {
  readonly push: CameraPush;
  /** Runs without waiting; what is done with it is the program's. */
  take(event: CameraEvent): void;
}

export interface Intake {
  /** Resolves with the address it listens on. Rejects with the system's error (EADDRINUSE, EACCES). */
  listen(): Promise<{ readonly url: string }>;
  /** Lets requests under way end, for at most two seconds, and closes every connection. */
  close(): Promise<void>;
}

/** A message that has been understood. */
export interface Understood {
  /** Idempotence goes by it; undefined: nothing to tell a repetition by. */
  readonly id?: string;
  /** The id is the same message only for this long; for ever when undefined. */
  readonly sameForMs?: number;
  /** What must be the same when the same id comes again, by field. */
  readonly content: Readonly<Record<string, string>>;
  /** undefined: nothing to do for this box. With `ignored` as well it is only kept. */
  readonly event?: IntakeEvent;
  readonly ignored?: 'otherLane' | 'noPlate' | 'notPlate';
  /** Of an ignored one: the lanes are told all the same. */
  readonly elsewhere?: Elsewhere;
}
