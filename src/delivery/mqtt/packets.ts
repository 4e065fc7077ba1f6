/**
 * Packets of MQTT 3.1.1, made and read. It knows no topic, and opens no connection.
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
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { BrokerConfig } from '../settings.ts';
import { KEEP_ALIVE_S, MqttFault } from './broker.ts';

export const KIND = { connack: 2, publish: 3, puback: 4, suback: 9, pingresp: 13 } as const;
const HEADER = { connect: 0x10, publish: 0x32, retained: 0x33, subscribe: 0x82 } as const;
/** Bit of a message that is to be confirmed twice. */
const QOS2 = 0x04;
const FLAG = { clean: 0x02, will: 0x04, qos1: 0x08, retain: 0x20, password: 0x40, user: 0x80 } as const;
export const PINGREQ = Buffer.from([0xc0, 0]);
export const DISCONNECT = Buffer.from([0xe0, 0]);
export const SUBSCRIPTION_REFUSED = 0x80;

/** All that a broker answers to a publisher is shorter, and the topic of what it delivers. */
export const ANSWER_BYTES_MAX = 1_000;

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

/** A packet without its length. */
export interface MqttPacket {
  readonly header: number;
  readonly rest: Buffer;
  /** A message that was too long: its beginning is here, which is too long too. */
  readonly isCut: boolean;
}

export const packetKind = (header: number): number => header >> 4;

/** Packets that are handled before timers and other wires have their turn: a tenth of a millisecond each at most, on a Pi. */
const TURN_PACKETS = 50;

/** Packets out of bytes as they come. Of a message longer than it may be only the beginning is held; anything else so long is no MQTT. */
export class PacketReader {
  readonly #messageMax: number;
  readonly #answerMax: number;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Until so many bytes are held there is no packet. */
  #wanted = 2;
  #skip = 0;
  #isHeard = false;

  /** Of the rest of a packet. */
  constructor(messageMax: number, answerMax = ANSWER_BYTES_MAX) {
    this.#messageMax = messageMax;
    this.#answerMax = answerMax;
  }

  /** However much comes at once, what else runs in this thread runs between. Throws MqttFault `refused`, and what the wire throws. */
  async *turns(wire: Readable): AsyncGenerator<readonly MqttPacket[]> {
    // Who destroys it, and why, is its caller's.
    for await (const bytes of wire.iterator({ destroyOnReturn: false })) {
      let turn: MqttPacket[] = [];
      for (const packet of this.#read(bytes)) {
        if (turn.push(packet) < TURN_PACKETS) continue;
        yield turn;
        turn = [];
        await setImmediate();
      }
      yield turn;
      await setImmediate();
    }
  }

  *#read(bytes: Buffer): Generator<MqttPacket> {
    // The first byte tells, where a whole packet might never come.
    if (!this.#isHeard && packetKind(bytes[0] ?? 0) !== KIND.connack) throw noMqtt();
    this.#isHeard = true;
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    // An empty piece would hold the whole of it.
    if (skipped === bytes.length) return;
    this.#chunks.push(bytes.subarray(skipped));
    this.#held += bytes.length - skipped;
    if (this.#held < this.#wanted) return;
    // Joined once: a long packet comes in hundreds of pieces, and thousands of short ones in one.
    let left = Buffer.concat(this.#chunks);
    for (;;) {
      const length = lengthIn(left);
      const [header = 0] = left;
      const isMessage = packetKind(header) === KIND.publish;
      const max = isMessage ? this.#messageMax : this.#answerMax;
      const isCut = length !== undefined && length.value > max;
      // Nobody subscribes at QoS 2; the library would keep each.
      if (isMessage ? (header & QOS2) !== 0 : isCut) throw noMqtt();
      const end = length === undefined ? left.length + 1 : length.from + Math.min(length.value, max);
      if (length === undefined || left.length < end) {
        this.#chunks = [left];
        this.#held = left.length;
        this.#wanted = end;
        return;
      }
      yield { header, rest: left.subarray(length.from, end), isCut };
      const whole = length.from + length.value;
      this.#skip = Math.max(0, whole - left.length);
      left = left.subarray(whole);
    }
  }
}

/** Of the first packet, and where its rest begins. undefined: not whole yet. */
function lengthIn(bytes: Buffer): { readonly value: number; readonly from: number } | undefined {
  let value = 0;
  for (let at = 1; at < bytes.length; at += 1) {
    if (at > 4) throw noMqtt();
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) << (7 * (at - 1));
    if ((byte & 0x80) === 0) return { value, from: at + 1 };
  }
  return undefined;
}

export const noMqtt = (): MqttFault => new MqttFault('refused', 'this is no MQTT');

/** Of a PUBLISH at QoS 0, the only one we subscribe to. */
export function messageIn({ header, rest, isCut }: MqttPacket): ReceivedMessage {
  const retained = (header & 1) === 1;
  if (isCut) return { topic: '', payload: undefined, retained };
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

export function packetOf(header: number, parts: readonly Buffer[]): Buffer {
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
