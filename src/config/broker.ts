/** The keys by which this program finds a broker of MQTT, wherever they stand in the configuration. Knows no topic. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { configFaultText } from '../text/config.ts';
import { mqttFaultText } from '../text/mqtt.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt } from './issues.ts';
import type { Secret } from './secrets.ts';
import type { BrokerConfig } from './types.ts';
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

/** What these keys say of one another. */
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

/** undefined: off. `purpose`: two of them at one broker have two names. The keys have been checked. */
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
 * The broker keeps messages under this name, so it must not change from start to start, nor be that of another box. 23 letters and digits are
 * what every broker takes (MQTT 3.1.1, section 3.1.3.1).
 */
function ownClientId({ parkUuid, laneId }: BrokerContext, purpose: string): string {
  const name = `${parkUuid.toLowerCase()} ${laneId}${purpose}`;
  return `lanewarden${createHash('sha256').update(name).digest('hex').slice(0, 13)}`;
}
