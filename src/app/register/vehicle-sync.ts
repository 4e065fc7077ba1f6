/** Counts the known vehicles that a management system tells, and reports them: a list that changes makes a report an hour for each sender at most. */
import type { Clock } from '../../clock.ts';
import type { Observations } from '../../store/observation.ts';

const REPORT_EVERY_MS = 3_600_000;
/** Senders have tokens or profiles of their own. */
const SENDERS_MAX = 100;

interface Counted {
  taken: number;
  removed: number;
  reportedMs: number;
}

export class VehicleSync {
  readonly #looks: Pick<Observations, 'report'>;
  readonly #clock: Clock;
  readonly #senders = new Map<string, Counted>();

  constructor(looks: Pick<Observations, 'report'>, clock: Clock) {
    this.#looks = looks;
    this.#clock = clock;
  }

  count(sender: string, isRemoved: boolean): void {
    const counted = this.#senders.get(sender) ?? { taken: 0, removed: 0, reportedMs: Number.NEGATIVE_INFINITY };
    if (!this.#senders.has(sender) && this.#senders.size >= SENDERS_MAX) return;
    this.#senders.set(sender, counted);
    if (isRemoved) counted.removed += 1;
    else counted.taken += 1;
  }

  /** What a store refuses is reported with the next one. `isLast`: the program stops, and would forget what it has counted. */
  async report(isLast = false): Promise<void> {
    const nowMs = this.#clock.nowMs();
    for (const [who, counted] of this.#senders) {
      const { taken, removed, reportedMs } = counted;
      if (taken + removed === 0 || (!isLast && nowMs - reportedMs < REPORT_EVERY_MS)) continue;
      const isKept = await this.#looks.report({ why: 'vehicles', who, detail: { how: 'intake', taken, removed } }).then(
        () => true,
        () => false,
      );
      if (!isKept) continue;
      // More may have come meanwhile.
      Object.assign(counted, { taken: counted.taken - taken, removed: counted.removed - removed, reportedMs: nowMs });
    }
  }
}
