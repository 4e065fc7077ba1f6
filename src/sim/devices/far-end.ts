/**
 * The far end of a wire: the devices on it, and the manners in which their bytes arrive.
 * It must not know what carries the bytes (a simulated port, a pty, a socket) nor what they mean.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { createRandom } from '../random.ts';

/**
 * A device on a wire: what it hears, in pieces of any size, makes it say zero or more frames.
 * It keeps what it has heard of an unfinished request; it knows no time, so it can be put on any carrier.
 */
export interface SimulatedDevice {
  receive(bytes: Uint8Array): readonly Uint8Array[];
}

/** How the far end behaves. All members may be combined; what is left out is as a good device does it. */
export interface FarEndManners {
  /** Each byte arrives as a piece of its own. */
  readonly byteByByte?: boolean;
  /** The adapter returns what was sent before the answer comes. */
  readonly echo?: boolean;
  /** One to three stray bytes arrive before each answer. */
  readonly noise?: boolean;
  /** Time between the last byte of a request and the first of its answer. */
  readonly thinkMs?: number;
  readonly reply?: 'good' | 'none' | 'late' | 'cut' | 'wrongChecksum' | 'twice';
  /** For `reply: 'late'`: how much later than `thinkMs`. */
  readonly lateMs?: number;
  /** The share of answers to which `reply` and `noise` apply, 0…1. Default 1. */
  readonly share?: number;
  /** Each strikes some of the answers; the first that strikes says how the answer comes, whatever `reply` says. */
  readonly mishaps?: readonly Mishap[];
}

export interface Mishap {
  /** Of the answers, 0…1. */
  readonly share: number;
  readonly reply?: NonNullable<FarEndManners['reply']>;
  readonly noise?: boolean;
}

/** The manners that every driver must survive, by name. */
export const MANNERS = {
  whole: {},
  byteByByte: { byteByByte: true },
  noisy: { noise: true },
  silent: { reply: 'none' },
  late: { reply: 'late' },
  truncated: { reply: 'cut' },
  wrongChecksum: { reply: 'wrongChecksum' },
  duplicate: { reply: 'twice' },
  echo: { echo: true },
} as const satisfies Record<string, FarEndManners>;
export type MannersName = keyof typeof MANNERS;

/** Where the far end puts its bytes, and until when. */
export interface Listener {
  say(piece: Uint8Array): void;
  /** Aborts when the near end closes: what was under way is forgotten. */
  readonly signal: AbortSignal;
  /** Time of one character on this wire; 0 for a wire without pace. */
  readonly characterMs: number;
}

export interface FarEnd {
  /** Puts one more device on the wire; the result takes it off again. */
  attach(device: SimulatedDevice): () => void;
  behave(manners: FarEndManners | MannersName): void;
  /** Resolves when the last byte has gone over the wire; answers come later. */
  hear(bytes: Uint8Array, listener: Listener): Promise<void>;
}

const LATE_MS = 1500;

export function createFarEnd(options: { readonly clock: Clock; readonly seed?: number }): FarEnd {
  const { clock } = options;
  const random = createRandom(options.seed ?? 1);
  const devices = new Set<SimulatedDevice>();
  let manners: FarEndManners = {};
  /** Each direction carries one byte after the other. */
  let inward: Promise<void> = Promise.resolve();
  let outward: Promise<void> = Promise.resolve();

  const transmit = async (frame: Uint8Array, listener: Listener, byteByByte: boolean): Promise<void> => {
    const pieces = byteByByte ? Array.from(frame, (byte) => Uint8Array.of(byte)) : [frame];
    for (const piece of pieces) {
      await clock.sleep(piece.length * listener.characterMs, listener.signal);
      if (listener.signal.aborted) return;
      listener.say(piece);
    }
  };
  const send = (frame: Uint8Array, listener: Listener, byteByByte: boolean): void => {
    outward = outward.then(() => transmit(frame, listener, byteByByte));
  };
  const answer = async (frames: readonly Uint8Array[], listener: Listener, how: FarEndManners): Promise<void> => {
    const struck = how.share === undefined || random.chance(how.share);
    const mishap = how.mishaps?.find(({ share }) => random.chance(share));
    const reply = mishap?.reply ?? (struck ? (how.reply ?? 'good') : 'good');
    const noise = mishap?.noise ?? (struck && how.noise);
    if (reply === 'none') return;
    await clock.sleep((how.thinkMs ?? 0) + (reply === 'late' ? (how.lateMs ?? LATE_MS) : 0), listener.signal);
    for (const frame of frames) {
      if (noise) send(strayBytes(), listener, how.byteByByte ?? false);
      for (const spoilt of spoil(frame, reply)) send(spoilt, listener, how.byteByByte ?? false);
    }
  };
  const strayBytes = (): Uint8Array =>
    Uint8Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => Math.floor(random.next() * 256));

  return {
    attach: (device) => {
      devices.add(device);
      return () => devices.delete(device);
    },
    behave: (next) => {
      manners = typeof next === 'string' ? MANNERS[next] : next;
    },
    hear: (bytes, listener) => {
      const how = manners;
      const copy = Uint8Array.from(bytes);
      inward = inward.then(async () => {
        await clock.sleep(copy.length * listener.characterMs, listener.signal);
        if (listener.signal.aborted) return;
        if (how.echo) send(copy, listener, how.byteByByte ?? false);
        for (const device of devices) {
          const frames = device.receive(copy);
          if (frames.length > 0) void answer(frames, listener, how);
        }
      });
      return inward;
    },
  };
}

function spoil(frame: Uint8Array, reply: NonNullable<FarEndManners['reply']>): readonly Uint8Array[] {
  switch (reply) {
    case 'cut':
      return [frame.slice(0, Math.ceil(frame.length / 2))];
    case 'wrongChecksum':
      return [Uint8Array.from(frame, (byte, index) => (index === frame.length - 1 ? byte ^ 0x40 : byte))];
    case 'twice':
      return [frame, frame];
    default:
      return [frame];
  }
}

/** Serves the far end on any carrier that is open already: a SerialPort on a real path or pty, a socket. Until `signal` aborts or it closes. */
export function serveOnStream(stream: Duplex, farEnd: FarEnd, signal: AbortSignal, characterMs = 0): void {
  const closed = new AbortController();
  const listener: Listener = {
    say: (piece) => {
      if (stream.writable) stream.write(piece);
    },
    signal: closed.signal,
    characterMs,
  };
  const hear = (bytes: Uint8Array) => void farEnd.hear(bytes, listener);
  const end = () => {
    closed.abort();
    stream.off('data', hear);
    signal.removeEventListener('abort', end);
  };
  stream.on('data', hear);
  stream.once('close', end);
  signal.addEventListener('abort', end, { once: true });
}
