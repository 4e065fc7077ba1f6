/**
 * An MQTT 3.1.1 client that publishes at QoS 1, and receives at most what it is told to subscribe to: the library, which the intake needs, takes 11 MB
 * of memory for the part that would be in use here. It knows no topic, and a lost connection ends it. The packets are in `packets.ts`.
 */
import { isIP, type Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { openTcp, openTls } from '../../outward/outward.ts';
import type { BrokerConfig } from '../settings.ts';
import { CONNECT_MS, faultOf, KEEP_ALIVE_S, MqttFault, refusal, watchWire } from './broker.ts';
import {
  ANSWER_BYTES_MAX,
  connectPacket,
  DISCONNECT,
  KIND,
  type MqttPacket,
  messageIn,
  noMqtt,
  PacketReader,
  PINGREQ,
  packetKind,
  publishPacket,
  type ReceivedMessage,
  type SentMessage,
  SUBSCRIPTION_REFUSED,
  subscribePacket,
} from './packets.ts';

const LOOK_EVERY_MS = 15_000;
/** Before the broker loses patience, which is one and a half times the keep-alive. */
const PING_AFTER_MS = 750 * KEEP_ALIVE_S;
const ANSWER_WITHIN_MS = 30_000;
const ID_MAX = 0xff_ff;

/** What is to be received, each once while the connection lasts (QoS 0): what must not be missed is to be retained. */
export interface Subscription {
  readonly topics: readonly string[];
  /** Of a payload; longer ones are skipped. */
  readonly bytesMax: number;
  readonly take: (message: ReceivedMessage) => void;
  /** The broker does not let us have these. It goes on publishing. */
  readonly refused: (topics: readonly string[]) => void;
}

export interface PublishClientOptions {
  readonly config: BrokerConfig;
  /** PEM certificates to trust instead of the well-known ones. */
  readonly ca: string | undefined;
  readonly will: SentMessage;
  readonly subscription?: Subscription | undefined;
  readonly clock: Clock;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (fault: MqttFault) => void;
}

export class PublishClient {
  /** Resolves when the broker has accepted the connection; never where it does not. */
  readonly ready: Promise<void>;
  /** Resolves when the connection has ended, by whoever. */
  readonly ended: Promise<MqttFault>;
  readonly #clock: Clock;
  readonly #socket: Socket;
  readonly #over = new AbortController();
  readonly #waiting = new Map<number, Waiting>();
  readonly #subscription: Subscription | undefined;
  readonly #reader: PacketReader;
  #lastId = 0;
  #isReady = false;
  #isConnected = false;
  #sentMs: number;
  /** Something that the broker answers was sent then, and nothing has come since. */
  #unansweredSinceMs: number | undefined;
  #accept: () => void = () => undefined;
  #end: (fault: MqttFault) => void = () => undefined;

  constructor({ config, ca, will, subscription, clock }: PublishClientOptions) {
    this.#clock = clock;
    this.#subscription = subscription;
    this.#reader = new PacketReader((subscription?.bytesMax ?? 0) + ANSWER_BYTES_MAX);
    this.#sentMs = clock.nowMs();
    this.ready = new Promise((resolve) => {
      this.#accept = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { host, port, secure } = config;
    const name = isIP(host) > 0 ? {} : { servername: host };
    this.#socket = secure
      ? openTls(
          { purpose: 'broker' },
          { host, port, timeout: CONNECT_MS, ...name, ...(ca !== undefined && { ca: [ca] }) },
        )
      : openTcp({ purpose: 'broker' }, { host, port, timeout: CONNECT_MS });
    this.#socket.setNoDelay(true);
    this.#socket.once(secure ? 'secureConnect' : 'connect', () => this.#write(connectPacket(config, will), true));
    this.#socket.once('connect', () => {
      this.#isConnected = true;
    });
    this.#socket.on('error', (error) => this.#fail(faultOf(error)));
    this.#socket.on('close', () => this.#fail(new MqttFault('unreachable', 'the connection was closed')));
    // A wire without a byte for so long; afterwards that is what silence looks like.
    this.#socket.on('timeout', () => {
      if (this.#isReady) return;
      const code = this.#isConnected ? 'silent' : 'unreachable';
      this.#fail(new MqttFault(code, `no answer in ${CONNECT_MS / 1_000} s`));
    });
    void this.#receive();
  }

  get isReady(): boolean {
    return this.#isReady && !this.#over.signal.aborted;
  }

  /** Resolves when the broker has it. Rejects with MqttFault when the connection ends before. */
  publish({ topic, payload, retain }: SentMessage): Promise<void> {
    const id = this.#nextId();
    return new Promise((resolve, reject) => {
      if (!this.isReady) return reject(new MqttFault('unreachable', 'the connection was closed'));
      this.#waiting.set(id, { resolve, reject });
      this.#write(publishPacket({ topic, payload, retain }, id), true);
    });
  }

  /** The broker does not publish the will then. Resolves when it has closed the connection. */
  async end(): Promise<void> {
    this.#write(DISCONNECT, false);
    this.#socket.end();
    await this.ended;
  }

  destroy(): void {
    this.#fail(new MqttFault('unreachable', 'the connection was closed'));
  }

  #write(packet: Buffer, isAnswered: boolean): void {
    this.#sentMs = this.#clock.nowMs();
    if (isAnswered) this.#unansweredSinceMs ??= this.#sentMs;
    this.#socket.write(packet);
  }

  #nextId(): number {
    this.#lastId = (this.#lastId % ID_MAX) + 1;
    return this.#lastId;
  }

  async #receive(): Promise<void> {
    try {
      for await (const packets of this.#reader.turns(this.#socket)) {
        this.#unansweredSinceMs = undefined;
        for (const packet of packets) if (!this.#over.signal.aborted) this.#take(packet);
      }
    } catch (error) {
      if (error instanceof MqttFault) this.#fail(error);
      // The wire's own has been told by its events.
      else if (!this.#over.signal.aborted) throw error;
    }
  }

  #take(packet: MqttPacket): void {
    const { header, rest } = packet;
    const kind = packetKind(header);
    if (!this.#isReady) {
      const code = rest[1];
      if (kind !== KIND.connack || code === undefined) throw noMqtt();
      if (code === 0) this.#begin();
      else this.#fail(refusal(code));
    } else if (kind === KIND.publish) this.#subscription?.take(messageIn(packet));
    else if (kind === KIND.suback) this.#subscribed(rest.subarray(2));
    else if (kind === KIND.puback && rest.length >= 2) {
      const id = rest.readUInt16BE(0);
      this.#waiting.get(id)?.resolve();
      this.#waiting.delete(id);
    }
  }

  #subscribed(codes: Buffer): void {
    const refused = this.#subscription?.topics.filter((_, at) => codes[at] === SUBSCRIPTION_REFUSED) ?? [];
    if (refused.length > 0) this.#subscription?.refused(refused);
  }

  #begin(): void {
    this.#isReady = true;
    watchWire(this.#socket);
    if (this.#subscription !== undefined) this.#write(subscribePacket(this.#subscription.topics, this.#nextId()), true);
    this.#accept();
    void this.#keepAlive();
  }

  async #keepAlive(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#clock.sleep(LOOK_EVERY_MS, signal);
      const nowMs = this.#clock.nowMs();
      if (nowMs - (this.#unansweredSinceMs ?? nowMs) > ANSWER_WITHIN_MS)
        this.#fail(new MqttFault('unreachable', `no answer in ${ANSWER_WITHIN_MS / 1_000} s`));
      else if (!signal.aborted && nowMs - this.#sentMs >= PING_AFTER_MS) this.#write(PINGREQ, true);
    }
  }

  /** Once. */
  #fail(fault: MqttFault): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#socket.destroy();
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
    this.#end(fault);
  }
}
