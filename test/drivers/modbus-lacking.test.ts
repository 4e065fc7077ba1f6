/** A board that lacks registers, at its edges: what is a missing register, what is a lost answer, and what is told of it. */
import { describe, expect, it } from 'vitest';
import { createModbusDriver, modbusKind } from '../../drivers/modbus/driver.ts';
import { type ModbusProfile, modbusProfile } from '../../drivers/modbus/profile.ts';
import { modbusSearch } from '../../drivers/modbus/search.ts';
import { systemClock } from '../../src/clock.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import type { DriverNotice, LinkError, ProtocolError, Reading } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { createLineGauge } from '../../src/line/health.ts';
import { openPort } from '../../src/line/port.ts';
import { superviseLine } from '../../src/line/supervise.ts';
import { faultText } from '../../src/text/fault.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { asItIs, type Board, createSlaves, type Fault, sealed } from './slave.ts';
import { createWire, type Wire } from './wire.ts';

const clock = systemClock();
const SETTINGS = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const profileOf = (name: string): ModbusProfile =>
  readProfile(modbusKind.profiles as never, name).profile as ModbusProfile;
const WAVESHARE = profileOf('waveshare-modbus-rtu-io-8ch');

const WHOLE: Board = { unit: 1, bit: () => true, register: (_, address) => (address === 0x4000 ? 1 : 0) };
/** Answers to what `applies`, otherwise as it is. */
const instead = (
  applies: (request: Uint8Array, nth: number) => boolean,
  pieces: (request: Uint8Array) => Uint8Array[],
): Fault => {
  let nth = 0;
  return (answer, request, count) => {
    if (request[1] === 3) nth += 1;
    return applies(request, nth)
      ? pieces(request).map((bytes) => ({ afterMs: 0, bytes }))
      : asItIs(answer, request, count);
  };
};
const isFunction3 = (request: Uint8Array): boolean => request[1] === 3;
const nothing = (): Uint8Array[] => [];

/** One driver on its wire, started as often as a test likes. */
async function driverOn(wire: Wire, profile = WAVESHARE, device: object = {}) {
  const bus = createBus(await openPort(SETTINGS, { clock, binding: wire.binding }), { clock });
  const notices: DriverNotice[] = [];
  let aheadMs = 0;
  const ports = {
    bus,
    clock: { ...clock, nowMs: () => clock.nowMs() + aheadMs },
    notice: (notice: DriverNotice) => void notices.push(notice),
  };
  const driver = createModbusDriver({ profile, unit: 1, pollMs: 5, timeoutMs: 40, ...device }, ports);
  return {
    notices,
    close: () => bus.close(),
    /** The driver's clock goes on. */
    later: (ms: number) => {
      aheadMs += ms;
    },
    /** Until each of its points was told. */
    async once() {
      const stop = new AbortController();
      const told = new Map<string, Reading>();
      const error: unknown = await driver
        .run((reading) => {
          told.set(reading.point, reading);
          if (told.size === driver.points.length) stop.abort();
        }, stop.signal)
        .catch((thrown: unknown) => thrown);
      return { told, error: error as LinkError | ProtocolError | undefined };
    },
  };
}

const asked = (wire: Wire): readonly string[] => wire.written.map((bytes) => Buffer.from(bytes).toString('hex', 1, 4));

describe('a register that is missing', () => {
  it('is told from one lost answer: that is asked again, and nothing is said', async () => {
    const wire = createWire({
      farEnd: createSlaves(
        [WHOLE],
        instead((request, nth) => isFunction3(request) && nth === 1, nothing),
      ),
    });
    const { once, notices, close } = await driverOn(wire);
    expect((await once()).error).toBeUndefined();
    expect(notices).toEqual([]);
    // After a silence no two questions of one shape follow each other.
    expect(asked(wire).slice(0, 4)).toEqual(['034000', '020000', '034000', '031000']);
    await close();
  });

  it('is told from a whole board that is silent, which costs its wire one question at each later start', async () => {
    const wire = createWire({ farEnd: () => ({ hear: () => {} }) });
    const { once, notices, close } = await driverOn(wire);
    for (const questions of [2, 3, 4]) {
      expect(await once()).toMatchObject({ error: { name: 'LinkError', code: 'timeout' }, told: new Map() });
      expect(wire.written).toHaveLength(questions);
    }
    expect(notices).toEqual([]);
    await close();
  });

  it('costs its wire one question, too, when the board falls silent in a poll', async () => {
    let isSilent = false;
    const wire = createWire({
      farEnd: createSlaves(
        [WHOLE],
        instead((request) => {
          isSilent ||= request[1] === 2;
          return isSilent;
        }, nothing),
      ),
    });
    const { once, close } = await driverOn(wire);
    expect(await once()).toMatchObject({ error: { name: 'LinkError', code: 'timeout' } });
    const before = wire.written.length;
    await once();
    expect(asked(wire).slice(before), 'its inputs, and nothing else').toEqual(['020000']);
    await close();
  });

  it.each([
    ['a wrong checksum', 'checksum', (): Uint8Array[] => [Uint8Array.from([...sealed(1, 3, 2, 0, 1).slice(0, -1), 0])]],
    ['half an answer', 'timeout', (): Uint8Array[] => [sealed(1, 3, 2, 0, 1).slice(0, 4)]],
    ['a board that is busy', 'exception', (): Uint8Array[] => [sealed(1, 0x83, 6)]],
    ['a board that failed', 'exception', (): Uint8Array[] => [sealed(1, 0x83, 4)]],
  ])('is not %s: that is a fault', async (_, code, pieces) => {
    const wire = createWire({ farEnd: createSlaves([WHOLE], instead(isFunction3, pieces)) });
    const { once, notices, close } = await driverOn(wire);
    expect(await once()).toMatchObject({ error: { code }, told: new Map() });
    expect(notices).toEqual([]);
    await close();
  });

  it('may be behind a gateway that says so in the name of a silent board', async () => {
    const gateway = instead(isFunction3, () => [sealed(1, 0x83, 11)]);
    const { once, notices, close } = await driverOn(createWire({ farEnd: createSlaves([WHOLE], gateway) }));
    expect((await once()).error).toBeUndefined();
    expect(notices).toEqual([{ kind: 'unproven', what: ['identity', 'linkage'] }]);
    await close();
  });

  it('that is silent is not asked again at every start, but within a minute', async () => {
    const wire = createWire({ farEnd: createSlaves([WHOLE], instead(isFunction3, nothing)) });
    const { once, close, later } = await driverOn(wire);
    await once();
    const before = asked(wire).filter((each) => each.startsWith('03')).length;
    expect(before).toBe(6);
    await once();
    expect(asked(wire).filter((each) => each.startsWith('03'))).toHaveLength(before);
    later(60_000);
    await once();
    expect(
      asked(wire)
        .filter((each) => each.startsWith('03'))
        .slice(before),
    ).toEqual(['034000', '031000']);
    await close();
  });

  it('is told once, and once more when it is there after all', async () => {
    let lacks = true;
    const board: Board = {
      ...WHOLE,
      register: (code, address) => (lacks ? undefined : WHOLE.register?.(code, address)),
    };
    const { once, notices, close } = await driverOn(createWire({ farEnd: createSlaves([board]) }));
    for (let time = 0; time < 3; time += 1) expect((await once()).error).toBeUndefined();
    expect(notices).toEqual([{ kind: 'unproven', what: ['identity', 'linkage'] }]);
    lacks = false;
    expect((await once()).error).toBeUndefined();
    expect(notices.slice(1)).toEqual([{ kind: 'unproven', what: [] }]);
    await close();
  });

  it('does not make a board with another identity, or with other modes, a good one', async () => {
    for (const wrong of [0x4000, 0x1000]) {
      const board: Board = {
        ...WHOLE,
        register: (_, address) => (address === wrong ? 99 : address === 0x4000 ? 1 : 0),
      };
      const { once, close } = await driverOn(createWire({ farEnd: createSlaves([board]) }));
      expect(await once()).toMatchObject({ error: { code: 'identity' }, told: new Map() });
      await close();
    }
  });

  it('need not be asked: probe: none reads a clone with other values, and says that nothing was compared', async () => {
    const board: Board = { ...WHOLE, register: () => 99 };
    const wire = createWire({ farEnd: createSlaves([board]) });
    const { once, notices, close } = await driverOn(wire, WAVESHARE, { probe: 'none' });
    expect((await once()).error).toBeUndefined();
    expect(asked(wire)).not.toContain('034000');
    expect(notices).toEqual([{ kind: 'unproven', what: ['identityOff', 'linkage'] }]);
    await close();
    expect(modbusKind.schema.safeParse({ probe: 'none' }).success).toBe(true);
    for (const probe of ['off', true, {}]) expect(modbusKind.schema.safeParse({ probe }).success).toBe(false);
  });

  it('leaves a profile that only counts as it was: without a level there is nothing to fall back to', async () => {
    const about = { maker: 'none', model: 'test', source: 'test', transport: ['rtu'] };
    const read = [{ kind: 'counter16', function: 4, address: 0, quantity: 1, points: { c: 0 } }];
    const { once, close } = await driverOn(
      createWire({ farEnd: createSlaves([{ unit: 1 }]) }),
      modbusProfile.parse({ ...about, read }),
    );
    expect(await once()).toMatchObject({ error: { code: 'exception' } });
    await close();
  });
});

describe('a clone that is silent on function 3 while its inputs answer', () => {
  it('is read on a supervised line without a fault, and its gauge knows what is not proven', async () => {
    const wire = createWire({ farEnd: createSlaves([WHOLE], instead(isFunction3, nothing)) });
    const stop = new AbortController();
    const faults: string[] = [];
    const notices: unknown[] = [];
    const levels = new Set<string>();
    const gauge = createLineGauge(clock, 'bus1');
    const config = { profile: WAVESHARE, unit: 1, pollMs: 5, timeoutMs: 40 };
    const line = superviseLine(
      {
        lineId: 'bus1',
        transport: 'serial',
        devices: [{ id: 'io1', create: (ports) => createModbusDriver(config, ports) }],
        clock,
        open: (signal) => openPort(SETTINGS, { clock, signal, binding: wire.binding }),
        gauge,
        on: {
          reading: (_, reading) => void levels.add(reading.point),
          lost: () => {},
          fault: (_, error) => void faults.push(faultText('io1', error).en),
          recovered: () => {},
          notice: (_, notice) => void notices.push(notice),
        },
      },
      stop.signal,
    );
    await expect.poll(() => levels.size, { timeout: LONGEST_WAIT_MS }).toBe(8);
    expect(gauge.current().devices).toMatchObject([
      { state: 'reading', unproven: ['identity', 'linkage'], faults: {} },
    ]);
    stop.abort();
    await line;
    expect(faults).toEqual([]);
    expect(notices).toEqual([{ kind: 'unproven', what: ['identity', 'linkage'] }]);
  });
});

describe('a search', () => {
  const profiles = new Map(profileNames(modbusKind.profiles as never).map((name) => [name, profileOf(name)]));
  async function find(board: Board, fault?: Fault) {
    const wire = createWire({ farEnd: createSlaves([board], fault) });
    const bus = createBus(await openPort(SETTINGS, { clock, binding: wire.binding }), { clock });
    const found = await modbusSearch.find(bus, board.unit, profiles);
    await bus.close();
    if (found === undefined || found === 'garbled') throw new Error('not found');
    return found;
  }
  const eight = (code: number, address: number): boolean | undefined => (code === 2 && address < 8 ? false : undefined);

  it('finds a board with nothing but eight inputs, the one without a name first, and says what it does not prove of the others', async () => {
    const { profiles: names, unproven } = await find({ unit: 1, bit: eight });
    expect(names[0]).toBe('no-name-modbus-rtu-8ch');
    expect(unproven['no-name-modbus-rtu-8ch']).toBeUndefined();
    expect(names).toContain('waveshare-modbus-rtu-io-8ch');
    expect(unproven['waveshare-modbus-rtu-io-8ch']).toEqual(['identity', 'linkage']);
    expect(names).not.toContain('usr-io808');
  });

  it('names a board that proves what it is, and none that it does not prove', async () => {
    const waveshare = await find({
      ...WHOLE,
      unit: 3,
      bit: eight,
      register: (_, address) => (address === 0x4000 ? 3 : address < 0x1008 && address >= 0x1000 ? 0 : undefined),
    });
    expect(waveshare.profiles[0]).toMatch(/^waveshare/);
    expect(waveshare.unproven).toEqual({});
    const ebyte = await find({
      unit: 5,
      bit: eight,
      register: (code, address) => (code === 3 && address === 0x7e8 ? 5 : undefined),
    });
    expect(ebyte.profiles[0]).toBe('ebyte-me31-axxx8000');
    const usr = await find({
      unit: 17,
      bit: (code, address) => (code === 2 && address >= 0x20 && address < 0x28 ? false : undefined),
    });
    expect(usr.profiles).toEqual(['usr-io424', 'usr-io808']);
  });

  it('calls a board with another identity by no name that it contradicts', async () => {
    const { profiles: names } = await find({ unit: 1, bit: eight, register: () => 9 });
    expect(names).not.toContain('waveshare-modbus-rtu-io-8ch');
    expect(names).not.toContain('ebyte-me31-axxx8000');
  });
});
