/**
 * An MQTT 3.1.1 client that publishes and nothing else, at QoS 1: the library, which the intake needs to subscribe, takes 11 MB of memory for the part
 * that would be in use here. It knows no topic, and a lost connection ends it.
 *
 *     CONNECT     10 LL  0004 "MQTT" 04 flags keep-alive; client id, will topic, will message, user, password   (3.1)
 *     CONNACK     20 02  flags, code; 0 is accepted                                                            (3.2)
 *     PUBLISH     32 LL  topic, id, payload; 33 with retain                                                    (3.3)
 *     PUBACK      40 02  id                                                                                    (3.4)
 *     PINGREQ     C0 00, answered by PINGRESP D0 00; DISCONNECT E0 00                                     (3.12, 3.14)
 *
 * Texts have their length in two bytes before them; LL is the length of the rest in sevens of bits, the lowest first (2.2.3).
 */
import { isIP, connect as openSocket, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config/types.ts';
import { CONNECT_MS, faultOf, KEEP_ALIVE_S, MqttFault, refusal, watchWire } from './broker.ts';

const KIND = { connack: 2, puback: 4, pingresp: 13 } as const;
const HEADER = { connect: 0x10, publish: 0x32, retained: 0x33, pingreq: 0xc0, disconnect: 0xe0 } as const;
const FLAG = { clean: 0x02, will: 0x04, qos1: 0x08, retain: 0x20, password: 0x40, user: 0x80 } as const;
/** What a broker sends to a client without a subscription is shorter. */
const PACKET_MAX = 1_000;
const LOOK_EVERY_MS = 15_000;
/** Before the broker loses patience, which is one and a half times the keep-alive. */
const PING_AFTER_MS = 750 * KEEP_ALIVE_S;
const ANSWER_WITHIN_MS = 30_000;
const ID_MAX = 0xff_ff;

export interface SentMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface PublishClientOptions {
  readonly config: BrokerConfig;
  /** PEM certificates to trust instead of the well-known ones. */
  readonly ca: string | undefined;
  readonly will: SentMessage;
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
  #bytes: Buffer = Buffer.alloc(0);
  #lastId = 0;
  #isReady = false;
  #sentMs: number;
  /** Something that the broker answers was sent then, and nothing has come since. */
  #unansweredSinceMs: number | undefined;
  #accept: () => void = () => undefined;
  #end: (fault: MqttFault) => void = () => undefined;

  constructor({ config, ca, will, clock }: PublishClientOptions) {
    this.#clock = clock;
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
      ? openTls({ host, port, timeout: CONNECT_MS, ...name, ...(ca !== undefined && { ca: [ca] }) })
      : openSocket({ host, port, timeout: CONNECT_MS });
    this.#socket.setNoDelay(true);
    this.#socket.once(secure ? 'secureConnect' : 'connect', () => this.#write(connectPacket(config, will), true));
    this.#socket.on('data', (bytes) => this.#received(bytes));
    this.#socket.on('error', (error) => this.#fail(faultOf(error)));
    this.#socket.on('close', () => this.#fail(new MqttFault('unreachable', 'the connection was closed')));
    // A wire without a byte for so long; afterwards that is what silence looks like.
    this.#socket.on('timeout', () => {
      if (!this.#isReady) this.#fail(new MqttFault('unreachable', `no answer in ${CONNECT_MS / 1_000} s`));
    });
  }

  get isReady(): boolean {
    return this.#isReady && !this.#over.signal.aborted;
  }

  /** Resolves when the broker has it. Rejects with MqttFault when the connection ends before. */
  publish({ topic, payload, retain }: SentMessage): Promise<void> {
    this.#lastId = (this.#lastId % ID_MAX) + 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.isReady) return reject(new MqttFault('unreachable', 'the connection was closed'));
      this.#waiting.set(id, { resolve, reject });
      this.#write(publishPacket({ topic, payload, retain }, id), true);
    });
  }

  /** The broker does not publish the will then. Resolves when it has closed the connection. */
  async end(): Promise<void> {
    this.#write(Buffer.from([HEADER.disconnect, 0]), false);
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

  #received(bytes: Buffer): void {
    this.#unansweredSinceMs = undefined;
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const isOther = !this.#isReady && (this.#bytes[0] ?? 0) >> 4 !== KIND.connack;
    if (isOther) this.#fail(new MqttFault('refused', 'this is no MQTT'));
    for (let packet = this.#next(); packet !== undefined; packet = this.#next()) this.#take(packet);
  }

  /** The first whole packet. */
  #next(): Buffer | undefined {
    if (this.#over.signal.aborted) return undefined;
    let length = 0;
    for (let at = 1; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      length += (byte & 0x7f) << (7 * (at - 1));
      if (length > PACKET_MAX || at > 4) {
        this.#fail(new MqttFault('refused', 'this is no MQTT'));
        return undefined;
      }
      if ((byte & 0x80) !== 0) continue;
      const end = at + 1 + length;
      if (this.#bytes.length < end) return undefined;
      const packet = Buffer.concat([this.#bytes.subarray(0, 1), this.#bytes.subarray(at + 1, end)]);
      this.#bytes = this.#bytes.subarray(end);
      return packet;
    }
    return undefined;
  }

  #take(packet: Buffer): void {
    const kind = (packet[0] ?? 0) >> 4;
    if (!this.#isReady) {
      const code = packet[2];
      if (code === undefined) this.#fail(new MqttFault('refused', 'this is no MQTT'));
      else if (code === 0) this.#begin();
      else this.#fail(refusal(code));
    } else if (kind === KIND.puback && packet.length >= 3) {
      const id = packet.readUInt16BE(1);
      this.#waiting.get(id)?.resolve();
      this.#waiting.delete(id);
    }
  }

  #begin(): void {
    this.#isReady = true;
    watchWire(this.#socket);
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
      else if (!signal.aborted && nowMs - this.#sentMs >= PING_AFTER_MS)
        this.#write(Buffer.from([HEADER.pingreq, 0]), true);
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

function connectPacket({ clientId, user, password }: BrokerConfig, will: SentMessage): Buffer {
  const flags =
    FLAG.clean |
    FLAG.will |
    FLAG.qos1 |
    (will.retain ? FLAG.retain : 0) |
    (user === undefined ? 0 : FLAG.user) |
    (password === undefined ? 0 : FLAG.password);
  return packetOf(HEADER.connect, [
    text('MQTT'),
    Buffer.from([4, flags]),
    number(KEEP_ALIVE_S),
    text(clientId),
    text(will.topic),
    text(will.payload),
    ...(user === undefined ? [] : [text(user)]),
    ...(password === undefined ? [] : [text(password.reveal())]),
  ]);
}

function publishPacket({ topic, payload, retain }: SentMessage, id: number): Buffer {
  return packetOf(retain ? HEADER.retained : HEADER.publish, [text(topic), number(id), Buffer.from(payload)]);
}

function packetOf(header: number, parts: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = rest.length; length.length === 0 || left > 0; left >>= 7)
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.from([header, ...length]), rest]);
}

function text(written: string): Buffer {
  const bytes = Buffer.from(written);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
