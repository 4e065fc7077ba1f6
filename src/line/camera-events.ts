/** Keeps the event stream of one camera open: reconnects after a fault, with back-off. It decides nothing about the events. */
import { type Camera, type CameraEvent, type Clock, LinkError, ProtocolError } from '../driver.ts';
import { backOffMs } from './back-off.ts';
import { createFaultThrottle } from './fault-throttle.ts';
import type { DeviceListener } from './supervise-device.ts';

/** Longest back-off: cameras count connections, and some log every one. */
const WAIT_MOST_MS = 60_000;
/** A stream open for this long is healthy: a failed login or connection ends sooner. */
const WELL_MS = 30_000;

export interface CameraListener extends Pick<DeviceListener, 'fault' | 'recovered'> {
  event(event: CameraEvent): void;
  /** A message without an event. */
  empty?(): void;
}

/** Runs until `signal` aborts. Rejects only on an internal error. */
export async function superviseCamera(
  camera: Required<Pick<Camera, 'events'>>,
  clock: Clock,
  on: CameraListener,
  signal: AbortSignal,
): Promise<void> {
  const row = createFaultThrottle(clock, on.fault, on.recovered);
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const ended = new AbortController();
    const well = clock.sleep(WELL_MS, ended.signal).then(() => {
      if (ended.signal.aborted || signal.aborted) return false;
      row.over();
      return true;
    });
    const report = (event: CameraEvent): void => {
      row.over();
      on.event(event);
    };
    const error = await camera
      .events(report, signal, () => on.empty?.())
      .then(
        () => new LinkError('closed', 'the event stream ended by itself'),
        (thrown: unknown) => thrown,
      );
    ended.abort();
    if (signal.aborted) return;
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    if (await well) attempt = 1;
    row.failed(error);
    await clock.sleep(backOffMs(attempt, WAIT_MOST_MS), signal);
  }
}
