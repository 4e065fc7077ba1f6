/**
 * Whether a lane may report that nobody paid. A lane that has never heard of a payment calls every car unpaid; so what rests on "no payment
 * heard" is kept on the box until the lane has shown that it hears, or an installer has signed that nothing tells of payments there. The gate
 * stands between verdict and outbox: the engine, replay and simulations do not see it. Once earned it stays.
 */
import type { Clock } from '../clock.ts';
import { isProved, NO_COUNTS, type ProofCounts, paymentProofs } from '../config/payment-proofs.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import { VERDICT_ROWS } from '../kinds.ts';
import type { LaneEffect } from '../lane/types.ts';
import { parsed } from '../store/thread/json.ts';
import type { Store } from '../store/types.ts';
import type { ReportingProof, ReportingView } from '../text/lanes/reporting.ts';

export type EarnedReporting = NonNullable<ReportingView['earned']> & {
  /** Lane time; releases before it stay as they were judged. Absent: since ever. */
  readonly atMs?: number;
  /** Absent: not said in the chain yet. */
  readonly wallMs?: number;
};

interface KeptReporting {
  readonly counts?: ProofCounts;
  readonly earned?: EarnedReporting;
}

type ReportingStore = Pick<Store, 'parkFacts' | 'looks' | 'boot' | 'time' | 'onNotice'>;

interface ReportingParts {
  readonly config: Pick<Config, 'intake' | 'lines' | 'lanes'>;
  readonly store: ReportingStore;
  readonly clock: Clock;
  readonly on: (event: {
    readonly kind: 'reporting';
    readonly laneId: string;
    readonly earned: EarnedReporting;
    readonly who?: string;
  }) => void;
  /** Of the configuration: a signature in it is his, whatever name it bears. */
  readonly savedBy?: string | undefined;
}

export class LaneReporting {
  readonly #savedBy: string | undefined;
  readonly #lanes: ReadonlyMap<string, LaneConfig>;
  readonly #config: Pick<Config, 'intake' | 'lines'>;
  readonly #store: ReportingStore;
  readonly #clock: Clock;
  readonly #kept = new Map<string, KeptReporting>();
  readonly #on: ReportingParts['on'];

  private constructor({ config, store, clock, on, savedBy }: ReportingParts) {
    this.#savedBy = savedBy;
    this.#on = on;
    this.#config = config;
    this.#lanes = new Map(config.lanes.map((lane) => [lane.id, lane]));
    this.#store = store;
    this.#clock = clock;
  }

  static async open(parts: ReportingParts): Promise<LaneReporting> {
    const { store, clock } = parts;
    const reporting = new LaneReporting(parts);
    await reporting.#load();
    const laneMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
    for (const id of reporting.#lanes.keys()) reporting.#judge(id, laneMs);
    store.onNotice(({ kind }) => {
      // A new database knows nothing; what the damaged one knew comes later.
      if (kind === 'quarantined') for (const id of reporting.#kept.keys()) reporting.#keep(id);
      if (kind === 'salvaged') void reporting.#load();
    });
    return reporting;
  }

  view(laneId: string): ReportingView {
    const { earned } = this.#of(laneId);
    const missing = earned === undefined || earned.how === 'before' ? this.#proofs(laneId) : [];
    if (earned === undefined) return { missing };
    const { atMs: _, wallMs: __, ...shown } = earned;
    return { earned: shown, missing };
  }

  /** What the effect is until the lane has earned reporting. */
  gate(laneId: string, effect: LaneEffect): LaneEffect {
    if (effect.kind !== 'release' || !effect.release.reported) return effect;
    const { earned } = this.#of(laneId);
    const isOpen = earned !== undefined && (earned.atMs === undefined || effect.atMs >= earned.atMs);
    if (isOpen || !VERDICT_ROWS[effect.release.verdict].unpaid) return effect;
    return { ...effect, release: { ...effect.release, reported: false, group: 'unproven' } };
  }

  /** Each passage and opening once, as it is counted. */
  count(laneId: string, effect: LaneEffect): void {
    if (effect.kind !== 'count' || effect.counted.of === 'payment' || effect.counted.maintenance) return;
    const { earned, counts = NO_COUNTS } = this.#of(laneId);
    if (earned !== undefined && earned.how !== 'before') return;
    const { counted } = effect;
    const next = { ...counts };
    if (counted.of === 'opening') {
      if (counted.begun !== 'relay' || counted.isNone) return;
      next.pulses += 1;
    } else {
      if (counted.how === 'part' || counted.lostTo !== undefined) return;
      next.passages += 1;
      if (counted.how === 'grant') next.messages += 1;
      if (counted.how === 'known') next.listed += 1;
    }
    this.#kept.set(laneId, { ...this.#of(laneId), counts: next });
    if (!this.#judge(laneId, effect.atMs)) this.#keep(laneId);
  }

  #of(laneId: string): KeptReporting {
    return this.#kept.get(laneId) ?? {};
  }

  #proofs(laneId: string): readonly ReportingProof[] {
    const lane = this.#lanes.get(laneId);
    return lane === undefined ? [] : paymentProofs(this.#config, lane, this.#of(laneId).counts ?? NO_COUNTS);
  }

  /** Earns it where that is due; whether anything was kept for it. */
  #judge(laneId: string, laneMs: number): boolean {
    const { earned } = this.#of(laneId);
    const found = this.#earns(laneId);
    const isNew =
      found !== undefined &&
      (earned === undefined ||
        earned.how === 'before' ||
        (found.how === 'signed' &&
          earned.how === 'signed' &&
          (found.by !== earned.by || found.reason !== earned.reason)));
    if (!isNew && (earned === undefined || earned.wallMs !== undefined)) return false;
    const wallMs = Math.round(this.#store.time.wallMsAt(this.#clock.nowMs()));
    // One that was reporting already goes on from where it was.
    const atMs = earned === undefined ? laneMs : earned.atMs;
    const next: EarnedReporting = {
      ...(isNew ? found : (earned as EarnedReporting)),
      ...(atMs !== undefined && { atMs }),
      wallMs,
    };
    this.#kept.set(laneId, { ...this.#of(laneId), earned: next });
    const { how, by, reason } = next;
    const who = isNew && how === 'signed' && this.#savedBy !== undefined ? { who: this.#savedBy } : {};
    const signedBy = by === undefined ? {} : { signedBy: by };
    // A store that refuses has reported that itself.
    void this.#store.looks
      .report({ why: 'reporting', ...who, ...(reason && { reason }), detail: { lane: laneId, how, ...signedBy } })
      .catch(() => undefined);
    this.#keep(laneId);
    this.#on({ kind: 'reporting', laneId, earned: next, ...who });
    return true;
  }

  #earns(laneId: string): EarnedReporting | undefined {
    const { by, reason, payments } = this.#lanes.get(laneId)?.reporting ?? {};
    if (payments === 'nothing' && by !== undefined && reason !== undefined) return { how: 'signed', by, reason };
    const proof = this.#proofs(laneId).find(isProved);
    if (proof === undefined) return undefined;
    const isSigned = proof.way === 'list' && by !== undefined && reason !== undefined;
    return { how: proof.way, ...(isSigned && { by, reason }) };
  }

  #keep(laneId: string): void {
    const atMs = Math.round(this.#clock.nowMs() + this.#store.boot.laneOffsetMs);
    const body = JSON.stringify(this.#of(laneId));
    void this.#store.parkFacts.keep(undefined, [{ kind: 'reporting', key: laneId, atMs, body }]).catch(() => undefined);
  }

  /** What is known already goes before what is read. */
  async #load(): Promise<void> {
    for (const { key, body } of await this.#store.parkFacts.rows('reporting').catch(() => [])) {
      const kept = parsed<KeptReporting>(body) ?? {};
      const known = this.#of(key);
      const earned = known.earned ?? kept.earned;
      const counts = known.counts ?? kept.counts;
      this.#kept.set(key, { ...(counts && { counts }), ...(earned && { earned }) });
    }
  }
}
