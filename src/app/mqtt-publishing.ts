/**
 * What a running box publishes at a broker, and when: joins events with the publisher. A part of the composition root; it knows neither
 * topics nor connections, and nothing waits for it.
 */

import type { Clock } from '../clock.ts';
import type { Config, LaneConfig, PublishConfig } from '../config/types.ts';
import { type MessageDraft, MessageQueue } from '../delivery/destination/message-queue.ts';
import { SenderStatus } from '../delivery/destination/sender.ts';
import { type DestinationView, destinationView } from '../delivery/destination/view.ts';
import type { ReceivedMessage } from '../delivery/mqtt/packets.ts';
import type { Subscription } from '../delivery/mqtt/publish-client.ts';
import {
  baseTopic,
  discoveryMessages,
  gapMessage,
  type Heartbeat,
  heartbeatMessage,
  heartbeatTopic,
  type KeptMessage,
  type NumbersThrough,
  offlineMessage,
  onlineMessage,
  type ProvisionAnswer,
  type PublishedMessage,
  provisionMessage,
  provisionTopics,
  receivedIn,
  receivedTopic,
  releaseMessage,
  reportMessage,
  stateMessage,
} from '../delivery/mqtt/published-messages.ts';
import { createPublisher } from '../delivery/mqtt/publisher.ts';
import type { BoxKey } from '../evidence/box-key.ts';
import { OutsideHeads } from '../evidence/outside-heads.ts';
import { signedMessage } from '../evidence/signed-message.ts';
import { laneView } from '../lane/view.ts';
import type { Log } from '../log.ts';
import { SMALL_BYTES } from '../small-file.ts';
import type { SignedHead } from '../store/chain/chain.ts';
import type { OutboundFact } from '../store/outbound.ts';
import type { Store } from '../store/types.ts';
import { brokerLog } from '../text/broker.made.ts';
import type { Bridge } from './bridge.ts';
import type { AppEvent, AppOptions } from './events.ts';
import type { LaneReporting } from './reporting.ts';
import { type FieldFigures, rootsOfAlarms } from './watch/root-cause.ts';

/** Edges come in bursts; the state after a burst is published. */
const STATE_AFTER_MS = 250;
/** A command beside the program (`queue drop`) adds reports too: they are looked for this often. */
const REPORTS_EVERY_MS = 2_000;
/** Of what a centre says that it has, and of a heartbeat. */
const RECEIVED_BYTES_MAX = 2_000;

export interface EventPublisherParts {
  readonly config: PublishConfig;
  readonly lanes: readonly LaneConfig[];
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly reporting: Pick<LaneReporting, 'view'>;
  /** With the gauges: what an alarm of a lane follows from. */
  readonly lines: Config['lines'];
  readonly cameras: Config['cameras'];
  readonly gauges: FieldFigures['gauges'];
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly provision?: AppOptions['provision'];
  /** Signs what has a number, and the status; undefined: it cannot be read. */
  readonly key?: BoxKey | undefined;
}

export interface EventPublisher {
  on(event: AppEvent): void;
  /** Publishes it with the status, now and at each connection. */
  head(head: SignedHead): void;
  heartbeat(beat: Heartbeat): void;
  /** Only where `publish.mqtt.provision` is on. */
  provisioned(answer: ProvisionAnswer): void;
  run(signal: AbortSignal): Promise<void>;
  view(): Promise<DestinationView>;
}

export function createEventPublisher(parts: EventPublisherParts): EventPublisher {
  const { config, lanes, store, bridges, reporting, clock, log, version, provision, key } = parts;
  const { box } = config;
  const sign = (payload: string): string => (key === undefined ? payload : signedMessage(key, payload));
  const sinceMs = clock.nowMs();
  let newest: SignedHead | undefined;
  const queue = new MessageQueue({
    ...{ numbers: store.numbers('mqtt'), clock, box, destination: 'mqtt' },
    transport: { body: (fact) => publishedFact(box, fact), gap: (gap) => gapMessage(box, gap) },
    more: () => nextReport(store, box),
    sign,
  });
  const counts = new SenderStatus();
  const heads = new OutsideHeads(store);
  const status = (): PublishedMessage => {
    const head = newest;
    const stalled = store.status().stalled;
    const about = { head, numbers: queue.range(), stalled };
    const unsigned = onlineMessage(box, version, lanes, store.time.wallMsAt(sinceMs), about);
    // It says how far the numbers go.
    const message = { ...unsigned, payload: sign(unsigned.payload) };
    if (head === undefined) return message;
    return { ...message, done: () => heads.left(head.last, 'mqtt') };
  };
  const publisher = createPublisher({
    ...{ config, clock, log, base: baseTopic(box), hello: status, farewell: offlineMessage(box) },
    subscription: subscriptionOf({ config, log, provision, heads }, (numbers) => publisher.received(numbers)),
    kept: () => numberedMessage(queue, counts, store),
  });
  if (config.homeAssistant) for (const message of discoveryMessages(box, version, lanes)) publisher.publish(message);
  const changed = new Set<string>();

  const publishStates = (): void => {
    for (const lane of lanes) {
      const bridge = bridges.get(lane.id);
      if (!changed.delete(lane.id) || bridge === undefined) continue;
      const view = laneView(bridge.state, lane.settings);
      const causes = rootsOfAlarms(lane, view.alarms, { config: parts, gauges: parts.gauges });
      publisher.publish(stateMessage(box, lane, view, reporting.view(lane.id), causes));
    }
  };

  return {
    on: (event) => {
      if (event.kind === 'event' || event.kind === 'effect') changed.add(event.lane.id);
      // No report can be kept meanwhile: the status says it.
      if (event.kind === 'store' && ['stalled', 'recovered'].includes(event.notice.kind)) publisher.publish(status());
      if (event.kind === 'record') publisher.wake();
    },
    head: (head) => {
      newest = head;
      publisher.publish(status());
    },
    view: () =>
      destinationView(
        { name: 'mqtt', kind: 'mqtt' },
        { queue, status: { ...counts, ...publisher.fault() }, store, clock },
      ),
    heartbeat: (beat) => publisher.publish(heartbeatMessage(box, beat)),
    provisioned: (answer) => {
      if (config.provision) publisher.publish(provisionMessage(box, answer));
    },
    run: async (signal) => {
      for (const lane of lanes) changed.add(lane.id);
      // The first status knows the numbers, if the disk is quick enough.
      void queue.next();
      const publishing = publisher.run(signal);
      for (let sinceLookMs = 0; !signal.aborted; sinceLookMs += STATE_AFTER_MS) {
        publishStates();
        if (sinceLookMs >= REPORTS_EVERY_MS) {
          publisher.wake();
          sinceLookMs = 0;
        }
        await clock.sleep(STATE_AFTER_MS, signal);
      }
      await publishing;
    },
  };
}

/** What the centre has, the own last heartbeat, and provisioning files where they are taken. */
function subscriptionOf(
  {
    config,
    log,
    provision,
    heads,
  }: Pick<EventPublisherParts, 'config' | 'log' | 'provision'> & { readonly heads: OutsideHeads },
  received: (numbers: NumbersThrough) => void,
): Subscription {
  const takeFile = config.provision ? provision : undefined;
  const [own, beat] = [receivedTopic(config.box), heartbeatTopic(config.box)];
  const take = (message: ReceivedMessage): void => {
    const text = message.payload?.toString() ?? '';
    const numbers = message.topic === own ? receivedIn(text) : undefined;
    if (numbers !== undefined) received(numbers);
    // Not the echo of this box: what was there before it.
    else if (message.topic === beat) message.retained && void heads.returned(text, 'mqtt');
    else if (message.topic !== own) takeFile?.(message);
  };
  // Many brokers know no centre, and some let no box read what it has published: nothing is missing without.
  const refused = (refusedTopics: readonly string[]): void => {
    const topics = refusedTopics.filter((topic) => topic !== own && topic !== beat);
    if (topics.length > 0) log.warn(brokerLog.fault('topics', config.address, topics.join(' '), 1, false));
  };
  const topics = [own, beat, ...(takeFile === undefined ? [] : provisionTopics(config.box))];
  return { topics, bytesMax: takeFile === undefined ? RECEIVED_BYTES_MAX : SMALL_BYTES, take, refused };
}

/** The oldest watch report without a number. */
async function nextReport({ looks }: Store, box: string): Promise<MessageDraft | undefined> {
  const found = await looks.unpublished(0);
  return found && { ...reportMessage(box, found), record: -found.id, wallMs: Math.round(found.toWallMs) };
}

/** Each record is published once, and again when it is withdrawn; never with its picture. */
function publishedFact(box: string, { kind, record, row }: OutboundFact): PublishedMessage | undefined {
  if (record === undefined || (kind !== 'release' && kind !== 'withdrawal')) return undefined;
  return releaseMessage(box, record, kind === 'withdrawal', row);
}

async function numberedMessage(
  queue: MessageQueue,
  counts: SenderStatus,
  { looks }: Store,
): Promise<KeptMessage | undefined> {
  const [message] = await queue.next();
  if (message === undefined) return undefined;
  const sent = (): void => {
    queue.sent([message]);
    counts.add({ kind: 'arrived' }, 1);
  };
  const done = (): void => {
    // First: what is not marked and has no number any more would get another one.
    if (message.record < 0) void looks.published(-message.record, message.wallMs).catch(() => undefined);
    queue.arrived([message]);
  };
  const { topic, payload, series, n } = message;
  return { ...{ topic, payload, series, n, retain: false }, sent, done };
}
