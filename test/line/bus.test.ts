/** The wire: one turn at a time, quiet after a fault, nothing written where we only listen. */
import { afterAll, describe, expect, it } from 'vitest';
import { rtuAnswer } from '../../drivers/modbus/frame.ts';
import { type Clock, pacedClock, systemClock } from '../../src/clock.ts';
import type { Decode, LinkError } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { asItIs, createSlaves, type Fault, sealed } from '../drivers/slave.ts';
import { bytesOf, createWire, hexOf, type Wire } from '../drivers/wire.ts';

const clock = systemClock();
/**
 * For what depends on which of two moments comes first: while a busy machine keeps this process waiting, time stands still for the bus and for the far
 * end alike, and comes back in steps shorter than any gap between two answers.
 */
const paced = pacedClock(1, 2);
afterAll(() => paced.close());
const SETTINGS = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
/** Reads eight inputs of unit 1: the frame of devices.md 3.1. */
const ASK = bytesOf('01 02 00 00 00 08 79 CC');

async function busOn(wire: Wire, listenOnly = false, time: Clock = clock) {
  const port = await openPort({ ...SETTINGS, listenOnly }, { clock: time, binding: wire.binding });
  return createBus(port, { clock: time, listenOnly });
}

/** A board whose inputs show the number of the request that it answers. */
function countingWire(fault: Fault = asItIs): Wire {
  let asked = 0;
  const numbered: Fault = (_, request, count) => {
    asked = count;
    return fault(sealed(1, 2, 1, count), request, count);
  };
  return createWire({ farEnd: createSlaves([{ unit: 1, bit: () => asked >= 0 }], numbered, paced.sleep) });
}

const ask = async (bus: { exchange: Awaited<ReturnType<typeof busOn>>['exchange'] }, timeoutMs: number) => {
  try {
    return (await bus.exchange(ASK, rtuAnswer(ASK), timeoutMs))[3];
  } catch (error) {
    return (error as LinkError).code;
  }
};

describe('bus', () => {
  it('gives the answer to the one who asked, also when many ask at once', async () => {
    const wire = createWire({
      farEnd: createSlaves(
        [1, 2, 3].map((unit) => ({ unit, bit: (_: number, address: number) => address === unit })),
        (answer) => [{ afterMs: 3, bytes: answer }],
      ),
    });
    const bus = await busOn(wire);
    const frames = await Promise.all(
      [1, 2, 3, 1, 2, 3].map((unit) => {
        const request = sealed(unit, 2, 0, 0, 0, 8);
        return bus.exchange(request, rtuAnswer(request), 200);
      }),
    );
    expect(frames.map((frame) => [frame[0], frame[3]])).toEqual([
      [1, 2],
      [2, 4],
      [3, 8],
      [1, 2],
      [2, 4],
      [3, 8],
    ]);
    await bus.close();
  });

  it('never hands a late answer to the next request (reliability 4.3)', async () => {
    const wire = countingWire((answer, _, count) => [{ afterMs: count === 2 ? 300 : 150, bytes: answer }]);
    const bus = await busOn(wire, false, paced);
    const results = [];
    for (let read = 1; read <= 6; read += 1) results.push(await ask(bus, 200));
    expect(results).toEqual([1, 'timeout', 3, 4, 5, 6]);
    await bus.close();
  });

  it('waits out an answer that comes twice', async () => {
    const wire = countingWire((answer) => [
      { afterMs: 1, bytes: answer },
      { afterMs: 1, bytes: answer },
    ]);
    const bus = await busOn(wire, false, paced);
    const results = [];
    for (let read = 1; read <= 20; read += 1) results.push(await ask(bus, 50));
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await bus.close();
  });

  it('takes a frame that nobody asked for as a sign that more may come, and lets it pass', async () => {
    // A network bridge that repeats itself: the third copy would arrive in the next turn, before its answer.
    const wire = countingWire((answer) => [
      { afterMs: 10, bytes: answer },
      { afterMs: 10, bytes: answer },
      { afterMs: 18, bytes: answer },
    ]);
    const bus = await busOn(wire, false, paced);
    const results = [];
    for (let read = 1; read <= 8; read += 1) results.push(await ask(bus, 40));
    expect(results).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await bus.close();
  });

  it('reads on past a wire that never falls silent, after twice the time-out', async () => {
    const wire = countingWire((answer, _, count) => (count === 1 ? [] : [{ afterMs: 0, bytes: answer }]));
    const bus = await busOn(wire);
    const chatter = setInterval(() => wire.say(Uint8Array.of(0xff)), 5);
    const before = clock.nowMs();
    expect(await ask(bus, 50)).toBe('timeout');
    expect(await ask(bus, 50)).toBe(2);
    clearInterval(chatter);
    expect(clock.nowMs() - before).toBeGreaterThan(140);
    await bus.close();
  });

  it('keeps t3.5 between frames', async () => {
    const bus = await busOn(countingWire());
    const before = clock.nowMs();
    for (let read = 0; read < 20; read += 1) await ask(bus, 100);
    // 19 gaps of 1.75 ms at 115200 baud.
    expect(clock.nowMs() - before).toBeGreaterThanOrEqual(19 * 1.75);
    await bus.close();
  });

  it('gives up on an answer that has a wrong checksum at once, and reads on', async () => {
    const wire = countingWire((answer, _, count) => [
      { afterMs: 0, bytes: count === 2 ? Uint8Array.from([...answer.slice(0, -1), 0]) : answer },
    ]);
    const bus = await busOn(wire);
    expect([await ask(bus, 60), await ask(bus, 60), await ask(bus, 60)]).toEqual([1, 'checksum', 3]);
    await bus.close();
  });

  it('rejects what is under way and what waits as soon as the port is gone', async () => {
    const wire = createWire({});
    const bus = await busOn(wire);
    const asked = [ask(bus, 60_000), ask(bus, 60_000)];
    await clock.sleep(20);
    wire.unplug();
    expect(await Promise.all(asked)).toEqual(['gone', 'gone']);
    expect((await bus.closed).code).toBe('gone');
    expect(await ask(bus, 60_000)).toBe('gone');
  });

  it('ends when a write fails', async () => {
    const wire = createWire({
      farEnd: () => ({
        hear() {
          throw new Error('input/output error');
        },
      }),
    });
    const bus = await busOn(wire);
    expect(await ask(bus, 60_000)).toBe('gone');
    expect((await bus.closed).code).toBe('gone');
  });

  it('refuses the 65th that waits', async () => {
    const bus = await busOn(createWire({}));
    const asked = Array.from({ length: 70 }, () => ask(bus, 60_000));
    expect(await Promise.race(asked)).toBe('busy');
    await bus.close();
    const codes = await Promise.all(asked);
    expect(codes.filter((code) => code === 'closed').length).toBe(65);
  });

  it('ends a turn in which only noise comes', async () => {
    const wire = createWire({});
    const bus = await busOn(wire);
    const asked = ask(bus, 60_000);
    await clock.sleep(10);
    for (let part = 0; part < 5; part += 1) wire.say(new Uint8Array(1_000).fill(0xee));
    expect(await asked).toBe('frame');
    await bus.close();
  });
});

describe('a wire that is only listened to', () => {
  /** `*…#` */
  const starHash: Decode<string> = (bytes) => {
    if (bytes[0] !== 0x2a) return { frame: '', used: 1 };
    const end = bytes.indexOf(0x23);
    return end < 0 ? undefined : { frame: Buffer.from(bytes.subarray(0, end + 1)).toString(), used: end + 1 };
  };

  it('never transmits a byte, whatever is asked of bus and port', async () => {
    const wire = createWire({ farEnd: createSlaves([{ unit: 1, bit: () => true }]) });
    const port = await openPort({ ...SETTINGS, listenOnly: true }, { clock, binding: wire.binding });
    const bus = createBus(port, { clock, listenOnly: true });
    expect(await ask(bus, 50)).toBe('listenOnly');
    await expect(port.write(ASK)).rejects.toMatchObject({ code: 'listenOnly' });
    await clock.sleep(60);
    expect(wire.written).toEqual([]);
    await bus.close();
  });

  it('hears every frame, skips what is none, and does not wait for ever on half of one', async () => {
    const wire = createWire({ cut: 'byte' });
    const bus = await busOn(wire, true, paced);
    const stop = new AbortController();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const frame of bus.frames(starHash, stop.signal)) if (frame !== '') heard.push(frame);
    })();
    const say = (text: string) => wire.say(new TextEncoder().encode(text));
    say('xx*IN1ON#\r\n*IN1OFF#*STA');
    await paced.sleep(150);
    say('*IN2ON#');
    await expect.poll(() => heard).toEqual(['*IN1ON#', '*IN1OFF#', '*IN2ON#']);
    stop.abort();
    await listening;
    expect(hexOf(Buffer.concat(wire.written))).toBe('');
    await bus.close();
  });
});
