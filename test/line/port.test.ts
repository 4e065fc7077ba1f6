/** Real ports: serial paths on pseudo terminals, and sockets. What goes wrong has a code, and a pulled cable is noticed. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rtuAnswer } from '../../drivers/modbus/frame.ts';
import { systemClock } from '../../src/clock.ts';
import { LinkError } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { characterMs, frameGapMs, type Port, type PortSettings } from '../../src/line/port-contract.ts';
import { superviseLine } from '../../src/line/supervise.ts';
import { createSlaves } from '../drivers/slave.ts';
import { bytesOf, createWire } from '../drivers/wire.ts';
import { ownMs } from '../own-time.ts';
import { type PtyPair, ptyPair } from './pty.ts';
import { missing } from './tools.ts';

const clock = systemClock();
const LINE = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const ASK = bytesOf('01 02 00 00 00 08 79 CC');
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: LinkError) => (error instanceof LinkError ? error.code : String(error)),
  );

/** The device's end of a pseudo terminal. */
async function serve(path: string): Promise<Port> {
  const port = await openPort({ port: path, ...LINE }, { clock });
  const slaves = createSlaves([{ unit: 1, bit: (_, address) => address === 2 }])((bytes) => void port.write(bytes));
  port.listen({ bytes: (chunk) => slaves.hear(Uint8Array.from(chunk)), closed: () => {} });
  return port;
}

describe.skipIf(missing('socat'))('a serial port', () => {
  let pair: PtyPair;
  beforeEach(async () => {
    pair = await ptyPair();
  });
  afterEach(() => pair.end());

  it('is read, is gone within a second of being pulled, and the next one reads again', async () => {
    let device = await serve(pair.far);
    const heard: string[] = [];
    const stop = new AbortController();
    let wake = (): void => {};
    const tell = (text: string): void => {
      heard.push(text);
      wake();
    };
    const until = async (text: string): Promise<void> => {
      while (!heard.includes(text))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    const done = superviseLine(
      {
        lineId: 'line',
        transport: 'serial',
        clock,
        devices: [
          {
            id: 'io1',
            create: ({ bus }) => ({
              points: ['di3'],
              run: async (report, signal) => {
                while (!signal.aborted) {
                  const [, , , bits] = await bus.exchange(ASK, rtuAnswer(ASK), 200);
                  report({ kind: 'level', point: 'di3', value: bits === 4, atMs: clock.nowMs(), uncertaintyMs: 0 });
                  await clock.sleep(20, signal);
                }
              },
            }),
          },
        ],
        open: (signal) => openPort({ port: pair.near, ...LINE }, { clock, signal }),
        on: {
          reading: (_, reading) => tell(`reading ${'value' in reading && reading.value}`),
          lost: () => tell('lost'),
          fault: (_, error) => tell(error.code),
          recovered: () => tell('recovered'),
        },
      },
      stop.signal,
    );
    await until('reading true');
    const pulledMs = ownMs();
    await pair.pull();
    await until('gone');
    expect(ownMs() - pulledMs).toBeLessThan(1_000);
    expect(heard.indexOf('lost')).toBeLessThan(heard.indexOf('gone'));
    await device.close();
    await until('notFound');
    heard.length = 0;
    await pair.plug();
    device = await serve(pair.far);
    await until('reading true');
    await until('recovered');
    stop.abort();
    await done;
    await device.close();
  });

  it('is noticed to be gone without anything being asked', async () => {
    const port = await openPort({ port: pair.near, ...LINE, listenOnly: true }, { clock });
    const gone = new Promise<string>((resolve) => {
      port.listen({ bytes: () => {}, closed: (error) => resolve(error.code) });
    });
    await pair.pull();
    expect(await gone).toBe('gone');
    expect(port.isOpen).toBe(false);
    expect(await code(port.write(ASK))).toBe('listenOnly');
  });

  it('keeps nothing for a port that is opened later', async () => {
    const port = await openPort({ port: pair.near, ...LINE }, { clock });
    await port.close();
    expect(await code(port.write(ASK))).toBe('closed');
  });

  it('is refused to a second program', async () => {
    const port = await openPort({ port: pair.near, ...LINE }, { clock });
    expect(await code(openPort({ port: pair.near, ...LINE }, { clock }))).toBe('busy');
    await port.close();
  });
});

describe('what cannot be opened', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-port-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says why', async () => {
    expect(await code(openPort({ port: join(folder, 'none'), ...LINE }, { clock }))).toBe('notFound');
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await code(openPort({ port: file, ...LINE }, { clock }))).toBe('refused');
    chmodSync(file, 0);
    // The superuser may open everything.
    if (process.getuid?.() !== 0) expect(await code(openPort({ port: file, ...LINE }, { clock }))).toBe('denied');
  });

  it('names the reason that only a binding gives', async () => {
    const wire = createWire({});
    wire.unplug();
    expect(await code(openPort({ port: 'x', ...LINE }, { clock, binding: wire.binding }))).toBe('notFound');
  });
});

describe('a socket', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  let where: string;
  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      const slaves = createSlaves([{ unit: 1, bit: () => true }])((bytes) => void socket.write(bytes));
      socket.on('data', (chunk) => slaves.hear(chunk));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    where = `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const settings = (): PortSettings => ({ port: where, ...LINE });

  it('carries the same frames as the wire behind it', async () => {
    const bus = createBus(await openPort(settings(), { clock }), { clock });
    expect((await bus.exchange(ASK, rtuAnswer(ASK), 200))[3]).toBe(255);
    await bus.close();
  });

  it('is gone when the far end hangs up, and refused when nobody listens', async () => {
    const bus = createBus(await openPort(settings(), { clock }), { clock });
    await bus.exchange(ASK, rtuAnswer(ASK), 200);
    for (const socket of sockets) socket.destroy();
    expect((await bus.closed).code).toBe('gone');
    expect(await code(bus.exchange(ASK, rtuAnswer(ASK), 200))).toBe('gone');
    server.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await code(openPort(settings(), { clock }))).toBe('refused');
  });

  it('is given up when the program stops while it is opened', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await code(openPort(settings(), { clock, signal: stop.signal }))).toBe('closed');
  });
});

describe('time on the wire', () => {
  it('is 10 bits a character for 8N1, 11 for 8E1, and t3.5 fixed above 19200', () => {
    const at = (baudRate: number, parity: 'none' | 'even' = 'none', port = '/dev/x') =>
      ({ port, baudRate, parity, dataBits: 8, stopBits: 1 }) as const;
    expect(characterMs(at(9_600))).toBeCloseTo(1.042, 3);
    expect(characterMs(at(9_600, 'even'))).toBeCloseTo(1.146, 3);
    expect(frameGapMs(at(9_600))).toBeCloseTo(4.01, 2);
    expect(frameGapMs(at(19_200))).toBeCloseTo(2.005, 3);
    expect(frameGapMs(at(38_400))).toBe(1.75);
    expect(characterMs(at(9_600, 'none', 'modbus-tcp://192.0.2.1:502'))).toBe(0);
    expect(frameGapMs(at(9_600, 'none', 'tcp://192.0.2.1:4196'))).toBeCloseTo(4.01, 2);
  });
});
