/** The keys of an MQTT broker, shared by the intake and the publisher. Knows no topic. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BrokerConfig } from '../../delivery/settings.ts';
import { configFaultText } from '../../text/config.ts';
import { mqttFaultText } from '../../text/mqtt.made.ts';
import type { ConfigDocument, Path } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import type { Secret } from '../secrets.ts';
import { line, mqttUrl, secretReference } from './values.ts';

export const brokerKeys = {
  enabled: z.boolean().default(false),
  url: mqttUrl.optional(),
  user: line.optional(),
  password: secretReference.optional(),
  clientId: line.optional(),
  ca: z.string().min(1).optional(),
};
const broker = z.strictObject(brokerKeys);

/** Rules between these keys. */
export function brokerFaults(
  document: ConfigDocument,
  at: Path,
  { enabled, url, user, password, ca }: Readonly<Record<string, unknown>>,
): readonly ConfigFault[] {
  const missing = (key: string) => faultAt(document, 'missing', at, configFaultText.missing(key), 'key');
  return [
    ...(enabled === true && url === undefined ? [missing('url')] : []),
    ...(password !== undefined && user === undefined ? [missing('user')] : []),
    ...(ca !== undefined && typeof url === 'string' && !url.startsWith('mqtts:')
      ? [faultAt(document, 'value', [...at, 'ca'], mqttFaultText.caWithoutTls())]
      : []),
  ];
}

export interface BrokerContext {
  readonly secret: (name: string) => Secret;
  readonly beside: (path: string) => string;
  readonly parkUuid: string;
  readonly laneId: string;
}

/** undefined: off. `purpose`: two clients at one broker need two names. The keys have been checked. */
export function brokerConfig(
  { enabled, url = '', user, password, ca, clientId }: z.output<typeof broker>,
  context: BrokerContext,
  purpose: string,
): BrokerConfig | undefined {
  if (!enabled) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'mqtts:';
  return {
    secure,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 8883 : 1883) : Number(port),
    address: url,
    clientId: clientId ?? ownClientId(context, purpose),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: context.secret(password.secret) }),
    ...(ca === undefined ? {} : { ca: context.beside(ca) }),
  };
}

/**
 * The broker queues messages under this name: it must be stable across starts and unique to this box. Every broker accepts 23 letters
 * and digits (MQTT 3.1.1, section 3.1.3.1).
 */
function ownClientId({ parkUuid, laneId }: BrokerContext, purpose: string): string {
  const name = `${parkUuid.toLowerCase()} ${laneId}${purpose}`;
  return `lanewarden${createHash('sha256').update(name).digest('hex').slice(0, 13)}`;
}
