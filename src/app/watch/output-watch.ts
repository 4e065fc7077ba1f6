/**
 * Watches that no output of the box moves an arm: alarm relays, and requests to destinations near the box. One that does is stopped, reported, and runs
 * again when a person has confirmed it. A part of the composition root; the judgement is in causality.ts.
 */
import type { Clock } from '../../clock.ts';
import type { Config, LaneConfig } from '../../config/types.ts';
import { outputPeers, type WrittenPeer, writtenPeers } from '../../config/written-peers.ts';
import type { LaneEvent } from '../../lane/types.ts';
import type { Log } from '../../log.ts';
import type { BoxReport } from '../../store/observation.ts';
import { observationText } from '../../store/observation-text.ts';
import { parsed } from '../../store/thread/json.ts';
import type { Store } from '../../store/types.ts';
import { type ConfirmedPeers, type PeerName, peerKey } from '../confirmed-peers.ts';
import { type CausalityKept, LaneCausality } from './causality.ts';

/** What is remembered is written this often, and whenever a rise followed an output. */
const KEEP_EVERY_MS = 3_600_000;
/** A board that does not answer holds up no report for longer. */
const KNOWN_WITHIN_MS = 5_000;

interface OutputWatchParts {
  readonly store: Pick<Store, 'parkFacts' | 'looks' | 'boot'>;
  readonly peers: ConfirmedPeers;
  readonly log: Log;
  readonly clock: Clock;
}

export class OutputWatch {
  readonly #parts: OutputWatchParts;
  readonly #outputs: ReadonlyMap<string, WrittenPeer>;
  readonly #lanes = new Map<string, LaneCausality>();
  readonly #keptMs = new Map<string, number>();
  readonly #known = new AbortController();

  /** Rejects with StoreError. */
  static async open(config: Config, parts: OutputWatchParts): Promise<OutputWatch> {
    const rows = await parts.store.parkFacts.rows('caused');
    // What cannot be read is missing, so the lane is got to know again.
    return new OutputWatch(config, parts, new Map(rows.map(({ key, body }) => [key, parsed<CausalityKept>(body)])));
  }

  private constructor(config: Config, parts: OutputWatchParts, kept: ReadonlyMap<string, CausalityKept | undefined>) {
    this.#parts = parts;
    const peers = [...writtenPeers(config), ...outputPeers(config)];
    this.#outputs = new Map(peers.map((peer) => [peerKey(peer), peer]));
    for (const { id, settings } of config.lanes) this.#lanes.set(id, new LaneCausality(settings, kept.get(id)));
  }

  /** The output leaves now. */
  sends(peer: PeerName): void {
    for (const lane of this.#lanes.values()) lane.output(peerKey(peer), this.#nowMs);
  }

  /** After a start: once the arms are known, so that what the first output does to them is seen. */
  known(signal: AbortSignal): Promise<void> {
    return this.#parts.clock.sleep(KNOWN_WITHIN_MS, AbortSignal.any([signal, this.#known.signal]));
  }

  event({ id }: LaneConfig, event: LaneEvent): void {
    if (event.kind !== 'edge' && event.kind !== 'lost') return;
    const lane = this.#lanes.get(id);
    if (lane === undefined) return;
    const before = lane.isKnown;
    const followed = lane.edge(event.role, event.kind === 'edge' ? event.on : null, event.atMs);
    if (!before && [...this.#lanes.values()].every(({ isKnown }) => isKnown)) this.#known.abort();
    for (const { output, delaysMs, isCause } of followed) if (isCause) this.#stop(id, output, delaysMs);
    if (followed.length > 0 || event.atMs - (this.#keptMs.get(id) ?? 0) >= KEEP_EVERY_MS) this.#keep(id, lane);
  }

  #stop(laneId: string, output: string, delaysMs: readonly number[]): void {
    const peer = this.#outputs.get(output);
    // Judged anew from here on, once a person lets it run again.
    for (const lane of this.#lanes.values()) lane.forget(output);
    if (peer === undefined || this.#parts.peers.isStopped(peer)) return;
    const { store, peers, log } = this.#parts;
    const { use, name, shown } = peer;
    const report: BoxReport = { why: 'moved', detail: { use, name, shown, lane: laneId, delaysMs } };
    log.error(observationText(report).what);
    // A store that refuses has reported that itself; it is stopped all the same.
    peers.stop(peer).catch(() => undefined);
    store.looks.report(report).catch(() => undefined);
  }

  #keep(laneId: string, lane: LaneCausality): void {
    const atMs = this.#nowMs;
    this.#keptMs.set(laneId, atMs);
    const row = { kind: 'caused', key: laneId, atMs, body: JSON.stringify(lane.kept) } as const;
    this.#parts.store.parkFacts.keep(undefined, [row]).catch(() => undefined);
  }

  /** Lane time. */
  get #nowMs(): number {
    const { clock, store } = this.#parts;
    return Math.round(clock.nowMs() + store.boot.laneOffsetMs);
  }
}
