/**
 * Keeps one line running: opens its port, runs the drivers of its devices, waits after a fault and retries, always with a new port. It
 * decides nothing about readings; it reports when nothing is known any more.
 */
import { setMaxListeners } from 'node:events';
import { type Bus, type Clock, LinkError, ProtocolError, type Reading } from '../driver.ts';
import { backOffMs } from './back-off.ts';
import { createBus, type WireBus } from './bus.ts';
import { createFaultThrottle, type FaultThrottle, type LineFault } from './fault-throttle.ts';
import { createLineGauge, type DeviceGauge, type LineGauge, type LineHealth } from './health.ts';
import type { Port, Transport } from './port-contract.ts';
import { type DeviceListener, type LineDevice, type Notice, superviseDevice } from './supervise-device.ts';
import type { TurnRecord } from './turns.ts';

/** Longest interval of checking for an unplugged adapter; a check costs nothing. */
const LOOK_FOR_PORT_MS = 1_000;
/** A port open for this long is healthy again; a socket when it answers, too. */
const STEADY_MS = 1_000;
const REPORT_EVERY_MS = 60_000;
/** Time for a device to undo something when the line stops; `app.stop` waits for it. */
const UNDO_MS = 1_000;
/** A socket without a single answer for this long is dead, whatever the kernel reports. */
const DEAD_SOCKET_MS = 10_000;

export type { LineFault as Fault } from './fault-throttle.ts';
export type { LineDevice, Notice } from './supervise-device.ts';

/** Without a device it is the wire itself. */
export interface LineSubject {
  readonly lineId: string;
  readonly deviceId?: string;
}

export interface LineListener {
  reading(deviceId: string, reading: Reading): void;
  /** The device's points are unknown until their next reading. Called once per loss, and once when the line stops. */
  lost(deviceId: string): void;
  /** The first of a row at once, then once a minute; `count` since the row began. Meant for the log. */
  fault(subject: LineSubject, error: LineFault, count: number): void;
  /** End of the row: after `count` faults and `forMs` since the first. */
  recovered(subject: LineSubject, count: number, forMs: number): void;
  notice?(subject: LineSubject, notice: Notice): void;
  /** A poll came later than twice its interval. */
  late?(deviceId: string): void;
  /** Health of the line and its devices, once a minute. */
  health?(health: LineHealth): void;
}

export interface LineOptions {
  readonly lineId: string;
  readonly transport: Transport;
  readonly listenOnly?: boolean;
  readonly devices: readonly LineDevice[];
  readonly clock: Clock;
  /** Opens a new port at each call; rejects with LinkError, at once when `signal` aborts. */
  readonly open: (signal: AbortSignal) => Promise<Port>;
  readonly on: LineListener;
  /** Collects the health figures, readable between two reports. */
  readonly gauge?: LineGauge;
}

/** Runs until `signal` aborts, then closes the port, reports `lost` for every device and returns. Rejects only on an internal error. */
export async function superviseLine(options: LineOptions, signal: AbortSignal): Promise<void> {
  const { clock, lineId, on } = options;
  const gauge = options.gauge ?? createLineGauge(clock, lineId);
  const row = createFaultThrottle(
    clock,
    (error, count) => on.fault({ lineId }, error, count),
    (count, forMs) => on.recovered({ lineId }, count, forMs),
  );
  let wire: WireBus | undefined;
  const devices = options.devices.map((device) => {
    const { everyMs } = device;
    const plan = everyMs === undefined ? undefined : { everyMs, late: () => on.late?.(device.id) };
    const figures = gauge.device(device.id, plan);
    const bus = steadyBus(options.transport, () => wire, figures.turn);
    return superviseDevice(device, bus, clock, deviceListener(device.id, figures, options));
  });

  /** One port from opening to closing. */
  async function once(): Promise<LineFault> {
    const opened = createBus(await options.open(signal), { clock, listenOnly: options.listenOnly ?? false });
    wire = opened;
    gauge.opened();
    const over = new AbortController();
    // Every device of the wire adds a listener.
    setMaxListeners(0, over.signal);
    const stop = (): void => {
      over.abort();
      // Rejects open turns now, not after their timeout.
      void opened.close();
    };
    const runs = devices.map((device) => device.run(over.signal));
    const undoing = runs.filter((_, index) => options.devices[index]?.undoesAtStop);
    const stopGently = (): void => {
      if (undoing.length === 0) stop();
      else {
        over.abort();
        void Promise.race([Promise.allSettled(undoing), clock.sleep(UNDO_MS)]).then(stop);
      }
    };
    if (signal.aborted) stopGently();
    signal.addEventListener('abort', stopGently, { once: true });
    void opened.closed.then(stop);
    const work = [...runs, watch(opened, options, row, over.signal), aborted(over.signal)];
    try {
      await Promise.all(work);
    } finally {
      // Also after an internal error of a driver: nothing may transmit on an unsupervised wire.
      stop();
      signal.removeEventListener('abort', stopGently);
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

function deviceListener(deviceId: string, figures: DeviceGauge, { lineId, on }: LineOptions): DeviceListener {
  const subject = { lineId, deviceId };
  return {
    reading: (reading) => {
      figures.reading(reading);
      on.reading(deviceId, reading);
    },
    lost: () => {
      figures.lost();
      on.lost(deviceId);
    },
    failed: figures.fault,
    fault: (error, count) => on.fault(subject, error, count),
    recovered: (count, forMs) => on.recovered(subject, count, forMs),
    notice: (notice) => {
      figures.notice(notice);
      on.notice?.(subject, notice);
    },
  };
}

/** The same bus for a driver's whole life, whatever port is behind it. */
function steadyBus(transport: Transport, now: () => WireBus | undefined, onTurn: (record: TurnRecord) => void): Bus {
  const open = (): WireBus => {
    const wire = now();
    if (wire === undefined) throw new LinkError('closed', 'the line is not open');
    return wire;
  };
  return {
    transport,
    exchange: async (request, decode, timeoutMs, gapMs) => open().exchange(request, decode, timeoutMs, gapMs, onTurn),
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

async function watch(wire: WireBus, options: LineOptions, row: FaultThrottle, signal: AbortSignal): Promise<void> {
  do {
    await options.clock.sleep(STEADY_MS, signal);
    if (signal.aborted) return;
    // A serial server takes the connection whatever is behind it: only an answer ends the row.
    if (wire.transport === 'serial' || wire.unansweredMs() < STEADY_MS / 2) row.over();
    if (wire.unansweredMs() > DEAD_SOCKET_MS)
      await wire.close(new LinkError('gone', `no byte received in ${DEAD_SOCKET_MS / 1_000} s`));
  } while (wire.transport !== 'serial');
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** 0.8 … 1.2: the boxes of a park must not reconnect to one serial server at the same time. */
const jitter = (): number => 0.8 + Math.random() * 0.4;
