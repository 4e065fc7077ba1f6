/** The events of the page's stream. Types only, like `api.ts`, whose head says what holds for both. */
import type { Text } from '../../text/text.ts';
import type { DeviceLive, LaneLive, Overview, QueueBrief, ReleaseListRow, SignalReading } from './api.ts';
import type { Job, LogRow, ReceivedRow } from './api-setup.ts';

/** Sent as it is. */
export type PassedOn =
  | { readonly event: 'log'; readonly data: LogRow }
  | { readonly event: 'job'; readonly data: Job }
  | { readonly event: 'reading'; readonly data: SignalReading }
  | { readonly event: 'wire'; readonly data: WireFrame }
  /** A paid exit or a plate that came in, for the commissioning page. */
  | { readonly event: 'told'; readonly data: ReceivedRow };

/** Members that changed, each whole; null: it is gone. Times count from this event. */
export type Changed<T> = { readonly [K in keyof T]?: T[K] | null };

/** Of the overview, beside lanes, devices and queue. */
export type StatusMembers = Omit<Overview, 'lanes' | 'devices' | 'queue'>;
export type StatusChange = Changed<StatusMembers>;

/**
 * `GET /api/v1/live`: server-sent events, each with an id; `Last-Event-ID` goes on from there, or begins with a new `overview` when that is too
 * long ago. It begins with a whole `overview`; another one follows when lanes or devices are others. The rest carries what changed of it
 * (`release`: the whole row the first time). `?signals=1` adds `reading`, `?frames=LINE` adds `wire`.
 */
export type LiveEvent =
  | { readonly event: 'overview'; readonly data: Overview }
  | { readonly event: 'status'; readonly data: StatusChange }
  | { readonly event: 'lane'; readonly data: Changed<LaneLive> & { readonly id: string } }
  | { readonly event: 'device'; readonly data: Changed<DeviceLive> & { readonly id: string } }
  | { readonly event: 'queue'; readonly data: Changed<QueueBrief> }
  /** The newest one of its lane is also that lane's `lastRelease`. */
  | {
      readonly event: 'release';
      readonly data: Changed<ReleaseListRow> & { readonly id: number; readonly laneId: string };
    }
  | PassedOn;

export interface WireFrame {
  readonly line: string;
  readonly atWallMs: number;
  readonly direction: 'out' | 'in';
  readonly hex: string;
  readonly meaning?: Text;
}
