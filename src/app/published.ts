/**
 * What of a running box is published at a broker, and when: joins what happens with the publisher. A part of the composition; it knows
 * neither topics nor connections, and nothing waits for it.
 */

import type { Clock } from '../clock.ts';
import type { LaneConfig, PublishConfig } from '../config/types.ts';
import { laneView } from '../lane/view.ts';
import type { Log } from '../log.ts';
import {
  baseTopic,
  discoveryMessages,
  offlineMessage,
  onlineMessage,
  releaseMessage,
  stateMessage,
} from '../mqtt/messages.ts';
import { createPublisher } from '../mqtt/publisher.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';
import type { AppEvent } from './events.ts';

/** A lane's edges come in bursts; the state that is published is that of their end. */
const STATE_AFTER_MS = 250;
/** Releases that can still be withdrawn are of the last minutes. */
const TOLD_MAX = 200;

export interface PublishedParts {
  readonly config: PublishConfig;
  readonly lanes: readonly LaneConfig[];
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

export interface Published {
  on(event: AppEvent): void;
  run(signal: AbortSignal): Promise<void>;
}

export function publishedOf({ config, lanes, store, bridges, clock, log, version }: PublishedParts): Published {
  const { box } = config;
  const sinceMs = clock.nowMs();
  const publisher = createPublisher({
    config,
    clock,
    log,
    base: baseTopic(box),
    hello: () => onlineMessage(box, version, lanes, store.time.wallMsAt(sinceMs)),
    farewell: offlineMessage(box),
  });
  if (config.homeAssistant) for (const message of discoveryMessages(box, version, lanes)) publisher.say(message);
  const changed = new Set<string>();
  /** Records told of, by their number: what a later withdrawal is of. */
  const told = new Map<number, OutboxRecord>();

  const tellStates = (): void => {
    for (const lane of lanes) {
      const bridge = bridges.get(lane.id);
      if (changed.delete(lane.id) && bridge)
        publisher.say(stateMessage(box, lane, laneView(bridge.state, lane.settings)));
    }
  };

  /** The first time, and when it is withdrawn; its picture is nobody's business here. */
  async function tellRecord(id: number): Promise<void> {
    const record = await recordOf(id);
    const before = told.get(id);
    if (record === undefined || (before !== undefined && record.state !== 'withdrawn')) return;
    told.set(id, record);
    const [oldest] = told.keys();
    if (told.size > TOLD_MAX && oldest !== undefined) told.delete(oldest);
    publisher.say(releaseMessage(box, record));
  }

  async function recordOf(id: number): Promise<OutboxRecord | undefined> {
    try {
      return (await store.review.get(id))?.record;
    } catch {
      // A store that is full or closed has more important things to say, and says them.
      return undefined;
    }
  }

  /** The engine knows a release by the end of the id that the record has. */
  function withdrawn(laneId: string, releaseId: string): void {
    const found = [...told].findLast(
      ([, record]) => record.laneId === laneId && record.release.id.endsWith(`-${releaseId}`),
    );
    // After this turn, in which the withdrawal itself is asked for.
    if (found !== undefined) void Promise.resolve().then(() => tellRecord(found[0]));
  }

  return {
    on: (event) => {
      if (event.kind === 'event' || event.kind === 'effect') changed.add(event.lane.id);
      if (event.kind === 'record' && !told.has(event.id)) void tellRecord(event.id);
      if (event.kind === 'effect' && event.effect.kind === 'withdraw') withdrawn(event.lane.id, event.effect.releaseId);
    },
    run: async (signal) => {
      for (const lane of lanes) changed.add(lane.id);
      const publishing = publisher.run(signal);
      while (!signal.aborted) {
        tellStates();
        await clock.sleep(STATE_AFTER_MS, signal);
      }
      await publishing;
    },
  };
}
