/** A wire that another master owns: what passes is understood, and not a byte of ours is on it. */
import { describe, expect, it } from 'vitest';
import { type ListenDevice, modbusListenKind } from '../../drivers/modbus/listen.ts';
import { type ModbusProfile, modbusProfile } from '../../drivers/modbus/profile.ts';
import { createTrafficDecoder, type ObservedFrame } from '../../drivers/modbus/traffic.ts';
import { systemClock } from '../../src/clock.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { type Driver, ProtocolError, type Reading } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { eventually } from '../stories/processes.ts';
import { sealed } from './slave.ts';
import { exchangesOf, transcripts } from './transcript.ts';
import { bytesOf, CUTS, type Cut, createWire } from './wire.ts';

const clock = systemClock();
const about = { maker: 'none', model: 'test', source: 'test', transport: ['rtu'] };
const EIGHT = modbusProfile.parse({
  ...about,
  read: [{ kind: 'level', function: 2, address: 0, quantity: 8, points: { di1: 0, di3: 2, di8: 7 } }],
});
const device = (more: object = {}): ListenDevice => modbusListenKind.schema.parse(more);

/** All that the frames of a stream mean, however it is cut. */
function understood(pieces: readonly Uint8Array[], nowMs = () => 0): ObservedFrame[] {
  const decode = createTrafficDecoder(nowMs);
  let held = new Uint8Array(0);
  const found: ObservedFrame[] = [];
  for (const piece of pieces) {
    held = Uint8Array.from([...held, ...piece]);
    for (;;) {
      let next: ReturnType<typeof decode>;
      try {
        next = held.length === 0 ? undefined : decode(held);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        held = held.slice(1);
        continue;
      }
      if (next === undefined) break;
      found.push(next.frame);
      held = held.slice(next.used);
    }
  }
  return found;
}
const bytewise = (bytes: Uint8Array): Uint8Array[] => [...bytes].map((byte) => Uint8Array.of(byte));
const joined = (...frames: Uint8Array[]): Uint8Array => Uint8Array.from(frames.flatMap((frame) => [...frame]));
const of = (kind: ObservedFrame['kind'], all: readonly ObservedFrame[]) => all.filter((each) => each.kind === kind);

describe('traffic', () => {
  const ask = bytesOf('01 02 00 00 00 08 79 CC');
  const answer = bytesOf('01 02 01 05 61 8B');

  it('pairs an answer with its question, whole or byte by byte, and after noise', () => {
    const values = {
      kind: 'values',
      unit: 1,
      read: { function: 2, address: 0, quantity: 8 },
      values: [1, 0, 1, 0, 0, 0, 0, 0],
    };
    for (const bytes of [joined(ask, answer), joined(Uint8Array.of(0xff, 0x33), ask, answer)]) {
      expect(of('values', understood([bytes]))).toEqual([values]);
      expect(of('values', understood(bytewise(bytes)))).toEqual([values]);
    }
  });

  it('believes no answer whose question was not heard, was another, or is long ago', () => {
    expect(of('values', understood([answer]))).toEqual([]);
    expect(of('values', understood([joined(sealed(2, 2, 0, 0, 0, 8), answer)]))).toEqual([]);
    expect(of('values', understood([joined(sealed(1, 2, 0, 0, 0, 16), answer)]))).toEqual([]);
    expect(of('values', understood([joined(ask, sealed(1, 0x82, 2), answer)]))).toEqual([]);
    let nowMs = 0;
    const late = understood([ask, answer], () => {
      nowMs += 1_200;
      return nowMs;
    });
    expect(of('values', late)).toEqual([]);
  });

  it('tells a question from an answer that is as long', () => {
    const question = sealed(1, 1, 3, 0, 0, 24);
    const reply = sealed(1, 1, 3, 1, 2, 4);
    const found = of('values', understood([joined(question, question, reply)]));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ read: { address: 0x300, quantity: 24 } });
  });

  it('reads the frames of devices.md that command, each once', () => {
    const relayOn = bytesOf('01 05 00 00 FF 00 8C 3A');
    const allOn = bytesOf('FE 0F 00 00 00 08 01 FF F1 D1');
    const flash = bytesOf('FE 10 00 03 00 02 04 00 04 00 0A 41 6B');
    const register = bytesOf('01 06 00 00 00 01 48 0A');
    const commands = of(
      'command',
      understood([
        joined(
          relayOn,
          relayOn,
          allOn,
          sealed(0xfe, 0x0f, 0, 0, 0, 8),
          flash,
          sealed(0xfe, 0x10, 0, 3, 0, 2),
          register,
          register,
        ),
      ]),
    );
    expect(commands).toEqual([
      { kind: 'command', unit: 1, coils: true, several: false, address: 0, values: [0xff00] },
      { kind: 'command', unit: 0xfe, coils: true, several: true, address: 0, values: Array(8).fill(1) },
      { kind: 'command', unit: 0xfe, coils: false, several: false, address: 3, values: [4, 10] },
      { kind: 'command', unit: 1, coils: false, several: false, address: 0, values: [1] },
    ]);
  });

  it('makes nothing of an answer with a flipped bit', () => {
    for (let bit = 0; bit < 48; bit += 1) {
      const spoiled = Uint8Array.from(answer);
      spoiled[bit >> 3] = (spoiled[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(of('values', understood([joined(ask, spoiled)]))).toEqual([]);
    }
  });
});

/** A driver on a wire that is only listened to. */
async function listening(profile: ModbusProfile, config: ListenDevice, cut: Cut = 'whole') {
  const wire = createWire({ cut });
  const settings = {
    port: '/dev/x',
    baudRate: 9_600,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    listenOnly: true,
  } as const;
  const bus = createBus(await openPort(settings, { clock, binding: wire.binding }), { clock, listenOnly: true });
  const driver: Driver = modbusListenKind.create({ ...config, profile }, { bus, clock });
  const stop = new AbortController();
  const readings: Reading[] = [];
  const ended = driver
    .run((reading) => void readings.push(reading), stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { wire, bus, driver, readings, ended, stop };
}
const levelsOf = (readings: readonly Reading[]): Record<string, boolean> =>
  Object.fromEntries(readings.flatMap((each) => (each.kind === 'level' ? [[each.point, each.value]] : [])));

describe('a board that another master reads', () => {
  const modbus = transcripts().filter(({ kind }) => kind === 'modbus');
  it.concurrent.each(modbus.map((transcript) => [transcript.file, transcript] as const))(
    '%s is understood from its transcript',
    async (_, transcript) => {
      const { profile, faults } = readProfile(modbusListenKind.profiles as never, transcript.profile as string);
      expect(faults).toEqual([]);
      for (const cut of CUTS) {
        const config = device({ unit: Number(transcript.device.unit) });
        const { wire, bus, readings, stop, ended } = await listening(profile as ModbusProfile, config, cut);
        for (const look of transcript.looks) {
          const from = readings.length;
          for (const { ask, answer } of look.exchanges ?? []) wire.say(joined(bytesOf(ask), bytesOf(answer)));
          // Without a level to wait for: longer than what is heard takes.
          if (look.levels === undefined) await clock.sleep(120);
          const wanted = Object.entries(look.levels ?? {});
          await eventually(
            JSON.stringify(look.levels),
            () => wanted.every(([point, level]) => levelsOf(readings.slice(from))[point] === level),
            () => JSON.stringify(readings.slice(from)),
          );
        }
        stop.abort();
        expect(await ended).toBeUndefined();
        expect(wire.written).toEqual([]);
        await bus.close();
      }
      expect(exchangesOf(transcript).length).toBeGreaterThan(1);
    },
  );

  it('is read from whatever ranges its master asks for', async () => {
    const { wire, bus, readings, stop, ended } = await listening(EIGHT, device());
    wire.say(joined(sealed(1, 2, 0, 2, 0, 3), sealed(1, 2, 1, 0b001)));
    await expect.poll(() => levelsOf(readings)).toEqual({ di3: true });
    wire.say(joined(sealed(1, 2, 0, 0, 0, 16), sealed(1, 2, 2, 0b1000_0001, 0xff)));
    await expect.poll(() => levelsOf(readings)).toEqual({ di1: true, di3: false, di8: true });
    stop.abort();
    await ended;
    await bus.close();
  });

  it('is lost when nothing of it is heard, though others are', async () => {
    const { wire, bus, readings, ended } = await listening(EIGHT, device({ unit: 1, silentMs: 300 }));
    const others = setInterval(() => wire.say(joined(sealed(2, 2, 0, 0, 0, 8), sealed(2, 2, 1, 0xff))), 40);
    expect(await ended).toMatchObject({ code: 'timeout' });
    clearInterval(others);
    expect(readings).toEqual([]);
    await bus.close();
  });

  it('tells each command to open once, and no refresh of what stands', async () => {
    const commands = { auto: { unit: 2, coil: 0 }, flash: { unit: 3, register: 3, values: [4] } };
    const { wire, bus, driver, readings, stop, ended } = await listening(EIGHT, device({ commands }));
    expect(driver.points).toEqual(['di1', 'di3', 'di8', 'auto', 'flash']);
    const pulses = async (...frames: Uint8Array[]): Promise<string[]> => {
      const from = readings.length;
      wire.say(joined(...frames));
      await clock.sleep(70);
      return readings.slice(from).flatMap((each) => (each.kind === 'pulses' ? [`${each.point} ${each.count}`] : []));
    };
    const on = sealed(2, 5, 0, 0, 0xff, 0);
    const off = sealed(2, 5, 0, 0, 0, 0);
    const refresh = (bits: number) => [sealed(2, 15, 0, 0, 0, 8, 1, bits), sealed(2, 15, 0, 0, 0, 8)];
    expect(await pulses(on, on)).toEqual(['auto 1']);
    expect(await pulses(off, off)).toEqual([]);
    expect(await pulses(sealed(2, 5, 0, 1, 0xff, 0), sealed(7, 5, 0, 0, 0xff, 0))).toEqual([]);
    expect(await pulses(sealed(2, 5, 0, 0, 0x55, 0), sealed(2, 5, 0, 0, 0x55, 0))).toEqual(['auto 1']);
    expect(await pulses(...refresh(1), ...refresh(1))).toEqual([]);
    expect(await pulses(...refresh(0), ...refresh(1), ...refresh(1))).toEqual(['auto 1']);
    expect(await pulses(sealed(3, 16, 0, 3, 0, 2, 4, 0, 4, 0, 10), sealed(3, 16, 0, 3, 0, 2))).toEqual(['flash 1']);
    expect(await pulses(sealed(3, 16, 0, 3, 0, 2, 4, 0, 2, 0, 10), sealed(3, 16, 0, 3, 0, 2))).toEqual([]);
    expect(wire.written).toEqual([]);
    stop.abort();
    await ended;
    await bus.close();
  });

  it('has no way to ask', () => {
    expect(modbusListenKind.wireUse).toBeUndefined();
    for (const bad of [
      { pollMs: 25 },
      { unit: 0 },
      { commands: { a: { unit: 1 } } },
      { commands: { a: { unit: 1, coil: 1, register: 1 } } },
    ])
      expect(modbusListenKind.schema.safeParse(bad).success).toBe(false);
  });
});
