/** What the intake makes of a message, and what it needs from the program. It knows lanes by id only. */
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import type { CameraEvent, CameraPush } from '../driver.ts';
import type { Grant, PlateRead } from '../lane/types.ts';
import type { Log } from '../log.ts';
import type { Memory } from './deduplication.ts';

/** One thing told from outside. Times are lane time. */
export type IntakeEvent =
  /** For one lane, or (no lane) for every lane where its plate is read. */
  | { readonly kind: 'grant'; readonly laneId?: string; readonly grant: Grant }
  | { readonly kind: 'plate'; readonly laneId: string; readonly plate: PlateRead; readonly readAtMs: number }
  /** What stood where a plate should be and is none: evidence of nothing, kept aside. */
  | { readonly kind: 'text'; readonly laneId: string; readonly text: string; readonly source: string }
  /** The platform keeps a barrier open on purpose, or no longer. */
  | { readonly kind: 'keepOpen'; readonly laneId: string; readonly on: boolean; readonly reason?: string };

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
  /**
   * Called in the order of arrival. Resolves `accepted` once the event would survive a power cut; `full` when the journal cannot
   * take it now, and then it has not been acted on.
   */
  readonly accept: (event: IntakeEvent) => Promise<'accepted' | 'full'>;
  readonly log: Log;
  /** Shared by every way in, so that a thing told over two of them counts once. */
  readonly memory?: Memory;
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
}
