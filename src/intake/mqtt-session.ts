/**
 * One connection to a broker, from connecting to its end. A message is acknowledged when it is stored, not when it is read. It knows no
 * message and retries nothing.
 */
import { isIP } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import type { IClientOptions, IPublishPacket, ISubscriptionMap, MqttClient } from 'mqtt';
import type { Clock } from '../clock.ts';
import type { MqttIntakeConfig } from '../config/types.ts';
import { faultOf, MqttFault, optionsOf, refusal, watchWire, within } from '../delivery/mqtt/broker.ts';
import { PacketReader, packetOf } from '../delivery/mqtt/packets.ts';
import { openTcp, openTls } from '../outward/outward.ts';
import type { FateQueue } from './fate-queue.ts';
import { CAMERA_BYTES_MAX, type MessageHandler } from './mqtt-message.ts';
import { BODY_BYTES_MAX } from './receive.ts';

export interface SessionOptions {
  readonly config: MqttIntakeConfig;
  readonly clock: Clock;
  readonly taker: Pick<MessageHandler, 'take'>;
  /** Subscribed at QoS 0: what a camera said while we were away is too late, and a broker would keep days of pictures. */
  readonly cameraTopics: readonly string[];
  /** 5 where the broker supports it: it limits the messages sent to us. */
  readonly version: 4 | 5;
  /** What leaves over the connection while it is up. */
  readonly fates: FateQueue;
  /** Subscribed: messages arrive. */
  readonly onReady: () => void;
}

/** Messages accepted and not acknowledged yet; more wait at the broker, or in the socket when the broker does not know this limit. */
const IN_HAND_MAX = 100;
/** How long the broker keeps our messages while we are offline. An older paid exit is useless. */
const SESSION_SECONDS = 7 * 24 * 3600;
/** In addition to a payload: the topic (at most 64 KB) and the header. An answer may give its reason in as many. */
const HEAD_BYTES_MAX = 70_000;
/** At shutdown: for unacknowledged messages, and then for the disconnection. */
const FINISH_MS = 1_000;
const FAREWELL_MS = 500;
/** Ends the library's handling of a message without its acknowledgement: ours follows. */
const LATER = new MqttFault('full', 'acknowledged when stored');

/** Resolves with the fault that ended it, or undefined after `signal` aborted. */
export async function holdSession(options: SessionOptions, signal: AbortSignal): Promise<MqttFault | undefined> {
  const { config, clock, cameraTopics } = options;
  const bytesMax = cameraTopics.length > 0 ? CAMERA_BYTES_MAX : BODY_BYTES_MAX;
  const packetMax = bytesMax + HEAD_BYTES_MAX;
  const kept: IClientOptions = {
    protocolVersion: options.version,
    clean: false,
    ...(options.version === 4
      ? {}
      : {
          properties: {
            sessionExpiryInterval: SESSION_SECONDS,
            receiveMaximum: IN_HAND_MAX,
            maximumPacketSize: packetMax,
          },
        }),
  };
  const connectOptions = await optionsOf(config, kept);
  if (connectOptions instanceof MqttFault) return connectOptions;
  const { MqttClient: Client } = await import('mqtt');
  if (signal.aborted) return undefined;
  const client = new Client((library) => brokerStream(connectOptions, library, packetMax), connectOptions);
  let settle: (fault: MqttFault | undefined) => void = () => {};
  const ended = new Promise<MqttFault | undefined>((resolve) => {
    settle = resolve;
  });
  const stop = () => settle(undefined);
  signal.addEventListener('abort', stop, { once: true });
  const hand = takeInHand(client, options, settle);
  client.on('error', (error) => settle(faultOf(error)));
  client.on('disconnect', ({ reasonCode }) => settle(refusal(reasonCode ?? 0)));
  client.on('close', () => settle(new MqttFault('unreachable', 'the connection was closed')));
  client.on('connect', () => {
    watchWire(client.stream as unknown as Parameters<typeof watchWire>[0]);
    const { grants, plates, entries, charges, vehicles, shifts } = config;
    const own = [grants, plates, entries, charges, vehicles, shifts].filter((topic) => topic !== undefined);
    const topics = [...own, ...cameraTopics];
    const wanted = [...own.map((topic) => [topic, { qos: 1 }]), ...cameraTopics.map((topic) => [topic, { qos: 0 }])];
    client
      .subscribeAsync(Object.fromEntries(wanted) as ISubscriptionMap)
      .then(() => {
        const { fates: topic } = config;
        if (topic !== undefined) options.fates.connected((payload) => client.publishAsync(topic, payload, { qos: 1 }));
        options.onReady();
      })
      .catch(() => settle(new MqttFault('topics', topics.join(' '))));
  });
  const fault = await ended;
  options.fates.connected(undefined);
  signal.removeEventListener('abort', stop);
  if (fault === undefined) await within(clock, FINISH_MS, Promise.all(hand.inHand));
  hand.drop();
  if (fault === undefined && client.connected) await within(clock, FAREWELL_MS, client.endAsync(false));
  client.end(true);
  return fault;
}

/** What the library would open by itself. It passes on the faults of TCP only. */
function brokerStream(options: IClientOptions, library: MqttClient, packetMax: number): Duplex {
  const { protocol, host = '', port = 0, ca } = options;
  const name = isIP(host) === 0 ? { servername: host } : {};
  const stream: Duplex =
    protocol === 'mqtt'
      ? openTcp({ purpose: 'broker' }, { host, port })
      : openTls({ purpose: 'broker' }, { host, port, rejectUnauthorized: true, ...name, ...(ca && { ca }) });
  stream.on('error', (error) => library.emit('error', error));
  const reader = new PacketReader(packetMax, HEAD_BYTES_MAX);
  // The library's only way of reading. By itself it handles all that has come in one turn, and gathers a packet of any length.
  stream.pipe = (target) => {
    feed(reader.turns(stream), target as unknown as Writable).catch((error: Error) => stream.destroy(error));
    return target;
  };
  return stream;
}

/** A message that is too long goes on as its beginning: refused like any that is too long, and acknowledged, or it would come again for ever. */
async function feed(turns: ReturnType<PacketReader['turns']>, library: Writable): Promise<void> {
  for await (const packets of turns) {
    const bytes = Buffer.concat(packets.map(({ header, rest }) => packetOf(header, [rest])));
    await new Promise<void>((resolve) => library.write(bytes, () => resolve()));
  }
}

/** Lets the library read on while messages are being stored, and acknowledges each in its turn. */
function takeInHand(
  client: MqttClient,
  { taker }: SessionOptions,
  settle: (fault: MqttFault) => void,
): { readonly inHand: ReadonlySet<Promise<void>>; drop(): void } {
  const inHand = new Set<Promise<void>>();
  let isOver = false;
  let turn = Promise.resolve();
  client.handleMessage = ({ topic, payload, retain, qos, messageId }: IPublishPacket, next): void => {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const kept = taker.take({ topic, payload: bytes, retained: retain });
    const work = turn.then(async () => {
      const isKept = await kept;
      // A message of QoS 0 is delivered once, whatever its outcome.
      if (isOver || qos === 0) return;
      if (isKept) client.stream.write(acknowledgement(messageId ?? 0));
      else settle(new MqttFault('full', topic.replace(/\p{Cc}/gu, '?').slice(0, 100)));
    });
    turn = work;
    inHand.add(work);
    void work.finally(() => inHand.delete(work));
    if (inHand.size < IN_HAND_MAX) next(LATER);
    else void Promise.race(inHand).then(() => next(LATER));
  };
  return {
    inHand,
    drop: () => {
      isOver = true;
    },
  };
}

/**
 * PUBACK, the same in MQTT 3.1.1 (section 3.4) and 5 (section 3.4.2.1, reason 0 left out): `40 02`, then the packet identifier, high byte
 * first. The library's own would block every later message until this one is on the disk: one fsync for each.
 */
function acknowledgement(messageId: number): Uint8Array {
  return Uint8Array.of(0x40, 0x02, messageId >> 8, messageId & 0xff);
}
