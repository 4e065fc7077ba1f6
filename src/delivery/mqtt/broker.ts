/**
 * Connection options of a broker, and its faults as codes of our own. It knows no topic and no message, and opens no connection itself.
 */
import { isIP, type Socket } from 'node:net';
import type { IClientOptions } from 'mqtt';
import type { Clock } from '../../clock.ts';
import { isInNetwork, plainAddress } from '../../outward/network-class.ts';
import { readSmallFile } from '../../small-file.ts';
import { thrownText } from '../../text/thrown.ts';
import type { BrokerConfig } from '../settings.ts';

export type MqttFaultCode =
  | 'unreachable' // no broker there, no answer, or it went away
  | 'silent' // it takes the connection and then says nothing: it has too much to do, or no broker is behind the port
  | 'login' // user or password are not accepted
  | 'tls' // its certificate is not trusted, or `ca` cannot be read
  | 'topics' // it does not let us subscribe
  | 'takenOver' // another client came with our client id
  | 'version' // it does not speak the version of MQTT we came with
  | 'refused' // it refuses for another reason
  | 'full'; // a message could not be kept; it comes again over the next connection

/** Why a connection ended. `detail`: the system's code or the broker's reason, never anything of the configuration. */
export class MqttFault extends Error {
  override readonly name = 'MqttFault';
  readonly code: MqttFaultCode;
  readonly detail: string;
  constructor(code: MqttFaultCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** The kernel retries at 0, 1, 3 and 7 s: a broker that comes back is answered within four. */
export const CONNECT_MS = 8_000;
export const KEEP_ALIVE_S = 60;
/** Silence on a local wire after which the kernel probes the far end. */
const ALIVE_MS = 3_000;

/** Read at each connection: an administrator may have changed them. */
export async function certificatesOf({ ca }: Pick<BrokerConfig, 'ca'>): Promise<string | undefined | MqttFault> {
  if (ca === undefined) return undefined;
  return readSmallFile(ca).then(String, (error: unknown) => new MqttFault('tls', `ca: ${codeOf(error)}`));
}

/** For `connect` of the library, which must not retry: its caller does, and knows how often and how long it failed. */
export async function optionsOf(config: BrokerConfig, more: IClientOptions): Promise<IClientOptions | MqttFault> {
  const { secure, host, port, user, password, clientId } = config;
  const certificates = await certificatesOf(config);
  if (certificates instanceof MqttFault) return certificates;
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    host,
    port,
    clientId,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(certificates === undefined ? {} : { ca: [certificates] }),
    ...more,
  };
}

/**
 * TCP keep-alive. A broker back from a power cut sends nothing: a subscriber would notice at the next keep-alive of MQTT, a minute later.
 * In the local network only: elsewhere each probe may cost money.
 */
export function watchWire(socket: Partial<Pick<Socket, 'remoteAddress' | 'setKeepAlive'>>): void {
  const address = plainAddress(socket.remoteAddress ?? '');
  const isLocal = (['local', 'loopback', 'nowhere'] as const).some((network) => isInNetwork(network, address));
  if (isIP(address) > 0 && isLocal) socket.setKeepAlive?.(true, ALIVE_MS);
}

export function faultOf(error: Error): MqttFault {
  if (error instanceof MqttFault) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'number') return refusal(code);
  const name = codeOf(error);
  const isTls = /CERT|SIGNED|SSL|TLS|SIGNATURE|EPROTO/.test(name);
  return new MqttFault(isTls ? 'tls' : 'unreachable', name);
}

/** By the reason codes of MQTT 5 (section 2.4) and the return codes of 3.1.1 (section 3.2.2.3), which do not overlap. */
export function refusal(reason: number): MqttFault {
  const code = [4, 5, 134, 135].includes(reason)
    ? 'login'
    : [1, 132].includes(reason)
      ? 'version'
      : reason === 142
        ? 'takenOver'
        : [0, 3, 136, 139].includes(reason)
          ? 'unreachable'
          : 'refused';
  return new MqttFault(code, `MQTT ${reason}`);
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : thrownText(error);
}

/** Waits until `work` settles, at most `limitMs`. */
export async function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work.catch(() => undefined), clock.sleep(limitMs, done.signal)]);
  done.abort();
}
