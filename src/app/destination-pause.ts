/** A pause of one destination ends by itself, and is reported when it begins and ends. A part of the composition root. */
import type { Clock } from '../clock.ts';
import type { DestinationSender } from '../delivery/destination/sender.ts';
import type { BoxReport, Observations } from '../store/observation.ts';

interface DestinationPauseParts {
  readonly name: string;
  readonly sender: Pick<DestinationSender, 'pause'>;
  readonly looks: Pick<Observations, 'report'>;
  readonly clock: Clock;
  readonly maxMs: number;
}

export class DestinationPause {
  readonly #parts: DestinationPauseParts;
  #present: { readonly who: string; readonly sinceMs: number; readonly ended: AbortController } | undefined;

  constructor(parts: DestinationPauseParts) {
    this.#parts = parts;
  }

  pause(who: string): void {
    if (this.#present !== undefined) return;
    const { sender, clock, maxMs, name } = this.#parts;
    const ended = new AbortController();
    this.#present = { who, sinceMs: clock.nowMs(), ended };
    sender.pause(true);
    this.#report({ why: 'pause', who, lasts: true, detail: { atMostMs: maxMs, destination: name } });
    void clock.sleep(maxMs, ended.signal).then(() => ended.signal.aborted || this.resume('over'));
  }

  /** Also of a destination that wanted nothing more. */
  resume(reason: 'over' | 'resumed' = 'resumed'): void {
    const { sender, clock, name } = this.#parts;
    const present = this.#present;
    this.#present = undefined;
    sender.pause(false);
    if (present === undefined) return;
    present.ended.abort();
    const { who, sinceMs } = present;
    const forMs = Math.round(clock.nowMs() - sinceMs);
    this.#report({ why: 'pause', who, reason, forMs, detail: { destination: name } });
  }

  /** The end of the run: nothing is left to wait. */
  close(): void {
    this.#present?.ended.abort();
  }

  /** A store that refuses has reported that itself. */
  #report(report: BoxReport): void {
    this.#parts.looks.report(report).catch(() => undefined);
  }
}
