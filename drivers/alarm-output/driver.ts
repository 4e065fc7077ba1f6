/**
 * A lamp or a siren on one relay: on for a while when something happened that it is configured for, then off by itself. The only kind of
 * device that switches anything. Off unless `enabled` says otherwise; then it sends not a byte. It knows no barrier, and the
 * configuration is refused where its board could be one's (src/config/wires.ts).
 */
import { z } from 'zod';
import type { AlarmCause, Driver, DriverKind, DriverPorts, Reading } from '../../src/driver.ts';
import { BOARD_NAMES, BOARDS } from './boards.ts';
import { createAlarmRelay } from './relay.ts';

export const VERDICTS = ['manual', 'automatic', 'tailgating', 'heldOpen', 'wrongWay', 'ranBarrier', 'unknown'] as const;
export const ALARMS = [
  'barrierStuck',
  'barrierFault',
  'barrierUnknown',
  'loopStuck',
  'ranBarrier',
  'heldOpen',
  'pointsLost',
] as const;

const alarmOutput = z.strictObject({
  /** Without it nothing is ever sent. */
  enabled: z.boolean().default(false),
  board: z.enum(BOARD_NAMES),
  /** The board's address on the wire; no other device may have it. */
  unit: z.int().min(1).max(247),
  /** As printed on the board. */
  relay: z.int().min(1).max(8),
  /** It is on for this long, whatever happens meanwhile. */
  onMs: z.int().min(100).max(60_000).default(3_000),
  /** Unpaid releases of these verdicts sound it. */
  releases: z.array(z.enum(VERDICTS)).default([...VERDICTS]),
  /** Alarms that begin sound it. */
  alarms: z.array(z.enum(ALARMS)).default([]),
  /** Of this lane only. */
  lane: z.string().min(1).max(40).optional(),
  /** How often the relay is looked at while nothing happens. */
  pollMs: z.int().min(20).max(60_000).default(1_000),
  timeoutMs: z.int().min(10).max(1_000).default(200),
});

export type AlarmOutput = z.infer<typeof alarmOutput>;

/** What happened longer ago is not sounded for: nobody could tell what it is about. */
const FRESH_MS = 5_000;
/** Before it is left to the next run, which begins by switching off. */
const OFF_ATTEMPTS = 3;

export const alarmOutputKind: DriverKind<AlarmOutput> = {
  kind: 'alarm-output',
  output: true,
  schema: alarmOutput,
  laneKeys: ['lane'],
  create: createAlarmOutput,
  wireUse: ({ enabled, pollMs }) =>
    enabled
      ? { everyMs: pollMs, turns: [{ requestBytes: 8, answerBytes: 6, turnaroundMs: 5, gapMs: 0 }], tellsChanges: true }
      : undefined,
};

export function createAlarmOutput(config: AlarmOutput, { bus, clock, alarms }: DriverPorts): Driver {
  const { unit, relay: number, timeoutMs, pollMs, onMs } = config;
  const relay = createAlarmRelay(bus, { board: BOARDS[config.board], unit, relay: number, timeoutMs });
  /** When what is to be sounded for happened; the newest stands for all. */
  let happenedMs: number | undefined;
  let wake = new AbortController();
  alarms?.((cause) => {
    if (!config.enabled || !isFor(config, cause)) return;
    happenedMs = clock.nowMs();
    wake.abort();
  });

  async function turnOff(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await relay.turn(false);
      } catch (error) {
        if (attempt === OFF_ATTEMPTS) throw error;
      }
    }
  }

  async function watch(report: (reading: Reading) => void, signal: AbortSignal): Promise<void> {
    const tell = (value: boolean, sinceMs: number): void => {
      const atMs = clock.nowMs();
      report({ kind: 'level', point: 'sounding', value, atMs, uncertaintyMs: atMs - sinceMs });
    };
    async function look(): Promise<void> {
      const askedMs = clock.nowMs();
      const isOn = await relay.isOn();
      if (!signal.aborted) tell(isOn, askedMs);
    }
    /** On for `onMs`, or until the program stops, and off again whatever went wrong: also when nobody knows whether it went on. */
    async function sound(): Promise<void> {
      try {
        const beganMs = clock.nowMs();
        await relay.turn(true);
        tell(true, beganMs);
        const untilMs = clock.nowMs() + onMs;
        for (let leftMs = onMs; leftMs > 0 && !signal.aborted; leftMs = untilMs - clock.nowMs()) {
          await clock.sleep(Math.min(pollMs, leftMs), signal);
          // It is looked at meanwhile as always: who minds this line must see that somebody does.
          if (!signal.aborted && clock.nowMs() < untilMs) await look();
        }
      } finally {
        const beganMs = clock.nowMs();
        await turnOff();
        tell(false, beganMs);
      }
    }

    await relay.mustBeOurs();
    // A program that died while it sounded, or a wire that went away, left it on.
    if (await relay.isOn()) await turnOff();
    tell(false, clock.nowMs());
    while (!signal.aborted) {
      const freshMs = happenedMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs() - happenedMs;
      happenedMs = undefined;
      if (freshMs <= FRESH_MS) {
        // Once more each time: boards are exchanged and set anew while a program runs.
        await relay.mustBeOurs();
        await sound();
        // What happened while it sounded has been sounded for.
        happenedMs = undefined;
        continue;
      }
      wake = new AbortController();
      await clock.sleep(pollMs, wake.signal);
      if (!signal.aborted && happenedMs === undefined) await look();
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
