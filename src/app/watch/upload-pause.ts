/** A pause of uploads ends by itself, and is reported when it begins and ends. A part of the composition root. */
import type { Clock } from '../../clock.ts';
import type { UploadControl } from '../../delivery/upload/upload-control.ts';
import type { BoxReport, Observations } from '../../store/observation.ts';

export interface UploadPauseParts {
  readonly uploads: UploadControl;
  readonly looks: Pick<Observations, 'report'>;
  readonly clock: Clock;
  readonly maxMs: number;
  /** Ends the wait, not the pause. */
  readonly signal: AbortSignal;
}

/** The control of people over uploads. */
export function withPauseEnd({ uploads, looks, clock, maxMs, signal }: UploadPauseParts): UploadControl {
  let ended: AbortController | undefined;
  // A store that refuses has reported that itself.
  const report = (report: BoxReport): void => void looks.report(report).catch(() => undefined);

  const end = (reason: 'over' | 'resumed'): void => {
    const { stopped } = uploads.status();
    ended?.abort();
    ended = undefined;
    uploads.resume();
    if (stopped !== undefined)
      report({ why: 'pause', who: stopped.who, reason, forMs: Math.round(clock.nowMs() - stopped.sinceMs) });
  };

  return {
    pause: (who) => {
      if (uploads.status().stopped !== undefined) return;
      uploads.pause(who);
      report({ why: 'pause', who, lasts: true, detail: { atMostMs: maxMs } });
      ended = new AbortController();
      const over = AbortSignal.any([signal, ended.signal]);
      void clock.sleep(maxMs, over).then(() => over.aborted || end('over'));
    },
    resume: () => end('resumed'),
    state: () => uploads.state(),
    status: () => {
      const status = uploads.status();
      const { stopped } = status;
      return stopped === undefined ? status : { ...status, stopped: { ...stopped, untilMs: stopped.sinceMs + maxMs } };
    },
  };
}
