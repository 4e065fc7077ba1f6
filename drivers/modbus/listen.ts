/**
 * A Modbus board that another master reads: what that master is answered, and what it commands. It never sends a byte; on a wire that
 * another master owns, a second one would corrupt paid exits (devices.md, rule 4).
 */
import { z } from 'zod';
import { type Driver, type DriverKind, type DriverPorts, LinkError, type Reading } from '../../src/driver.ts';
import { looksOf, type PointReading, profilePoints } from './blocks.ts';
import { createCounting } from './counting.ts';
import { createAloud } from './describe-frames.ts';
import type { ReadRequest } from './frame.ts';
import { type ModbusProfile, modbusProfile, type ReadBlock } from './profile.ts';
import { createTraffic, type Passing } from './traffic.ts';

const word = z.int().min(0).max(0xffff);
const unit = z.int().min(1).max(255);
/** A relay that the master switches, as a point of ours: one pulse for each command to switch it on. */
const command = z.union([
  z.strictObject({ unit, coil: word }),
  /** `values`: those that open; any but 0 when it is left out. */
  z.strictObject({ unit, register: word, values: z.array(word).min(1).optional() }),
]);
const point = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);

const listenDevice = z.strictObject({
  /** The board's address on the wire. */
  unit: unit.default(1),
  /** The board is lost when nothing of it was heard for this long. */
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
  aloud: createAloud,
};

export function createListenDriver(
  config: ListenDevice & { readonly profile: ModbusProfile },
  { bus, clock, notice }: DriverPorts,
): Driver {
  const { profile, silentMs } = config;
  const counting = createCounting(profile.counter.clearedOnPowerUp);
  const lookedMs = new Map<string, number>();
  /** What a frame for many outputs last said of each command's coil. */
  const commanded = new Map<string, boolean>();

  function values(read: ReadRequest, heard: readonly number[], atMs: number, report: (reading: Reading) => void): void {
    const looks = profile.read.flatMap((block) => looksWithin(block, read, heard));
    const since = (name: string): number => {
      const uncertaintyMs = Math.max(0, atMs - (lookedMs.get(name) ?? atMs));
      lookedMs.set(name, atMs);
      return uncertaintyMs;
    };
    for (const look of looks)
      if (look.kind === 'level')
        report({ kind: 'level', point: look.point, value: look.value, atMs, uncertaintyMs: since(look.point) });
    const { pulses, cleared } = counting.round(looks, atMs);
    if (cleared) notice?.({ kind: 'powerCycle' });
    for (const [name, count] of pulses)
      report({ kind: 'pulses', point: name, count, atMs, uncertaintyMs: since(`${name} pulses`) });
  }

  function commands(
    passing: Extract<Passing, { kind: 'command' }>,
    atMs: number,
    report: (reading: Reading) => void,
  ): void {
    for (const [name, rule] of Object.entries(config.commands)) {
      const on = commandedOn(rule, passing);
      if (on === undefined) continue;
      const before = commanded.get(name);
      commanded.set(name, on);
      // A frame for many outputs repeats what stands already; only a change in it is a command, and the first one heard is none.
      const isNew = passing.several ? before === false : true;
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
        for await (const passing of bus.frames(createTraffic(clock.nowMs), running)) {
          const atMs = clock.nowMs();
          if (passing.kind === 'command') commands(passing, atMs, report);
          if (passing.kind !== 'values' || passing.unit !== config.unit) continue;
          heardMs = atMs;
          values(passing.read, passing.values, atMs, report);
        }
      }

      async function mind(): Promise<void> {
        while (!running.aborted) {
          await clock.sleep(heardMs + silentMs - clock.nowMs(), running);
          if (!running.aborted && clock.nowMs() - heardMs >= silentMs)
            throw new LinkError('timeout', `no answer of unit ${config.unit} was heard for ${silentMs} ms`);
        }
      }

      const work = [listen(), mind()];
      try {
        await Promise.all(work);
      } finally {
        over.abort();
        await Promise.allSettled(work);
      }
    },
  };
}

/** The looks of those points that lie in what was read: another master asks for other ranges than we would. */
function looksWithin(block: ReadBlock, read: ReadRequest, values: readonly number[]): readonly PointReading[] {
  if (block.function !== read.function) return [];
  const within = (offset: number, size: number): boolean => {
    const first = block.address + offset;
    return first >= read.address && first + size <= read.address + read.quantity;
  };
  const from = block.address - read.address;
  if (block.kind === 'state') return within(0, 1) ? looksOf(block, values, from) : [];
  const size = block.kind === 'counter32' ? 2 : 1;
  const heard = Object.entries(block.points).filter(([, offset]) =>
    within(block.kind === 'word' ? offset >> 4 : offset, size),
  );
  return looksOf({ ...block, points: Object.fromEntries(heard) }, values, from);
}

/** Whether this command switches that relay on or off; undefined: it is not about it. */
function commandedOn(rule: CommandRule, passing: Extract<Passing, { kind: 'command' }>): boolean | undefined {
  if (rule.unit !== passing.unit) return undefined;
  const address = 'coil' in rule ? rule.coil : rule.register;
  if ('coil' in rule !== passing.coils) return undefined;
  const value = passing.values[address - passing.address];
  if (value === undefined) return undefined;
  // Function 5: FF00 is on, 0000 off, and makers give other values their own meaning (toggle, a time): all of these move the relay.
  if ('coil' in rule || rule.values === undefined) return value !== 0;
  return rule.values.includes(value);
}
