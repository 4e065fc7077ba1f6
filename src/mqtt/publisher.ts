/**
 * Publishes at a broker, as long as the program runs. Whoever has something to say never waits: of what is retained the newest is kept for
 * each topic, of the others the newest hundred, and what no longer fits is counted. It receives nothing and knows no message.
 */
import type { MqttClient } from 'mqtt';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config/types.ts';
import type { Log } from '../log.ts';
import { brokerLog } from '../text/broker.ts';
import { faultOf, MqttFault, optionsOf, refusal, watchWire, within } from './broker.ts';
import { BrokerFaults } from './fault-row.ts';
import type { PublishedMessage } from './messages.ts';
import { ReconnectWait } from './reconnect.ts';

export interface Publisher {
  /** Never blocks and never throws. */
  say(message: PublishedMessage): void;
  /** Ends within a second after `signal` aborts. Rejects only for a mistake of our own. */
  run(signal: AbortSignal): Promise<void>;
}

export interface PublisherOptions {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** What the topics begin with, for the log. */
  readonly base: string;
  /** Said first of all at each connection. */
  readonly hello: () => PublishedMessage;
  /** Said by the broker when the box is gone, and by the box when it ends. */
  readonly farewell: PublishedMessage;
}

const WAITING_MAX = 100;
const FAREWELL_MS = 500;

export function createPublisher(options: PublisherOptions): Publisher {
  const { config, clock, log } = options;
  const row = new BrokerFaults(clock, log, config.address);
  /** What the broker is to keep, by topic; those it does not have yet are also in `fresh`. */
  const retained = new Map<string, PublishedMessage>();
  const fresh = new Set<string>();
  let waiting: readonly PublishedMessage[] = [];
  let dropped = 0;
  let wake: () => void = () => {};

  function say(message: PublishedMessage): void {
    if (message.retain) {
      if (retained.get(message.topic)?.payload === message.payload) return;
      retained.set(message.topic, message);
      fresh.add(message.topic);
    } else {
      waiting = [...waiting, message];
      dropped += Math.max(0, waiting.length - WAITING_MAX);
      waiting = waiting.slice(-WAITING_MAX);
    }
    wake();
  }

  /** What is to be said next, and what to do when the broker has it. */
  function next(): { readonly message: PublishedMessage; readonly done: () => void } | undefined {
    const [topic] = fresh;
    const message = topic === undefined ? waiting[0] : retained.get(topic);
    if (message === undefined) return undefined;
    return {
      message,
      done: () => {
        if (!message.retain) waiting = waiting.filter((each) => each !== message);
        else if (retained.get(message.topic) === message) fresh.delete(message.topic);
      },
    };
  }

  async function sayAll(client: MqttClient, over: AbortSignal): Promise<void> {
    over.addEventListener('abort', () => wake(), { once: true });
    await send(client, options.hello());
    for (const topic of retained.keys()) fresh.add(topic);
    while (!over.aborted) {
      const found = next();
      if (found !== undefined) {
        await send(client, found.message);
        found.done();
      } else {
        if (dropped > 0) log.warn(brokerLog.tooMany(dropped));
        dropped = 0;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  /** One connection, from its beginning to its end. Resolves with the fault that ended it, or undefined after `signal` aborted. */
  async function hold(signal: AbortSignal, onReady: () => void): Promise<MqttFault | undefined> {
    const { topic, payload } = options.farewell;
    const will = { topic, payload: Buffer.from(payload), qos: 1, retain: true } as const;
    const connectOptions = await optionsOf(config, { protocolVersion: 4, clean: true, will });
    if (connectOptions instanceof MqttFault) return connectOptions;
    const { connect } = await import('mqtt');
    if (signal.aborted) return undefined;
    const client = connect(connectOptions);
    const over = new AbortController();
    const fault = await new Promise<MqttFault | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
      client.on('error', (error) => resolve(faultOf(error)));
      client.on('disconnect', ({ reasonCode }) => resolve(refusal(reasonCode ?? 0)));
      client.on('close', () => resolve(new MqttFault('unreachable', 'the connection was closed')));
      client.on('connect', () => {
        watchWire(client);
        onReady();
        sayAll(client, over.signal).catch((error: Error) => resolve(faultOf(error)));
      });
    });
    over.abort();
    if (fault === undefined && client.connected) {
      await within(clock, FAREWELL_MS, send(client, options.farewell));
      await within(clock, FAREWELL_MS, client.endAsync(false));
    }
    client.end(true);
    return fault;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const wait = new ReconnectWait();
    while (!signal.aborted) {
      let isReady = false;
      const fault = await hold(signal, () => {
        isReady = true;
        if (!row.end()) log.info(brokerLog.publishing(config.address, options.base));
      });
      if (fault === undefined) return;
      row.add(fault);
      await clock.sleep(wait.afterMs(fault, isReady), signal);
    }
  }

  return { say, run };
}

/** QoS 1, one after the other: the broker has it when this resolves. */
async function send(client: MqttClient, { topic, payload, retain }: PublishedMessage): Promise<void> {
  await client.publishAsync(topic, payload, { qos: 1, retain });
}
