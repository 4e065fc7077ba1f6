/** A line that is kept running: a new port each time, a silent device that costs the others nothing but its turn, faults told once. */
import { describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusProfile } from '../../drivers/modbus/profile.ts';
import { pacedClock } from '../../src/clock.ts';
import { type DriverPorts, LinkError, type Reading } from '../../src/driver.ts';
import { openPort } from '../../src/line/port.ts';
import type { Port } from '../../src/line/port-contract.ts';
import { type Fault, type LineDevice, type LineSubject, superviseLine } from '../../src/line/supervise.ts';
import { createSlaves } from '../drivers/slave.ts';
import { createWire, type Wire } from '../drivers/wire.ts';
import { handClock } from '../sim/hand-clock.ts';

const profile = modbusProfile.parse({
  maker: 'none',
  model: 'test',
  source: 'test',
  transport: ['rtu'],
  read: [{ kind: 'level', function: 2, address: 0, quantity: 2, points: { di1: 0, di2: 1 } }],
});

const board = (id: string, unit: number): LineDevice => ({
  id,
  create: (ports: DriverPorts) => createModbusDriver({ profile, unit, pollMs: 25 }, ports),
});

/** What a line told, and a way to wait for it. */
function listener() {
  const told: string[] = [];
  const readings: { id: string; reading: Reading }[] = [];
  const waits = new Set<() => void>();
  const news = (): void => {
    for (const wake of waits) wake();
  };
  const name = ({ lineId, deviceId }: LineSubject): string => deviceId ?? lineId;
  const tell = (line: string): void => {
    told.push(line);
    news();
  };
  return {
    told,
    readings,
    on: {
      reading: (id: string, reading: Reading) => {
        readings.push({ id, reading });
        news();
      },
      lost: (id: string) => tell(`lost ${id}`),
      fault: (subject: LineSubject, error: Fault, count: number) =>
        tell(`fault ${name(subject)} ${error.code} ${count}`),
      recovered: (subject: LineSubject) => tell(`recovered ${name(subject)}`),
    },
    until: (met: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!met()) return;
          waits.delete(look);
          resolve();
        };
        waits.add(look);
        look();
      }),
  };
}

function start(wire: Wire, devices: readonly LineDevice[], heard = listener()) {
  const clock = pacedClock(10);
  const stop = new AbortController();
  const settings = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const done = superviseLine(
    {
      lineId: 'line',
      transport: 'serial',
      devices,
      clock,
      open: (signal) => openPort(settings, { clock, binding: wire.binding, signal }),
      on: heard.on,
    },
    stop.signal,
  );
  return {
    heard,
    clock,
    done,
    stop: async () => {
      stop.abort();
      await done;
      clock.close();
    },
  };
}

describe('a line', () => {
  it('opens a new port after the adapter was pulled, tells each thing once, and reads on', async () => {
    const wire = createWire({ farEnd: createSlaves([{ unit: 1, bit: () => true }]) });
    const line = start(wire, [board('io1', 1)]);
    await line.heard.until(() => line.heard.readings.length >= 4);
    wire.unplug();
    await line.heard.until(() => line.heard.told.includes('fault line notFound 2'));
    // Many attempts later the log still has two lines: it went, and it is not there.
    await line.clock.sleep(5_000);
    expect(line.heard.told).toEqual(['lost io1', 'fault line gone 1', 'fault line notFound 2']);
    const before = line.heard.readings.length;
    wire.plug();
    await line.heard.until(() => line.heard.readings.length > before + 4);
    await line.heard.until(() => line.heard.told.includes('recovered line'));
    expect(wire.openings()).toBe(2);
    await line.stop();
    expect(line.heard.told.at(-1)).toBe('lost io1');
  });

  it('goes on with the other devices when one is silent, and says that only this one is lost', async () => {
    const wire = createWire({ farEnd: createSlaves([{ unit: 1, bit: () => true }]) });
    const line = start(wire, [board('io1', 1), board('dead', 2)]);
    await line.heard.until(() => line.heard.told.includes('lost dead'));
    const from = line.heard.readings.length;
    await line.clock.sleep(10_000);
    const looks = line.heard.readings.slice(from);
    expect(looks.every(({ id }) => id === 'io1')).toBe(true);
    // 400 looks at 25 ms; the dead one may take no more than a tenth of the time, and the test machine some.
    expect(looks.length / 2).toBeGreaterThan(150);
    expect(line.heard.told).toEqual(['fault dead timeout 1', 'lost dead']);
    expect(wire.openings()).toBe(1);
    await line.stop();
    expect(line.heard.told.slice(2)).toEqual(['lost io1']);
  });

  it('forgives one lost answer without losing the device', async () => {
    const wire = createWire({
      farEnd: createSlaves([{ unit: 1, bit: () => true }], (bytes, _, count) =>
        count % 20 === 0 ? [] : [{ afterMs: 0, bytes }],
      ),
    });
    const line = start(wire, [board('io1', 1)]);
    await line.heard.until(() => line.heard.readings.length >= 200);
    expect(line.heard.told.filter((text) => text.startsWith('lost'))).toEqual([]);
    expect(line.heard.told[0]).toBe('fault io1 timeout 1');
    await line.stop();
  });

  it('tells a device that comes back, once it has read for a while', async () => {
    let answers = true;
    const wire = createWire({
      farEnd: createSlaves([{ unit: 1, bit: () => true }], (bytes) => (answers ? [{ afterMs: 0, bytes }] : [])),
    });
    const line = start(wire, [board('io1', 1)]);
    await line.heard.until(() => line.heard.readings.length >= 4);
    answers = false;
    await line.heard.until(() => line.heard.told.includes('lost io1'));
    answers = true;
    await line.heard.until(() => line.heard.told.includes('recovered io1'));
    expect(line.heard.told).toEqual(['fault io1 timeout 1', 'lost io1', 'recovered io1']);
    await line.stop();
  });

  it('stops at once while a request is under way and while it waits for a port', async () => {
    const silent = start(createWire({}), [board('io1', 1)]);
    await silent.clock.sleep(50);
    await silent.stop();
    const missing = createWire({});
    missing.unplug();
    const waiting = start(missing, [board('io1', 1)]);
    await waiting.heard.until(() => waiting.heard.told.includes('fault line notFound 1'));
    await waiting.stop();
    expect(missing.openings()).toBe(0);
  });

  it('ends with an error when a driver makes a mistake of its own', async () => {
    const broken: LineDevice = {
      id: 'broken',
      create: () => ({
        points: [],
        run: async () => {
          throw new TypeError('undefined is not a function');
        },
      }),
    };
    const line = start(createWire({}), [broken, board('io1', 1)]);
    await expect(line.done).rejects.toThrow(TypeError);
    line.clock.close();
  });

  it('counts faults in a row and backs off from a device that is not there', async () => {
    let runs = 0;
    const absent: LineDevice = {
      id: 'absent',
      create: () => ({
        points: [],
        run: async () => {
          runs += 1;
          throw new LinkError('timeout', 'no answer');
        },
      }),
    };
    const line = start(createWire({}), [absent]);
    await line.clock.sleep(60_000);
    // 100 ms, 200 ms, … 5 s, then every 5 s: about 16 in a minute.
    expect(runs).toBeGreaterThan(8);
    expect(runs).toBeLessThan(30);
    await line.stop();
  });

  it('opens a socket again on which nothing has come for ten seconds, whatever the kernel thinks of it', async () => {
    const clock = handClock();
    const heard = listener();
    let opened = 0;
    const open = async (): Promise<Port> => {
      opened += 1;
      const ended: ((error: LinkError) => void)[] = [];
      return {
        transport: 'tcp',
        characterMs: 0,
        gapMs: 2,
        isOpen: true,
        listen: ({ closed }) => void ended.push(closed),
        write: async () => {},
        discard: async () => {},
        close: async () => {
          for (const closed of ended.splice(0)) closed(new LinkError('closed', 'the port was closed'));
        },
      };
    };
    const stop = new AbortController();
    const done = superviseLine(
      { lineId: 'line', transport: 'tcp', devices: [board('io1', 1)], clock, open, on: heard.on },
      stop.signal,
    );
    await clock.advance(9_000);
    expect(opened).toBe(1);
    await clock.advance(6_000);
    expect(opened).toBe(2);
    expect(heard.told).toContain('fault line gone 1');
    // A socket that opens again is no line that works again: a serial server takes the connection, whatever is behind it.
    await clock.advance(30_000);
    expect(opened).toBeGreaterThan(3);
    expect(heard.told).not.toContain('recovered line');
    stop.abort();
    await clock.advance(2_000);
    await done;
  });
});
