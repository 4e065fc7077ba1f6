/**
 * Packets of MQTT 3.1.1, made and read. Pure; it knows no topic and no connection.
 *
 *     CONNECT     10 LL  0004 "MQTT" 04 flags keep-alive; client id, will topic, will message, user, password   (3.1)
 *     CONNACK     20 02  flags, code; 0 is accepted                                                            (3.2)
 *     PUBLISH     32 LL  topic, id, payload; 33 with retain; received at QoS 0: 30 or 31, without id           (3.3)
 *     PUBACK      40 02  id                                                                                    (3.4)
 *     SUBSCRIBE   82 LL  id, then topic and QoS of each; SUBACK 90 LL id, then a code of each, 80 is refused  (3.8, 3.9)
 *     PINGREQ     C0 00, answered by PINGRESP D0 00; DISCONNECT E0 00                                     (3.12, 3.14)
 *
 * Texts have their length in two bytes before them; LL is the length of the rest in sevens of bits, the lowest first (2.2.3).
 */
import type { BrokerConfig } from '../config/types.ts';
import { KEEP_ALIVE_S, MqttFault } from './broker.ts';

export const KIND = { connack: 2, publish: 3, puback: 4, suback: 9, pingresp: 13 } as const;
const HEADER = { connect: 0x10, publish: 0x32, retained: 0x33, subscribe: 0x82 } as const;
const FLAG = { clean: 0x02, will: 0x04, qos1: 0x08, retain: 0x20, password: 0x40, user: 0x80 } as const;
export const PINGREQ = Buffer.from([0xc0, 0]);
export const DISCONNECT = Buffer.from([0xe0, 0]);
export const SUBSCRIPTION_REFUSED = 0x80;

/** All that a broker answers is shorter, and the topic of what it delivers. */
const ANSWER_BYTES_MAX = 1_000;

export interface SentMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface ReceivedMessage {
  /** Empty where the message was too long. */
  readonly topic: string;
  /** undefined: it was too long, and was skipped. */
  readonly payload: Buffer | undefined;
  /** It lay at the broker when we subscribed. */
  readonly retained: boolean;
}

/** A packet without its length. `rest` undefined: a message that was too long. */
export interface MqttPacket {
  readonly header: number;
  readonly rest: Buffer | undefined;
}

export const packetKind = (header: number): number => header >> 4;

/** Packets out of bytes as they come. A message longer than it may be is skipped, without being held; anything else so long is no MQTT. */
export class PacketReader {
  readonly #payloadMax: number;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Until so many bytes are held there is no whole packet. */
  #wanted = 2;
  #skip = 0;

  constructor(payloadMax: number) {
    this.#payloadMax = payloadMax;
  }

  /** Throws MqttFault `refused`. */
  *read(bytes: Buffer): Generator<MqttPacket> {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    this.#chunks.push(bytes.subarray(skipped));
    this.#held += bytes.length - skipped;
    // Joined once for each packet: a long one comes in hundreds of pieces.
    while (this.#held >= this.#wanted) {
      const joined = Buffer.concat(this.#chunks);
      const length = this.#lengthIn(joined);
      if (length === undefined) {
        this.#keep(joined, this.#held + 1);
        return;
      }
      const [header = 0] = joined;
      const end = length.from + length.value;
      if (length.value > ANSWER_BYTES_MAX + (packetKind(header) === KIND.publish ? this.#payloadMax : 0)) {
        if (packetKind(header) !== KIND.publish) throw noMqtt();
        this.#skip = Math.max(0, end - joined.length);
        this.#keep(joined.subarray(end), 2);
        yield { header, rest: undefined };
      } else if (joined.length < end) this.#keep(joined, end);
      else {
        this.#keep(joined.subarray(end), 2);
        yield { header, rest: joined.subarray(length.from, end) };
      }
    }
  }

  #keep(bytes: Buffer, wanted: number): void {
    this.#chunks = [bytes];
    this.#held = bytes.length;
    this.#wanted = wanted;
  }

  /** Of the first packet, and where its rest begins. undefined: not whole yet. */
  #lengthIn(bytes: Buffer): { readonly value: number; readonly from: number } | undefined {
    let value = 0;
    for (let at = 1; at < bytes.length; at += 1) {
      if (at > 4) throw noMqtt();
      const byte = bytes[at] ?? 0;
      value += (byte & 0x7f) << (7 * (at - 1));
      if ((byte & 0x80) === 0) return { value, from: at + 1 };
    }
    return undefined;
  }
}

export const noMqtt = (): MqttFault => new MqttFault('refused', 'this is no MQTT');

/** Of a PUBLISH at QoS 0, the only one we subscribe to. */
export function messageIn({ header, rest }: MqttPacket): ReceivedMessage {
  const retained = (header & 1) === 1;
  if (rest === undefined) return { topic: '', payload: undefined, retained };
  const topicEnd = 2 + (rest.length < 2 ? 0 : rest.readUInt16BE(0));
  return { topic: rest.toString('utf8', 2, topicEnd), payload: Buffer.from(rest.subarray(topicEnd)), retained };
}

export function connectPacket({ clientId, user, password }: BrokerConfig, will: SentMessage): Buffer {
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

export function publishPacket({ topic, payload, retain }: SentMessage, id: number): Buffer {
  return packetOf(retain ? HEADER.retained : HEADER.publish, [text(topic), number(id), Buffer.from(payload)]);
}

/** At QoS 0. */
export function subscribePacket(topics: readonly string[], id: number): Buffer {
  return packetOf(HEADER.subscribe, [number(id), ...topics.flatMap((topic) => [text(topic), Buffer.from([0])])]);
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
