/** The configuration of destinations beside the platform, a list by kind. Knows no message and no connection. */
import { z } from 'zod';
import { type DestinationConfig, FACT_KINDS, type FactKind } from '../../delivery/settings.ts';
import { VERDICTS } from '../../kinds.ts';
import { destinationFaultText } from '../../text/destinations/destination.ts';
import { readCaCertificates } from '../ca-file.ts';
import { noSecret } from '../devices.ts';
import type { ConfigDocument, Path } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { groups } from '../references.ts';
import { isSecretName } from '../secret-name.ts';
import type { Secret, Secrets } from '../secrets.ts';
import { hourSchema } from './duty.ts';
import { platformConfig, platformFaults, platformKeys } from './platform-destination.ts';
import { durationSchema, httpUrl, id, requestUrl, secretReference, size } from './values.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
export const DESTINATIONS_MOST = 20;

/** Names of the ways out that have keys of their own. */
const TAKEN: readonly string[] = ['4pyun', 'mqtt'];

const WAY = {
  name: id,
  timeout: durationSchema(SECOND_MS, 300 * SECOND_MS).prefault('20s'),
  ca: z.string().min(1).optional(),
  proxy: httpUrl.optional(),
  bandwidth: size(8_000, 1_000_000_000).optional(),
};
const FILTER = {
  lanes: z.array(z.string()).min(1).max(50).optional(),
  verdicts: z.array(z.enum(VERDICTS)).min(1).optional(),
  confidence: z.enum(['sure', 'likely', 'possible']).default('possible'),
};

/** Keys of every kind that carries messages. `facts`: those taken when nothing is said. */
export function carrierKeys(facts: readonly FactKind[]) {
  const taken = z
    .array(z.enum(FACT_KINDS))
    .min(1)
    .default([...facts]);
  return { ...WAY, takes: z.strictObject({ facts: taken, ...FILTER }).prefault({}) };
}

const webhook = z.strictObject({
  kind: z.literal('webhook'),
  ...carrierKeys(FACT_KINDS.filter((fact) => fact !== 'alarm')),
  url: requestUrl,
  secret: secretReference,
  picture: z.enum(['none', 'base64', 'second-request']).default('none'),
  daySheetAt: hourSchema.optional(),
});

const chat = z.strictObject({
  kind: z.literal('chat'),
  ...carrierKeys(['release', 'alarm']),
  robot: z.enum(['wecom', 'dingtalk', 'feishu']),
  key: secretReference,
  secret: secretReference.optional(),
  url: httpUrl.optional(),
  maskPlates: z.boolean().default(true),
  language: z.enum(['zh', 'en']).default('zh'),
  daySheetAt: hourSchema.optional(),
});

const ping = z.strictObject({
  kind: z.literal('ping'),
  ...WAY,
  url: requestUrl,
  every: durationSchema(10 * SECOND_MS, 24 * HOUR_MS).prefault('5min'),
});

/** It carries releases. */
const platform = z.strictObject({
  kind: z.literal('platform'),
  ...WAY,
  ...platformKeys,
  takes: z.strictObject(FILTER).prefault({}),
});

/** One member a kind. */
export const destination = z.discriminatedUnion('kind', [webhook, chat, platform, ping]);
export const destinations = z.array(destination).max(DESTINATIONS_MOST).default([]);

interface FaultContext {
  readonly secrets: Secrets;
  readonly beside: (path: string) => string;
}

/** Names taken twice, secrets that are missing or unfit, lanes that do not exist, files that are none of certificates. */
export function destinationFaults(document: ConfigDocument, { secrets, beside }: FaultContext): readonly ConfigFault[] {
  const lanes = groups(document.value, ['lanes']).map(({ written }) => String(written.id));
  const names = new Set(TAKEN);
  return groups(document.value, ['destinations']).flatMap(({ path, written }) => {
    const faults: ConfigFault[] = [];
    const name = String(written.name);
    if (names.has(name))
      faults.push(faultAt(document, 'duplicate', [...path, 'name'], destinationFaultText.name(name)));
    names.add(name);
    if (written.kind === 'platform') faults.push(...platformFaults(document, { path, written }, secrets));
    for (const key of ['secret', 'key']) faults.push(...secretFault(document, [...path, key], written, secrets));
    const takes = written.takes as { readonly lanes?: unknown } | undefined;
    for (const [index, lane] of listOf(takes?.lanes).entries()) {
      const at = [...path, 'takes', 'lanes', index];
      const text = String(document.numberSource(at) ?? lane);
      if (!lanes.includes(text))
        faults.push(faultAt(document, 'reference', at, destinationFaultText.lane(text, lanes)));
    }
    const ca = typeof written.ca === 'string' && written.ca !== '' ? readCaCertificates(beside(written.ca)) : '';
    if (typeof ca !== 'string') faults.push(faultAt(document, 'file', [...path, 'ca'], ca));
    return faults;
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function secretFault(
  document: ConfigDocument,
  path: Path,
  written: Readonly<Record<string, unknown>>,
  secrets: Secrets,
): readonly ConfigFault[] {
  const name = (written[String(path.at(-1))] as { readonly secret?: unknown } | undefined)?.secret;
  if (secrets.state === 'unreadable' || typeof name !== 'string' || !isSecretName(name)) return [];
  const at = [...path, 'secret'];
  const secret = secrets.byName.get(name);
  if (secret === undefined) return [noSecret(document, at, name, secrets)];
  if (written.kind !== 'webhook' || isWebhookSecret(secret.reveal())) return [];
  return [faultAt(document, 'secret', at, destinationFaultText.webhookSecret(name))];
}

/** As the specification of Standard Webhooks says: 24 to 64 bytes in base64 behind `whsec_`. */
function isWebhookSecret(text: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}

interface Context {
  readonly file: string;
  readonly secret: (name: string) => Secret;
  readonly beside: (path: string) => string;
}

/** The keys have been checked. */
export function destinationConfig(written: z.output<typeof destination>, context: Context): DestinationConfig {
  const { secret, beside } = context;
  const { timeout: timeoutMs, ca, proxy, bandwidth } = written;
  const pem = ca === undefined ? undefined : readCaCertificates(beside(ca));
  const way = {
    name: written.name,
    timeoutMs,
    ...(typeof pem === 'string' && { ca: pem }),
    ...(proxy !== undefined && { proxy }),
    ...(bandwidth !== undefined && { bandwidthBytesPerSecond: bandwidth }),
  };
  if (written.kind === 'ping') {
    const takes = { facts: [], confidence: 'possible' } as const;
    return { ...way, kind: 'ping', url: written.url, everyMs: written.every, takes };
  }
  const { lanes, verdicts, ...takes } =
    written.kind === 'platform' ? { ...written.takes, facts: ['release'] as const } : written.takes;
  const carried = {
    ...way,
    takes: { ...takes, ...(lanes !== undefined && { lanes }), ...(verdicts !== undefined && { verdicts }) },
  };
  if (written.kind === 'platform') return { ...carried, ...platformConfig(written, context) };
  const sheet = { ...(written.daySheetAt !== undefined && { daySheetAtMinutes: written.daySheetAt }) };
  if (written.kind === 'webhook') {
    const { kind, url, picture } = written;
    return { ...carried, ...sheet, kind, url, picture, secret: secret(written.secret.secret) };
  }
  const { kind, robot, url, maskPlates, language } = written;
  return {
    ...{ ...carried, ...sheet, kind, robot, maskPlates, language, key: secret(written.key.secret) },
    ...(written.secret !== undefined && { secret: secret(written.secret.secret) }),
    ...(url !== undefined && { url }),
  };
}
