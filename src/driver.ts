/**
 * The contract of all drivers: what they report, their wire, and how they report a fault. A driver knows points of its device; it does
 * not know lanes, roles, files, the store or the cloud. Nothing in this contract could move a barrier; the alarm output, which switches
 * a relay, says `output`.
 */
import type { z } from 'zod';
import type { Clock } from './clock.ts';

export type { Clock } from './clock.ts';

/**
 * One reading of one point of one device. Unknown is the absence of readings; there is no third value. `atMs` is Clock.nowMs at the
 * moment the device was read (a kernel time stamp where there is one); the true change happened at most `uncertaintyMs` before it (the
 * poll interval for a polled point).
 */
export type Reading = { readonly point: string; readonly atMs: number; readonly uncertaintyMs: number } & (
  | { readonly kind: 'level'; readonly value: boolean }
  /** `count`: pulses since the last reading (counters, latches), never a running total; the driver handles wraps and power cycles. */
  | { readonly kind: 'pulses'; readonly count: number }
);

/** Takes one frame off the front of `bytes`. undefined: more bytes are needed. Throws ProtocolError when they cannot become a frame. */
export type Decode<T> = (bytes: Uint8Array) => { frame: T; used: number } | undefined;

/** One pair of wires (or one socket), shared by all its devices. One turn at a time, in the order of the calls. */
export interface Bus {
  /** Framing: as on a serial line (also through a transparent serial server, `tcp`), or each frame in a Modbus TCP header. */
  readonly transport?: 'serial' | 'tcp' | 'modbus-tcp';
  /**
   * Sends `request` and decodes the answer. `timeoutMs` counts from the moment the last byte is out. After a timeout or a
   * ProtocolError the bus stays quiet and discards late bytes before the next turn. `gapMs`: silence before the request, for a device
   * that needs more than the wire's own. Throws LinkError (timeout, closed, gone, listenOnly) or ProtocolError.
   */
  exchange<T>(request: Uint8Array, decode: Decode<T>, timeoutMs: number, gapMs?: number): Promise<T>;
  /** Listens only: every frame on the wire, until `signal` aborts. Undecodable bytes are skipped one by one. */
  frames<T>(decode: Decode<T>, signal: AbortSignal): AsyncIterable<T>;
}

/** Facts of a device for a person; nothing is decided by them. `src/text/fault.ts` explains each. */
export type DriverNotice =
  /** The board can switch its own relays without a command: an opening with nothing on the wire. `values`: as read. */
  | { readonly kind: 'localLinkage'; readonly values: readonly number[] }
  /** The board lost power and came back: its counts meanwhile are unknown. */
  | { readonly kind: 'powerCycle' }
  /** What is not proven of the board, whose readings go on; empty: it has been, after all. */
  | { readonly kind: 'unproven'; readonly what: readonly Unproven[] }
  /** A payment cannot be used: it names no plate and its device no lane. */
  | { readonly kind: 'unusableGrant' };

/** A fact of a board whose register it lacks: it refuses it, or is silent there while its inputs answer; or nothing asks for it. */
export type Unproven =
  | 'identity' // the model
  | 'identityOff' // the model, which the configuration leaves unasked
  | 'identityNone' // the model, for which its profile knows no register
  | 'linkage' // whether its inputs drive its relays
  | 'reset' // whether it lost its power
  | 'counters'; // pulses between two looks

/** A device reported a payment. */
export interface DriverGrant {
  /** Identical in repetitions, where the device numbers its messages. */
  readonly id?: string;
  /** As the device wrote it. */
  readonly plate?: string;
  readonly kind: 'paid' | 'monthly' | 'free' | 'storedValue' | 'remoteOpen' | 'other';
  /** From the device's configuration. Without it the grant applies wherever its plate is read. */
  readonly laneId?: string;
  /** Clock.nowMs of its arrival. */
  readonly atMs: number;
}

export interface Driver {
  /** Every point this device reports: the terminals' printed names in lower case. */
  readonly points: readonly string[];
  /**
   * Reads the device and reports until `signal` aborts, then returns. Throws LinkError or ProtocolError when the device cannot be
   * read; it never retries a lost link (the supervisor does, with a new port) and it cannot write.
   */
  run(report: (reading: Reading) => void, signal: AbortSignal): Promise<void>;
}

/** An event that may trigger an alarm output. */
export interface AlarmCause {
  readonly kind: 'release' | 'alarm';
  /** The verdict of an unpaid release, or the kind of a starting alarm. */
  readonly what: string;
  readonly laneId: string;
  /** The wire or the device that an alarm follows from, where one is known. */
  readonly root?: string;
}

export interface DriverPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly notice?: (notice: DriverNotice) => void;
  readonly grant?: (grant: DriverGrant) => void;
  /** Points in use. A driver may skip the others where that saves time on the wire; absent: all are wanted. */
  readonly wanted?: ReadonlySet<string>;
  /** Which of the box's wires this is, from 0: what polls is spread over its period by it, so that not every wire is asked in the same instant. */
  readonly wire?: number;
  /** For a kind with `output`: subscribes `onCause` to all causes from now on. */
  readonly alarms?: (onCause: (cause: AlarmCause) => void) => void;
  /** Likewise: called a moment before each switching on. false: it moved an arm, and a person has to confirm it first. */
  readonly maySwitch?: () => boolean;
}

/** One request and its answer on the wire, once per poll. */
export interface WireTurn {
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** Typical processing time of the device. */
  readonly turnaroundMs: number;
  /** Silence the device needs before a request, beyond the wire's own. */
  readonly gapMs: number;
}

/** A device's load on its wire: all `turns` once every `everyMs`. */
export interface WireUse {
  readonly everyMs: number;
  readonly turns: readonly WireTurn[];
  /** The device reports changes by itself: a long poll interval misses nothing. */
  readonly reportsChanges?: boolean;
}

/** The meaning of a stretch of bytes on a wire, for a person. Nothing is decided by it. `src/text/wire.ts` words it. */
export interface WireMeaning {
  /** `values`: the answer to a read; `command`: another master switches something; `broken`: bytes without a whole frame. */
  readonly kind: 'read' | 'values' | 'exception' | 'command' | 'broken';
  readonly unit?: number;
  readonly function?: number;
  readonly address?: number;
  readonly quantity?: number;
  /** Bits as 0 and 1, or registers. */
  readonly values?: readonly number[];
  readonly exception?: number;
}

export type WirePiece = { readonly bytes: Uint8Array; readonly meaning: WireMeaning };

/** Decodes bytes in order, whole frames at a time. It keeps the last request, so one instance serves one wire. */
export type DescribeFrames = (direction: 'out' | 'in', bytes: Uint8Array) => readonly WirePiece[];

/** A device that answered. */
export interface FoundDevice {
  /** Function codes it supports, as far as tested. */
  readonly functions: readonly number[];
  /** Profiles whose inputs it answered, the certain ones first; by profile, what it does not prove of some. */
  readonly profiles: readonly string[];
  readonly unproven: Readonly<Record<string, readonly Unproven[]>>;
}

/** Search for devices of a kind on a wire without another master. It only reads. */
export interface DeviceSearch<P = unknown> {
  /** The first and the last address to try. */
  readonly units: readonly [number, number];
  /** Time of an unanswered address, besides that of the bytes; for estimating a search. */
  readonly silentMs: number;
  /** Tries one address. `garbled`: bytes that are no answer. Throws LinkError when the wire itself is gone. */
  find(bus: Bus, unit: number, profiles: ReadonlyMap<string, P>): Promise<FoundDevice | 'garbled' | undefined>;
}

/**
 * A kind of device as named in the configuration (`kind: modbus`). `schema` is closed and covers the device's own keys (without `id` and
 * `kind`). With `profiles`, a device names a profile and `create` gets the parsed profile as `config.profile`.
 */
export interface DriverKind<C = unknown, P = unknown> {
  readonly kind: string;
  readonly schema: z.ZodType<C>;
  /** false: reads this machine itself. It stands in the list `gpio` of the configuration and its bus answers nothing. */
  readonly wire?: false;
  /**
   * It switches a relay on a cause: it gets `alarms`, and a moment before the wire closes to switch off. No other device has its unit,
   * no lane uses its points, and the wire must be ours alone: the configuration is refused otherwise.
   */
  readonly output?: true;
  /** Configuration keys that name a lane, which must exist. */
  readonly laneKeys?: readonly string[];
  /** `folder`: the profiles of this kind, one YAML file each; `schema`: their closed schema. */
  readonly profiles?: { readonly folder: URL; readonly schema: z.ZodType<P> };
  create(config: C & { readonly profile: P }, io: DriverPorts): Driver;
  /** Absent: no search for devices of this kind. */
  readonly search?: DeviceSearch<P>;
  /** Absent: its bytes cannot be described. */
  describeFrames?(transport: NonNullable<Bus['transport']>): DescribeFrames;
  /** What this configuration leaves unproven, whatever the device answers; for `check`. */
  unproven?(config: C & { readonly profile: P }): readonly Unproven[];
  /** The device's load on its wire, for `check` and the log; undefined: it does not poll. */
  wireUse?(config: C & { readonly profile: P }, wanted?: ReadonlySet<string>): WireUse | undefined;
  /** Set when a device of this configuration reports payments, for one lane or for all: its wire is an intake channel. */
  grantsFor?(config: C & { readonly profile: P }): { readonly laneId?: string } | undefined;
  /** It polls only where allowed: on a listen-only wire it follows the requests of another master. */
  readonly listensToo?: true;
}

/** A picture as received from the camera. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/jpeg';
  /** Clock.nowMs of the request. */
  readonly atMs: number;
}

export interface Camera {
  /** Takes a picture now; it may be read into `room`. Throws LinkError or ProtocolError; ends at once when `signal` aborts. */
  snapshot(signal: AbortSignal, room?: Uint8Array): Promise<Frame>;
  /** A person wants the next request to be sent: ends the wait after a refused login. */
  tryNow?(): void;
  /** The configured buffer of pictures while a vehicle is present. */
  readonly ring?: { readonly framesPerSecond: number; readonly seconds: number };
  /**
   * Reports the camera's events until `signal` aborts, then returns; calls `empty` for each message without one, such as a heartbeat.
   * Throws LinkError or ProtocolError on failure; it never retries (the supervisor does).
   */
  events?(report: (event: CameraEvent) => void, signal: AbortSignal, empty?: () => void): Promise<void>;
  /** Parses and answers the camera's own requests to us. */
  readonly push?: CameraPush;
  /** Its messages at the broker of the MQTT intake. Its `events` then ends when they stay away. */
  readonly messages?: CameraMessages;
  /** Fetches a picture named by an event (`pictureAt`) from the camera itself. Throws as `snapshot` does. */
  pictureAt?(path: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Inputs wired to the camera itself: its barrier sensor and its contacts. Read only, and only the points in use. */
  readonly inputs?: CameraInputs;
}

export interface CameraInputs extends Driver {
  /** Poll interval of each point. */
  readonly everyMs: number;
}

/** A camera's event about a vehicle, as trustworthy as the network it came over. */
export type CameraEvent =
  | {
      readonly kind: 'read';
      /** As written by the camera, also when it reports no plate. */
      readonly plate: string;
      /** 0…1 */
      readonly confidence: number;
      /** The camera gives no confidence: this one is a default. */
      readonly unrated?: true;
      readonly color?: 'blue' | 'yellow' | 'white' | 'black' | 'green';
      /** Milliseconds since 1970 by the camera's own clock, which may be wrong by any amount. */
      readonly stampedMs?: number;
      /** Unique per camera: a repetition is the same read, or with `refines` the same vehicle read better. */
      readonly id?: string;
      /** Stored by the camera while we were unreachable, and sent late. */
      readonly replayed: boolean;
      readonly refines?: true;
    }
  /** The picture of a read: a whole JPEG, or its path on the camera, which the driver has accepted as a picture's. */
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly stampedMs?: number; readonly replayed: boolean }
  | { readonly kind: 'pictureAt'; readonly path: string; readonly stampedMs?: number; readonly replayed: boolean }
  /** What the camera itself says of a passage or of the barrier: kept beside the verdict, never in its place. */
  | ({ readonly kind: 'witness'; readonly stampedMs?: number; readonly replayed: boolean } & Witness);

export type Witness = { readonly what: WitnessWhat; readonly plate?: string };
export type WitnessWhat = 'follows' | 'turnsBack' | 'stays' | 'armUp' | 'armDown';

/** One complete request of a camera. */
export interface PushRequest {
  readonly method: string;
  /** Below the camera's own path, with its slash: `/`, `/NotificationInfo/TollgateInfo`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Our answer to a camera: never anything that could open a gate (devices.md, rule 9). */
export interface PushAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
  /** Of a request that has to log in: its `WWW-Authenticate`. */
  readonly challenge?: string;
}

export interface CameraPush {
  /** Whether a request from this IP address may come from this camera: pushes carry no proof of their sender. */
  accepts(address: string): Promise<boolean>;
  /** A path of its protocol that nobody can change in the camera, `/VIID`: there its address says which camera it is. */
  readonly root?: string;
  /** Paths at which it asks with GET, such as that of the time. */
  readonly asks?: readonly string[];
  /** Whether a message is of this camera, of several behind one address. undefined, or absent: its own number is not known. */
  isOf?(request: PushRequest): boolean | undefined;
  /** The answer when `take` throws, and to a body that was too large or too slow (with that status): as safe as every other. */
  readonly refused: PushAnswer;
  /**
   * Throws ProtocolError when it is no message of this camera; keeps nothing of the request but the returned events, whether the
   * camera has logged in, and which channel came first. `denied`: it has not logged in.
   */
  take(request: PushRequest): {
    readonly events: readonly CameraEvent[];
    readonly answer: PushAnswer;
    readonly denied?: true;
  };
}

export interface CameraMessages {
  readonly topics: readonly string[];
  /** Throws ProtocolError when it is no message of this camera; keeps nothing of it but states of its points. */
  take(topic: string, payload: Uint8Array): readonly CameraEvent[];
}

export interface CameraKind<C = unknown> {
  readonly kind: string;
  /** Makes as the trade calls them, Chinese first: for suggestions and lists. */
  readonly tradeNames?: readonly string[];
  readonly schema: z.ZodType<C>;
  create(config: C, io: CameraPorts): Camera;
  /**
   * The configured picture address. Absent: always at an address of its make. undefined: the camera names it. Kinds with it have a key
   * `confirmed: { sha256, by, at }`, by which a person vouches for an address.
   */
  address?(config: C): PictureAddress | undefined;
}

/** A picture's address: `sent` is path and query as sent, `sha256` their digest. */
export interface PictureAddress {
  readonly sent: string;
  readonly sha256: string;
  /** `unconfirmed`: no known form and no person's confirmation; never requested. */
  readonly state: 'known' | 'confirmed' | 'unconfirmed';
}

export interface CameraPorts {
  readonly clock: Clock;
  readonly wanted?: ReadonlySet<string>; // input points in use, only these are read; absent: all are wanted
  readonly secondChannel?: (channel: number) => void; // reads of a second channel come where no channel is configured
  readonly namedElsewhere?: (host: string) => void; // the camera gives itself this address; the configured one is used
}

export type LinkCode =
  | 'timeout' // no whole answer in time
  | 'closed' // the port or socket is not open
  | 'gone' // it was open and went away (unplugged, hung up, reset)
  | 'notFound' // no such port, host or path
  | 'denied' // no permission, or wrong user or password
  | 'busy' // another process holds it
  | 'listenOnly' // a request on a wire on which we must not speak
  | 'sharedWire' // an alarm output on a wire that is not its own
  | 'refused' // the device is there and said no
  | 'unconfirmed' // the address has no known form of a picture's, and no person has confirmed it
  | 'notLocal'; // the address is outside the local network, which the configuration does not allow

/** The wire or the device is unreachable. Worth a retry. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkCode;
  readonly receivedBytes: number | undefined; // of a timeout
  constructor(code: LinkCode, message: string, options?: ErrorOptions & { readonly receivedBytes?: number }) {
    super(message, options);
    this.code = code;
    this.receivedBytes = options?.receivedBytes;
  }
}

/** The picture's address may not be requested; nothing was sent. */
export class UnconfirmedError extends LinkError {
  /** Path and query as they would be sent, and their digest. */
  readonly address: { readonly sent: string; readonly sha256: string };
  constructor(host: string, address: UnconfirmedError['address']) {
    // A query may contain a password.
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

/** The far end's message does not fit the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolCode;
  readonly exception: number | undefined; // the number of an exception
  constructor(code: ProtocolCode, message: string, options?: ErrorOptions & { readonly exception?: number }) {
    super(message, options);
    this.code = code;
    this.exception = options?.exception;
  }
}
