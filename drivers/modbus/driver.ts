/**
 * The driver of every Modbus board: identifies the board, then polls its blocks at a fixed interval. Its profile gives the registers
 * their meaning; it cannot write, and it ends at the first fault.
 */
import { z } from 'zod';
import type { Driver, DriverKind, DriverPorts, Reading } from '../../src/driver.ts';
import { type PlannedRead, type PointReading, planReads, profilePoints, readingsOf } from './blocks.ts';
import { createBoardChecks } from './board-checks.ts';
import { createCounting } from './counting.ts';
import { createFrameDescriber } from './describe-frames.ts';
import { answerBytes, REQUEST_BYTES } from './frame.ts';
import { createMaster } from './master.ts';
import { isCounting, type ModbusProfile, modbusProfile } from './profile.ts';
import { modbusSearch } from './search.ts';

const modbusDevice = z.strictObject({
  /** The board's Modbus address. 0 would address every board at once. */
  unit: z.int().min(1).max(255).default(1),
  /** Interval of a full poll of all inputs. */
  pollMs: z.int().min(5).max(60_000).default(25),
  /** Overrides the profile. */
  timeoutMs: z.int().min(10).max(5_000).optional(),
  /** For a clone with another value in the register of its identity: it is not compared. */
  probe: z.literal('none').optional(),
});

/** Polls of as many wires share a waking of the processor; more of them at once would wait for each other. */
const WIRES_AT_ONCE = 4;
const APART_MS = 3;

export type ModbusDevice = z.infer<typeof modbusDevice>;

export const modbusKind: DriverKind<ModbusDevice, ModbusProfile> = {
  kind: 'modbus',
  schema: modbusDevice,
  profiles: { folder: new URL('./profiles/', import.meta.url), schema: modbusProfile },
  create: createModbusDriver,
  search: modbusSearch,
  unproven: ({ profile, probe }) =>
    probe === 'none' ? ['identityOff'] : profile.probe === undefined ? ['identityNone'] : [],
  describeFrames: createFrameDescriber,
  wireUse: ({ profile, pollMs }, wanted) => ({
    everyMs: pollMs,
    turns: planReads(profile, wanted).map(({ read }) => ({
      requestBytes: REQUEST_BYTES,
      answerBytes: answerBytes(read),
      turnaroundMs: profile.turnaroundMs,
      gapMs: profile.interFrameGapMs,
    })),
  }),
};

export function createModbusDriver(
  config: ModbusDevice & { readonly profile: ModbusProfile },
  { bus, clock, notice, wanted, wire = 0 }: DriverPorts,
): Driver {
  const { profile, unit, pollMs } = config;
  const timeoutMs = config.timeoutMs ?? profile.timeoutMs;
  const master = createMaster(bus, { unit, timeoutMs, gapMs: profile.interFrameGapMs });
  const planned = planReads(profile, wanted);
  const counting = createCounting(profile.counter.clearedOnPowerUp);
  /** When the last request for each point was sent: an unseen change came after it. */
  const askedMs = new Map<string, number>();
  /** Start times of the last two rounds, the older first. */
  let roundsMs: readonly number[] = [];
  const checks = createBoardChecks(master, config, { clock, notice });
  const isCounted = profile.read.some(isCounting);

  /** One round: every planned read, then the joint evaluation of levels and counters. */
  async function pollAll(plan: readonly PlannedRead[], report: (reading: Reading) => void): Promise<void> {
    const readings: PointReading[] = [];
    const beganMs = clock.nowMs();
    let atMs = beganMs;
    for (const { read, blocks } of plan) {
      const requestedMs = clock.nowMs();
      const values = await master.read(read);
      atMs = clock.nowMs();
      const answered = blocks.flatMap(({ block, from }) => readingsOf(block, values, from));
      for (const reading of answered) {
        if (reading.kind !== 'level') continue;
        const { point, value } = reading;
        report({ kind: 'level', point, value, atMs, uncertaintyMs: sincePoll(point, atMs) });
        askedMs.set(point, requestedMs);
      }
      if (isCounted) readings.push(...answered);
    }
    if (isCounted) countPulses(readings, atMs, report);
    roundsMs = [roundsMs.at(-1) ?? beganMs, beganMs];
  }

  function countPulses(readings: readonly PointReading[], atMs: number, report: (reading: Reading) => void): void {
    const { pulses, cleared } = counting.round(readings, atMs);
    if (cleared) notice?.({ kind: 'powerCycle' });
    for (const [point, count] of pulses) {
      // A pulse without a level change is known one round late.
      const since = askedMs.has(point) ? roundsMs[0] : (roundsMs[1] ?? roundsMs[0]);
      report({ kind: 'pulses', point, count, atMs, uncertaintyMs: atMs - (since ?? atMs - pollMs) });
    }
  }

  const sincePoll = (point: string, atMs: number): number => Math.max(0, atMs - (askedMs.get(point) ?? atMs - pollMs));

  return {
    points: profilePoints(profile),
    async run(report, signal) {
      const { plan, hasLostPower } = await checks.before(planned);
      if (hasLostPower) {
        counting.powerCycled();
        if (roundsMs.length > 0) notice?.({ kind: 'powerCycle' });
      }
      const phaseMs = Math.floor(wire / WIRES_AT_ONCE) * APART_MS;
      let dueMs = clock.nowMs() - ((clock.nowMs() - phaseMs) % pollMs);
      try {
        while (!signal.aborted) {
          const lateMs = clock.nowMs() - dueMs;
          await pollAll(plan, report);
          // Missed rounds are not made up, and those after them keep the moments of before. One that took longer starts the next one at once.
          dueMs += pollMs * Math.max(1, Math.floor(lateMs / pollMs) + 1);
          await clock.sleep(dueMs - clock.nowMs(), signal);
        }
      } catch (error) {
        checks.failed(error);
        throw error;
      }
    },
  };
}
