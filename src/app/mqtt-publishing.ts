/**
 * What a running box publishes at a broker, and when: joins events with the publisher. A part of the composition root; it knows neither
 * topics nor connections, and nothing waits for it.
 */

import type { Clock } from '../clock.ts';
import type { LaneConfig, PublishConfig } from '../config/types.ts';
import { laneView } from '../lane/view.ts';
import type { Log } from '../log.ts';
import {
  baseTopic,
  discoveryMessages,
  type Heartbeat,
  heartbeatMessage,
  type NumberRange,
  offlineMessage,
  onlineMessage,
  type PublishedMessage,
  releaseMessage,
  reportMessage,
  stateMessage,
} from '../mqtt/published-messages.ts';
import { createPublisher } from '../mqtt/publisher.ts';
import type { SignedHead } from '../store/chain/chain.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';
import type { AppEvent } from './events.ts';

/** Edges come in bursts; the state after a burst is published. */
const STATE_AFTER_MS = 250;
/** A command beside the program (`queue drop`) adds reports too: they are looked for this often. */
const REPORTS_EVERY_MS = 2_000;
/** Published releases kept for a later withdrawal; only those of the last minutes can be withdrawn. */
const PUBLISHED_MAX = 200;

export interface EventPublisherParts {
  readonly config: PublishConfig;
  readonly lanes: readonly LaneConfig[];
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

export interface EventPublisher {
  on(event: AppEvent): void;
  /** Publishes it with the status, now and at each connection. */
  head(head: SignedHead): void;
  heartbeat(beat: Heartbeat): void;
  run(signal: AbortSignal): Promise<void>;
}

export function createEventPublisher({
  config,
  lanes,
  store,
  bridges,
  clock,
  log,
  version,
}: EventPublisherParts): EventPublisher {
  const { box } = config;
  const sinceMs = clock.nowMs();
  let newest: SignedHead | undefined;
  const status = (numbers?: NumberRange): PublishedMessage => {
    const head = newest;
    const stalled = store.status().stalled;
    const message = onlineMessage(box, version, lanes, store.time.wallMsAt(sinceMs), { head, numbers, stalled });
    if (head === undefined) return message;
    return { ...message, done: () => void store.chain.left(head.last, 'mqtt').catch(() => undefined) };
  };
  const publisher = createPublisher({
    config,
    clock,
    log,
    base: baseTopic(box),
    box,
    numbers: store.numbers('mqtt'),
    opened: (record) => void records.before(record),
    hello: (numbers) => status(numbers),
    farewell: offlineMessage(box),
    kept: keptReports(store, box),
  });
  if (config.homeAssistant) for (const message of discoveryMessages(box, version, lanes)) publisher.publish(message);
  const changed = new Set<string>();
  const records = recordsTo(publisher, box, store);

  const publishStates = (): void => {
    for (const lane of lanes) {
      const bridge = bridges.get(lane.id);
      if (changed.delete(lane.id) && bridge)
        publisher.publish(stateMessage(box, lane, laneView(bridge.state, lane.settings)));
    }
  };

  return {
    on: (event) => {
      if (event.kind === 'event' || event.kind === 'effect') changed.add(event.lane.id);
      // No report can be kept meanwhile: the status says it.
      if (event.kind === 'store' && ['stalled', 'recovered'].includes(event.notice.kind)) publisher.publish(status());
      if (event.kind === 'record') records.arrived(event.id);
      if (event.kind === 'effect' && event.effect.kind === 'withdraw')
        records.withdrawn(event.lane.id, event.effect.releaseId);
    },
    head: (head) => {
      newest = head;
      publisher.publish(status(publisher.told()));
    },
    heartbeat: (beat) => publisher.publish(heartbeatMessage(box, beat)),
    run: async (signal) => {
      for (const lane of lanes) changed.add(lane.id);
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

/** The oldest report that the broker does not have. */
function keptReports({ looks }: Store, box: string): () => Promise<PublishedMessage | undefined> {
  /** Those whose mark may be missing in the database, while the disk refuses. What is saved of a damaged one comes under its numbers of then. */
  const told = new Set<number>();
  return async () => {
    try {
      let found = await looks.unpublished(0);
      while (found !== undefined && told.has(found.id)) found = await looks.unpublished(found.id);
      if (found === undefined) return undefined;
      const { id } = found;
      const done = (): void => {
        told.add(id);
        looks.published(id).then(
          () => told.delete(id),
          () => undefined,
        );
      };
      return { ...reportMessage(box, found), done };
    } catch {
      // A full or closed store reports that itself.
      return undefined;
    }
  };
}

/** Each record is published once, and again when it is withdrawn; never with its picture. */
function recordsTo(publisher: ReturnType<typeof createPublisher>, box: string, store: Store) {
  /** By number, for a later withdrawal. */
  const published = new Map<number, OutboxRecord>();

  async function publishRecord(id: number): Promise<void> {
    const record = await recordOf(id);
    const earlier = published.get(id);
    if (record === undefined || (earlier !== undefined && record.state !== 'withdrawn')) return;
    published.set(id, record);
    const [oldest] = published.keys();
    if (published.size > PUBLISHED_MAX && oldest !== undefined) published.delete(oldest);
    publisher.publish(releaseMessage(box, record));
  }

  async function recordOf(id: number): Promise<OutboxRecord | undefined> {
    try {
      return (await store.review.get(id))?.record;
    } catch {
      // A full or closed store reports that itself.
      return undefined;
    }
  }

  /** The engine's release id is the end of the record's id. */
  function withdrawn(laneId: string, releaseId: string): void {
    const found = [...published].findLast(
      ([, record]) => record.laneId === laneId && record.release.id.endsWith(`-${releaseId}`),
    );
    // After this turn, in which the withdrawal itself is requested.
    if (found !== undefined) void Promise.resolve().then(() => publishRecord(found[0]));
  }

  /** Of those that a run before decided on: what it could not tell of, and what may still be withdrawn. `since`: the newest it told of. */
  async function before(since: number): Promise<void> {
    const newest = await store.review.list({ limit: PUBLISHED_MAX }).catch(() => []);
    for (const record of newest.toReversed()) {
      if (record.id > since) await publishRecord(record.id);
      else published.set(record.id, record);
    }
  }

  return {
    before,
    arrived: (id: number): void => {
      if (!published.has(id)) void publishRecord(id);
    },
    withdrawn,
  };
}
