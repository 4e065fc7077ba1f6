/** Health of a line and its devices, in figures an installer can judge the wiring by. It only counts and decides nothing. */
import type { Clock, DriverNotice, LinkCode, ProtocolCode, Reading, Unproven } from '../driver.ts';
import type { LineFault } from './fault-throttle.ts';
import type { TurnRecord } from './turns.ts';

/** Weight of a new value in a smoothed one. */
const WEIGHT = 0.1;

export type DeviceFaultCode = LinkCode | ProtocolCode;

export interface DeviceHealth {
  readonly deviceId: string;
  /** `unknown`: no reading since the start or since it was lost. */
  readonly state: 'reading' | 'unknown';
  /** Since its last reading; undefined: none so far. */
  readonly silentMs?: number;
  /** Turns taken and faults by kind, since the start. */
  readonly turns: number;
  readonly faults: Readonly<Partial<Record<DeviceFaultCode, number>>>;
  /** Interval between two readings of one point, smoothed; and the longest since the last report. */
  readonly roundMs?: number;
  readonly longestRoundMs?: number;
  /** Response time of the device, smoothed; and the longest since the last report. */
  readonly turnaroundMs?: number;
  readonly longestTurnaroundMs?: number;
  /** Its share of the time since the last report. */
  readonly wireShare: number;
  /** Empty as a rule: it is read all the same. */
  readonly unproven: readonly Unproven[];
}

export interface LineHealth {
  readonly lineId: string;
  /** false: its devices have no wire (contacts of this machine, inputs of cameras); figures of the wire mean nothing. */
  readonly wired: boolean;
  readonly open: boolean;
  /** Times the port was opened, and faults of the wire itself by kind, since the start. */
  readonly openings: number;
  readonly faults: Readonly<Partial<Record<DeviceFaultCode, number>>>;
  /** Share of all turns in the time since the last report. */
  readonly wireShare: number;
  readonly devices: readonly DeviceHealth[];
}

export interface DeviceGauge {
  turn(record: TurnRecord): void;
  reading(reading: Reading): void;
  fault(error: LineFault): void;
  notice(notice: DriverNotice): void;
  lost(): void;
}

/** A poll is late when two readings of one point lie further apart than twice the interval of the device. */
export interface PollPlan {
  readonly everyMs: number;
  late(): void;
}

export interface LineGauge {
  /** `plan`: of a device that is polled. */
  device(deviceId: string, plan?: PollPlan): DeviceGauge;
  opened(): void;
  closed(): void;
  fault(error: LineFault): void;
  /** The current figures. */
  current(): LineHealth;
  /** The current figures; restarts shares and maxima. */
  report(): LineHealth;
  /**
   * For a watchdog: time since the last sign that the line's loop is running, and those of the devices in `polled` while it is open. A
   * turn without an answer and a port that does not open are signs too: the loop is retrying.
   */
  quietMs(polled: ReadonlySet<string>): number;
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
  const current = (): LineHealth => {
    const forMs = Math.max(1, clock.nowMs() - reportedMs);
    const all = [...devices.values()].map((device) => device.current(forMs));
    const wireShare = all.reduce((sum, device) => sum + device.wireShare, 0);
    return { lineId, wired, open, openings, faults: { ...faults }, wireShare, devices: all };
  };
  return {
    current,
    device(deviceId, plan) {
      const gauge = createDeviceGauge(clock, deviceId, plan);
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
    quietMs(polled) {
      const nowMs = clock.nowMs();
      // The devices drive an open line; a closed one drives itself.
      if (!open) return nowMs - movedMs;
      const movedAtMs = [...devices]
        .filter(([id]) => polled.has(id))
        .map(([, device]) => Math.max(movedMs, device.movedMs()));
      return nowMs - Math.min(nowMs, ...movedAtMs);
    },
    report() {
      const health = current();
      for (const device of devices.values()) device.begin();
      reportedMs = clock.nowMs();
      return health;
    },
  };
}

/** A repeated measurement: smoothed mean and maximum. */
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
  plan: PollPlan | undefined,
): DeviceGauge & { current(forMs: number): DeviceHealth; begin(): void; movedMs(): number } {
  const faults: Partial<Record<DeviceFaultCode, number>> = {};
  const round = createSmoothed();
  const turnaround = createSmoothed();
  let turns = 0;
  let occupiedMs = 0;
  let known = false;
  let lastMs: number | undefined;
  /** The point whose interval is measured: the first one reported. */
  let timed: string | undefined;
  let timedMs: number | undefined;
  let unproven: readonly Unproven[] = [];
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
      // Its own time: a clock read for each point of each poll would cost more than all else here.
      movedMs = Math.max(movedMs, atMs);
      known = true;
      lastMs = atMs;
      timed ??= point;
      if (point !== timed) return;
      if (timedMs !== undefined && atMs > timedMs) {
        round.add(atMs - timedMs);
        if (plan !== undefined && atMs - timedMs > 2 * plan.everyMs) plan.late();
      }
      timedMs = atMs;
    },
    fault: ({ code }) => {
      moved();
      faults[code] = (faults[code] ?? 0) + 1;
    },
    notice(notice) {
      if (notice.kind === 'unproven') unproven = notice.what;
    },
    lost() {
      known = false;
      timedMs = undefined;
    },
    current(forMs) {
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
        unproven,
      };
    },
    begin() {
      occupiedMs = 0;
      round.begin();
      turnaround.begin();
    },
  };
}
