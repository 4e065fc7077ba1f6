/**
 * A lamp or siren on one relay: on for a while when a configured event happens, then off by itself. The only kind of device that
 * switches anything; unless `enabled`, it sends no byte. It knows no barrier: src/config/wires.ts refuses a configuration in which its
 * board could be one's.
 */
import { z } from 'zod';
import type { AlarmCause, Driver, DriverKind, DriverPorts, Reading } from '../../src/driver.ts';
import { ALARM_KINDS, VERDICTS } from '../../src/kinds.ts';
import { BOARD_NAMES, BOARDS } from './boards.ts';
import { type AlarmRelay, createAlarmRelay } from './relay.ts';

const alarmOutput = z.strictObject({
  /** Off: nothing is ever sent. */
  enabled: z.boolean().default(false),
  board: z.enum(BOARD_NAMES),
  /** The board's Modbus address; no other device on the wire may have it. */
  unit: z.int().min(1).max(247),
  /** As printed on the board. */
  relay: z.int().min(1).max(8),
  /** On-time of the relay; causes meanwhile do not extend it. */
  onMs: z.int().min(100).max(60_000).default(3_000),
  /** Verdicts of unpaid releases that trigger it. */
  releases: z.array(z.enum(VERDICTS)).default([...VERDICTS]),
  /** Alarms whose start triggers it. */
  alarms: z.array(z.enum(ALARM_KINDS)).default([]),
  /** Restricts the causes to one lane. */
  lane: z.string().min(1).max(40).optional(),
  /** Poll interval of the relay while idle. */
  pollMs: z.int().min(20).max(60_000).default(1_000),
  timeoutMs: z.int().min(10).max(1_000).default(200),
});

export type AlarmOutput = z.infer<typeof alarmOutput>;

/** Older causes do not trigger: the sound would no longer point to its event. */
const FRESH_MS = 5_000;
/** After these the relay is left to the next run, which starts by switching it off. */
const OFF_ATTEMPTS = 3;

export const alarmOutputKind: DriverKind<AlarmOutput> = {
  kind: 'alarm-output',
  output: true,
  schema: alarmOutput,
  laneKeys: ['lane'],
  create: createAlarmOutput,
  wireUse: ({ enabled, pollMs }) =>
    enabled
      ? {
          everyMs: pollMs,
          turns: [{ requestBytes: 8, answerBytes: 6, turnaroundMs: 5, gapMs: 0 }],
          reportsChanges: true,
        }
      : undefined,
};

export function createAlarmOutput(config: AlarmOutput, { bus, clock, alarms, maySwitch }: DriverPorts): Driver {
  const { unit, relay: number, timeoutMs, pollMs, onMs } = config;
  const relay = createAlarmRelay(bus, { board: BOARDS[config.board], unit, relay: number, timeoutMs });
  /** Time of the newest pending cause; one activation covers all of them. */
  let happenedMs: number | undefined;
  let wake = new AbortController();
  alarms?.((cause) => {
    if (!config.enabled || !isFor(config, cause)) return;
    happenedMs = clock.nowMs();
    wake.abort();
  });

  async function watch(report: (reading: Reading) => void, signal: AbortSignal): Promise<void> {
    const reportLevel = (value: boolean, sinceMs: number): void => {
      const atMs = clock.nowMs();
      report({ kind: 'level', point: 'sounding', value, atMs, uncertaintyMs: atMs - sinceMs });
    };
    async function poll(): Promise<void> {
      const askedMs = clock.nowMs();
      const isOn = await relay.isOn();
      if (!signal.aborted) reportLevel(isOn, askedMs);
    }
    /** On for `onMs` or until the program stops, then off, whatever failed: also when the outcome of switching on is unknown. */
    async function sound(): Promise<void> {
      try {
        const beganMs = clock.nowMs();
        await relay.turn(true);
        reportLevel(true, beganMs);
        const untilMs = clock.nowMs() + onMs;
        for (let leftMs = onMs; leftMs > 0 && !signal.aborted; leftMs = untilMs - clock.nowMs()) {
          await clock.sleep(Math.min(pollMs, leftMs), signal);
          // Polling continues, so that the line supervision sees a live device.
          if (!signal.aborted && clock.nowMs() < untilMs) await poll();
        }
      } finally {
        const beganMs = clock.nowMs();
        await turnOff(relay);
        reportLevel(false, beganMs);
      }
    }

    await relay.mustBeOurs();
    // A crash while it was on, or a lost wire, leaves the relay on.
    if (await relay.isOn()) await turnOff(relay);
    reportLevel(false, clock.nowMs());
    while (!signal.aborted) {
      const freshMs = happenedMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - happenedMs;
      happenedMs = undefined;
      if (freshMs <= FRESH_MS) {
        // Checked before each activation: boards are exchanged and reconfigured while the program runs.
        await relay.mustBeOurs();
        if (maySwitch?.() !== false) await sound();
        // Causes that arrived during the activation are covered by it.
        happenedMs = undefined;
        continue;
      }
      wake = new AbortController();
      await clock.sleep(pollMs, wake.signal);
      if (!signal.aborted && happenedMs === undefined) await poll();
    }
  }

  return {
    points: ['sounding'],
    async run(report, signal) {
      if (!config.enabled) return untilAborted(signal);
      const stop = (): void => wake.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await watch(report, signal);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

async function turnOff(relay: AlarmRelay): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await relay.turn(false);
    } catch (error) {
      if (attempt === OFF_ATTEMPTS) throw error;
    }
  }
}

function isFor({ lane, releases, alarms }: AlarmOutput, cause: AlarmCause): boolean {
  if (lane !== undefined && lane !== cause.laneId) return false;
  const named: readonly string[] = cause.kind === 'release' ? releases : alarms;
  return named.includes(cause.what);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
