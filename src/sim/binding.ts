/**
 * A virtual serial port: a binding under serialport's own stream, so that open, close, disconnect and queueing are the real ones. It
 * must not know the bytes on the wire, nor the program above the stream.
 */
import type {
  BindingInterface,
  BindingPortInterface,
  OpenOptions,
  PortInfo,
  UpdateOptions,
} from '@serialport/bindings-interface';
import type { Clock } from '../clock.ts';
import { createFarEnd, type FarEnd } from './devices/far-end.ts';

export type SimulatedPortCode =
  | 'canceled' // closed while it was under way
  | 'unplugged' // the adapter was pulled out
  | 'notFound' // no adapter at this path
  | 'locked' // opened by another process
  | 'closed'; // used after close

/** Errors of the native binding; the texts stay close to the system's, because programs parse them. */
export class SimulatedPortError extends Error {
  override readonly name = 'SimulatedPortError';
  readonly code: SimulatedPortCode;
  /** Without this the stream takes an error for a disconnection. */
  readonly canceled: boolean;
  constructor(code: SimulatedPortCode, message: string) {
    super(message);
    this.code = code;
    this.canceled = code === 'canceled';
  }
}

export type SimulatedBinding = BindingInterface<BindingPortInterface, OpenOptions, PortInfo>;

export interface SimulatedWire extends Pick<FarEnd, 'attach' | 'behave'> {
  readonly path: string;
  readonly binding: SimulatedBinding;
  /** Pulls the adapter out: an open port disconnects, a new one cannot be opened until `plug`. */
  unplug(): void;
  plug(): void;
  /** Puts unrequested bytes on the wire. Lost when no port is open. */
  say(bytes: Uint8Array): void;
}

/** Size of the kernel's terminal input queue; bytes beyond it are lost. */
const INPUT_LIMIT_BYTES = 4096;

/**
 * One adapter with its pair of wires. With `baudRate`, bytes take their time at that speed, and a port opened at another speed exchanges
 * only garbage; without, bytes take no time and every speed fits.
 */
export function createSimulatedWire(options: {
  readonly clock: Clock;
  readonly path?: string;
  readonly baudRate?: number;
  readonly seed?: number;
}): SimulatedWire {
  const path = options.path ?? 'sim:wire';
  const farEnd = createFarEnd(options);
  let plugged = true;
  let current: SimulatedPort | undefined;
  const open = async (openOptions: OpenOptions): Promise<BindingPortInterface> => {
    await Promise.resolve();
    if (openOptions.path !== path || !plugged) {
      throw new SimulatedPortError('notFound', `Error: No such file or directory, cannot open ${openOptions.path}`);
    }
    if (current?.isOpen) {
      throw new SimulatedPortError('locked', 'Error Resource temporarily unavailable Cannot lock port');
    }
    current = new SimulatedPort(openOptions, farEnd, options.baudRate);
    return current;
  };
  return {
    path,
    binding: { list: async () => (plugged ? [portInfo(path)] : []), open },
    attach: farEnd.attach,
    behave: farEnd.behave,
    unplug: () => {
      plugged = false;
      current?.unplug();
    },
    plug: () => {
      plugged = true;
    },
    say: (bytes) => {
      if (current?.isOpen) current.arrive(bytes);
    },
  };
}

/** One binding for several wires, selected by path: for a program with all of them on one machine. */
export function bindingOf(wires: readonly SimulatedWire[]): SimulatedBinding {
  return {
    list: async () => (await Promise.all(wires.map((wire) => wire.binding.list()))).flat(),
    open: async (options) => {
      const wire = wires.find((candidate) => candidate.path === options.path);
      if (!wire)
        throw new SimulatedPortError('notFound', `Error: No such file or directory, cannot open ${options.path}`);
      return wire.binding.open(options);
    },
  };
}

const portInfo = (path: string): PortInfo => ({
  path,
  manufacturer: 'simulated',
  serialNumber: undefined,
  pnpId: undefined,
  locationId: undefined,
  productId: undefined,
  vendorId: undefined,
});

interface PendingRead {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly resolve: (result: { buffer: Buffer; bytesRead: number }) => void;
  readonly reject: (error: SimulatedPortError) => void;
}

class SimulatedPort implements BindingPortInterface {
  readonly openOptions: Required<OpenOptions>;
  isOpen = true;
  readonly #farEnd: FarEnd;
  readonly #deviceBaudRate: number | undefined;
  readonly #closed = new AbortController();
  #unplugged = false;
  #baudRate: number;
  /** Chunks as they arrived; a read gets at most one of them, as from a wire. */
  #pieces: Uint8Array[] = [];
  #pending: PendingRead | undefined;
  #sent: Promise<void> = Promise.resolve();

  constructor(options: OpenOptions, farEnd: FarEnd, deviceBaudRate: number | undefined) {
    const usual = { dataBits: 8, lock: true, stopBits: 1, parity: 'none', rtscts: false } as const;
    this.openOptions = { ...usual, xon: false, xoff: false, xany: false, hupcl: true, ...options };
    this.#baudRate = options.baudRate;
    this.#farEnd = farEnd;
    this.#deviceBaudRate = deviceBaudRate;
  }

  arrive(bytes: Uint8Array): void {
    if (!this.isOpen || this.#unplugged || bytes.length === 0) return;
    const waiting = this.#pieces.reduce((sum, piece) => sum + piece.length, 0);
    const kept = bytes.slice(0, Math.max(0, INPUT_LIMIT_BYTES - waiting));
    if (kept.length > 0) this.#pieces.push(kept);
    this.#serve();
  }

  unplug(): void {
    this.#unplugged = true;
    this.#closed.abort();
    this.#pending?.reject(this.#gone());
    this.#pending = undefined;
  }

  async close(): Promise<void> {
    this.#demandOpen();
    this.isOpen = false;
    this.#closed.abort();
    this.#pieces = [];
    this.#pending?.reject(new SimulatedPortError('canceled', 'Canceled'));
    this.#pending = undefined;
  }

  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(new SimulatedPortError('canceled', 'Port is not open'));
      if (this.#unplugged) return reject(this.#gone());
      this.#pending = { buffer, offset, length, resolve, reject };
      this.#serve();
    });
  }

  async write(buffer: Buffer): Promise<void> {
    this.#demandOpen();
    const bytes = Uint8Array.from(buffer);
    await Promise.resolve();
    if (this.#unplugged) throw this.#gone();
    if (!this.isOpen) throw new SimulatedPortError('canceled', 'Canceled');
    const understood = this.#deviceBaudRate === undefined || this.#deviceBaudRate === this.#baudRate;
    if (!understood) return;
    const listener = {
      say: (piece: Uint8Array) => this.arrive(piece),
      signal: this.#closed.signal,
      characterMs: this.#characterMs(),
    };
    this.#sent = this.#farEnd.receive(bytes, listener);
  }

  async update(options: UpdateOptions): Promise<void> {
    this.#demandOpen();
    this.#baudRate = options.baudRate;
  }

  async set(): Promise<void> {
    this.#demandOpen();
  }

  async get(): Promise<{ cts: boolean; dsr: boolean; dcd: boolean }> {
    this.#demandOpen();
    return { cts: true, dsr: true, dcd: true };
  }

  async getBaudRate(): Promise<{ baudRate: number }> {
    this.#demandOpen();
    return { baudRate: this.#baudRate };
  }

  async flush(): Promise<void> {
    this.#demandOpen();
    this.#pieces = [];
  }

  async drain(): Promise<void> {
    this.#demandOpen();
    await this.#sent;
  }

  #serve(): void {
    const pending = this.#pending;
    const piece = this.#pieces[0];
    if (!pending || !piece) return;
    const bytesRead = Math.min(piece.length, pending.length);
    pending.buffer.set(piece.subarray(0, bytesRead), pending.offset);
    if (bytesRead < piece.length) this.#pieces[0] = piece.subarray(bytesRead);
    else this.#pieces.shift();
    this.#pending = undefined;
    pending.resolve({ buffer: pending.buffer, bytesRead });
  }

  /** Start bit, data, parity, stop; no time on an unpaced wire. */
  #characterMs(): number {
    if (this.#deviceBaudRate === undefined) return 0;
    const { dataBits, parity, stopBits } = this.openOptions;
    return ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1000) / this.#deviceBaudRate;
  }

  #demandOpen(): void {
    if (!this.isOpen) throw new SimulatedPortError('closed', 'Port is not open');
  }

  #gone(): SimulatedPortError {
    return new SimulatedPortError('unplugged', 'bad file descriptor');
  }
}
