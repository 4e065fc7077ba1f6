/**
 * The driver of every Modbus board: knows the board, then reads its blocks on a fixed beat. What the registers mean stands in its profile;
 * it cannot write, and it ends at the first fault.
 */
import { z } from 'zod';
import { type Driver, type DriverKind, type DriverPorts, ProtocolError, type Reading } from '../../src/driver.ts';
import { looksOf, type PointReading, planReads, profilePoints } from './blocks.ts';
import { createCounting } from './counting.ts';
import { createAloud } from './describe-frames.ts';
import { answerBytes, REQUEST_BYTES } from './frame.ts';
import { createMaster } from './master.ts';
import { type ModbusProfile, modbusProfile } from './profile.ts';
import { modbusSearch } from './search.ts';

const modbusDevice = z.strictObject({
  /** The board's address on the wire. 0 would be every board at once. */
  unit: z.int().min(1).max(255).default(1),
  /** One look at every input per this time. */
  pollMs: z.int().min(5).max(60_000).default(25),
  /** Instead of the profile's. */
  timeoutMs: z.int().min(10).max(5_000).optional(),
});

export type ModbusDevice = z.infer<typeof modbusDevice>;

export const modbusKind: DriverKind<ModbusDevice, ModbusProfile> = {
  kind: 'modbus',
  schema: modbusDevice,
  profiles: { folder: new URL('./profiles/', import.meta.url), schema: modbusProfile },
  create: createModbusDriver,
  search: modbusSearch,
  aloud: createAloud,
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
  { bus, clock, notice, wanted }: DriverPorts,
): Driver {
  const { profile, unit, pollMs } = config;
  const timeoutMs = config.timeoutMs ?? profile.timeoutMs;
  const master = createMaster(bus, { unit, timeoutMs, gapMs: profile.interFrameGapMs });
  const plan = planReads(profile, wanted);
  const counting = createCounting(profile.counter.clearedOnPowerUp);
  /** When the request of the last look at each point went out: a change not seen then came after it. */
  const lookedMs = new Map<string, number>();
  /** When the last two rounds began, the older first. */
  let roundsMs: readonly number[] = [];
  let identity: string | undefined;
  let toldLinkage = '';

  /** Rule 22 of devices.md, and after a time-out rule 2 (e): a value that is known, in another shape than the polls. */
  async function probe(): Promise<void> {
    if (profile.probe === undefined) return;
    const { function: code, address, quantity, expect } = profile.probe;
    const values = (await master.read({ function: code, address, quantity })).join(' ');
    const wanted = expect === undefined ? (identity ?? values) : expect === 'unit' ? `${unit}` : expect.join(' ');
    if (values !== wanted)
      throw new ProtocolError(
        'identity',
        `unit ${unit} is no ${profile.model}: register ${address} is ${values}, not ${wanted}`,
      );
    identity = values;
  }

  async function readLinkage(): Promise<void> {
    if (profile.localLinkage === undefined) return;
    const { function: code, address, quantity, normal, most } = profile.localLinkage;
    const values = await master.read({ function: code, address, quantity });
    if (values.some((value) => value > most))
      throw new ProtocolError(
        'identity',
        `unit ${unit} is no ${profile.model}: modes at register ${address} are ${values.join(' ')}`,
      );
    const linked = values.some((value) => !normal.includes(value));
    if (linked && values.join() !== toldLinkage) notice?.({ kind: 'localLinkage', values });
    toldLinkage = values.join();
  }

  async function readReset(): Promise<void> {
    const detector = profile.counter.resetDetector;
    if (detector === undefined) return;
    const [value] = await master.read({ function: detector.function, address: detector.address, quantity: 1 });
    if (value !== detector.value) return;
    counting.powerCycled();
    if (roundsMs.length > 0) notice?.({ kind: 'powerCycle' });
  }

  /** One round: every planned read, then what the levels and the counters of it say together. */
  async function lookAtAll(report: (reading: Reading) => void): Promise<void> {
    const looks: PointReading[] = [];
    const beganMs = clock.nowMs();
    let atMs = beganMs;
    for (const { read, blocks } of plan) {
      const askedMs = clock.nowMs();
      const values = await master.read(read);
      atMs = clock.nowMs();
      for (const { block, from } of blocks) {
        for (const look of looksOf(block, values, from)) {
          looks.push(look);
          if (look.kind !== 'level') continue;
          const { point, value } = look;
          report({ kind: 'level', point, value, atMs, uncertaintyMs: sinceLook(point, atMs) });
          lookedMs.set(point, askedMs);
        }
      }
    }
    const { pulses, cleared } = counting.round(looks, atMs);
    if (cleared) notice?.({ kind: 'powerCycle' });
    for (const [point, count] of pulses) {
      // A pulse that no level showed is known one round late.
      const since = lookedMs.has(point) ? roundsMs[0] : (roundsMs[1] ?? roundsMs[0]);
      report({ kind: 'pulses', point, count, atMs, uncertaintyMs: atMs - (since ?? atMs - pollMs) });
    }
    roundsMs = [roundsMs.at(-1) ?? beganMs, beganMs];
  }

  const sinceLook = (point: string, atMs: number): number => Math.max(0, atMs - (lookedMs.get(point) ?? atMs - pollMs));

  return {
    points: profilePoints(profile),
    async run(report, signal) {
      await probe();
      await readReset();
      await readLinkage();
      let dueMs = clock.nowMs();
      while (!signal.aborted) {
        await lookAtAll(report);
        const nowMs = clock.nowMs();
        // A round that took too long starts the next at once and makes up for nothing.
        dueMs = Math.max(dueMs + pollMs, nowMs);
        await clock.sleep(dueMs - nowMs, signal);
      }
    },
  };
}
