/**
 * Publishes at a broker, as long as the program runs. `publish` never blocks: of retained messages the newest of each topic is kept, of
 * the others the newest hundred, and dropped ones are counted. What is kept elsewhere until the broker has it (`kept`) is asked for one by
 * one, when nothing else waits. It receives nothing and knows no message.
 */
import type { MqttClient } from 'mqtt';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config/types.ts';
import type { Log } from '../log.ts';
import { brokerLog } from '../text/broker.ts';
import { faultOf, MqttFault, optionsOf, refusal, watchWire, within } from './broker.ts';
import { BrokerFaults } from './broker-faults.ts';
import type { PublishedMessage } from './published-messages.ts';
import { ReconnectWait } from './reconnect.ts';

export interface Publisher {
  /** Never blocks and never throws. */
  publish(message: PublishedMessage): void;
  /** There may be more of what is kept elsewhere. */
  wake(): void;
  /** Ends within a second after `signal` aborts. Rejects only on an internal error. */
  run(signal: AbortSignal): Promise<void>;
}

export interface PublisherOptions {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** Prefix of the topics, for the log. */
  readonly base: string;
  /** Published first at each connection. */
  readonly hello: () => PublishedMessage;
  /** Published by the broker when the box is gone, and by the box when it ends. */
  readonly farewell: PublishedMessage;
  /** The next of what is kept elsewhere; its `done` is called when the broker has it. */
  readonly kept?: () => Promise<PublishedMessage | undefined>;
}

const WAITING_MAX = 100;
const FAREWELL_MS = 500;

/** Messages the broker does not have yet, within their limits. */
class OutgoingMessages {
  /** Retained messages by topic; those the broker does not have yet are also in `fresh`. */
  readonly #retained = new Map<string, PublishedMessage>();
  readonly #fresh = new Set<string>();
  #waiting: readonly PublishedMessage[] = [];
  #dropped = 0;
  #wake: () => void = () => {};
  #isWoken = false;

  add(message: PublishedMessage): void {
    if (message.retain) {
      if (this.#retained.get(message.topic)?.payload === message.payload) return;
      this.#retained.set(message.topic, message);
      this.#fresh.add(message.topic);
    } else {
      const waiting = [...this.#waiting, message];
      this.#dropped += Math.max(0, waiting.length - WAITING_MAX);
      this.#waiting = waiting.slice(-WAITING_MAX);
    }
    this.wake();
  }

  /** A new connection: the broker may have lost what it retained. */
  refresh(): void {
    for (const topic of this.#retained.keys()) this.#fresh.add(topic);
  }

  /** The next message, and the callback for when the broker has it. */
  next(): { readonly message: PublishedMessage; readonly done: () => void } | undefined {
    const [topic] = this.#fresh;
    const message = topic === undefined ? this.#waiting[0] : this.#retained.get(topic);
    if (message === undefined) return undefined;
    return {
      message,
      done: () => {
        if (!message.retain) this.#waiting = this.#waiting.filter((each) => each !== message);
        else if (this.#retained.get(message.topic) === message) this.#fresh.delete(message.topic);
      },
    };
  }

  /** Messages dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Resolves at the next message, or on `wake`; at once where one was called since the last time. */
  async waitForMore(): Promise<void> {
    if (!this.#isWoken)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#isWoken = false;
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { config, clock, log } = options;
  const row = new BrokerFaults(clock, log, config.address);
  const outgoing = new OutgoingMessages();

  async function publishAll(client: MqttClient, over: AbortSignal): Promise<void> {
    over.addEventListener('abort', () => outgoing.wake(), { once: true });
    const hello = options.hello();
    await send(client, hello);
    hello.done?.();
    outgoing.refresh();
    while (!over.aborted) {
      const found = outgoing.next();
      const kept = found === undefined ? await options.kept?.() : undefined;
      if (found !== undefined) {
        await send(client, found.message);
        found.done();
        found.message.done?.();
      } else if (kept !== undefined) {
        await send(client, kept);
        kept.done?.();
      } else {
        const dropped = outgoing.takeDropped();
        if (dropped > 0) log.warn(brokerLog.tooMany(dropped));
        await outgoing.waitForMore();
      }
    }
  }

  /** One connection from start to end. Resolves with the fault that ended it, or undefined after `signal` aborted. */
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
        publishAll(client, over.signal).catch((error: Error) => resolve(faultOf(error)));
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

  return { publish: (message) => outgoing.add(message), wake: () => outgoing.wake(), run };
}

/** QoS 1, one after the other: the broker has it when this resolves. */
async function send(client: MqttClient, { topic, payload, retain }: PublishedMessage): Promise<void> {
  await client.publishAsync(topic, payload, { qos: 1, retain });
}
