/**
 * What `/metrics` counts, from the start of the program on: one object for its life, so that no counter falls when a configuration replaces another.
 * It listens to events and knows no request; a scrape reads sums.
 */
import type { Clock } from '../../clock.ts';
import type { DestinationView } from '../../delivery/destination/view.ts';
import type { LaneEffect, Release } from '../../lane/types.ts';
import type { MetricName, MetricRow } from '../../page/metrics.ts';
import type { App } from '../app.ts';
import type { AppEvent } from '../events.ts';

/** Its receipts come as events; the others count for themselves. */
const PLATFORM = '4pyun';
const METHODS: Readonly<Record<Release['method'], string>> = {
  0: 'unknown',
  1: 'manual',
  2: 'automatic',
  3: 'tailgating',
};
/** A receipt with one of these is the end of the record's way, until a person sends it again. */
const ENDS: ReadonlySet<string> = new Set(['accepted', 'held', 'rejected']);

export class RunCounters {
  readonly #sums = new Map<string, { readonly name: MetricName; readonly labels: readonly string[]; value: number }>();
  /** Counters that others keep for one configuration: as last read, to be gone on from when the next begins at 0. */
  readonly #read = new Map<string, number>();

  constructor(clock: Clock) {
    this.#add('process_start_time_seconds', [], Math.round(clock.wallMs()) / 1_000);
  }

  on(event: AppEvent): void {
    if (event.kind === 'effect') this.#effect(event.lane.id, event.effect);
    else if (event.kind === 'receipt') {
      this.#add('lanewarden_upload_tries_total', [PLATFORM]);
      if (ENDS.has(event.receipt.kind)) this.#add('lanewarden_uploads_total', [PLATFORM, event.receipt.kind]);
    } else if (event.kind === 'received')
      this.#add('lanewarden_intake_messages_total', [event.event.kind, event.expired ? 'expired' : 'accepted']);
    else if (event.kind === 'flooded') this.#add('lanewarden_intake_flooded_total', []);
    else if (event.kind === 'camera') this.#add('lanewarden_pictures_failed_total', [event.lane.id]);
    else if (event.kind === 'latePoll') {
      const { lineId, deviceId } = event.subject;
      this.#add('lanewarden_polls_late_total', [`${lineId}/${deviceId}`]);
    }
  }

  /** `devices`: as the page shows them. `destinations`: those beside the platform. */
  rows(
    app: Pick<App, 'store'> | undefined,
    devices: readonly { readonly id: string; readonly kind: string; readonly faults: number }[],
    destinations: readonly DestinationView[],
  ): readonly MetricRow[] {
    if (app !== undefined) {
      const { commits, eventsNotJournalled } = app.store.status();
      this.#goOn('lanewarden_store_commits_total', [], commits);
      this.#goOn('lanewarden_journal_events_lost_total', [], eventsNotJournalled);
    }
    for (const { name, arrived, failed } of destinations) {
      this.#goOn('lanewarden_uploads_total', [name, 'accepted'], arrived);
      this.#goOn('lanewarden_upload_tries_total', [name], arrived + failed);
    }
    for (const { id, kind, faults } of devices) this.#goOn('lanewarden_device_faults_total', [id, kind], faults);
    return [
      ...[...this.#sums.values()].map(({ name, labels, value }): MetricRow => [name, labels, value]),
      ...destinations.flatMap(({ name, waiting, oldestForMs = 0 }): readonly MetricRow[] => [
        ['lanewarden_destination_waiting', [name], waiting],
        ['lanewarden_destination_oldest_seconds', [name], oldestForMs / 1_000],
      ]),
    ];
  }

  #effect(lane: string, effect: LaneEffect): void {
    if (effect.kind === 'release') {
      const { method, verdict } = effect.release;
      this.#add('lanewarden_releases_total', [lane, METHODS[method], verdict]);
    } else if (effect.kind === 'withdraw') this.#add('lanewarden_releases_withdrawn_total', [lane]);
    else if (effect.kind === 'correct') this.#add('lanewarden_releases_corrected_total', [lane, effect.why]);
    else if (effect.kind === 'alarm' && effect.on) this.#add('lanewarden_alarms_total', [lane, effect.alarm]);
    else if (effect.kind === 'gap') {
      const { fromMs, toMs, why } = effect.gap;
      this.#add('lanewarden_blind_seconds_total', [lane, why], Math.max(0, toMs - fromMs) / 1_000);
    } else if (effect.kind === 'count') this.#counted(lane, effect.counted);
  }

  #counted(lane: string, counted: Extract<LaneEffect, { kind: 'count' }>['counted']): void {
    if (counted.of === 'passage' && counted.lostTo !== undefined) return;
    if (counted.of === 'passage') this.#add('lanewarden_passages_total', [lane, counted.how]);
    else if (counted.of === 'payment') this.#add('lanewarden_payments_total', [lane, counted.fate], counted.units);
    else if (!counted.isNone) this.#add('lanewarden_openings_total', [lane, counted.begun]);
  }

  #add(name: MetricName, labels: readonly string[], by = 1): void {
    const key = [name, ...labels].join('\n');
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { name, labels, value: by });
    else sum.value += by;
  }

  #goOn(name: MetricName, labels: readonly string[], value: number): void {
    const key = [name, ...labels].join('\n');
    const before = this.#read.get(key) ?? 0;
    this.#read.set(key, value);
    this.#add(name, labels, value < before ? value : value - before);
  }
}
