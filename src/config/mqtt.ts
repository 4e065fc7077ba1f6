/** The part of the configuration for the MQTT intake: its shape, what its keys say of one another, and the result. Knows no broker. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { faultText } from '../text/config.ts';
import { mqttFaultText } from '../text/mqtt.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { Fault } from './errors.ts';
import { faultAt } from './issues.ts';
import { nearest } from './nearest.ts';
import type { Secret } from './secrets.ts';
import type { MqttIntakeConfig, MqttMapping } from './types.ts';
import { jsonPointer, line, mqttUrl, secretReference, topicFilter } from './values.ts';

const KINDS = ['paid', 'monthly', 'free', 'storedValue', 'remoteOpen', 'other'] as const;
const COLORS = ['blue', 'yellow', 'white', 'black', 'green'] as const;
const AT: Path = ['intake', 'mqtt'];

/** Where each field of a grant stands in the other system's message. */
const grantPointers = z.strictObject({
  id: jsonPointer,
  lane: jsonPointer.optional(),
  plate: jsonPointer.optional(),
  plateColor: jsonPointer.optional(),
  count: jsonPointer.optional(),
  kind: jsonPointer.optional(),
  carType: jsonPointer.optional(),
  carDesc: jsonPointer.optional(),
  parkingSerial: jsonPointer.optional(),
  issuedAt: jsonPointer.optional(),
  expiresAt: jsonPointer.optional(),
  operator: jsonPointer.optional(),
});

const platePointers = z.strictObject({
  id: jsonPointer.optional(),
  lane: jsonPointer,
  plate: jsonPointer,
  confidence: jsonPointer.optional(),
  color: jsonPointer.optional(),
  at: jsonPointer.optional(),
});

const mapping = z.strictObject({
  grants: grantPointers.optional(),
  plates: platePointers.optional(),
  lanes: z.record(z.string(), z.string()).default({}),
  kinds: z.record(z.string(), z.enum(KINDS)).default({}),
  colors: z.record(z.string(), z.enum(COLORS)).default({}),
  confidenceMax: z.number().min(1).max(1_000).default(1),
});

export const mqtt = z.strictObject({
  enabled: z.boolean().default(false),
  url: mqttUrl.optional(),
  user: line.optional(),
  password: secretReference.optional(),
  clientId: line.optional(),
  ca: z.string().min(1).optional(),
  grants: topicFilter.optional(),
  plates: topicFilter.optional(),
  mapping: mapping.optional(),
});

type Written = Readonly<Record<string, unknown>>;
const groupOf = (value: unknown): Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Written) : {};

/** What one key of `intake.mqtt` says of another, and of the lanes. Reads the plain values. */
export function mqttFaults(document: ConfigDocument): readonly Fault[] {
  const root = groupOf(document.value);
  const written = groupOf(groupOf(root.intake).mqtt);
  const { enabled, url, user, password, ca, grants, plates } = written;
  const missing = (key: string) => faultAt(document, 'missing', AT, faultText.missing(key), 'key');
  const lanes = Array.isArray(root.lanes) ? root.lanes.map((lane) => String(groupOf(lane).id)) : [];
  return [
    ...(enabled === true && url === undefined ? [missing('url')] : []),
    ...(enabled === true && grants === undefined && plates === undefined ? [missing('grants')] : []),
    ...(grants !== undefined && grants === plates
      ? [faultAt(document, 'duplicate', [...AT, 'plates'], mqttFaultText.sameTopic())]
      : []),
    ...(password !== undefined && user === undefined ? [missing('user')] : []),
    ...(ca !== undefined && typeof url === 'string' && !url.startsWith('mqtts:')
      ? [faultAt(document, 'value', [...AT, 'ca'], mqttFaultText.caWithoutTls())]
      : []),
    ...mappingFaults(document, groupOf(written.mapping), lanes),
  ];
}

function mappingFaults(document: ConfigDocument, written: Written, lanes: readonly string[]): readonly Fault[] {
  const at = [...AT, 'mapping'];
  const grants = groupOf(written.grants);
  const nobodys = written.grants !== undefined && grants.lane === undefined && grants.plate === undefined;
  return [
    ...(nobodys ? [faultAt(document, 'missing', [...at, 'grants'], faultText.missing('plate'), 'key')] : []),
    ...Object.entries(groupOf(written.lanes)).flatMap(([gate, lane]) =>
      lanes.includes(String(document.numberSource([...at, 'lanes', gate]) ?? lane))
        ? []
        : [
            faultAt(
              document,
              'reference',
              [...at, 'lanes', gate],
              faultText.unknownLane(String(lane), lanes, nearest(String(lane), lanes)),
            ),
          ],
    ),
  ];
}

/** What the program uses; undefined when it is off. The keys have been checked. */
export function mqttConfig(
  { enabled, url = '', password, ca, clientId, mapping: tables, ...others }: z.output<typeof mqtt>,
  context: {
    readonly secret: (name: string) => Secret;
    readonly beside: (path: string) => string;
    readonly parkUuid: string;
    readonly laneId: string;
  },
): MqttIntakeConfig | undefined {
  if (!enabled) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'mqtts:';
  const { user, grants, plates } = others;
  return {
    secure,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 8883 : 1883) : Number(port),
    address: url,
    clientId: clientId ?? ownClientId(context),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: context.secret(password.secret) }),
    ...(ca === undefined ? {} : { ca: context.beside(ca) }),
    ...(grants === undefined ? {} : { grants }),
    ...(plates === undefined ? {} : { plates }),
    ...(tables === undefined ? {} : { mapping: mappingConfig(tables) }),
  };
}

function mappingConfig({ grants, plates, ...tables }: z.output<typeof mapping>): MqttMapping {
  return {
    ...tables,
    ...(grants === undefined ? {} : { grants: pointersOf(grants) }),
    ...(plates === undefined ? {} : { plates: pointersOf(plates) }),
  };
}

function pointersOf(written: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(written).flatMap(([key, at]) => (at === undefined ? [] : [[key, at]])));
}

/**
 * The broker keeps messages under this name, so it must not change from start to start, nor be that of another box. 23 letters and digits are
 * what every broker takes (MQTT 3.1.1, section 3.1.3.1).
 */
function ownClientId({ parkUuid, laneId }: { readonly parkUuid: string; readonly laneId: string }): string {
  return `lanewarden${createHash('sha256').update(`${parkUuid.toLowerCase()} ${laneId}`).digest('hex').slice(0, 13)}`;
}
