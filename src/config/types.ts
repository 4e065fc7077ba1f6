/** The configuration as the program uses it: checked, defaults filled in, references resolved, frozen. Plain data; it knows no file. */

import type { Roster } from '../account/duty/roster.ts';
import type { Tariff } from '../account/tariff.ts';
import type { BrokerConfig, DestinationConfig, PlatformSettings } from '../delivery/settings.ts';
import type { CameraKind, DriverKind } from '../driver.ts';
import type { KnownVehicle, LaneSettings, ReportedKind, Role, Side } from '../lane/types.ts';
import type { LogLevel } from '../log.ts';
import type { IntakeProfile } from '../management/profile-form.ts';
import type { DatabaseSource } from '../management/pull/source.ts';
import type { ConfigFault } from './errors.ts';
import type { Secret } from './secrets.ts';

export interface Config {
  readonly version: 1;
  /** Absolute path of its file. */
  readonly file: string;
  readonly park: { readonly uuid: string };
  readonly cloud: CloudConfig;
  readonly lines: readonly LineConfig[];
  /** Devices of this machine itself, without a wire. */
  readonly gpio: readonly DeviceConfig[];
  readonly cameras: readonly CameraConfig[];
  readonly lanes: readonly LaneConfig[];
  readonly intake: IntakeConfig;
  readonly duty: DutyConfig;
  /** What a stay costs, for estimates; the first that fits a car counts. */
  readonly tariff: readonly Tariff[];
  /** Only when on. */
  readonly publish?: PublishConfig;
  /** Beside the platform and `publish`; no two of one name. */
  readonly destinations: readonly DestinationConfig[];
  readonly heartbeatMs: number;
  readonly page: PageConfig;
  readonly store: StoreConfig;
  /** Each night, when it is set: into a folder, absolute. */
  readonly backup?: { readonly folder: string; readonly passphrase: Secret };
  readonly log: { readonly level: LogLevel };
  /** Faults that disable only their own device: `check` and the page refuse the configuration, a starting box accepts it. */
  readonly off: readonly ConfigFault[];
  /** What a new text may not contain: `check` names it, the page refuses it, a starting box accepts it. */
  readonly outdated: readonly ConfigFault[];
}

/** The platform of the park. */
export interface CloudConfig extends PlatformSettings {
  readonly secrets: { readonly appSecret: Secret };
  readonly nextSecret?: Secret;
  readonly serial: 'generated' | 'entry-record';
  /** How long records made before the clock was first set wait for it. */
  readonly clockHoldMs: number;
  /** Upload limit; none when undefined. */
  readonly bandwidthBytesPerSecond?: number;
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

/** `kind.create(config, io)` makes the driver; `config` was checked by the kind's schema and includes its profile, if any. */
export interface DeviceConfig {
  readonly id: string;
  readonly kind: DriverKind;
  readonly config: { readonly profile: unknown; readonly unit?: number };
  readonly profileName?: string;
  /** Every point the device reports. */
  readonly points: readonly string[];
  /** Its profile was written for this site: no transcript proves it. */
  readonly unproven?: true;
  /** A misplaced alarm output: it is not run. */
  readonly off?: true;
}

export interface CameraConfig {
  readonly id: string;
  readonly kind: CameraKind;
  readonly config: unknown;
  /** Every point of the camera's own inputs; most kinds have none. */
  readonly points: readonly string[];
  /** Poll interval of the inputs. */
  readonly everyMs?: number;
  /** Under which it publishes at the broker of the MQTT intake. */
  readonly topics?: readonly string[];
}

export interface LaneConfig {
  /** The platform's `gate_id`. */
  readonly id: string;
  /** The platform's `gate_name`. */
  readonly name: string;
  readonly direction: LaneSettings['direction'];
  readonly points: Readonly<Partial<Record<Role, PointConfig>>>;
  /** The id of a camera. */
  readonly camera?: string;
  /** The side of the barrier it sees, in a two-way lane. */
  readonly cameraSide?: Side;
  /** Another camera of the lane. */
  readonly second?: {
    readonly camera: string;
    /** `rear`: it reads the tail plates of vehicles. */
    readonly looks: 'front' | 'rear';
    /** In a two-way lane: the side that the vehicles come from which it reads. */
    readonly side?: Side;
    /** Its picture goes with the record, and that of `camera` is kept beside it. */
    readonly record: boolean;
  };
  /** Signed by a person: what tells of payments here, where neither messages nor the relay do. */
  readonly reporting?: { readonly by: string; readonly reason: string; readonly payments: 'nothing' | 'list' };
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
  /** End of validity, ms since 1970: during a token change the old one expires by itself. */
  readonly untilWallMs?: number;
  /** Absent: both, as in files of earlier versions. */
  readonly scopes?: readonly ('grants' | 'metrics')[];
}

export interface HttpIntakeConfig {
  readonly enabled: boolean;
  readonly listen: ListenConfig;
  readonly tokens: readonly TokenConfig[];
}

export interface IntakeConfig {
  readonly http: HttpIntakeConfig;
  /** The TLS port, only when on. Its tokens are those of `http`, also where that is off. */
  readonly https?: ListenConfig;
  /** Only when on. */
  readonly mqtt?: MqttIntakeConfig;
  /** The kinds of passages the management system reports; with all of them, a relay opening without a message is unpaid. */
  readonly tells: readonly ReportedKind[];
  readonly knownVehicles: readonly KnownVehicleConfig[];
  /** A forwarded message of the platform whose `sign` is wrong or missing: counted and marked, or refused. */
  readonly verifySign: 'mark' | 'require';
  /** Of one grant; absent, in files of earlier versions: as ever. */
  readonly maxCount?: number;
  readonly maxLifetimeMs?: number;
  /** Management systems that are known by a profile; no two of one name. Only when there are some. */
  readonly systems?: readonly SystemConfig[];
}

export interface SystemConfig {
  /** The sender of its payments. */
  readonly name: string;
  readonly profileName: string;
  readonly profile: IntakeProfile;
  /** The profile was written for this site. */
  readonly unproven?: true;
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Our lane by their name of it; empty: their names are ours. */
  readonly lanes: Readonly<Record<string, string>>;
  /** Addresses and networks that it pushes from; empty: any. */
  readonly from: readonly string[];
  /** Of a system that is read: how often, and from where. */
  readonly everyMs: number;
  readonly database?: DatabaseConfig;
  /** A file, absolute: one of lines, or a database of SQLite. `{yyyy}`, `{MM}` and `{dd}` stand for the day in Beijing. */
  readonly file?: string;
  /** Base, without a trailing slash; the path stands in the profile. */
  readonly url?: string;
}

export interface DatabaseConfig extends Omit<DatabaseSource, 'dialect' | 'database' | 'password' | 'file'> {
  readonly kind: 'mysql' | 'postgres' | 'sqlserver';
  readonly name: string;
  readonly password: Secret;
}

export interface DutyConfig {
  readonly booths: readonly { readonly name: string; readonly lanes: readonly string[] }[];
  readonly roster: Roster;
}

/** A vehicle that may pass without its own message. */
export interface KnownVehicleConfig {
  readonly plate: string;
  readonly kind: KnownVehicle['kind'];
  readonly description?: string;
  /** Validity, from and until. */
  readonly fromWallMs?: number;
  readonly untilWallMs?: number;
}

export interface PublishConfig extends BrokerConfig {
  /** The second level of every topic. */
  readonly box: string;
  /** Announces the box and its lanes to Home Assistant. */
  readonly homeAssistant: boolean;
  /** Takes provisioning files of the operator from the broker. */
  readonly provision: boolean;
}

export interface MqttIntakeConfig extends BrokerConfig {
  /** Topic filters; at least one. */
  readonly grants?: string;
  readonly plates?: string;
  readonly entries?: string;
  readonly charges?: string;
  readonly vehicles?: string;
  readonly shifts?: string;
  /** What became of payments is published there. */
  readonly fates?: string;
  readonly mapping?: MqttMapping;
}

/** Mapping of another system's messages: JSON pointers by our field, and the names of its values. */
export interface MqttMapping {
  readonly grants?: Readonly<Record<string, string>>;
  readonly plates?: Readonly<Record<string, string>>;
  /** Their gate → our lane. A gate missing here belongs to another box, unless the map is empty. */
  readonly lanes: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly colors: Readonly<Record<string, string>>;
  /** The highest confidence the other system writes. */
  readonly confidenceMax: number;
}

export interface PageConfig {
  readonly enabled: boolean;
  readonly listen: ListenConfig;
  /** HTTPS with the box's own certificate; plain HTTP only if configured. */
  readonly secure: boolean;
  /** Additional host names of the box. */
  readonly hosts: readonly string[];
  /** Of users of the role viewer. */
  readonly maskPlates: boolean;
  /** Idle timeout of a session. */
  readonly idleMs: number;
  /** The longest maintenance of a lane, and pause of uploads: both end by themselves. */
  readonly maintenanceMaxMs: number;
  readonly pauseMaxMs: number;
}

export interface StoreConfig {
  /** A folder, absolute. */
  readonly path: string;
  readonly framesMaxBytes: number;
  /** The profile of retention; the times may be the file's own. */
  readonly keep: 'short' | 'month' | 'year';
  /** Of delivered records; queued ones are kept. */
  readonly keepFramesMs: number;
  readonly keepRecordsMs: number;
  /** Of lane events that no record rests on, and what those of a lane may take. */
  readonly keepJournalMs: number;
  readonly journalMaxBytes: number;
}
