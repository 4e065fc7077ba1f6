/** The events of the page's stream. Types only, like `api.ts`, whose head says what holds for both. */
import type { DeviceLive, LaneLive, Overview, QueueBrief, ReleaseListRow, SignalReading, WireFrame } from './api.ts';
import type { Job, LogRow, ReceivedRow } from './api-setup.ts';

/**
 * `GET /api/v1/live`: server-sent events, each with an id; `Last-Event-ID` goes on from there, or begins with a new `overview` when that is too
 * long ago. `?signals=1` adds `reading`, `?frames=LINE` adds `wire`.
 */
export type LiveEvent =
  | { readonly event: 'overview'; readonly data: Overview }
  | { readonly event: 'lane'; readonly data: LaneLive }
  | { readonly event: 'device'; readonly data: DeviceLive }
  | { readonly event: 'queue'; readonly data: QueueBrief }
  | { readonly event: 'release'; readonly data: ReleaseListRow }
  | { readonly event: 'log'; readonly data: LogRow }
  | { readonly event: 'job'; readonly data: Job }
  | { readonly event: 'reading'; readonly data: SignalReading }
  | { readonly event: 'wire'; readonly data: WireFrame }
  /** A paid exit or a plate that came in, for the commissioning page. */
  | { readonly event: 'told'; readonly data: ReceivedRow };
