/** A pause of uploads or of one destination ends by itself, and is reported when it begins and ends. A part of the composition root. */
import type { Clock } from '../../clock.ts';
import type { UploadControl } from '../../delivery/upload/upload-control.ts';
import type { BoxReport, Observations } from '../../store/observation.ts';

interface TimedPauseParts {
  readonly target: { pause(who: string): void; resume(): void };
  /** The name of the destination; absent: of uploads. */
  readonly destination?: string;
  readonly looks: Pick<Observations, 'report'>;
  readonly clock: Clock;
  readonly maxMs: number;
}

export class TimedPause {
  readonly #parts: TimedPauseParts;
  #present: { readonly who: string; readonly sinceMs: number; readonly ended: AbortController } | undefined;

  constructor(parts: TimedPauseParts) {
    this.#parts = parts;
  }

  pause(who: string): void {
    if (this.#present !== undefined) return;
    const { target, clock, maxMs } = this.#parts;
    const ended = new AbortController();
    this.#present = { who, sinceMs: clock.nowMs(), ended };
    target.pause(who);
    this.#report({ why: 'pause', who, lasts: true }, { atMostMs: maxMs });
    void clock.sleep(maxMs, ended.signal).then(() => ended.signal.aborted || this.resume('over'));
  }

  /** Also without a pause: every other wait is over as well. */
  resume(reason: 'over' | 'resumed' = 'resumed'): void {
    const present = this.#present;
    this.#present = undefined;
    this.#parts.target.resume();
    if (present === undefined) return;
    present.ended.abort();
    const { who, sinceMs } = present;
    this.#report({ why: 'pause', who, reason, forMs: Math.round(this.#parts.clock.nowMs() - sinceMs) }, {});
  }

  /** The end of the run: nothing is left to wait. */
  close(): void {
    this.#present?.ended.abort();
  }

  /** A store that refuses has reported that itself. */
  #report(report: BoxReport, more: object): void {
    const { looks, destination } = this.#parts;
    const detail = { ...more, ...(destination !== undefined && { destination }) };
    looks.report({ ...report, ...(Object.keys(detail).length > 0 && { detail }) }).catch(() => undefined);
  }
}

/** The control of people over uploads. `signal` ends the wait, not the pause. */
export function withPauseEnd(
  uploads: UploadControl,
  { signal, ...parts }: Omit<TimedPauseParts, 'target'> & { readonly signal: AbortSignal },
): UploadControl {
  const pause = new TimedPause({ ...parts, target: uploads });
  signal.addEventListener('abort', () => pause.close(), { once: true });
  return {
    pause: (who) => pause.pause(who),
    resume: () => pause.resume(),
    state: () => uploads.state(),
    status: () => {
      const status = uploads.status();
      const { stopped } = status;
      if (stopped === undefined) return status;
      return { ...status, stopped: { ...stopped, untilMs: stopped.sinceMs + parts.maxMs } };
    },
  };
}
