/** How a line and its devices are doing, in figures a person can judge a wiring by. It only counts: nothing is decided by it. */
import type { Clock, LinkCode, ProtocolCode, Reading } from '../driver.ts';
import type { LineFault } from './fault-row.ts';
import type { TurnRecord } from './turns.ts';

/** How much a new value moves a smoothed one. */
const WEIGHT = 0.1;

export type DeviceFaultCode = LinkCode | ProtocolCode;

export interface DeviceHealth {
  readonly deviceId: string;
  /** `unknown`: it has given no reading since the start or since it was lost. */
  readonly state: 'reading' | 'unknown';
  /** Since its last reading; undefined: there was none. */
  readonly silentMs?: number;
  /** Turns taken and faults by kind, since the start. */
  readonly turns: number;
  readonly faults: Readonly<Partial<Record<DeviceFaultCode, number>>>;
  /** From one look at a point to the next, smoothed; and the longest since the last report. */
  readonly roundMs?: number;
  readonly longestRoundMs?: number;
  /** What it takes to think, smoothed; and the longest since the last report. */
  readonly turnaroundMs?: number;
  readonly longestTurnaroundMs?: number;
  /** Its part of the time since the last report. */
  readonly wireShare: number;
}

export interface LineHealth {
  readonly lineId: string;
  /** false: its devices hang on no wire (contacts of this machine, inputs of cameras), and what is told of the wire means nothing. */
  readonly wired: boolean;
  readonly open: boolean;
  /** Times the port was opened, and faults of the wire itself by kind, since the start. */
  readonly openings: number;
  readonly faults: Readonly<Partial<Record<DeviceFaultCode, number>>>;
  /** All turns together, as a part of the time since the last report. */
  readonly wireShare: number;
  readonly devices: readonly DeviceHealth[];
}

export interface DeviceGauge {
  turn(record: TurnRecord): void;
  reading(reading: Reading): void;
  fault(error: LineFault): void;
  lost(): void;
}

export interface LineGauge {
  device(deviceId: string): DeviceGauge;
  opened(): void;
  closed(): void;
  fault(error: LineFault): void;
  /** The figures now. */
  look(): LineHealth;
  /** The figures now, and the shares and longest times begin again. */
  report(): LineHealth;
  /**
   * For a watchdog: since the last sign that the loop of the line is running, and those of the devices in `asking` while it is open. A turn
   * without an answer and a port that does not open are such signs: they say that somebody goes on trying.
   */
  quietMs(asking: ReadonlySet<string>): number;
}

export function createLineGauge(clock: Clock, lineId: string, wired = true): LineGauge {
  const devices = new Map<string, ReturnType<typeof createDeviceGauge>>();
  const faults: Partial<Record<DeviceFaultCode, number>> = {};
  let openings = 0;
  let open = false;
  let reportedMs = clock.nowMs();
  let movedMs = reportedMs;
  const moved = (): void => {
    movedMs = clock.nowMs();
  };
  const look = (): LineHealth => {
    const forMs = Math.max(1, clock.nowMs() - reportedMs);
    const all = [...devices.values()].map((device) => device.look(forMs));
    const wireShare = all.reduce((sum, device) => sum + device.wireShare, 0);
    return { lineId, wired, open, openings, faults: { ...faults }, wireShare, devices: all };
  };
  return {
    look,
    device(deviceId) {
      const gauge = createDeviceGauge(clock, deviceId);
      devices.set(deviceId, gauge);
      return gauge;
    },
    opened() {
      moved();
      open = true;
      openings += 1;
    },
    closed() {
      moved();
      open = false;
    },
    fault: ({ code }) => {
      moved();
      faults[code] = (faults[code] ?? 0) + 1;
    },
    quietMs(asking) {
      const nowMs = clock.nowMs();
      // A line that is open waits for its devices, and a closed one for itself.
      if (!open) return nowMs - movedMs;
      const asked = [...devices]
        .filter(([id]) => asking.has(id))
        .map(([, device]) => Math.max(movedMs, device.movedMs()));
      return nowMs - Math.min(nowMs, ...asked);
    },
    report() {
      const health = look();
      for (const device of devices.values()) device.begin();
      reportedMs = clock.nowMs();
      return health;
    },
  };
}

/** A value that comes again and again: smoothed, and the largest. */
function createSmoothed() {
  let mean: number | undefined;
  let longest: number | undefined;
  return {
    add(value: number): void {
      mean = mean === undefined ? value : mean + (value - mean) * WEIGHT;
      longest = Math.max(longest ?? value, value);
    },
    mean: () => mean,
    longest: () => longest,
    begin(): void {
      longest = undefined;
    },
  };
}

function createDeviceGauge(
  clock: Clock,
  deviceId: string,
): DeviceGauge & { look(forMs: number): DeviceHealth; begin(): void; movedMs(): number } {
  const faults: Partial<Record<DeviceFaultCode, number>> = {};
  const round = createSmoothed();
  const turnaround = createSmoothed();
  let turns = 0;
  let occupiedMs = 0;
  let known = false;
  let lastMs: number | undefined;
  /** The point whose looks are timed: the first that was reported. */
  let timed: string | undefined;
  let timedMs: number | undefined;
  let movedMs = clock.nowMs();
  const moved = (): void => {
    movedMs = clock.nowMs();
  };
  return {
    movedMs: () => movedMs,
    turn(record) {
      moved();
      turns += 1;
      occupiedMs += record.occupiedMs;
      if (record.turnaroundMs !== undefined) turnaround.add(record.turnaroundMs);
    },
    reading({ point, atMs }) {
      moved();
      known = true;
      lastMs = atMs;
      timed ??= point;
      if (point !== timed) return;
      if (timedMs !== undefined && atMs > timedMs) round.add(atMs - timedMs);
      timedMs = atMs;
    },
    fault: ({ code }) => {
      moved();
      faults[code] = (faults[code] ?? 0) + 1;
    },
    lost() {
      known = false;
      timedMs = undefined;
    },
    look(forMs) {
      const roundMs = round.mean();
      const turnaroundMs = turnaround.mean();
      return {
        deviceId,
        state: known ? 'reading' : 'unknown',
        ...(lastMs !== undefined && { silentMs: clock.nowMs() - lastMs }),
        turns,
        faults: { ...faults },
        ...(roundMs !== undefined && { roundMs, longestRoundMs: round.longest() ?? roundMs }),
        ...(turnaroundMs !== undefined && { turnaroundMs, longestTurnaroundMs: turnaround.longest() ?? turnaroundMs }),
        wireShare: occupiedMs / forMs,
      };
    },
    begin() {
      occupiedMs = 0;
      round.begin();
      turnaround.begin();
    },
  };
}
