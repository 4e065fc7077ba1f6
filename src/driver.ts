/**
 * All that a driver may know: what it reports, the wire it is given, and how it says that something is wrong.
 * A driver knows points of its device; it does not know lanes, roles, files, the store or the cloud,
 * and there is nothing in this contract with which it could move a barrier.
 */
import type { z } from 'zod';
import type { Clock } from './clock.ts';

export type { Clock } from './clock.ts';

/**
 * One look at one point of one device. Not knowing is the absence of looks; there is no third value.
 * `atMs` is Clock.nowMs at the moment the device was read (a kernel time stamp where there is one);
 * the true change happened at most `uncertaintyMs` before it (the poll interval for a polled point).
 */
export type Reading =
  | {
      readonly kind: 'level';
      readonly point: string;
      readonly value: boolean;
      readonly atMs: number;
      readonly uncertaintyMs: number;
    }
  /** `count`: pulses since the last reading (counters, latches), never a running total; wrap and power cycle are the driver's to know. */
  | {
      readonly kind: 'pulses';
      readonly point: string;
      readonly count: number;
      readonly atMs: number;
      readonly uncertaintyMs: number;
    };

/** Takes one frame off the front of `bytes`. undefined: more bytes are needed. Throws ProtocolError when they cannot become a frame. */
export type Decode<T> = (bytes: Uint8Array) => { frame: T; used: number } | undefined;

/** One pair of wires (or one socket), shared by every device on it. One turn at a time, in the order asked. */
export interface Bus {
  /** How frames travel here: as on a serial line (also through a transparent serial server, `tcp`), or each in a Modbus TCP header. */
  readonly transport?: 'serial' | 'tcp' | 'modbus-tcp';
  /**
   * Sends `request` and decodes the answer. `timeoutMs` counts from the moment the last byte is out.
   * After a timeout or a ProtocolError the bus stays quiet and discards what arrives late, before the next turn.
   * `gapMs`: silence before the request, for a device that needs more than the wire's own.
   * Throws LinkError (timeout, closed, gone, listenOnly) or ProtocolError.
   */
  exchange<T>(request: Uint8Array, decode: Decode<T>, timeoutMs: number, gapMs?: number): Promise<T>;
  /** Listens only: every frame that passes, until `signal` aborts. What cannot be decoded is skipped byte by byte. */
  frames<T>(decode: Decode<T>, signal: AbortSignal): AsyncIterable<T>;
}

/** What a device says about itself that a person should know; nothing is decided by it. `src/text/fault.ts` explains each. */
export type DriverNotice =
  /** The board can switch its own relays without anybody's command: an opening with nothing on the wire. `values`: as read. */
  | { readonly kind: 'localLinkage'; readonly values: readonly number[] }
  /** The board lost power and came back: what its counters counted meanwhile is unknown. */
  | { readonly kind: 'powerCycle' };

export interface Driver {
  /** Every point this device reports, by the name printed at its terminals in lower case. */
  readonly points: readonly string[];
  /**
   * Reads the device and reports until `signal` aborts, then returns. Throws LinkError or ProtocolError when the device cannot be
   * read; it never retries a lost link (the supervisor does, with a new port) and it cannot write.
   */
  run(report: (reading: Reading) => void, signal: AbortSignal): Promise<void>;
}

/** What a driver is given. */
export interface DriverPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly notice?: (notice: DriverNotice) => void;
  /** The points the configuration uses. A driver may leave the others unread where that saves time on the wire; absent: all are wanted. */
  readonly wanted?: ReadonlySet<string>;
}

/** One question and its answer on the wire, as often as the device is asked. */
export interface WireTurn {
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** What the device takes to think, typically. */
  readonly turnaroundMs: number;
  /** Silence the device wants before it is asked, beyond the wire's own. */
  readonly gapMs: number;
}

/** What a device asks of its wire: all `turns` once every `everyMs`. */
export interface WireUse {
  readonly everyMs: number;
  readonly turns: readonly WireTurn[];
}

/**
 * A kind of device as the configuration names it (`kind: modbus`). `schema` is closed and covers the device's own keys
 * (without `id` and `kind`). With `profiles`, a device names a profile and `create` gets the parsed profile as `config.profile`.
 */
export interface DriverKind<C = unknown, P = unknown> {
  readonly kind: string;
  readonly schema: z.ZodType<C>;
  /** false: reads this machine itself. It stands in the list `gpio` of the configuration and its bus answers nothing. */
  readonly wire?: false;
  /** `folder`: where the profiles of this kind stand, one YAML file each; `schema`: their closed schema. */
  readonly profiles?: { readonly folder: URL; readonly schema: z.ZodType<P> };
  create(config: C & { readonly profile: P }, io: DriverPorts): Driver;
  /** What the device asks of its wire, for `check`; absent: it does not ask. */
  wireUse?(config: C & { readonly profile: P }, wanted?: ReadonlySet<string>): WireUse;
}

/** A picture as the camera gave it. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/jpeg';
  /** Clock.nowMs when the picture was asked for. */
  readonly atMs: number;
}

export interface Camera {
  /** One picture of now. Throws LinkError or ProtocolError; ends at once when `signal` aborts. */
  snapshot(signal: AbortSignal): Promise<Frame>;
}

export interface CameraKind<C = unknown> {
  readonly kind: string;
  readonly schema: z.ZodType<C>;
  create(config: C, io: { readonly clock: Clock }): Camera;
}

export type LinkCode =
  | 'timeout' // no whole answer in time
  | 'closed' // the port or socket is not open
  | 'gone' // it was open and went away (unplugged, hung up, reset)
  | 'notFound' // no such port, host or path
  | 'denied' // no permission, or wrong user or password
  | 'busy' // somebody else holds it
  | 'listenOnly' // a request on a wire on which we must not speak
  | 'refused'; // the device is there and said no

/** The wire or the device is not there. Worth trying again. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkCode;
  constructor(code: LinkCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type ProtocolCode =
  | 'checksum' // a frame whose checksum is wrong
  | 'frame' // bytes that cannot become a frame
  | 'unexpected' // a good frame that is not an answer to what was asked
  | 'exception' // the device refused the request in its own protocol
  | 'identity'; // the device is not the one its profile describes

/** The far end said something that does not fit. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolCode;
  constructor(code: ProtocolCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
