/** What a running configuration needs from outside, and the events it emits. */
import type { Worker } from 'node:worker_threads';
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock } from '../clock.ts';
import type { LaneConfig } from '../config/types.ts';
import type { ReceivedMessage } from '../delivery/mqtt/packets.ts';
import type { ClientParts } from '../delivery/platform-client.ts';
import type { DeliveryReceipt } from '../delivery/request/delivery-receipt.ts';
import type { MadeTokens } from '../http/tokens.ts';
import type { IntakeEvent } from '../intake/events.ts';
import type { PushAccount } from '../intake/pushes/push-account.ts';
import type { LaneEffect, LaneEvent } from '../lane/types.ts';
import type { LineHealth } from '../line/health.ts';
import type { Fault, LineSubject, Notice } from '../line/supervise.ts';
import type { Log } from '../log.ts';
import type { SyncSource } from '../store/clock-watch.ts';
import type { StoreNotice } from '../store/notice.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { OnRefused } from '../store/store.ts';
import type { FieldWatch } from './field-monitor.ts';
import type { IntakeFault } from './intake-port.ts';
import type { EarnedReporting } from './reporting.ts';

/** Everything that happens, for subscribers: the log, the terminal of the demo, the page. */
export type AppEvent =
  | { readonly kind: 'event'; readonly lane: LaneConfig; readonly event: LaneEvent }
  | { readonly kind: 'effect'; readonly lane: LaneConfig; readonly effect: LaneEffect }
  | { readonly kind: 'receipt'; readonly record: OutboxRecord; readonly receipt: DeliveryReceipt }
  | { readonly kind: 'fault'; readonly subject: LineSubject; readonly error: Fault; readonly count: number }
  | { readonly kind: 'recovered'; readonly subject: LineSubject; readonly count: number; readonly forMs: number }
  | { readonly kind: 'notice'; readonly subject: LineSubject; readonly notice: Notice }
  /** Two readings lay further apart than twice the poll interval. */
  | { readonly kind: 'latePoll'; readonly subject: LineSubject }
  /** Once a minute. */
  | { readonly kind: 'health'; readonly health: LineHealth }
  | { readonly kind: 'camera'; readonly lane: LaneConfig; readonly camera: string; readonly error: unknown }
  /** A camera that was asked for a picture failed with `error`, or gives pictures again. */
  | { readonly kind: 'picture'; readonly camera: string; readonly error?: unknown }
  /** The journal's queue was full: the event took effect, but a replay will not see it. */
  | { readonly kind: 'notJournalled'; readonly lane: LaneConfig }
  | { readonly kind: 'store'; readonly notice: StoreNotice }
  /** A record was stored, or got its picture. */
  | { readonly kind: 'record'; readonly id: number }
  /** The platform has accepted `cloud.nextSecret`. */
  | { readonly kind: 'nextSecret' }
  /** A paid exit, a plate or a mode was received and accepted. `expired`: it was over on arrival. */
  | { readonly kind: 'received'; readonly event: IntakeEvent; readonly expired: boolean }
  /** A sender of the intake is refused because it sends too much. */
  | { readonly kind: 'flooded'; readonly from: string }
  /** A lane has earned reporting, or somebody has signed for it. */
  | { readonly kind: 'reporting'; readonly laneId: string; readonly earned: EarnedReporting; readonly who?: string }
  /** The intake's port cannot be opened: reported at once, then once a minute. */
  | { readonly kind: 'intake'; readonly fault: IntakeFault };

export interface AppOptions {
  readonly clock: Clock;
  readonly on: (event: AppEvent) => void;
  readonly log: Log;
  /** Version of this program, for the interface description. */
  readonly version: string;
  /** The binding under serialport; the demo passes a simulated one. */
  readonly binding?: BindingInterface;
  /** `trusted`: known to be right. Otherwise clock steps and synchronisation are monitored. */
  readonly wallClock?: 'trusted';
  /** Whether the system clock is synchronised; default: the operating system's answer. */
  readonly synced?: () => Promise<boolean>;
  /** Who vouches for the time later; the machine's own sources when left out. */
  readonly clockSources?: readonly SyncSource[];
  /** With the other boxes of the park: for a box that stands in one. */
  readonly hasNeighbours?: boolean;
  /** HTTPS_PROXY and the like, for a configuration that names no proxy. */
  readonly proxies?: ClientParts['environment'];
  /** Readings and wire bytes for the page; one for the life of the program. */
  readonly watch?: FieldWatch;
  /** What cameras sent and what became of it; one for the life of the program. */
  readonly pushes?: PushAccount;
  /** Called with each provisioning file that comes over MQTT, where `publish.mqtt.provision` is on. Must not block. */
  readonly provision?: (message: ReceivedMessage) => void;
  /** Tokens beside those of the configuration; one for the life of the program. */
  readonly made?: MadeTokens;
  /** The compiled reading thread, for tests that run from source. */
  readonly readingWorker?: URL;
  /** A store thread started in advance, for the first store. */
  readonly storeThread?: () => Worker | undefined;
  /** Who brought this configuration: a session, the file, a provisioning file; undefined: it returns. */
  readonly savedBy?: string | undefined;
  /** Who shows that the disk refuses the opening of the store, which then waits for it until `signal` aborts. */
  readonly onRefused?: OnRefused;
  readonly signal?: AbortSignal;
}
