/**
 * All that a driver may know: what it reports, its wire, and how it reports a fault. It knows points of its device; it does not know lanes, roles,
 * files, the store or the cloud. Nothing in this contract could move a barrier; the alarm output, which switches a relay, says `output`.
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
  | { readonly kind: 'powerCycle' }
  /** A payment was told and cannot be used: it names no plate and its device no lane. */
  | { readonly kind: 'grantForNobody' };

/** A device said that a passage is paid for. */
export interface DriverGrant {
  /** What makes it the same when it is told again, where the device gives it a number. */
  readonly id?: string;
  /** As the device wrote it. */
  readonly plate?: string;
  readonly kind: 'paid' | 'monthly' | 'free' | 'storedValue' | 'remoteOpen' | 'other';
  /** As the device's configuration says. Without one it is good wherever its plate is read. */
  readonly laneId?: string;
  /** Clock.nowMs when it was told. */
  readonly atMs: number;
}

export interface Driver {
  /** Every point this device reports, by the name printed at its terminals in lower case. */
  readonly points: readonly string[];
  /**
   * Reads the device and reports until `signal` aborts, then returns. Throws LinkError or ProtocolError when the device cannot be
   * read; it never retries a lost link (the supervisor does, with a new port) and it cannot write.
   */
  run(report: (reading: Reading) => void, signal: AbortSignal): Promise<void>;
}

/** Something happened that an alarm output may be configured for. */
export interface AlarmCause {
  readonly kind: 'release' | 'alarm';
  /** The verdict of an unpaid release, or the kind of an alarm that begins. */
  readonly what: string;
  readonly laneId: string;
}

/** What a driver is given. */
export interface DriverPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly notice?: (notice: DriverNotice) => void;
  readonly grant?: (grant: DriverGrant) => void;
  /** The points the configuration uses. A driver may leave the others unread where that saves time on the wire; absent: all are wanted. */
  readonly wanted?: ReadonlySet<string>;
  /** For a kind with `output`: calls `hear` for each cause from now on. */
  readonly alarms?: (hear: (cause: AlarmCause) => void) => void;
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
  /** The device tells its changes by itself: asking rarely misses nothing. */
  readonly tellsChanges?: boolean;
}

/** What a stretch of bytes on a wire says, for a person who looks on. Nothing is decided by it. `src/text/wire.ts` words it. */
export interface WireMeaning {
  /** `values`: the answer to a read; `command`: somebody else switches something; `broken`: bytes that are no whole frame. */
  readonly kind: 'read' | 'values' | 'exception' | 'command' | 'broken';
  readonly unit?: number;
  readonly function?: number;
  readonly address?: number;
  readonly quantity?: number;
  /** Bits as 0 and 1, or registers. */
  readonly values?: readonly number[];
  readonly exception?: number;
}

export interface WirePiece {
  readonly bytes: Uint8Array;
  readonly meaning: WireMeaning;
}

/** Takes the bytes apart as they pass, in the order they do, whole frames at a time. It keeps the last question, so one serves one wire. */
export type Aloud = (direction: 'out' | 'in', bytes: Uint8Array) => readonly WirePiece[];

/** A device that answered. */
export interface FoundDevice {
  /** Function codes it knows, as far as they were asked. */
  readonly functions: readonly number[];
  /** Profiles whose every read it answered, those that know it for sure first. */
  readonly profiles: readonly string[];
}

/** How devices of a kind are looked for on a wire that nobody else asks on. It only reads. */
export interface DeviceSearch<P = unknown> {
  /** Addresses that may be asked, the first and the last. */
  readonly units: readonly [number, number];
  /** What one address takes on a wire when nobody answers there, besides the time of the bytes; for how long a search takes. */
  readonly silentMs: number;
  /** One address. `garbled`: something came that is no answer. Throws LinkError when the wire itself is gone. */
  find(bus: Bus, unit: number, profiles: ReadonlyMap<string, P>): Promise<FoundDevice | 'garbled' | undefined>;
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
  /**
   * It switches a relay when something happened, and is given `alarms` and a moment before the wire is closed to switch it off.
   * Its unit is nobody else's, no lane uses its points, and the wire must be ours alone: the configuration is refused otherwise.
   */
  readonly output?: true;
  /** Keys of its configuration that name a lane, which must exist. */
  readonly laneKeys?: readonly string[];
  /** `folder`: where the profiles of this kind stand, one YAML file each; `schema`: their closed schema. */
  readonly profiles?: { readonly folder: URL; readonly schema: z.ZodType<P> };
  create(config: C & { readonly profile: P }, io: DriverPorts): Driver;
  /** Absent: devices of this kind cannot be looked for. */
  readonly search?: DeviceSearch<P>;
  /** Absent: nobody knows what its bytes say. */
  aloud?(transport: NonNullable<Bus['transport']>): Aloud;
  /** What the device asks of its wire, for `check` and the log; absent, or undefined: it does not ask. */
  wireUse?(config: C & { readonly profile: P }, wanted?: ReadonlySet<string>): WireUse | undefined;
  /** A device of this configuration says what is paid, for one lane or for all: its wire is an intake channel. undefined: it does not. */
  grantsFor?(config: C & { readonly profile: P }): { readonly laneId?: string } | undefined;
  /** It asks only where it may: on a wire that is only listened to it hears what another master asks. */
  readonly listensToo?: true;
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
  /** Pictures to be kept in memory while a vehicle is present, as configured. */
  readonly ring?: { readonly framesPerSecond: number; readonly seconds: number };
  /**
   * Listens to what the camera tells until `signal` aborts, then returns. Throws LinkError or ProtocolError when it cannot; it never
   * tries again by itself (the supervisor does).
   */
  events?(report: (event: CameraEvent) => void, signal: AbortSignal): Promise<void>;
  /** How the camera's own requests to us are understood and answered. */
  readonly push?: CameraPush;
  /** Fetches a picture that an event only named (`pictureAt`), from the camera itself. Throws as `snapshot` does. */
  pictureAt?(path: string, signal: AbortSignal): Promise<Uint8Array>;
  /** What is wired to the camera itself: its barrier sensor and its inputs. Only read, and only those points that are wanted. */
  readonly inputs?: CameraInputs;
}

export interface CameraInputs extends Driver {
  /** How often each point is looked at. */
  readonly everyMs: number;
}

/** What a camera tells of a vehicle. Nothing in it can be trusted further than the network it came over. */
export type CameraEvent =
  | {
      readonly kind: 'read';
      /** As the camera wrote it, also when it says that it read none. */
      readonly plate: string;
      /** 0…1 */
      readonly confidence: number;
      /** The camera gives no confidence: it is a stand-in. */
      readonly unrated?: true;
      readonly color?: 'blue' | 'yellow' | 'white' | 'black' | 'green';
      /** Milliseconds since 1970 by the camera's own clock, which may be wrong by any amount. */
      readonly stampedMs?: number;
      /** The same again is the same read: unique for this camera. */
      readonly id?: string;
      /** It was kept by the camera while nobody took it, and is told late. */
      readonly replayed: boolean;
    }
  /** The picture of a read: a whole JPEG. */
  | {
      readonly kind: 'picture';
      readonly bytes: Uint8Array;
      readonly stampedMs?: number;
      readonly replayed: boolean;
    }
  /** The same, still with the camera: at this path, which the driver has found to be one of a picture. */
  | { readonly kind: 'pictureAt'; readonly path: string; readonly stampedMs?: number; readonly replayed: boolean };

/** One request of a camera, whole. */
export interface PushRequest {
  readonly method: string;
  /** Below the camera's own path, with its slash: `/`, `/NotificationInfo/TollgateInfo`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a camera is answered: never anything that could open a gate (devices.md, rule 9). */
export interface PushAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

export interface CameraPush {
  /** Whether a request from this IP address may come from this camera: pushes carry no proof of who sent them. */
  accepts(address: string): Promise<boolean>;
  /** The answer when `take` throws, and to a body that was too large or too slow (with the status of that): as safe as every other. */
  readonly refused: PushAnswer;
  /** Pure. Throws ProtocolError for what is no message of this camera; keeps nothing of the request but the events it returns. */
  take(request: PushRequest): { readonly events: readonly CameraEvent[]; readonly answer: PushAnswer };
}

export interface CameraKind<C = unknown> {
  readonly kind: string;
  readonly schema: z.ZodType<C>;
  create(config: C, io: CameraPorts): Camera;
  /**
   * Where the configuration says that its picture is. Absent: always at an address of its make. undefined: the camera is asked.
   * With it, the configuration has a key `confirmed: { sha256, by, at }`, by which a person vouches for an address.
   */
  address?(config: C): PictureAddress | undefined;
}

/** An address of a picture: `sent` is path and query as they are sent, `sha256` is of them. */
export interface PictureAddress {
  readonly sent: string;
  readonly sha256: string;
  /** `unconfirmed`: it has no known form, and no person has confirmed it; it is not asked for. */
  readonly state: 'known' | 'confirmed' | 'unconfirmed';
}

/** What a camera is given. */
export interface CameraPorts {
  readonly clock: Clock;
  /** The points of its inputs that the configuration uses: no other is asked for. Absent: all are wanted. */
  readonly wanted?: ReadonlySet<string>;
}

export type LinkCode =
  | 'timeout' // no whole answer in time
  | 'closed' // the port or socket is not open
  | 'gone' // it was open and went away (unplugged, hung up, reset)
  | 'notFound' // no such port, host or path
  | 'denied' // no permission, or wrong user or password
  | 'busy' // somebody else holds it
  | 'listenOnly' // a request on a wire on which we must not speak
  | 'sharedWire' // an alarm output on a wire that is not its own
  | 'refused' // the device is there and said no
  | 'unconfirmed' // the address has no known form of a picture's, and no person has confirmed it
  | 'notLocal'; // the address is outside the local network, which the configuration does not allow

/** The wire or the device is not there. Worth trying again. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkCode;
  constructor(code: LinkCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The picture would be at an address that may not be asked for; nothing was sent. */
export class UnconfirmedError extends LinkError {
  readonly address: Pick<PictureAddress, 'sent' | 'sha256'>;
  constructor(host: string, address: UnconfirmedError['address']) {
    // What stands in a query may be a password.
    super('unconfirmed', `${host}${address.sent.replace(/\?.*$/, '?…')}`);
    this.address = address;
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
