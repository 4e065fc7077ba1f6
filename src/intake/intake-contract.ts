/** The contract of the intake: its inputs from the program, and its interface. It knows lanes by id only. */
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig, ListenConfig } from '../config/types.ts';
import type { CameraEvent, CameraMessages, CameraPush } from '../driver.ts';
import type { HttpServer } from '../http/listener.ts';
import type { MadeTokens } from '../http/tokens.ts';
import type { Log } from '../log.ts';
import type { WireMessage } from '../management/message.ts';
import type { PushedMessage } from '../management/push.ts';
import type { Channels } from './channels.ts';
import type { Deduplication } from './deduplication.ts';
import type { IntakeEvent, IntakeOutcome } from './events.ts';
import type { IgnoredMessages } from './ignored-messages.ts';
import type { PaymentFates } from './payment-fates.ts';
import type { CameraAccount, PushAccount } from './pushes/push-account.ts';
import type { RefusedSenders } from './refused-senders.ts';

export interface IntakeOptions {
  readonly config: HttpIntakeConfig;
  readonly clock: Clock;
  /** Tokens beside those of the configuration. */
  readonly made?: MadeTokens;
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  /** Booths of the configuration: a shift may name one in place of lanes. */
  readonly booths?: readonly { readonly name: string; readonly lanes: readonly string[] }[];
  /** Messages of the platform that name another park are refused. */
  readonly parkUuid: string;
  /** Lane time of a wall time. */
  readonly laneTimeMs: (wallMs: number) => number;
  readonly laneNowMs: () => number;
  /** Nobody has confirmed the clock that `laneTimeMs` goes by, and this moment may be still to come. Without it: no. */
  readonly isUndated?: (wallMs: number) => boolean;
  /** Called in the order of arrival. Resolves once the event would survive a power cut, or cannot be stored now. */
  readonly accept: (event: IntakeEvent) => Promise<IntakeOutcome>;
  readonly log: Log;
  /** Shared by all channels, so that an event received over two of them counts once. */
  readonly memory?: Deduplication;
  /** Shared likewise. */
  readonly ignored?: IgnoredMessages;
  /** Senders without success, of the HTTP channels. */
  readonly refused?: RefusedSenders;
  /** Notified when a channel can receive, and of each valid message. */
  readonly channels?: Pick<Channels, 'connected' | 'received'> & Partial<Pick<Channels, 'declare'>>;
  /** Cameras that push their reads to us, by id. */
  readonly cameras?: ReadonlyMap<string, PushingCamera>;
  /** Management systems that push in their own form. */
  readonly systems?: readonly PushingSystem[];
  readonly rules?: GrantRules;
  /** A sender at this address is refused because it sends too much. */
  readonly flooded?: (from: string) => void;
  /** What became of payments, for those who told them. */
  readonly fates?: PaymentFates;
  /** What came and what became of it, of all channels. */
  readonly pushes?: PushAccount;
}

/** What one message may claim. */
export interface GrantRules {
  readonly maxCount?: number;
  readonly maxLifetimeMs?: number;
  /** Of a forwarded message of the platform. */
  readonly signOf: (message: object) => 'right' | 'wrong' | 'missing';
  readonly requireSign: boolean;
}

export interface PushingSystem {
  /** The sender of its payments. */
  readonly name: string;
  /** Whether it may push from this address. */
  accepts(address: string): boolean;
  read(message: WireMessage): PushedMessage;
}

export interface PushingCamera {
  readonly push: CameraPush;
  /** Returns at once; the program does the rest. */
  take(event: CameraEvent): void;
  readonly account?: CameraAccount;
}

/** A camera that publishes at the broker. */
export interface PublishingCamera {
  readonly messages: CameraMessages;
  /** Returns at once; the program does the rest. */
  take(event: CameraEvent): void;
  readonly account?: CameraAccount;
}

/** A second port, with TLS. */
export interface SecurePort {
  readonly listen: ListenConfig;
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
}

export interface Intake {
  /**
   * Resolves with where it listens: on plain HTTP, or with TLS. The ports share everything else. Rejects with the system's error
   * (EADDRINUSE, EACCES), after which it may be called again.
   */
  listen(secure?: SecurePort): Promise<HttpServer>;
  /** Of all ports: lets open requests end, for at most two seconds, and closes every connection. */
  close(): Promise<void>;
}
