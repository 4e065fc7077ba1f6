/**
 * One device without a wire (the machine's own GPIO): restarts its driver whenever it ends. There is no port to lose, so each end is a
 * fault of the device, and its points are lost at once.
 */
import { type Bus, type Clock, LinkError, ProtocolError, type Reading } from '../driver.ts';
import { backOffMs } from './back-off.ts';
import { createFaultThrottle } from './fault-throttle.ts';
import type { DeviceListener, LineDevice } from './supervise-device.ts';

/** Readings without a fault for this long end a row of faults. */
const RECOVERED_MS = 5_000;

export type UnwiredListener = Pick<DeviceListener, 'reading' | 'lost' | 'fault' | 'recovered' | 'notice'> &
  Partial<Pick<DeviceListener, 'failed'>>;

const NO_WIRE: Bus = {
  exchange: () => Promise.reject(new LinkError('closed', 'this device has no wire')),
  // biome-ignore lint/correctness/useYield: it has nothing to yield
  async *frames() {
    throw new LinkError('closed', 'this device has no wire');
  },
};

/** Runs until `signal` aborts, then reports `lost` and returns. Rejects only on an internal error. */
export async function superviseUnwired(
  device: LineDevice,
  clock: Clock,
  on: UnwiredListener,
  signal: AbortSignal,
): Promise<void> {
  const row = createFaultThrottle(clock, on.fault, on.recovered);
  const driver = device.create({ bus: NO_WIRE, clock, notice: on.notice });
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const beganMs = clock.nowMs();
    const report = (reading: Reading): void => {
      if (row.count > 0 && clock.nowMs() - beganMs >= RECOVERED_MS) row.over();
      on.reading(reading);
    };
    const error = await driver.run(report, signal).then(
      () => new LinkError('closed', 'the driver ended by itself'),
      (thrown: unknown) => thrown,
    );
    on.lost();
    if (signal.aborted) return;
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    if (clock.nowMs() - beganMs >= RECOVERED_MS) attempt = 1;
    on.failed?.(error);
    row.failed(error);
    await clock.sleep(backOffMs(attempt), signal);
  }
}
