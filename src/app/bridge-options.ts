/** What a bridge needs from outside, and what it tells. Types only. */
import type { Clock } from '../driver.ts';
import type { SignalSettings } from '../lane/signals.ts';
import type { KnownVehicle, LaneEffect, LaneEvent, LaneSettings, ObservationGap, Release } from '../lane/types.ts';
import type { NewRecord } from '../store/record-types.ts';
import type { Boot, Journal, Outbox } from '../store/types.ts';
import type { LaneFrames } from './pictures/captures.ts';

export interface BridgeOptions {
  readonly laneId: string;
  readonly settings: LaneSettings;
  readonly signals: SignalSettings;
  readonly clock: Clock;
  readonly boot: Boot;
  readonly journal: Journal;
  readonly outbox: Outbox;
  /** Stores an observation gap. */
  readonly observe?: (gap: ObservationGap) => Promise<void>;
  /** Of the lane's camera. */
  readonly pictures?: LaneFrames;
  /** Wall time of a Clock.nowMs, by the best current knowledge. */
  readonly wallMsAt: (nowMs: number) => number;
  /** Turns a release into the outgoing record: names, texts, wall time. */
  readonly record: (release: Release, releaseWallMs: number) => NewRecord;
  /** The known vehicle with this plate, if valid now. */
  readonly known?: (plate: string) => KnownVehicle | undefined;
  /** Between verdict and outbox: what may leave, until the lane has earned more (`reporting.ts`). */
  readonly gate?: (effect: LaneEffect) => LaneEffect;
  /** Its account: a fold of the same journal, kept with the same snapshots. */
  readonly account?: BridgeAccount;
  readonly on: BridgeListener;
}

export interface BridgeAccount {
  readonly state: unknown;
  /** `continues`: the engine goes on from the state it was kept with. */
  restore(kept: unknown, continues: boolean): void;
  take(effect: LaneEffect): void;
}

export interface BridgeListener {
  /** Every event fed to the engine, after it has been journalled. */
  event?(event: LaneEvent): void;
  effect?(effect: LaneEffect): void;
  pictureFailed?(error: unknown): void;
  /** A record was stored, or got its picture. */
  kept?(recordId: number): void;
  /** The journal's queue is full: the event takes effect, but a replay will not see it. */
  notJournalled?(event: LaneEvent): void;
  /** An event of the journal, at the start, and what came of it. */
  folded?(event: LaneEvent, effects: readonly LaneEffect[]): void;
  failed(error: unknown): void;
}
