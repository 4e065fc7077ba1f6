/** Reports on what happens to the box itself: a disk that refused, a sender that flooded the intake. */
import type { Clock } from '../../clock.ts';
import type { BoxReport, Observations } from '../../store/observation.ts';
import type { AppEvent } from '../events.ts';

/** One report a sender in this time, however much it sends. */
const FLOOD_EVERY_MS = 600_000;
const SENDERS_MAX = 100;

export function boxReports(looks: Pick<Observations, 'report'>, clock: Clock): (event: AppEvent) => void {
  let stalledWhy: string = '';
  const floods = new Map<string, number>();
  // A store that refuses has reported that itself.
  const report = (report: BoxReport): void => void looks.report(report).catch(() => undefined);

  function flooded(from: string): void {
    const nowMs = clock.nowMs();
    if (nowMs - (floods.get(from) ?? Number.NEGATIVE_INFINITY) < FLOOD_EVERY_MS) return;
    floods.delete(from);
    floods.set(from, nowMs);
    const [oldest] = floods.keys();
    if (floods.size > SENDERS_MAX && oldest !== undefined) floods.delete(oldest);
    report({ why: 'flood', who: from });
  }

  return (event) => {
    if (event.kind === 'flooded') flooded(event.from);
    if (event.kind !== 'store') return;
    const { notice } = event;
    if (notice.kind === 'stalled') stalledWhy = notice.why;
    // Only now can it be written.
    if (notice.kind === 'recovered') report({ why: 'disk', reason: stalledWhy, forMs: Math.round(notice.afterMs) });
  };
}
