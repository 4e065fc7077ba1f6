/** What the intake needs from the program, and what it gives it. It knows lanes by id only. */
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import type { CameraEvent, CameraPush } from '../driver.ts';
import type { Log } from '../log.ts';
import type { Arrivals } from './arrivals.ts';
import type { Channels } from './channels.ts';
import type { Memory } from './deduplication.ts';
import type { IntakeEvent, IntakeOutcome } from './events.ts';

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
