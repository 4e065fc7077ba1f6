/** A wire for tests, below serialport's own stream: what is written reaches a far end, what the far end says arrives cut as the test likes. */
import type {
  BindingInterface,
  BindingPortInterface,
  OpenOptions,
  PortInfo,
  PortStatus,
} from '@serialport/bindings-interface';

/** How bytes arrive: as they were sent, one by one, or with line noise before them. */
export type Cut = 'whole' | 'byte' | 'noisy';
export const CUTS: readonly Cut[] = ['whole', 'byte', 'noisy'];

/** Starts like an answer of unit 1 and is none; ends with a byte that could be a unit. */
const NOISE = Uint8Array.of(0xff, 0x01, 0x02, 0x7e, 0x00, 0x01);

export interface FarEnd {
  /** Bytes that came over the wire, in the pieces they were written in. */
  hear(bytes: Uint8Array): void;
}

export interface Wire {
  readonly binding: BindingInterface;
  /** Everything written, in order. */
  readonly written: Uint8Array[];
  /** How often a port was opened. */
  readonly openings: () => number;
  say(bytes: Uint8Array): void;
  /** The adapter is pulled: reads and writes fail from now on, and so does opening. */
  unplug(): void;
  plug(): void;
}

export function createWire(options: {
  readonly cut?: Cut;
  readonly farEnd?: (say: (bytes: Uint8Array) => void) => FarEnd;
}): Wire {
  const written: Uint8Array[] = [];
  let openings = 0;
  let present = true;
  let port: TestPort | undefined;
  const say = (bytes: Uint8Array): void => port?.arrive(cutUp(bytes, options.cut ?? 'whole'));
  const farEnd = options.farEnd?.(say);
  const binding: BindingInterface = {
    list: async (): Promise<PortInfo[]> => [],
    async open(openOptions: OpenOptions) {
      if (!present) throw new Error(`Error: No such file or directory, cannot open ${openOptions.path}`);
      openings += 1;
      port = new TestPort(openOptions, (bytes) => {
        written.push(bytes);
        farEnd?.hear(bytes);
      });
      return port;
    },
  };
  return {
    binding,
    written,
    openings: () => openings,
    say,
    unplug() {
      present = false;
      port?.fail();
    },
    plug() {
      present = true;
    },
  };
}

function cutUp(bytes: Uint8Array, cut: Cut): readonly Uint8Array[] {
  if (cut === 'whole') return [bytes];
  if (cut === 'byte') return [...bytes].map((byte) => Uint8Array.of(byte));
  return [NOISE, bytes];
}

class TestPort implements BindingPortInterface {
  readonly openOptions: Required<OpenOptions>;
  isOpen = true;
  readonly #heard: (bytes: Uint8Array) => void;
  readonly #arrived: Uint8Array[] = [];
  #reading: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #broken = false;

  constructor(options: OpenOptions, heard: (bytes: Uint8Array) => void) {
    this.openOptions = options as Required<OpenOptions>;
    this.#heard = heard;
  }

  arrive(chunks: readonly Uint8Array[]): void {
    this.#arrived.push(...chunks);
    this.#reading?.resolve();
    this.#reading = undefined;
  }

  fail(): void {
    this.#broken = true;
    this.#reading?.reject(new Error('bad file descriptor'));
    this.#reading = undefined;
  }

  async read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    if (!this.isOpen) throw Object.assign(new Error('closed'), { canceled: true });
    if (this.#broken) throw new Error('bad file descriptor');
    if (this.#arrived.length === 0) {
      await new Promise<void>((resolve, reject) => {
        this.#reading = { resolve, reject };
      });
    }
    const chunk = this.#arrived.shift() ?? new Uint8Array();
    if (chunk.length > length) this.#arrived.unshift(chunk.subarray(length));
    const bytesRead = Math.min(chunk.length, length);
    buffer.set(chunk.subarray(0, bytesRead), offset);
    return { buffer, bytesRead };
  }

  async write(buffer: Buffer): Promise<void> {
    if (this.#broken) throw new Error('input/output error');
    this.#heard(Uint8Array.from(buffer));
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.#reading?.reject(Object.assign(new Error('closed'), { canceled: true }));
    this.#reading = undefined;
  }

  async flush(): Promise<void> {
    this.#arrived.length = 0;
  }

  async drain(): Promise<void> {}
  async update(): Promise<void> {}
  async set(): Promise<void> {}
  async get(): Promise<PortStatus> {
    return { cts: false, dsr: false, dcd: false };
  }
  async getBaudRate(): Promise<{ baudRate: number }> {
    return { baudRate: this.openOptions.baudRate };
  }
}

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
