/**
 * How this program meets a broker: who it is there, and what is wrong in words of its own. It knows no topic and no message, and opens
 * no connection itself.
 */
import { readFile } from 'node:fs/promises';
import type { IClientOptions } from 'mqtt';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config/types.ts';
import { thrownText } from '../text/thrown.ts';

export type MqttFaultCode =
  | 'unreachable' // no broker there, no answer, or it went away
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

const CONNECT_MS = 10_000;

/** For `connect` of the library. It does not try again: that is for the one who can say how often and how long it was in vain. */
export async function optionsOf(config: BrokerConfig, more: IClientOptions): Promise<IClientOptions | MqttFault> {
  const { secure, host, port, user, password, clientId } = config;
  const certificates = config.ca === undefined ? undefined : await readFile(config.ca).catch(codeOf);
  if (typeof certificates === 'string') return new MqttFault('tls', `ca: ${certificates}`);
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    host,
    port,
    clientId,
    keepalive: 60,
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

export function faultOf(error: Error): MqttFault {
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
        : [0, 139].includes(reason)
          ? 'unreachable'
          : 'refused';
  return new MqttFault(code, `MQTT ${reason}`);
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : thrownText(error);
}

/** Waits for `work`, however it ends, but not for longer than `limitMs`. */
export async function within(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work.catch(() => undefined), clock.sleep(limitMs, done.signal)]);
  done.abort();
}
