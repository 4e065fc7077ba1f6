/**
 * One device of a line: runs its driver, runs it again after a fault, and says when its points are no longer known.
 * A device that is silent costs the others its turns and nothing more.
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
import { backOffMs, createFaultRow, type LineFault } from './fault-row.ts';

/** One lost answer is no lost device; the second attempt that gives nothing is. */
const ATTEMPTS_UNTIL_LOST = 2;
/** A driver that reads and fails at once would otherwise fill the wire. */
const SHORT_RUN_MS = 1_000;
const SHORT_RUN_WAIT_MS = 100;
/** Reading without a fault for this long ends a row of faults. */
const RECOVERED_MS = 5_000;

export type Notice = Parameters<NonNullable<DriverPorts['notice']>>[0];

export interface LineDevice {
  readonly id: string;
  /** It has something to undo before the wire is closed: it gets the time for it when the line is told to stop. */
  readonly lastWord?: boolean;
  /** Called once: the driver lives as long as the line, so that it can count across a reconnection. */
  create(ports: DriverPorts): Driver;
}

export interface DeviceListener {
  reading(reading: Reading): void;
  lost(): void;
  /** Every fault, for whoever counts. */
  failed(error: LineFault): void;
  /** A fault worth a line of the log. */
  fault(error: LineFault, count: number): void;
  recovered(count: number, forMs: number): void;
  notice(notice: Notice): void;
}

export interface SupervisedDevice {
  /** Runs until `signal` aborts. Rejects only for a mistake of our own. */
  run(signal: AbortSignal): Promise<void>;
  /** Its points are not known from now on. Told on once until the next reading. */
  lost(): void;
}

export function superviseDevice(device: LineDevice, bus: Bus, clock: Clock, on: DeviceListener): SupervisedDevice {
  const row = createFaultRow(clock, on.fault, on.recovered);
  const driver = device.create({ bus, clock, notice: on.notice });
  /** Attempts in a row that gave no reading. */
  let emptyAttempts = 0;
  let known = false;
  let neverTold = true;

  const lost = (): void => {
    if (!known && !neverTold) return;
    known = false;
    neverTold = false;
    on.lost();
  };

  /** One run of the driver. How long it has been reading, or what stopped it. */
  async function attempt(
    signal: AbortSignal,
  ): Promise<{ readonly error: unknown; readonly readMs: number | undefined }> {
    let firstMs: number | undefined;
    let lastMs = 0;
    const report = (reading: Reading): void => {
      lastMs = clock.nowMs();
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

  return {
    lost,
    async run(signal) {
      while (!signal.aborted) {
        const { error, readMs } = await attempt(signal);
        if (signal.aborted) return;
        if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
        emptyAttempts = readMs === undefined ? emptyAttempts + 1 : 0;
        // The wire itself is gone: that is told once for the line, not for each device on it.
        if (!(error instanceof LinkError && (error.code === 'gone' || error.code === 'closed'))) {
          on.failed(error);
          row.failed(error);
        }
        if (emptyAttempts >= ATTEMPTS_UNTIL_LOST) lost();
        if (emptyAttempts > 1) await clock.sleep(backOffMs(emptyAttempts - 1), signal);
        else if (readMs === undefined || readMs < SHORT_RUN_MS) await clock.sleep(SHORT_RUN_WAIT_MS, signal);
      }
    },
  };
}
