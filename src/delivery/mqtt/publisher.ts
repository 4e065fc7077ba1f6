/**
 * Publishes at a broker, as long as the program runs. `publish` never blocks: of retained messages the newest of each topic is kept. What is kept
 * elsewhere until the broker has it (`kept`) is asked for one by one, when nothing else waits. What it receives
 * (`subscription`) it hands on. It knows no message.
 */
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { brokerLog } from '../../text/broker.made.ts';
import type { BrokerConfig } from '../settings.ts';
import { certificatesOf, faultOf, MqttFault, within } from './broker.ts';
import { BrokerFaults } from './broker-faults.ts';
import { PublishClient, type Subscription } from './publish-client.ts';
import type { KeptMessage, NumbersThrough, PublishedMessage } from './published-messages.ts';
import { ReconnectWait } from './reconnect.ts';
import { UnsavedMessages } from './unsaved-messages.ts';

export interface Publisher {
  /** Never blocks and never throws. */
  publish(message: PublishedMessage): void;
  /** There may be more of what is kept elsewhere. */
  wake(): void;
  /** Whoever receives the messages has these for good. */
  received(numbers: NumbersThrough): void;
  /** Why there is no connection. */
  fault(): { readonly state: 'failing'; readonly lastError: string } | undefined;
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
  /** Subscribed to at each connection. */
  readonly subscription?: Subscription | undefined;
  /** The next of what is kept elsewhere and was not sent yet. */
  readonly kept?: () => Promise<KeptMessage | undefined>;
}

const FAREWELL_MS = 500;

/** Retained messages that the broker does not have yet. */
class RetainedMessages {
  /** By topic; those the broker does not have yet are also in `fresh`. */
  readonly #retained = new Map<string, PublishedMessage>();
  readonly #fresh = new Set<string>();
  #wake: () => void = () => {};
  #isWoken = false;

  add(message: PublishedMessage): void {
    if (this.#retained.get(message.topic)?.payload === message.payload) return;
    this.#retained.set(message.topic, message);
    this.#fresh.add(message.topic);
    this.wake();
  }

  /** A new connection: the broker may have lost what it retained. */
  refresh(): void {
    for (const topic of this.#retained.keys()) this.#fresh.add(topic);
  }

  next(): PublishedMessage | undefined {
    const [topic] = this.#fresh;
    return topic === undefined ? undefined : this.#retained.get(topic);
  }

  arrived(message: PublishedMessage): void {
    if (this.#retained.get(message.topic) === message) this.#fresh.delete(message.topic);
    message.done?.();
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
  const { config, clock, log, subscription } = options;
  const row = new BrokerFaults(clock, log, config.address);
  const retained = new RetainedMessages();
  const unsaved = new UnsavedMessages();

  /** One connection from start to end. Resolves with the fault that ended it, or undefined after `signal` aborted. */
  async function hold(signal: AbortSignal, onReady: () => void): Promise<MqttFault | undefined> {
    const ca = await certificatesOf(config);
    if (ca instanceof MqttFault) return ca;
    if (signal.aborted) return undefined;
    const client = new PublishClient({ config, ca, will: options.farewell, subscription, clock });
    const over = new AbortController();
    const fault = await new Promise<MqttFault | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
      void client.ended.then(resolve);
      void client.ready.then(() => {
        onReady();
        publishAll(client, { ...options, retained, unsaved }, over.signal).catch((error: Error) =>
          resolve(faultOf(error)),
        );
      });
    });
    over.abort();
    if (fault === undefined && client.isReady) {
      await within(clock, FAREWELL_MS, client.publish(options.farewell));
      await within(clock, FAREWELL_MS, client.end());
    }
    client.destroy();
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

  return {
    publish: (message) => retained.add(message),
    wake: () => retained.wake(),
    received: (numbers) => unsaved.received(numbers),
    fault: () => (row.present === undefined ? undefined : { state: 'failing', lastError: row.present }),
    run,
  };
}

/** What there is, and what comes, until `over` aborts; one after the other: the broker has each before the next. States first: they are few. */
async function publishAll(
  client: PublishClient,
  parts: Pick<PublisherOptions, 'hello' | 'kept' | 'clock'> & {
    readonly retained: RetainedMessages;
    readonly unsaved: UnsavedMessages;
  },
  over: AbortSignal,
): Promise<void> {
  over.addEventListener('abort', () => retained.wake(), { once: true });
  const { hello, retained, unsaved } = parts;
  unsaved.connectionEnded();
  const first = hello();
  await client.publish(first);
  first.done?.();
  retained.refresh();
  while (!over.aborted) {
    const state = retained.next();
    if (state !== undefined) {
      await client.publish(state);
      retained.arrived(state);
    } else if (!(await sendKept(client, parts))) await retained.waitForMore();
  }
}

/** What the broker may have forgotten, then the next of what is kept elsewhere, if there is one; or the other way round. */
async function sendKept(
  client: PublishClient,
  { kept, unsaved, clock }: Pick<PublisherOptions, 'kept' | 'clock'> & { readonly unsaved: UnsavedMessages },
): Promise<boolean> {
  const fresh = unsaved.isNewFirst || unsaved.next() === undefined ? await kept?.() : undefined;
  const message = fresh ?? unsaved.next();
  if (message === undefined) {
    unsaved.nothingNew();
    return false;
  }
  await client.publish(message);
  unsaved.acknowledged(message, clock.nowMs());
  return true;
}
