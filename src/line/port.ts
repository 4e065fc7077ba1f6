/**
 * One serial port or one socket, opened once and discarded after it closes. It carries bytes and knows no frame and no turn. After a
 * failed write serialport's stream is dead although it reports open, so nothing here can be opened a second time.
 */
import { constants, fstatSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { type Clock, LinkError } from '../driver.ts';
import {
  characterMs,
  frameGapMs,
  type Port,
  type PortListener,
  type PortOptions,
  type PortSettings,
  transportOf,
} from './port-contract.ts';
import { openSocket } from './socket.ts';
import { deviceName } from './wire-claims.ts';

/** A port stuck in closing is left to the kernel after this long. */
const CLOSE_WAIT_MS = 1_000;
/** Interval of checking the device file: not every kernel driver reports a hang-up between two reads. */
const WATCH_MS = 500;
/** Buffer of one read; serialport's default of 64 KiB would be allocated for every port. */
const READ_BYTES = 4_096;

/** Opens it once. Throws LinkError: notFound, denied, busy, refused, timeout; closed when `signal` aborted. */
export async function openPort(settings: PortSettings, options: PortOptions): Promise<Port> {
  return transportOf(settings.port) === 'serial' ? openSerial(settings, options) : openSocket(settings, options);
}

async function openSerial(settings: PortSettings, options: PortOptions): Promise<Port> {
  const path = settings.port;
  if (options.binding === undefined) await mustBeReachable(path);
  const serial = await createSerial(settings, options);
  let listener: PortListener | undefined;
  let ended: LinkError | undefined;
  const over = new AbortController();
  const end = (error: LinkError): void => {
    if (ended !== undefined) return;
    ended = error;
    over.abort();
    listener?.closed(error);
  };
  // All three at once: without a reader an unplugged adapter goes unnoticed, without an error listener the process dies.
  serial.on('data', (chunk: Buffer) => {
    if (ended === undefined) listener?.bytes(chunk);
  });
  serial.on('error', (error: Error) => end(new LinkError('gone', `${path}: ${error.message}`, { cause: error })));
  serial.on('close', (error: Error | null) =>
    end(new LinkError(error ? 'gone' : 'closed', `${path}: ${error?.message ?? 'closed'}`)),
  );
  await new Promise<void>((resolve, reject) =>
    serial.open((error) => (error ? reject(openError(path, error)) : resolve())),
  );
  const device = openedDevice(serial);
  const lowLatency = await setFlags(serial, settings.listenOnly === true);

  const close = async (): Promise<void> => {
    end(new LinkError('closed', `${path}: closed`));
    if (!serial.isOpen) return;
    await Promise.race([new Promise<void>((done) => serial.close(() => done())), options.clock.sleep(CLOSE_WAIT_MS)]);
  };
  const port: Port = {
    transport: 'serial',
    characterMs: characterMs(settings),
    gapMs: frameGapMs(settings),
    ...(lowLatency !== undefined && { lowLatency }),
    ...(device !== undefined && { device }),
    get isOpen() {
      return ended === undefined && serial.isOpen;
    },
    listen(next) {
      listener = next;
      if (ended !== undefined) next.closed(ended);
    },
    async write(bytes) {
      if (settings.listenOnly) throw new LinkError('listenOnly', `${path}: this wire is listen-only`);
      // serialport queues writes while it is closed and sends them after the next opening.
      if (ended !== undefined || !serial.isOpen) throw ended ?? new LinkError('closed', `${path}: not open`);
      await writeAll(serial, bytes);
    },
    discard: () =>
      new Promise((resolve) => {
        if (serial.isOpen) serial.flush(() => resolve());
        else resolve();
      }),
    close,
  };
  if (options.signal?.aborted) {
    await close();
    throw new LinkError('closed', `${path}: aborted while opening`);
  }
  if (options.binding === undefined)
    void watch(path, options.clock, over.signal, (error) => {
      end(error);
      void close();
    });
  return port;
}

async function createSerial(settings: PortSettings, { binding }: PortOptions): Promise<SerialPort> {
  const { port, baudRate, dataBits, parity, stopBits } = settings;
  // Loaded with the first serial port: a box whose boards are on the network has none.
  const { SerialPort } = await import('serialport');
  return new SerialPort({
    path: port,
    baudRate,
    dataBits,
    parity,
    stopBits,
    autoOpen: false,
    lock: true,
    highWaterMark: READ_BYTES,
    // The option's type names the binding of this machine; any binding of the interface works.
    ...(binding && { binding: binding as unknown as typeof SerialPort.binding }),
  });
}

const writeAll = (serial: SerialPort, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) =>
    serial.write(bytes, undefined, (error) =>
      error ? reject(new LinkError('gone', `${serial.path}: ${error.message}`, { cause: error })) : resolve(),
    ),
  );

/** From the descriptor itself: the path may name another device by now. */
function openedDevice({ port }: SerialPort): string | undefined {
  const { fd } = (port ?? {}) as { readonly fd?: unknown };
  return typeof fd === 'number' ? deviceName(fstatSync(fd)) : undefined;
}

/** The operating system's own code, which serialport only gives as a sentence. */
async function mustBeReachable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LinkError(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'notFound', message, { cause: error });
  }
}

function openError(path: string, error: Error): LinkError {
  const text = `${path}: ${error.message}`;
  if (/lock|busy/i.test(error.message)) return new LinkError('busy', text, { cause: error });
  if (/permission|not permitted/i.test(error.message)) return new LinkError('denied', text, { cause: error });
  if (/no such|not found/i.test(error.message)) return new LinkError('notFound', text, { cause: error });
  return new LinkError('refused', text, { cause: error });
}

/** Requests low latency and returns whether it took effect. A pty and some adapters refuse, which costs time and nothing else. */
async function setFlags(serial: SerialPort, listenOnly: boolean): Promise<boolean | undefined> {
  // serialport always sends DTR and RTS along; RTS up would switch on the transmitter of some RS-485 adapters.
  const flags: { dtr: boolean; rts: boolean } = { dtr: true, rts: !listenOnly };
  await new Promise<void>((resolve) => serial.set({ ...flags, ...{ lowLatency: true } }, () => resolve()));
  return new Promise((resolve) =>
    serial.get((error, status) => {
      const taken = (status as { lowLatency?: unknown } | undefined)?.lowLatency;
      resolve(error || typeof taken !== 'boolean' ? undefined : taken);
    }),
  );
}

async function watch(path: string, clock: Clock, over: AbortSignal, gone: (error: LinkError) => void): Promise<void> {
  const device = async (): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.rdev;
  const opened = await device();
  while (!over.aborted) {
    await clock.sleep(WATCH_MS, over);
    if (over.aborted) return;
    if ((await device()) !== opened) return gone(new LinkError('gone', `${path}: the device file is gone`));
  }
}
