/** The Modbus driver at its edges: frames, plans, counting, TCP, and that it cannot write. */
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { planReads, readingsOf } from '../../drivers/modbus/blocks.ts';
import { createCounting } from '../../drivers/modbus/counting.ts';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { rtuAnswer } from '../../drivers/modbus/frame.ts';
import { createMaster } from '../../drivers/modbus/master.ts';
import { type ModbusProfile, modbusProfile } from '../../drivers/modbus/profile.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type Bus, type DriverNotice, LinkError, ProtocolError, type Reading } from '../../src/driver.ts';
import { createBus, type WireBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import fc from '../property.ts';
import { type Board, createSlaves, sealed } from './slave.ts';
import { bytesOf, createWire, hexOf, type Wire } from './wire.ts';

const clock = systemClock();
const about = { maker: 'none', model: 'test', source: 'test', transport: ['rtu'] };
const profile = (more: object): ModbusProfile => modbusProfile.parse({ ...about, ...more });
const EIGHT = profile({ read: [{ kind: 'level', function: 2, address: 0, quantity: 8, points: { di1: 0, di8: 7 } }] });

async function busOn(wire: Wire, baudRate = 115_200, on: Clock = clock): Promise<WireBus> {
  const settings = { port: '/dev/test', baudRate, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  return createBus(await openPort(settings, { clock: on, binding: wire.binding }), { clock: on });
}

/** Runs a driver until `enough`, then stops it. What it reported and how it ended. */
async function run(
  bus: Bus,
  use: ModbusProfile,
  enough: (readings: readonly Reading[]) => boolean,
  wanted?: Set<string>,
) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  const notices: DriverNotice[] = [];
  const ports = { bus, clock, notice: (notice: DriverNotice) => void notices.push(notice), ...(wanted && { wanted }) };
  const driver = createModbusDriver({ profile: use, unit: 1, pollMs: 5 }, ports);
  const error = await driver
    .run((reading) => {
      readings.push(reading);
      if (enough(readings)) stop.abort();
    }, stop.signal)
    .catch((thrown: unknown) => thrown);
  return { readings, notices, error };
}

describe('an answer', () => {
  const ask = bytesOf('01 02 00 00 00 08 79 CC');
  const good = bytesOf('01 02 01 05 61 8B');
  const decode = rtuAnswer(ask);

  it('comes whole, byte by byte, after noise, after our own echo', () => {
    expect(decode(good)).toEqual({ frame: good, used: 6 });
    for (let length = 0; length < good.length; length += 1) expect(decode(good.slice(0, length))).toBeUndefined();
    for (const before of [bytesOf('FF 00 01'), ask, bytesOf('01 02 01'), bytesOf('81 82 01 02')]) {
      const bytes = Uint8Array.from([...before, ...good]);
      for (let length = 0; length < bytes.length; length += 1) expect(decode(bytes.slice(0, length))).toBeUndefined();
      expect(decode(bytes)).toEqual({ frame: good, used: bytes.length });
    }
  });

  it('of another unit is no answer, also when it is an exception', () => {
    expect(decode(sealed(2, 2, 1, 5))).toBeUndefined();
    expect(decode(sealed(9, 0x82, 2))).toBeUndefined();
    expect(decode(Uint8Array.from([...sealed(2, 2, 1, 255), ...good]))).toEqual({ frame: good, used: 12 });
  });

  it('of another length or with a wrong checksum is an error', () => {
    expect(() => decode(sealed(1, 2, 2, 5, 0))).toThrow(ProtocolError);
    expect(() => decode(bytesOf('01 02 01 05 61 8C'))).toThrow(/checksum/);
  });

  it('that refuses is handed on as it is', () => {
    expect(decode(sealed(1, 0x82, 2))?.frame).toEqual(sealed(1, 0x82, 2));
  });

  it('is never made of an echo that looks like one', () => {
    const request = sealed(1, 2, 3, 0, 0, 24);
    const echoes = rtuAnswer(request);
    expect(echoes(request)).toBeUndefined();
    const answer = sealed(1, 2, 3, 7, 8, 9);
    expect(echoes(Uint8Array.from([...request, ...answer]))?.frame).toEqual(answer);
  });
});

describe('what a driver may ask', () => {
  it('is a read of its own unit and nothing else, from whatever profile', async () => {
    const seen: string[] = [];
    const address = fc.integer({ min: 0, max: 0xff00 });
    const bitsBlock = fc.record({
      kind: fc.constantFrom('level', 'latch'),
      function: fc.constantFrom(1, 2),
      address,
      quantity: fc.integer({ min: 1, max: 64 }),
    });
    const wordBlock = fc.record({
      kind: fc.constantFrom('counter16', 'word'),
      function: fc.constantFrom(3, 4),
      address,
      quantity: fc.integer({ min: 1, max: 32 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(bitsBlock, wordBlock), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 255 }),
        async (blocks, unit) => {
          const use = profile({
            read: blocks.map((block, index) => ({ ...block, points: { [`p${index}`]: 0 } })),
            probe: { function: 3, address: 1 },
          });
          const bus: Bus = {
            exchange: async (request) => {
              seen.push(hexOf(request));
              expect([1, 2, 3, 4]).toContain(request[1]);
              expect(request[0]).toBe(unit);
              expect(request.length).toBe(8);
              throw new LinkError('timeout', 'test');
            },
            frames: () => {
              throw new LinkError('listenOnly', 'test');
            },
          };
          const driver = createModbusDriver({ profile: use, unit, pollMs: 25 }, { bus, clock });
          await expect(driver.run(() => {}, new AbortController().signal)).rejects.toThrow(LinkError);
        },
      ),
      { numRuns: 200 },
    );
    expect(seen.length).toBeGreaterThan(100);
  });

  it('cannot be named as a write in a profile', () => {
    for (const code of [0, 5, 6, 15, 16, 22, 23, 43])
      for (const read of [
        { kind: 'level', function: code, address: 0, quantity: 8, points: { di1: 0 } },
        { kind: 'state', function: code, address: 0, points: { open: [1] } },
      ])
        expect(modbusProfile.safeParse({ ...about, read: [read] }).success).toBe(false);
    expect(modbusProfile.safeParse({ ...about, read: [], clear: 0x0200 }).success).toBe(false);
  });

  it('is refused at the last gate when the library asks for something else', async () => {
    const wire = createWire({});
    const bus = await busOn(wire);
    const master = createMaster(bus, { unit: 1, timeoutMs: 20 });
    await expect(master.read({ function: 6 as never, address: 0, quantity: 1 })).rejects.toThrow();
    expect(wire.written).toEqual([]);
    await bus.close();
  });
});

describe('a plan', () => {
  const read = (blocks: object[], more: object = {}, wanted?: Set<string>) =>
    planReads(profile({ ...more, read: blocks }), wanted).map((each) => each.read);
  const bits = (address: number, quantity: number, point: string, more: object = {}) => ({
    kind: 'level',
    function: 2,
    address,
    quantity,
    points: { [point]: 0 },
    ...more,
  });

  it('joins neighbours, and what lies apart by no more than the gap', () => {
    expect(read([bits(8, 8, 'b'), bits(0, 8, 'a')])).toEqual([{ function: 2, address: 0, quantity: 16 }]);
    expect(read([bits(0, 8, 'a'), bits(10, 8, 'b')])).toHaveLength(2);
    expect(read([bits(0, 8, 'a'), bits(10, 8, 'b')], { mergeGap: 2 })).toEqual([
      { function: 2, address: 0, quantity: 18 },
    ]);
  });

  it('keeps a clone that wants its own quantity to itself, and cuts what comes to what was meant', () => {
    const blocks = [bits(0, 2, 'a', { fixedQuantity: 8 }), bits(2, 8, 'b')];
    expect(read(blocks)).toEqual([
      { function: 2, address: 0, quantity: 8 },
      { function: 2, address: 2, quantity: 8 },
    ]);
  });

  it('reads no more counters than are wanted', () => {
    const counters = {
      kind: 'counter32',
      function: 4,
      address: 16,
      quantity: 16,
      wordOrder: 'highFirst',
      points: { c0: 0, c2: 4, c3: 6, c7: 14 },
    };
    const blocks = [bits(0, 8, 'a'), counters];
    expect(read(blocks, {}, new Set(['c2', 'c3']))).toEqual([{ function: 4, address: 20, quantity: 4 }]);
    expect(read(blocks, {}, new Set(['a']))).toEqual([{ function: 2, address: 0, quantity: 8 }]);
    expect(read(blocks, {}, new Set())).toHaveLength(2);
    const [narrowed] = planReads(profile({ read: blocks }), new Set(['c3']));
    expect(readingsOf(narrowed?.blocks[0]?.block as never, [0x12, 0x3456], 0)).toEqual([
      { kind: 'counter', point: 'c3', total: 0x12_3456, modulo: 2 ** 32 },
    ]);
  });

  it('refuses a profile that contradicts itself', () => {
    const bad = [
      [bits(0, 8, 'a', { points: { a: 8 } })],
      [bits(0, 8, 'a', { fixedQuantity: 4 })],
      [bits(65_530, 8, 'a')],
      [bits(0, 8, 'a'), bits(8, 8, 'a')],
      [{ kind: 'counter32', function: 4, address: 0, quantity: 3, wordOrder: 'highFirst', points: { a: 2 } }],
    ];
    for (const blocks of bad) expect(modbusProfile.safeParse({ ...about, read: blocks }).success).toBe(false);
  });
});

describe('counting', () => {
  const counter = (total: number, modulo = 0x1_0000) => ({ kind: 'counter', point: 'c', total, modulo }) as const;
  const level = (value: boolean) => ({ kind: 'level', point: 'c', value }) as const;
  const count = (
    counting: ReturnType<typeof createCounting>,
    atMs: number,
    ...looks: Parameters<ReturnType<typeof createCounting>['round']>[0]
  ) => {
    const { pulses, cleared } = counting.round(looks, atMs);
    return [pulses.get('c') ?? 0, cleared];
  };

  it('takes the first value as it is, then differences, also across the wrap', () => {
    const counting = createCounting(true);
    expect(count(counting, 0, counter(65_530))).toEqual([0, false]);
    expect(count(counting, 25, counter(65_533))).toEqual([3, false]);
    expect(count(counting, 50, counter(1))).toEqual([4, false]);
  });

  it('tells a cleared counter from a wrap: what it shows now is what it counted since', () => {
    const counting = createCounting(true);
    count(counting, 0, counter(30_000));
    expect(count(counting, 25, counter(2))).toEqual([2, true]);
    expect(count(counting, 50, counter(40_000))).toEqual([0, true]);
    const kept = createCounting(false);
    count(kept, 0, counter(30_000));
    expect(count(kept, 25, counter(2))).toEqual([0, true]);
  });

  it('counts what happened during a silence, and nothing after a power cycle that the board tells', () => {
    const counting = createCounting(true);
    count(counting, 0, counter(100));
    expect(count(counting, 10_000, counter(400))).toEqual([300, false]);
    counting.powerCycled();
    expect(count(counting, 20_000, counter(5))).toEqual([5, false]);
  });

  it('counts each setting of a latch once', () => {
    const counting = createCounting(true);
    const latch = (value: boolean) => ({ kind: 'latch', point: 'c', value }) as const;
    const values = [true, true, false, true, true, false, false, true].map(
      (value, at) => count(counting, at, latch(value))[0],
    );
    expect(values).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('tells a pulse between two looks once, and never one that the level shows, whichever sees it first', () => {
    const counting = createCounting(true);
    const rounds: [boolean, number][] = [
      [false, 10],
      [true, 11], // both see it
      [false, 11],
      [false, 12], // the counter saw one: it may be the level of the next look …
      [true, 12], // … and it was
      [false, 12],
      [true, 12], // the level is first …
      [true, 13], // … and its counter follows
      [false, 13],
      [false, 15], // two that no level shows
      [false, 15],
      [false, 15],
    ];
    expect(rounds.map(([value, total], at) => count(counting, at * 25, level(value), counter(total))[0])).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0,
    ]);
  });

  it('does not hold an edge that the counter filtered out against a later pulse', () => {
    const counting = createCounting(true);
    count(counting, 0, level(false), counter(0));
    count(counting, 25, level(true), counter(0));
    count(counting, 50, level(false), counter(0));
    expect(count(counting, 2_000, level(false), counter(1))[0]).toBe(0);
    expect(count(counting, 2_025, level(false), counter(1))[0]).toBe(1);
  });
});

describe('a board', () => {
  const board = (more: Partial<Board>): Board => ({ unit: 1, bit: () => false, register: () => 0, ...more });

  it('that is another one than its profile says is not believed', async () => {
    const use = profile({ ...EIGHT, probe: { function: 3, address: 210, expect: [0x4051] } });
    const bus = await busOn(createWire({ farEnd: createSlaves([board({ register: () => 0x4055 })]) }));
    const { readings, error } = await run(bus, use, () => true);
    expect(readings).toEqual([]);
    expect(error).toMatchObject({ code: 'identity' });
    await bus.close();
  });

  it('that changed since it was first probed is not believed', async () => {
    let name = 1;
    const use = profile({ ...EIGHT, probe: { function: 3, address: 210 } });
    const bus = await busOn(createWire({ farEnd: createSlaves([board({ register: () => name })]) }));
    const driver = createModbusDriver({ profile: use, unit: 1, pollMs: 5 }, { bus, clock });
    const once = () => {
      const stop = new AbortController();
      return driver.run(() => stop.abort(), stop.signal);
    };
    await once();
    await once();
    name = 2;
    await expect(once()).rejects.toMatchObject({ code: 'identity' });
    await bus.close();
  });

  it('in a linkage mode is told once, and read on', async () => {
    const use = profile({
      ...EIGHT,
      localLinkage: { function: 3, address: 0x1000, quantity: 8, normal: [0], most: 3 },
    });
    const linked = createSlaves([board({ register: (_, address) => (address === 0x1002 ? 1 : 0) })]);
    const bus = await busOn(createWire({ farEnd: linked }));
    const { notices, error } = await run(bus, use, (readings) => readings.length >= 8);
    expect(error).toBeUndefined();
    expect(notices).toEqual([{ kind: 'localLinkage', values: [0, 0, 1, 0, 0, 0, 0, 0] }]);
    await bus.close();
  });

  it('that refuses what is asked says so', async () => {
    const bus = await busOn(createWire({ farEnd: createSlaves([{ unit: 1 }]) }));
    const { error } = await run(bus, EIGHT, () => true);
    expect(error).toMatchObject({ name: 'ProtocolError', code: 'exception' });
    await bus.close();
  });

  it('that says it had no power begins its count again, and that is told', async () => {
    let total = 500;
    let reset = 0;
    const use = profile({
      read: [{ kind: 'counter16', function: 4, address: 0, quantity: 1, points: { c: 0 } }],
      counter: { clearedOnPowerUp: true, resetDetector: { function: 3, address: 272, value: 1 } },
    });
    const slaves = createSlaves([board({ register: (code) => (code === 3 ? reset : total) })]);
    const bus = await busOn(createWire({ farEnd: slaves }));
    const notices: DriverNotice[] = [];
    const driver = createModbusDriver(
      { profile: use, unit: 1, pollMs: 5 },
      { bus, clock, notice: (notice) => void notices.push(notice) },
    );
    const counts: number[] = [];
    const some = () => {
      const stop = new AbortController();
      return driver.run((reading) => {
        if (reading.kind === 'pulses') counts.push(reading.count);
        stop.abort();
      }, stop.signal);
    };
    await some();
    total = 3;
    reset = 1;
    await some();
    expect(counts).toEqual([0, 3]);
    expect(notices).toEqual([{ kind: 'powerCycle' }]);
    await bus.close();
  });

  it('says of each reading how old the change may be', async () => {
    const bus = await busOn(createWire({ farEnd: createSlaves([board({})]) }));
    const { readings } = await run(bus, EIGHT, (all) => all.length >= 20);
    const looks = readings.filter(({ point }) => point === 'di1');
    for (let at = 1; at < looks.length; at += 1) {
      const apartMs = (looks[at]?.atMs ?? 0) - (looks[at - 1]?.atMs ?? 0);
      // From before the request of the last look to the answer of this one.
      expect(looks[at]?.uncertaintyMs).toBeGreaterThanOrEqual(apartMs);
    }
    await bus.close();
  });
});

describe('Modbus TCP', () => {
  /** A device of its own: header, no checksum. `scramble` may send the answers in any order. */
  async function device(
    answer: (transaction: number, pdu: Buffer, say: (transaction: number, pdu: number[]) => void) => void,
  ) {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      let heard = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        heard = Buffer.concat([heard, chunk]);
        while (heard.length >= 6 && heard.length >= 6 + heard.readUInt16BE(4)) {
          const length = heard.readUInt16BE(4);
          answer(heard.readUInt16BE(0), heard.subarray(6, 6 + length), (transaction, pdu) => {
            const head = Buffer.alloc(6);
            head.writeUInt16BE(transaction, 0);
            head.writeUInt16BE(pdu.length, 4);
            socket.write(Buffer.concat([head, Buffer.from(pdu)]));
          });
          heard = heard.subarray(6 + length);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = `modbus-tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
    const bus = createBus(
      await openPort({ port, baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 }, { clock }),
      { clock },
    );
    const end = async (): Promise<void> => {
      await bus.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { bus, end };
  }

  it('reads, and knows a late answer by its number without waiting', async () => {
    let asked = 0;
    let unanswered = 0;
    const { bus, end } = await device((transaction, pdu, say) => {
      asked += 1;
      expect([...pdu]).toEqual([1, 2, 0, 0, 0, 8]);
      if (asked === 2) {
        unanswered = transaction;
        return;
      }
      // The answer to the second comes in front of that to the fourth.
      if (asked === 4) say(unanswered, [1, 2, 1, 2]);
      say(transaction, [1, 2, 1, asked]);
    });
    const master = createMaster(bus, { unit: 1, timeoutMs: 1_000 });
    const read = () =>
      master.read({ function: 2, address: 0, quantity: 8 }).then(
        (bits) => bits.reduce((sum, bit, at) => sum + bit * 2 ** at, 0),
        (error: LinkError) => error.code,
      );
    const results = [];
    for (let round = 0; round < 6; round += 1) results.push(await read());
    expect(results).toEqual([1, 'timeout', 3, 4, 5, 6]);
    await end();
  });

  it('is not fooled by another unit, another function, a refusal or bytes that are no header', async () => {
    const answers: ((transaction: number, say: (transaction: number, pdu: number[]) => void) => void)[] = [
      (transaction, say) => say(transaction, [2, 2, 1, 5]),
      (transaction, say) => say(transaction, [1, 1, 1, 5]),
      (transaction, say) => say(transaction, [1, 2, 2, 5, 5]),
      (transaction, say) => say(transaction, [1, 0x82, 2]),
      (transaction, say) => say(transaction, []),
    ];
    let at = 0;
    const { bus, end } = await device((transaction, _, say) => answers[at++]?.(transaction, say));
    const master = createMaster(bus, { unit: 1, timeoutMs: 50 });
    const codes = [];
    for (const _ of answers)
      codes.push(
        await master.read({ function: 2, address: 0, quantity: 8 }).catch((error: ProtocolError) => error.code),
      );
    expect(codes).toEqual(['unexpected', 'unexpected', 'unexpected', 'exception', 'frame']);
    await end();
  });

  it('carries a whole driver', async () => {
    const { bus, end } = await device((transaction, pdu, say) =>
      say(transaction, pdu[1] === 3 ? [1, 3, 2, 0, 1] : [1, 2, 1, 0x81]),
    );
    const use = profile({ ...EIGHT, probe: { function: 3, address: 0x4000, expect: 'unit' } });
    const { readings, error } = await run(bus, use, (all) => all.length >= 4);
    expect(error).toBeUndefined();
    expect(readings.every((reading) => reading.kind === 'level' && reading.value)).toBe(true);
    await end();
  });
});
