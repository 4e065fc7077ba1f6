/** When each lane was last not seen, for its card: as the store has it at the start, then as the lanes tell it. */
import type { App } from '../app/app.ts';
import type { AppEvent } from '../app/events.ts';
import type { ObservationGap } from '../lane/types.ts';
import type { LaneLive } from '../page/api/api.ts';
import { observationText } from '../store/observation-text.ts';

type LaneGap = NonNullable<LaneLive['lastGap']>;

const READ_MAX = 500;
/** The card shows maintenance and the intake by themselves; what lasts is shown as alarms. */
const isShown = ({ why, lasts }: ObservationGap): boolean => why !== 'maintenance' && why !== 'feed' && lasts !== true;

export class LastGaps {
  readonly #app: Pick<App, 'store' | 'bridges' | 'clock'>;
  readonly #gaps = new Map<string, LaneGap>();

  constructor(app: Pick<App, 'store' | 'bridges' | 'clock'>) {
    this.#app = app;
  }

  /** Reads the store, at the start and when a time of it was corrected; one that refuses has said so itself. */
  async read(): Promise<void> {
    const found = await this.#app.store.looks.observations(READ_MAX).catch(() => undefined);
    if (found === undefined) return;
    this.#gaps.clear();
    for (const { laneId, fromWallMs, toWallMs, seen } of found)
      if ('roles' in seen && isShown(seen) && !this.#gaps.has(laneId))
        this.#gaps.set(laneId, { fromWallMs, toWallMs, what: observationText(seen).what });
  }

  on(event: AppEvent): void {
    if (event.kind !== 'effect' || event.effect.kind !== 'gap') return;
    const { gap } = event.effect;
    const { store, bridges, clock } = this.#app;
    const bridge = bridges.get(event.lane.id);
    if (bridge === undefined || !isShown(gap)) return;
    const wallMs = (atMs: number) => Math.round(store.time.wallMsAt(clock.nowMs() + atMs - bridge.nowMs()));
    this.#gaps.set(event.lane.id, {
      fromWallMs: wallMs(gap.fromMs),
      toWallMs: wallMs(gap.toMs),
      what: observationText(gap).what,
    });
  }

  of(laneId: string): LaneGap | undefined {
    return this.#gaps.get(laneId);
  }
}
