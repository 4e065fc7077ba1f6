/**
 * Keeps one line running: opens its port, runs the drivers of its devices, waits after a fault and tries again, always with a new port.
 * It decides nothing about readings; it says when nothing is known any more.
 */
import { setMaxListeners } from 'node:events';
import { type Bus, type Clock, LinkError, ProtocolError, type Reading } from '../driver.ts';
import { createBus, type WireBus } from './bus.ts';
import { type LineDevice, type Notice, superviseDevice } from './device.ts';
import { backOffMs, createFaultRow, type FaultRow, type LineFault } from './fault-row.ts';
import { createLineGauge, type LineGauge, type LineHealth } from './health.ts';
import type { Port, Transport } from './port.ts';
import type { TurnRecord } from './turns.ts';

/** An adapter that is pulled is looked for at least this often; asking for a file costs nothing. */
const LOOK_FOR_PORT_MS = 1_000;
/** A port that stayed open for this long is well again. */
const STEADY_MS = 1_000;
const REPORT_EVERY_MS = 60_000;
/** What a device has to undo when the line is told to stop takes no longer; `app.stop` waits for it. */
const LAST_WORD_MS = 1_000;
/** A socket on which everything is asked in vain for this long is dead, whatever the kernel thinks of it. */
const DEAD_SOCKET_MS = 10_000;

export type { LineDevice, Notice } from './device.ts';
export type { LineFault as Fault } from './fault-row.ts';

/** Who is meant. Without a device it is the wire itself. */
export interface LineSubject {
  readonly lineId: string;
  readonly deviceId?: string;
}

export interface LineListener {
  reading(deviceId: string, reading: Reading): void;
  /** Nothing is known of this device's points until their next reading. Told once per loss, and once when the line stops. */
  lost(deviceId: string): void;
  /** At once for the first of a row, then once a minute; `count` since the row began. To be logged as it comes. */
  fault(subject: LineSubject, error: LineFault, count: number): void;
  /** The row is over: after `count` faults and `forMs` since the first. */
  recovered(subject: LineSubject, count: number, forMs: number): void;
  notice?(subject: LineSubject, notice: Notice): void;
  /** Once a minute: how the line and its devices are doing. */
  health?(health: LineHealth): void;
}

export interface LineOptions {
  readonly lineId: string;
  readonly transport: Transport;
  readonly listenOnly?: boolean;
  readonly devices: readonly LineDevice[];
  readonly clock: Clock;
  /** Opens a new port each time it is called; rejects with LinkError, at once when `signal` aborts. */
  readonly open: (signal: AbortSignal) => Promise<Port>;
  readonly on: LineListener;
  /** Counts how the line is doing, for whoever wants to look between the reports. */
  readonly gauge?: LineGauge;
}

/** Runs until `signal` aborts, then closes the port, says `lost` for every device and returns. Rejects only for a mistake of our own. */
export async function superviseLine(options: LineOptions, signal: AbortSignal): Promise<void> {
  const { clock, lineId, on } = options;
  const gauge = options.gauge ?? createLineGauge(clock, lineId);
  const row = createFaultRow(
    clock,
    (error, count) => on.fault({ lineId }, error, count),
    (count, forMs) => on.recovered({ lineId }, count, forMs),
  );
  let wire: WireBus | undefined;
  const devices = options.devices.map((device) => {
    const subject = { lineId, deviceId: device.id };
    const figures = gauge.device(device.id);
    const bus = steadyBus(options.transport, () => wire, figures.turn);
    return superviseDevice(device, bus, clock, {
      reading: (reading) => {
        figures.reading(reading);
        on.reading(device.id, reading);
      },
      lost: () => {
        figures.lost();
        on.lost(device.id);
      },
      failed: figures.fault,
      fault: (error, count) => on.fault(subject, error, count),
      recovered: (count, forMs) => on.recovered(subject, count, forMs),
      notice: (notice) => on.notice?.(subject, notice),
    });
  });

  /** One port from opening to closing. */
  async function once(): Promise<LineFault> {
    const opened = createBus(await options.open(signal), { clock, listenOnly: options.listenOnly ?? false });
    wire = opened;
    gauge.opened();
    const over = new AbortController();
    // Every device of the wire listens to it.
    setMaxListeners(0, over.signal);
    const stop = (): void => {
      over.abort();
      // What is under way is rejected now, not after its time-out.
      void opened.close();
    };
    const runs = devices.map((device) => device.run(over.signal));
    const withLastWord = runs.filter((_, index) => options.devices[index]?.lastWord);
    const told = (): void => {
      if (withLastWord.length === 0) stop();
      else {
        over.abort();
        void Promise.race([Promise.allSettled(withLastWord), clock.sleep(LAST_WORD_MS)]).then(stop);
      }
    };
    if (signal.aborted) told();
    signal.addEventListener('abort', told, { once: true });
    void opened.closed.then(stop);
    const work = [...runs, watch(opened, options, row, over.signal), aborted(over.signal)];
    try {
      await Promise.all(work);
    } finally {
      // Also when a driver threw a mistake of its own: nobody may go on talking on a wire nobody looks after.
      stop();
      signal.removeEventListener('abort', told);
      wire = undefined;
      gauge.closed();
      await opened.close();
      await Promise.allSettled(work);
    }
    return opened.closed;
  }

  const ended = new AbortController();
  const running = reports(gauge, options, AbortSignal.any([signal, ended.signal]));
  try {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const openedMs = clock.nowMs();
      const error: unknown = await once().catch((thrown: unknown) => thrown);
      for (const device of devices) device.lost();
      if (signal.aborted) return;
      if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
      if (clock.nowMs() - openedMs > STEADY_MS) attempt = 1;
      gauge.fault(error);
      row.failed(error);
      const missing = error instanceof LinkError && (error.code === 'notFound' || error.code === 'gone');
      await clock.sleep(backOffMs(attempt, missing ? LOOK_FOR_PORT_MS : undefined) * jitter(), signal);
    }
  } finally {
    ended.abort();
    await running;
    for (const device of devices) device.lost();
  }
}

/** The same bus for a driver's whole life, whatever port is behind it at the moment. */
function steadyBus(transport: Transport, now: () => WireBus | undefined, told: (record: TurnRecord) => void): Bus {
  const open = (): WireBus => {
    const wire = now();
    if (wire === undefined) throw new LinkError('closed', 'the line is not open');
    return wire;
  };
  return {
    transport,
    exchange: async (request, decode, timeoutMs, gapMs) => open().exchange(request, decode, timeoutMs, gapMs, told),
    async *frames(decode, signal) {
      yield* open().frames(decode, signal);
    },
  };
}

async function reports(gauge: LineGauge, { clock, on }: LineOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(REPORT_EVERY_MS, signal);
    if (signal.aborted) return;
    on.health?.(gauge.report());
  }
}

async function watch(wire: WireBus, options: LineOptions, row: FaultRow, signal: AbortSignal): Promise<void> {
  await options.clock.sleep(STEADY_MS, signal);
  if (!signal.aborted) row.over();
  while (!signal.aborted && wire.transport !== 'serial') {
    await options.clock.sleep(STEADY_MS, signal);
    if (!signal.aborted && wire.unansweredMs() > DEAD_SOCKET_MS) {
      await wire.close(new LinkError('gone', `no byte came in ${DEAD_SOCKET_MS / 1_000} s`));
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** 0.8 … 1.2: the boxes of a park must not knock on one serial server together. */
const jitter = (): number => 0.8 + Math.random() * 0.4;
