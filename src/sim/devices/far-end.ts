/**
 * The far end of a wire: its devices, and the manner in which their bytes arrive. It must not know the carrier of the bytes (a simulated
 * port, a pty, a socket) nor their meaning.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { createRandom } from '../random.ts';

/**
 * A device on a wire: it receives chunks of any size and returns zero or more frames. It buffers an incomplete request; it knows no
 * time, so it works on any carrier.
 */
export interface SimulatedDevice {
  receive(bytes: Uint8Array): readonly Uint8Array[];
}

/** Manners of the far end; omitted ones are those of a good device. */
export interface FarEndManners {
  /** The adapter echoes the request before the answer. */
  readonly echo?: boolean;
  /** The first that strikes an answer is what becomes of it. */
  readonly mishaps?: readonly Mishap[];
}

export interface Mishap {
  /** Share of the answers, 0…1. */
  readonly share: number;
  readonly reply?: 'none' | 'late' | 'cut' | 'wrongChecksum' | 'twice';
  /** One to three stray bytes arrive before the answer. */
  readonly noise?: boolean;
}

/** Receiver of the far end's bytes. */
export interface Listener {
  say(piece: Uint8Array): void;
  /** Aborts when the near end closes: pending bytes are dropped. */
  readonly signal: AbortSignal;
  /** Time of one character on this wire; 0 for an unpaced wire. */
  readonly characterMs: number;
}

export interface FarEnd {
  /** Adds a device to the wire; the result removes it. */
  attach(device: SimulatedDevice): () => void;
  behave(manners: FarEndManners): void;
  /** Resolves when the last byte has gone over the wire; answers come later. */
  receive(bytes: Uint8Array, listener: Listener): Promise<void>;
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

  const transmit = async (frame: Uint8Array, listener: Listener): Promise<void> => {
    await clock.sleep(frame.length * listener.characterMs, listener.signal);
    if (!listener.signal.aborted) listener.say(frame);
  };
  const send = (frame: Uint8Array, listener: Listener): void => {
    outward = outward.then(() => transmit(frame, listener));
  };
  const answer = async (
    frames: readonly Uint8Array[],
    listener: Listener,
    { mishaps }: FarEndManners,
  ): Promise<void> => {
    const { reply, noise } = mishaps?.find(({ share }) => random.chance(share)) ?? {};
    if (reply === 'none') return;
    await clock.sleep(reply === 'late' ? LATE_MS : 0, listener.signal);
    for (const frame of frames) {
      if (noise) send(strayBytes(), listener);
      for (const spoilt of spoil(frame, reply)) send(spoilt, listener);
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
      manners = next;
    },
    receive: (bytes, listener) => {
      const how = manners;
      const copy = Uint8Array.from(bytes);
      inward = inward.then(async () => {
        await clock.sleep(copy.length * listener.characterMs, listener.signal);
        if (listener.signal.aborted) return;
        if (how.echo) send(copy, listener);
        for (const device of devices) {
          const frames = device.receive(copy);
          if (frames.length > 0) void answer(frames, listener, how);
        }
      });
      return inward;
    },
  };
}

function spoil(frame: Uint8Array, reply: Mishap['reply']): readonly Uint8Array[] {
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

/** Serves the far end on an open carrier: a SerialPort on a real path or pty, a socket. Until `signal` aborts or it closes. */
export function serveOnStream(stream: Duplex, farEnd: FarEnd, signal: AbortSignal, characterMs = 0): void {
  const closed = new AbortController();
  const listener: Listener = {
    say: (piece) => {
      if (stream.writable) stream.write(piece);
    },
    signal: closed.signal,
    characterMs,
  };
  const receive = (bytes: Uint8Array) => void farEnd.receive(bytes, listener);
  const end = () => {
    closed.abort();
    stream.off('data', receive);
    signal.removeEventListener('abort', end);
  };
  stream.on('data', receive);
  stream.once('close', end);
  signal.addEventListener('abort', end, { once: true });
}
