/**
 * What the page needs of a running box, as an interface that `src/status` implements. One per configuration in force. Calls that reach the store
 * thread return promises.
 */

import type { VehicleSlices } from '../intake/park/vehicle-csv.ts';
import type { BoxReport } from '../store/observation.ts';
import type { Mark, MarkKind } from '../store/park-facts/review-marks.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { DismissalVoice } from '../store/types.ts';
import type { Language } from '../text/text.ts';
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
} from './api/api.ts';
import type {
  DaySheetView,
  MonthSheetView,
  PaymentFateView,
  PaymentSheetView,
  SheetFilter,
} from './api/api-account.ts';
import type { DecidedRecords, DutyView, ReviewVerdict, ReviewView, VehicleCsvResult } from './api/api-duty.ts';
import type { EvidenceView, IntakeView, ObservationList, PushesView } from './api/api-intake.ts';
import type { WireFrame } from './api/api-live.ts';
import type { ReceivedRow } from './api/api-setup.ts';

/** Filter of a list of releases; absent fields match all. */
export interface ReleaseFilter {
  /** A Beijing day, `2026-11-24`. */
  readonly day?: string;
  /** The last day of a range that begins with `day`. */
  readonly to?: string;
  readonly lane?: string;
  /** Of these lanes only. */
  readonly own?: readonly string[];
  readonly method?: string;
  readonly state?: string;
  /** A part of the plate. */
  readonly plate?: string;
  /** `open`: nobody has marked it. */
  readonly marked?: Exclude<MarkKind, 'answer'>;
  /** What waits for this person. */
  readonly inbox?: { readonly who: string; readonly voice: DismissalVoice };
  readonly before?: number;
  readonly limit: number;
}

export interface RecordList extends Omit<ReleaseList, 'items' | 'methods'> {
  readonly items: readonly OutboxRecord[];
}

export type ReleaseAction =
  | { readonly kind: 'report' | 'retry' }
  | { readonly kind: 'dismiss'; readonly why: string; readonly voice: DismissalVoice }
  | { readonly kind: 'correct'; readonly plate?: string; readonly method?: string; readonly why: string };

/** Live events of a box. */
export interface BoxListener {
  lane(lane: LaneLive): void;
  device(device: DeviceLive): void;
  queue(queue: QueueBrief): void;
  release(row: ReleaseListRow): void;
  reading(reading: SignalReading): void;
  wire(frame: WireFrame): void;
  received(row: ReceivedRow): void;
}

export interface BoxReview {
  review(id: number): Promise<Omit<ReviewView, 'reasons'> | undefined>;
  /** Resolves to those there are, when a power cut could not undo it. */
  mark(ids: readonly number[], mark: Mark): Promise<readonly number[]>;
  /** Marks them, and sends or drops what follows from that. Resolves to those on which `voice` decides. */
  decide(
    ids: readonly number[],
    mark: Mark & { readonly kind: ReviewVerdict },
    voice: DismissalVoice,
  ): Promise<DecidedRecords>;
}

export interface BoxDuty {
  /** `own`: records of these lanes only are counted. */
  duty(own?: readonly string[]): Promise<Omit<DutyView, 'operators'>>;
  /** false: there is no such lane. `session`: whose, when the PIN was not the operator's own. */
  signOn(operator: string, lanes: readonly string[] | undefined, on: boolean, session?: string): Promise<boolean>;
  /** Whoever is on duty in these lanes still is. */
  affirmDuty(user: string, lanes: readonly string[] | undefined): Promise<readonly AffirmedShift[]>;
  importVehicles(list: VehicleSlices, replace: boolean, who: string): Promise<Omit<VehicleCsvResult, 'waits'>>;
}

/** Somebody on duty in a lane, of whom a user said that nobody had changed. */
export interface AffirmedShift {
  readonly lane: string;
  readonly operator: string;
}

export type Acted = 'done' | 'notFound' | 'conflict' | 'invalid';

export interface Box extends BoxReview, BoxDuty {
  /** Of what a person did on the page. */
  report(report: BoxReport): Promise<void>;
  /** Without `config`, which `src/box` adds. */
  overview(): Promise<Omit<Overview, 'config'>>;
  releases(filter: ReleaseFilter): Promise<ReleaseList>;
  /** All that the filter lets through, newest first, as fast as they are taken. */
  releaseSlices(filter: Omit<ReleaseFilter, 'limit'>): AsyncIterable<readonly ReleaseListRow[]>;
  release(id: number): Promise<ReleaseDetail | undefined>;
  records(filter: ReleaseFilter): Promise<RecordList>;
  record(id: number): Promise<OutboxRecord | undefined>;
  /** undefined: no such record, or its signals have left the journal. */
  timeline(id: number, seconds: number): Promise<Timeline | undefined>;
  /** A JPEG. */
  picture(id: number, where: 'at' | 'before' | 'after' | 'second' | 'small'): Promise<Uint8Array | undefined>;
  /** `invalid`: there is no such method. */
  act(id: number, action: ReleaseAction, who: string): Promise<Acted>;
  /** Every record that is held, refused or waits for its next attempt. */
  retryAll(who: string): Promise<number>;
  /** Ends by itself. `destination`: the platform when left out. false: there is none of this name. */
  pause(who: string, destination?: string): boolean;
  resume(destination?: string): boolean;
  queue(): Promise<QueueView>;
  intake(): IntakeView;
  /** `camera`: the rows of this one only. */
  pushes(camera?: string): PushesView;
  /** Of a row, redacted. undefined: it is no longer kept. */
  pushCapture(number: number): object | undefined;
  observations(): Promise<ObservationList>;
  evidence(): Promise<EvidenceView>;
  /** undefined: no such day or lane. */
  sheet(filter: SheetFilter): Promise<DaySheetView | undefined>;
  /** undefined: no such month or lane. */
  month(filter: SheetFilter): Promise<MonthSheetView | undefined>;
  monthCsv(filter: SheetFilter, language: Language): Promise<string | undefined>;
  /** The thirty days that end with the day, or those of the month, as SVG. `width`: in the units of its letters, which are 12 high. */
  trend(filter: SheetFilter, language: Language, width?: number): Promise<string | undefined>;
  /** The same day as CSV, in parts. */
  sheetCsv(filter: SheetFilter, language: Language): Promise<readonly string[] | undefined>;
  /** What became of the payments told on a day. undefined: no such day. */
  payments(day: string, language: Language): Promise<PaymentSheetView | undefined>;
  paymentsCsv(day: string, language: Language): Promise<string | undefined>;
  /** undefined: it was never told, or is no longer kept. */
  payment(id: string, language: Language): PaymentFateView | undefined;
  /** undefined: no such lane. `minutes` undefined: it ends. Resolves when it would survive a power cut. */
  maintenance(
    lane: string,
    mode: { readonly minutes?: number; readonly reason?: string },
    who: string,
  ): Promise<LaneLive | undefined>;
  readonly maintenanceMaxMs: number;
  /** A person keeps the uploads back. */
  paused(): boolean;
  /** Whether database and drivers are ready. */
  ready(): boolean;
  /** Running without an intake that is configured: paid exits cannot be received. */
  degraded(): boolean;
  /** Records in memory only, because the disk refuses. */
  unkept(): number;
  signals(): SignalsView;
}
