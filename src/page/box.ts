/**
 * What the page asks of a running bridge, as an interface: `src/look` answers it. One for each configuration that comes into force. Whatever
 * may take time is a promise, because it is the store thread that works.
 */
import type {
  DeviceLive,
  LaneLive,
  Overview,
  QueueBrief,
  QueueView,
  ReleaseDetail,
  ReleaseList,
  ReleaseListRow,
  SignalReading,
  SignalsView,
  Timeline,
  WireFrame,
} from './api/api.ts';
import type { IntakeView, ObservationList } from './api/api-intake.ts';
import type { ToldRow } from './api/api-setup.ts';

/** Of a list of releases; what is absent does not narrow it. */
export interface ReleaseFilter {
  /** A Beijing day, `2026-11-24`. */
  readonly day?: string;
  readonly lane?: string;
  readonly method?: string;
  readonly state?: string;
  /** Part of it. */
  readonly plate?: string;
  readonly before?: number;
  readonly limit: number;
}

export type ReleaseAction =
  | { readonly kind: 'report' | 'retry' }
  | { readonly kind: 'dismiss'; readonly why: string }
  | { readonly kind: 'correct'; readonly plate?: string; readonly method?: string; readonly why: string };

/** What a box has to tell as it happens, by the name of its event. */
export interface BoxListener {
  lane(lane: LaneLive): void;
  device(device: DeviceLive): void;
  queue(queue: QueueBrief): void;
  release(row: ReleaseListRow): void;
  reading(reading: SignalReading): void;
  wire(frame: WireFrame): void;
  told(row: ToldRow): void;
}

export type Acted = 'done' | 'notFound' | 'conflict' | 'invalid';

export interface Box {
  /** Without `config`, which only the one knows that applies configurations. */
  overview(): Promise<Omit<Overview, 'config'>>;
  releases(filter: ReleaseFilter): Promise<ReleaseList>;
  release(id: number): Promise<ReleaseDetail | undefined>;
  /** undefined: no such record, or its signals are not in the journal any more. */
  timeline(id: number, seconds: number): Promise<Timeline | undefined>;
  /** A JPEG. */
  picture(id: number, where: 'at' | 'before' | 'after'): Promise<Uint8Array | undefined>;
  /** `invalid`: there is no such method. */
  act(id: number, action: ReleaseAction, who: string): Promise<Acted>;
  /** All that is held, refused or waits for its next try. */
  retryAll(who: string): Promise<number>;
  pause(who: string): void;
  resume(): void;
  queue(): Promise<QueueView>;
  intake(): IntakeView;
  observations(): Promise<ObservationList>;
  /** undefined: no such lane. `minutes` undefined: it ends. Resolves when it would survive a power cut. */
  maintenance(
    lane: string,
    mode: { readonly minutes?: number; readonly reason?: string },
    who: string,
  ): Promise<LaneLive | undefined>;
  /** Whether database and drivers are ready. */
  ready(): boolean;
  /** It works, and something is missing that it is there for: paid exits cannot be received. */
  degraded(): boolean;
  /** Records in memory only, because the disk refuses. */
  unkept(): number;
  signals(): SignalsView;
}
