/**
 * A Modbus board polled by another master: its answers and the master's commands. It never sends a byte; on a wire that another master
 * owns, a second one would corrupt paid exits (devices.md, rule 4).
 */
import { z } from 'zod';
import { type Driver, type DriverKind, type DriverPorts, LinkError, type Reading } from '../../src/driver.ts';
import { type PointReading, profilePoints, readingsOf } from './blocks.ts';
import { createCounting } from './counting.ts';
import { createFrameDescriber } from './describe-frames.ts';
import type { ReadRequest } from './frame.ts';
import { type ModbusProfile, modbusProfile, type ReadBlock } from './profile.ts';
import { createTrafficDecoder, type ObservedFrame } from './traffic.ts';

const word = z.int().min(0).max(0xffff);
const unit = z.int().min(1).max(255);
/** A relay the master switches, as a point: one pulse per switch-on command. */
const command = z.union([
  z.strictObject({ unit, coil: word }),
  /** `values`: those that open; any but 0 by default. */
  z.strictObject({ unit, register: word, values: z.array(word).min(1).optional() }),
]);
const point = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);

const listenDevice = z.strictObject({
  /** The board's Modbus address. */
  unit: unit.default(1),
  /** Without a frame of the board for this long, it is lost. */
  silentMs: z.int().min(200).max(600_000).default(2_000),
  commands: z.record(point, command).default({}),
});
export type ListenDevice = z.infer<typeof listenDevice>;
type CommandRule = z.infer<typeof command>;

export const modbusListenKind: DriverKind<ListenDevice, ModbusProfile> = {
  kind: 'modbus-listen',
  schema: listenDevice,
  profiles: { folder: new URL('./profiles/', import.meta.url), schema: modbusProfile },
  create: createListenDriver,
  describeFrames: createFrameDescriber,
};

export function createListenDriver(
  config: ListenDevice & { readonly profile: ModbusProfile },
  { bus, clock, notice }: DriverPorts,
): Driver {
  const { profile, silentMs } = config;
  const counting = createCounting(profile.counter.clearedOnPowerUp);
  const lastReadMs = new Map<string, number>();
  /** Last state of each commanded coil in a frame for many outputs. */
  const commanded = new Map<string, boolean>();

  function values(read: ReadRequest, heard: readonly number[], atMs: number, report: (reading: Reading) => void): void {
    const readings = profile.read.flatMap((block) => readingsWithin(block, read, heard));
    const since = (name: string): number => {
      const uncertaintyMs = Math.max(0, atMs - (lastReadMs.get(name) ?? atMs));
      lastReadMs.set(name, atMs);
      return uncertaintyMs;
    };
    for (const reading of readings)
      if (reading.kind === 'level') report({ ...reading, atMs, uncertaintyMs: since(reading.point) });
    const { pulses, cleared } = counting.round(readings, atMs);
    if (cleared) notice?.({ kind: 'powerCycle' });
    for (const [name, count] of pulses)
      report({ kind: 'pulses', point: name, count, atMs, uncertaintyMs: since(`${name} pulses`) });
  }

  function commands(
    observed: Extract<ObservedFrame, { kind: 'command' }>,
    atMs: number,
    report: (reading: Reading) => void,
  ): void {
    for (const [name, rule] of Object.entries(config.commands)) {
      const on = commandedOn(rule, observed);
      if (on === undefined) continue;
      const before = commanded.get(name);
      commanded.set(name, on);
      // A frame for many outputs repeats current states; only a change is a command, and the first one is none.
      const isNew = observed.several ? before === false : true;
      if (on && isNew) report({ kind: 'pulses', point: name, count: 1, atMs, uncertaintyMs: 0 });
    }
  }

  return {
    points: [...new Set([...profilePoints(profile), ...Object.keys(config.commands)])],
    async run(report, signal) {
      const over = new AbortController();
      const running = AbortSignal.any([signal, over.signal]);
      let heardMs = clock.nowMs();

      async function listen(): Promise<void> {
        for await (const observed of bus.frames(createTrafficDecoder(clock.nowMs), running)) {
          const atMs = clock.nowMs();
          if (observed.kind === 'command') commands(observed, atMs, report);
          if (observed.kind !== 'values' || observed.unit !== config.unit) continue;
          heardMs = atMs;
          values(observed.read, observed.values, atMs, report);
        }
      }

      async function watchSilence(): Promise<void> {
        while (!running.aborted) {
          await clock.sleep(heardMs + silentMs - clock.nowMs(), running);
          if (!running.aborted && clock.nowMs() - heardMs >= silentMs)
            throw new LinkError('timeout', `no answer of unit ${config.unit} for ${silentMs} ms`);
        }
      }

      const work = [listen(), watchSilence()];
      try {
        await Promise.all(work);
      } finally {
        over.abort();
        await Promise.allSettled(work);
      }
    },
  };
}

/** Readings of the points within what was read: another master reads other ranges than we would. */
function readingsWithin(block: ReadBlock, read: ReadRequest, values: readonly number[]): readonly PointReading[] {
  if (block.function !== read.function) return [];
  const within = (offset: number, size: number): boolean => {
    const first = block.address + offset;
    return first >= read.address && first + size <= read.address + read.quantity;
  };
  const from = block.address - read.address;
  if (block.kind === 'state') return within(0, 1) ? readingsOf(block, values, from) : [];
  const size = block.kind === 'counter32' ? 2 : 1;
  const heard = Object.entries(block.points).filter(([, offset]) =>
    within(block.kind === 'word' ? offset >> 4 : offset, size),
  );
  return readingsOf({ ...block, points: Object.fromEntries(heard) }, values, from);
}

/** Whether this command switches that relay on or off; undefined: it concerns another. */
function commandedOn(rule: CommandRule, observed: Extract<ObservedFrame, { kind: 'command' }>): boolean | undefined {
  if (rule.unit !== observed.unit) return undefined;
  const address = 'coil' in rule ? rule.coil : rule.register;
  if ('coil' in rule !== observed.coils) return undefined;
  const value = observed.values[address - observed.address];
  if (value === undefined) return undefined;
  // Function 5: FF00 is on, 0000 off; other values are the maker's (toggle, a time), and all of them move the relay.
  if ('coil' in rule || rule.values === undefined) return value !== 0;
  return rule.values.includes(value);
}
