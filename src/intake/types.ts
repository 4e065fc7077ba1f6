/** What the intake needs from the program, and what it gives it. It knows lanes by id only. */
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import type { CameraEvent, CameraPush } from '../driver.ts';
import type { Log } from '../log.ts';
import type { Arrivals } from './arrivals.ts';
import type { Channels } from './channels.ts';
import type { Deduplication } from './deduplication.ts';
import type { IntakeEvent, IntakeOutcome } from './events.ts';

export interface IntakeOptions {
  readonly config: HttpIntakeConfig;
  readonly clock: Clock;
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  /** Messages of the platform that name another park are refused. */
  readonly parkUuid: string;
  /** The lane time of a wall time. */
  readonly laneTimeMs: (wallMs: number) => number;
  /**
   * Lane time of now. Default: from the wall clock, which is wrong while the program corrects it by a known offset.
   */
  readonly laneNowMs?: () => number;
  /** Called in order of arrival. Resolves once the event would survive a power cut, or cannot be kept now. */
  readonly accept: (event: IntakeEvent) => Promise<IntakeOutcome>;
  readonly log: Log;
  /** Shared by all channels, so that a message received over two of them counts once. */
  readonly memory?: Deduplication;
  /** Shared likewise. */
  readonly arrivals?: Arrivals;
  /** Notified when a channel can receive and when a valid message arrived over it. */
  readonly channels?: Pick<Channels, 'connected' | 'heard'>;
  /** Cameras that send their reads to us, by id. */
  readonly cameras?: ReadonlyMap<string, PushingCamera>;
}

export interface PushingCamera {
  readonly push: CameraPush;
  /** Runs synchronously. */
  take(event: CameraEvent): void;
}

export interface Intake {
  /** Resolves with the address it listens on. Rejects with the system's error (EADDRINUSE, EACCES). */
  listen(): Promise<{ readonly url: string }>;
  /** Waits up to two seconds for requests in flight, then closes every connection. */
  close(): Promise<void>;
}
