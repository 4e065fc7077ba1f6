/** The simulated port under serialport's own stream: open, read, write, close, unplug, and the far end's manners. */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { bindingOf, createSimulatedWire, type SimulatedWire } from '../../src/sim/binding.ts';
import type { Mishap, SimulatedDevice } from '../../src/sim/devices/far-end.ts';
import { handClock } from './hand-clock.ts';

/** Answers every piece it hears with the same piece in capitals. */
const loud: SimulatedDevice = {
  receive: (heard) => [Uint8Array.from(Buffer.from(Buffer.from(heard).toString().toUpperCase()))],
};
const clock = handClock();
const open: SerialPort[] = [];

async function openPort(wire: SimulatedWire, baudRate = 9600): Promise<SerialPort> {
  const options = { path: wire.path, baudRate, binding: wire.binding, autoOpen: false };
  const port = new SerialPort(options as ConstructorParameters<typeof SerialPort>[0]);
  port.on('error', () => {});
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  open.push(port);
  return port;
}

/** Every piece as it arrives, as text. */
function piecesOf(port: SerialPort): string[] {
  const pieces: string[] = [];
  port.on('data', (piece: Buffer) => pieces.push(piece.toString('latin1')));
  return pieces;
}

async function settle(ms = 0): Promise<void> {
  await clock.advance(ms);
  for (let turn = 0; turn < 30; turn += 1) await setImmediate();
}

afterEach(async () => {
  for (const port of open.splice(0)) if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
});

describe('a port', () => {
  it('carries bytes both ways', async () => {
    const wire = createSimulatedWire({ clock });
    wire.attach(loud);
    const port = await openPort(wire);
    const pieces = piecesOf(port);
    port.write('abc');
    await settle();
    expect(pieces).toEqual(['ABC']);
  });

  it('closes with a read pending, with no error and no disconnect', async () => {
    const port = await openPort(createSimulatedWire({ clock }));
    piecesOf(port);
    await settle();
    const closed = once(port, 'close');
    port.close();
    expect(await closed).toEqual([null]);
  });

  it('disconnects when the adapter is pulled out, and opens anew when it is back', async () => {
    const wire = createSimulatedWire({ clock });
    wire.attach(loud);
    const port = await openPort(wire);
    piecesOf(port);
    await settle();
    const closed = once(port, 'close');
    wire.unplug();
    const [error] = await closed;
    expect(error).toMatchObject({ disconnected: true });
    await expect(openPort(wire)).rejects.toThrow(/No such file/);
    wire.plug();
    const pieces = piecesOf(await openPort(wire));
    open.at(-1)?.write('again');
    await settle();
    expect(pieces).toEqual(['AGAIN']);
  });

  it('fails a write after the adapter was pulled out', async () => {
    const wire = createSimulatedWire({ clock });
    const port = await openPort(wire);
    wire.unplug();
    const error = await new Promise((resolve) => port.write('x', resolve));
    expect(error).toMatchObject({ code: 'unplugged' });
  });

  it('is held by one at a time', async () => {
    const wire = createSimulatedWire({ clock });
    await openPort(wire);
    await expect(openPort(wire)).rejects.toThrow(/Cannot lock port/);
  });

  it('forgets on flush what arrived and was not read', async () => {
    const wire = createSimulatedWire({ clock });
    const port = await openPort(wire);
    wire.say(Buffer.from('old'));
    await new Promise((resolve) => port.flush(resolve));
    const pieces = piecesOf(port);
    wire.say(Buffer.from('new'));
    await settle();
    expect(pieces).toEqual(['new']);
  });

  it('loses what finds its buffer full', async () => {
    const wire = createSimulatedWire({ clock });
    const port = await openPort(wire);
    for (let count = 0; count < 5; count += 1) wire.say(new Uint8Array(1000));
    const pieces = piecesOf(port);
    await settle();
    expect(pieces.join('')).toHaveLength(4096);
  });

  it('is found by its path among several', async () => {
    const wires = ['sim:a', 'sim:b'].map((path) => createSimulatedWire({ clock, path }));
    const binding = bindingOf(wires);
    expect((await binding.list()).map(({ path }) => path)).toEqual(['sim:a', 'sim:b']);
    await expect(binding.open({ path: 'sim:c', baudRate: 9600 })).rejects.toThrow(/No such file/);
  });
});

describe('manners', () => {
  const exchange = async (behave: Parameters<SimulatedWire['behave']>[0], ms = 0): Promise<string[]> => {
    const wire = createSimulatedWire({ clock });
    wire.attach(loud);
    wire.behave(behave);
    const port = await openPort(wire);
    const pieces = piecesOf(port);
    port.write('abcd');
    await settle(ms);
    return pieces;
  };

  const always = (mishap: Omit<Mishap, 'share'>) => ({ mishaps: [{ share: 1, ...mishap }] });

  it('good', async () => expect(await exchange({})).toEqual(['ABCD']));
  it('silent', async () => expect(await exchange(always({ reply: 'none' }), 60_000)).toEqual([]));
  it('truncated', async () => expect(await exchange(always({ reply: 'cut' }))).toEqual(['AB']));
  it('wrong checksum', async () => expect(await exchange(always({ reply: 'wrongChecksum' }))).toEqual(['ABC\x04']));
  it('duplicate', async () => expect(await exchange(always({ reply: 'twice' }))).toEqual(['ABCD', 'ABCD']));
  it('echo', async () => expect(await exchange({ echo: true })).toEqual(['abcd', 'ABCD']));
  it('noisy', async () => {
    const pieces = await exchange(always({ noise: true }));
    expect(pieces.at(-1)).toBe('ABCD');
    expect(pieces.join('').length).toBeGreaterThan(4);
  });
  it('late', async () => {
    expect(await exchange(always({ reply: 'late' }), 1400)).toEqual([]);
    expect(await exchange(always({ reply: 'late' }), 1600)).toEqual(['ABCD']);
  });
  it('a share of them', async () => {
    const wire = createSimulatedWire({ clock });
    wire.attach(loud);
    wire.behave({ mishaps: [{ share: 0.5, reply: 'none' }] });
    const port = await openPort(wire);
    const pieces = piecesOf(port);
    for (let count = 0; count < 100; count += 1) {
      port.write('x');
      await settle();
    }
    expect(pieces.length).toBeGreaterThan(25);
    expect(pieces.length).toBeLessThan(75);
  });
});

describe('a wire with a speed', () => {
  it('takes the time of its characters both ways', async () => {
    const wire = createSimulatedWire({ clock, baudRate: 9600 });
    wire.attach(loud);
    const port = await openPort(wire);
    const pieces = piecesOf(port);
    port.write('12345678'); // 8 characters of 10 bits: 8.3 ms, and as long back
    await settle(16);
    expect(pieces).toEqual([]);
    await settle(1);
    expect(pieces).toEqual(['12345678']);
  });

  it('is not understood at another speed', async () => {
    const wire = createSimulatedWire({ clock, baudRate: 9600 });
    wire.attach(loud);
    const port = await openPort(wire, 19200);
    const pieces = piecesOf(port);
    port.write('x');
    await settle(1000);
    expect(pieces).toEqual([]);
  });
});
