/** What a person sets about deliveries: destinations, and the connection to a broker. The configuration makes them; they know no file. */
import type { Confidence, Verdict } from '../lane/types.ts';
import type { PlatformProfile } from './request/profile-form.ts';

/** The use of a secret; it shows itself to nothing else. */
export interface Revealed {
  reveal(): string;
}

/** Connection to an MQTT broker. */
export interface BrokerConfig {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** As written, for the log: `mqtt://host:port`. */
  readonly address: string;
  readonly user?: string;
  readonly password?: Revealed;
  /** Stable across starts and unique to this box. */
  readonly clientId: string;
  /** A file of PEM certificates, absolute. */
  readonly ca?: string;
}

/** What a destination may be told of. */
export const FACT_KINDS = [
  'release',
  'withdrawal',
  'correction',
  'mark',
  'blind',
  'report',
  'alarm',
  'heartbeat',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Filter of a destination. */
export interface TakesConfig {
  readonly facts: readonly FactKind[];
  readonly lanes?: readonly string[];
  /** Of releases; so is `confidence`, the least there may be. */
  readonly verdicts?: readonly Verdict[];
  readonly confidence: Confidence;
}

export interface AnyDestination {
  readonly name: string;
  readonly timeoutMs: number;
  /** PEM certificates. */
  readonly ca?: string;
  readonly proxy?: string;
  /** Of what leaves for it; absent: as much as there is. */
  readonly bandwidthBytesPerSecond?: number;
  readonly takes: TakesConfig;
  /** Minutes after midnight in Beijing. */
  readonly daySheetAtMinutes?: number;
}

/** Public addresses of the robots. */
export const CHAT_ADDRESSES = {
  wecom: 'https://qyapi.weixin.qq.com',
  dingtalk: 'https://oapi.dingtalk.com',
  feishu: 'https://open.feishu.cn',
} as const;

export interface WebhookConfig extends AnyDestination {
  readonly kind: 'webhook';
  readonly url: string;
  /** `whsec_…` */
  readonly secret: Revealed;
  readonly picture: 'none' | 'base64' | 'second-request';
}

export interface ChatConfig extends AnyDestination {
  readonly kind: 'chat';
  readonly robot: 'wecom' | 'dingtalk' | 'feishu';
  readonly key: Revealed;
  /** Where the robot asks for a signature. */
  readonly secret?: Revealed;
  /** Of a private installation. */
  readonly url?: string;
  readonly maskPlates: boolean;
  readonly language: 'zh' | 'en';
}

export interface PingConfig extends AnyDestination {
  readonly kind: 'ping';
  readonly url: string;
  readonly everyMs: number;
}

/** A platform by its profile. */
export interface PlatformSettings {
  readonly profile: PlatformProfile;
  /** Base, without a trailing slash; the path stands in the profile. */
  readonly url: string;
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Revealed>>;
  /** A mode of the profile; absent: it has none. */
  readonly picture?: string;
  readonly pictureUrl?: string;
  /** A larger picture is re-encoded, where possible. */
  readonly maxPictureBytes: number;
  readonly mode: 'integration' | 'production';
  /** From connecting to the whole answer, plus the allowance for the body's bytes. */
  readonly timeoutMs: number;
  /** PEM certificates, trusted in addition to the well-known ones, for the platform and a proxy. */
  readonly ca?: string;
  readonly proxy?: string;
  /** During a change of the secret that signs: signs once the present one is refused. */
  readonly nextSecret?: Revealed;
}

/** Another platform than that of the park. */
export interface PlatformConfig extends AnyDestination, PlatformSettings {
  readonly kind: 'platform';
  readonly profileName: string;
  /** The profile was written for this site. */
  readonly unproven?: true;
}

export type DestinationConfig = WebhookConfig | ChatConfig | PlatformConfig | PingConfig;
