/** The configuration as the program uses it: checked, defaults filled in, references resolved, frozen. Plain data; it knows no file. */
import type { CameraKind, DriverKind } from '../driver.ts';
import type { KnownVehicle, LaneSettings, Role, Side, ToldKind } from '../lane/types.ts';
import type { LogLevel } from '../log.ts';
import type { ConfigFault } from './errors.ts';
import type { Secret } from './secrets.ts';

export interface Config {
  readonly version: 1;
  /** The file it was read from, absolute. */
  readonly file: string;
  readonly park: { readonly uuid: string };
  readonly cloud: CloudConfig;
  readonly lines: readonly LineConfig[];
  /** What reads this machine itself, without a wire. */
  readonly gpio: readonly DeviceConfig[];
  readonly cameras: readonly CameraConfig[];
  readonly lanes: readonly LaneConfig[];
  readonly intake: IntakeConfig;
  /** Only when it is on. */
  readonly publish?: PublishConfig;
  readonly page: PageConfig;
  readonly store: StoreConfig;
  readonly log: { readonly level: LogLevel };
  /** What is wrong and keeps only its own device from running: `check` and the page refuse it, a box that starts does not. */
  readonly off: readonly ConfigFault[];
}

export interface CloudConfig {
  /** Without a slash at its end. */
  readonly url: string;
  readonly appId?: string;
  readonly appSecret: Secret;
  /** While the platform's secret is being changed. */
  readonly nextSecret?: Secret;
  readonly mode: 'integration' | 'production';
  readonly picture: 'field' | 'file-and-hash' | 'url' | 'none';
  /** With `picture: url`: where the platform finds it, with `{serial}` or `{file}` in it. */
  readonly pictureUrl?: string;
  readonly serial: 'generated' | 'entry-record';
  readonly noPlate: string;
  /** For one try, from connecting to the whole answer. */
  readonly timeoutMs: number;
  readonly maxPictureBytes: number;
  /** Records made before the clock was first set wait this long for it. */
  readonly clockHoldMs: number;
  /** Upper bound for sending; none when undefined. */
  readonly bandwidthBytesPerSecond?: number;
  /** PEM certificates: what is in the file that is named. */
  readonly ca?: string;
  readonly proxy?: string;
}

export interface LineConfig {
  readonly id: string;
  /** `/dev/…`, `tcp://host:port` or `modbus-tcp://host:port`. */
  readonly port: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly listenOnly: boolean;
  readonly devices: readonly DeviceConfig[];
}

/** `kind.create(config, io)` makes the driver; `config` was checked by the kind's schema and holds its profile, if it has one. */
export interface DeviceConfig {
  readonly id: string;
  readonly kind: DriverKind;
  readonly config: { readonly profile: unknown };
  /** Every point the device reports. */
  readonly points: readonly string[];
  /** Its profile was written for this site: no transcript proves it. */
  readonly unproven?: true;
  /** An alarm output that may not be where it is: it is not run. */
  readonly off?: true;
}

export interface CameraConfig {
  readonly id: string;
  readonly kind: CameraKind;
  readonly config: unknown;
  /** Every point its own inputs report; of most kinds none. */
  readonly points: readonly string[];
  /** How often each of them is looked at. */
  readonly everyMs?: number;
}

export interface LaneConfig {
  /** The cloud's `gate_id`. */
  readonly id: string;
  /** The cloud's `gate_name`. */
  readonly name: string;
  readonly direction: LaneSettings['direction'];
  readonly points: Readonly<Partial<Record<Role, PointConfig>>>;
  /** The id of a camera. */
  readonly camera?: string;
  /** The side of the barrier it looks at, in a two-way lane. */
  readonly cameraSide?: Side;
  readonly settings: LaneSettings;
}

export interface PointConfig {
  readonly device: string;
  readonly point: string;
  readonly activeLow: boolean;
  readonly debounceMs: number;
}

export interface ListenConfig {
  readonly host: string;
  readonly port: number;
}

export interface TokenConfig {
  readonly name: string;
  readonly secret: Secret;
  /** Not taken from this moment on, ms since 1970: while a token is being changed the old one ends by itself. */
  readonly untilWallMs?: number;
}

export interface HttpIntakeConfig {
  readonly enabled: boolean;
  readonly listen: ListenConfig;
  readonly tokens: readonly TokenConfig[];
}

export interface IntakeConfig {
  readonly http: HttpIntakeConfig;
  /** Only when it is on. */
  readonly mqtt?: MqttIntakeConfig;
  /** What the management system tells of; all of it: a relay opening without a message is unpaid. */
  readonly tells: readonly ToldKind[];
  readonly knownVehicles: readonly KnownVehicleConfig[];
}

/** A vehicle that may pass without a message of its own. */
export interface KnownVehicleConfig {
  readonly plate: string;
  readonly kind: KnownVehicle['kind'];
  readonly description?: string;
  /** From this moment, and before that one. */
  readonly fromWallMs?: number;
  readonly untilWallMs?: number;
}

/** How a broker of MQTT is met. */
export interface BrokerConfig {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** As it was written, for the log: `mqtt://host:port`. */
  readonly address: string;
  readonly user?: string;
  readonly password?: Secret;
  /** The same at every start, and no other box's. */
  readonly clientId: string;
  /** A file of PEM certificates, absolute. */
  readonly ca?: string;
}

export interface PublishConfig extends BrokerConfig {
  /** The second level of every topic. */
  readonly box: string;
  /** Tells Home Assistant of the box and its lanes. */
  readonly homeAssistant: boolean;
}

export interface MqttIntakeConfig extends BrokerConfig {
  /** Topic filters; at least one. */
  readonly grants?: string;
  readonly plates?: string;
  readonly mapping?: MqttMapping;
}

/** Messages of another system's own form: JSON pointers by our field, and what its values are called here. */
export interface MqttMapping {
  readonly grants?: Readonly<Record<string, string>>;
  readonly plates?: Readonly<Record<string, string>>;
  /** Their gate → our lane. A gate that is not here is another box's, unless there is none at all. */
  readonly lanes: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly colors: Readonly<Record<string, string>>;
  /** The highest confidence the other system writes. */
  readonly confidenceMax: number;
}

export interface PageConfig {
  readonly enabled: boolean;
  readonly listen: ListenConfig;
  /** With the box's own certificate; plain HTTP only where somebody wrote so. */
  readonly secure: boolean;
  /** Names besides its own by which the box may be called. */
  readonly hosts: readonly string[];
  /** A session that is not used for this long ends. */
  readonly idleMs: number;
}

export interface StoreConfig {
  /** A folder, absolute. */
  readonly path: string;
  readonly framesMaxBytes: number;
  /** Of delivered records; what waits is kept. */
  readonly keepFramesMs: number;
  readonly keepRecordsMs: number;
}
