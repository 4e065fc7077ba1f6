/**
 * One device of a line: runs its driver, restarts it after a fault, and reports when its points are unknown. A silent device costs the
 * others its turns and nothing more.
 */
import {
  type Bus,
  type Clock,
  type Driver,
  type DriverPorts,
  LinkError,
  ProtocolError,
  type Reading,
} from '../driver.ts';
import { backOffMs } from './back-off.ts';
import { createFaultThrottle, type LineFault } from './fault-throttle.ts';

/** One lost answer is no lost device; a second attempt without a reading is. */
const ATTEMPTS_UNTIL_LOST = 2;
/** A driver that reads once and fails would otherwise fill the wire. */
const SHORT_RUN_MS = 1_000;
const SHORT_RUN_WAIT_MS = 100;
/** Readings without a fault for this long end a row of faults. */
const RECOVERED_MS = 5_000;

export type Notice = Parameters<NonNullable<DriverPorts['notice']>>[0];

export interface LineDevice {
  readonly id: string;
  /** It must undo something before the wire is closed (an output), and gets the time for it when the line stops. */
  readonly undoesAtStop?: boolean;
  /** Of one that is polled: from one reading to the next. */
  readonly everyMs?: number;
  /** Called once: the driver lives as long as the line, so its counters survive a reconnection. */
  create(ports: DriverPorts): Driver;
}

export interface DeviceListener {
  reading(reading: Reading): void;
  lost(): void;
  /** Every fault, for statistics. */
  failed(error: LineFault): void;
  /** A fault worth a log line. */
  fault(error: LineFault, count: number): void;
  recovered(count: number, forMs: number): void;
  notice(notice: Notice): void;
}

export interface SupervisedDevice {
  /** Runs until `signal` aborts. Rejects only on an internal error. */
  run(signal: AbortSignal): Promise<void>;
  /** From now on its points are unknown. Reported once; the next reading re-arms it. */
  lost(): void;
}

export function superviseDevice(device: LineDevice, bus: Bus, clock: Clock, on: DeviceListener): SupervisedDevice {
  const row = createFaultThrottle(clock, on.fault, on.recovered);
  const driver = device.create({ bus, clock, notice: on.notice });
  /** Consecutive attempts without a reading. */
  let emptyAttempts = 0;
  let known = false;
  let unreported = true;

  const lost = (): void => {
    if (!known && !unreported) return;
    known = false;
    unreported = false;
    on.lost();
  };

  /** One run of the driver: its time of reading, or the fault that ended it. */
  async function attempt(
    signal: AbortSignal,
  ): Promise<{ readonly error: unknown; readonly readMs: number | undefined }> {
    let firstMs: number | undefined;
    let lastMs = 0;
    const report = (reading: Reading): void => {
      lastMs = reading.atMs;
      firstMs ??= lastMs;
      known = true;
      if (row.count > 0 && lastMs - firstMs >= RECOVERED_MS) row.over();
      on.reading(reading);
    };
    const error = await driver.run(report, signal).then(
      () => new LinkError('closed', 'the driver ended by itself'),
      (thrown: unknown) => thrown,
    );
    return { error, readMs: firstMs === undefined ? undefined : lastMs - firstMs };
  }

  /** Throws what is no fault of a device. A lost wire is reported once for the line, not for each device on it. */
  function reportFault(error: unknown): void {
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    if (error instanceof LinkError && (error.code === 'gone' || error.code === 'closed')) return;
    on.failed(error);
    row.failed(error);
  }

  /** Before the next attempt; at once after one that read for a while. */
  function waitAfter(readMs: number | undefined): number {
    if (emptyAttempts > 1) return backOffMs(emptyAttempts - 1);
    return readMs === undefined || readMs < SHORT_RUN_MS ? SHORT_RUN_WAIT_MS : 0;
  }

  return {
    lost,
    async run(signal) {
      while (!signal.aborted) {
        const { error, readMs } = await attempt(signal);
        if (signal.aborted) return;
        reportFault(error);
        emptyAttempts = readMs === undefined ? emptyAttempts + 1 : 0;
        if (emptyAttempts >= ATTEMPTS_UNTIL_LOST) lost();
        const waitMs = waitAfter(readMs);
        if (waitMs > 0) await clock.sleep(waitMs, signal);
      }
    },
  };
}
