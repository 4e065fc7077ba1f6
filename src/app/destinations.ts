/**
 * The destinations of a running box: joins what the store keeps with one sender each. A part of the composition root; nothing waits for it, and a
 * destination that is dead delays no other.
 */

import type { Accountant } from '../account/accountant.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { destinationPeer } from '../config/written-peers.ts';
import { createChat } from '../delivery/destination/chat.ts';
import { MessageQueue } from '../delivery/destination/message-queue.ts';
import { Ping } from '../delivery/destination/ping.ts';
import { createPlatform } from '../delivery/destination/platform.ts';
import type { TransportParts } from '../delivery/destination/requests.ts';
import { DestinationSender, type SenderStatus } from '../delivery/destination/sender.ts';
import type { DestinationTransport } from '../delivery/destination/transport.ts';
import { type DestinationView, destinationView } from '../delivery/destination/view.ts';
import { createWebhook } from '../delivery/destination/webhook.ts';
import type { DestinationConfig, FactKind, PingConfig } from '../delivery/settings.ts';
import { OutsideHeads } from '../evidence/outside-heads.ts';
import type { Log } from '../log.ts';
import type { ProxyEnvironment } from '../outward/proxy.ts';
import type { Store } from '../store/types.ts';
import { destinationFault, destinationLog } from '../text/destinations/destination.ts';
import type { AlarmCauses } from './alarm-causes.ts';
import type { ConfirmedPeers } from './confirmed-peers.ts';
import { type SheetReader, sendDaySheets } from './day-sheets.ts';
import type { OutputWatch } from './watch/output-watch.ts';
import { TimedPause } from './watch/timed-pause.ts';

/** Faults of one destination are logged this often at most. */
const LOG_EVERY_MS = 600_000;

export interface Destinations {
  /** Whatever can carry it gets the newest, without a number; it is not kept. */
  tell(kind: FactKind, data: object): void;
  /** It ends by itself, and is reported. false: there is none of this name that can be paused. */
  pause(name: string, who: string): boolean;
  /** Also of one that wanted nothing more. */
  resume(name: string): boolean;
  /** In the order of the configuration. */
  views(): Promise<readonly DestinationView[]>;
  run(signal: AbortSignal): Promise<void>;
}

interface DestinationParts {
  readonly config: Pick<Config, 'destinations' | 'publish' | 'lanes' | 'page'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly alarms: AlarmCauses;
  readonly accounts: Pick<Accountant, 'keep'>;
  readonly environment?: ProxyEnvironment | undefined;
  readonly peers: Pick<ConfirmedPeers, 'of'>;
  readonly outputs?: Pick<OutputWatch, 'sends' | 'known'>;
}

/** As in the topics of MQTT. */
export const destinationBox = ({ publish, lanes }: Pick<Config, 'publish' | 'lanes'>): string =>
  publish?.box ?? (lanes[0]?.id as string);

/** How each kind that carries messages makes and sends them. */
const TRANSPORTS: {
  readonly [Kind in Exclude<DestinationConfig, PingConfig>['kind']]: (
    config: Extract<DestinationConfig, { readonly kind: Kind }>,
    parts: TransportParts,
  ) => DestinationTransport;
} = { webhook: createWebhook, chat: createChat, platform: createPlatform };

interface Running {
  readonly config: DestinationConfig;
  readonly queue: Pick<MessageQueue, 'count'>;
  readonly status: SenderStatus;
  readonly sender?: DestinationSender;
  readonly sheets?: SheetReader;
  run(signal: AbortSignal): Promise<void>;
}

export function createDestinations(parts: DestinationParts): Destinations {
  const { config, store, clock, alarms } = parts;
  const transportParts: Omit<TransportParts, 'isConfirmed'> = {
    ...{ clock, box: destinationBox(config), lanes: config.lanes, environment: parts.environment },
    clockKnown: () => store.time.quality !== 'unknown',
    picture: (record) => store.outbox.picture(record).catch(() => undefined),
    heads: new OutsideHeads(store),
    record: async (id) => (await store.review.get(id).catch(() => undefined))?.record,
  };
  const all = config.destinations.map((each) => runningOf(each, transportParts, parts));
  const senders = all.flatMap(({ sender }) => sender ?? []);
  const pauses = new Map(
    all.flatMap(({ config: { name: destination }, sender: target }) => {
      const parts = { destination, clock, looks: store.looks, maxMs: config.page.pauseMaxMs };
      return target === undefined ? [] : [[destination, new TimedPause({ ...parts, target })]];
    }),
  );
  const wakeAll = (): void => {
    for (const sender of senders) sender.wake();
  };
  if (senders.length > 0)
    alarms.listen(({ kind, what, laneId, root }) => {
      // A store that refuses says so itself.
      if (kind === 'alarm')
        store.addAlarm({ lane: laneId, alarm: what, ...(root && { cause: root }) }).then(wakeAll, () => undefined);
    });

  return {
    tell: (kind, data) => {
      for (const { config: each, sender } of all) if (each.takes.facts.includes(kind)) sender?.latest(kind, data);
    },
    pause: (name, who) => {
      pauses.get(name)?.pause(who);
      return pauses.has(name);
    },
    resume: (name) => {
      pauses.get(name)?.resume();
      return pauses.has(name);
    },
    views: () => Promise.all(all.map((each) => destinationView(each.config, { ...each, store, clock }))),
    run: async (signal) => {
      await parts.outputs?.known(signal);
      const off = store.outbox.onChange(wakeAll);
      const readers = all.flatMap(({ sheets }) => sheets ?? []);
      const sheets = sendDaySheets(readers, { store, clock, lanes: config.lanes, accounts: parts.accounts }, signal);
      await Promise.all([sheets, ...all.map((each) => each.run(signal))]);
      off();
      for (const pause of pauses.values()) pause.close();
    },
  };
}

function runningOf(
  config: DestinationConfig,
  given: Omit<TransportParts, 'isConfirmed'>,
  parts: DestinationParts,
): Running {
  const { store, clock, log, peers, outputs } = parts;
  const peer = destinationPeer(config);
  const transportParts: TransportParts = {
    ...given,
    isConfirmed: () => peers.of(peer) !== undefined,
    sends: () => outputs?.sends(peer),
  };
  if (config.kind === 'ping') {
    const ping = new Ping(config, transportParts);
    const queue = { count: async () => ({ waiting: 0 }) };
    return { config, queue, status: ping.status, run: (signal) => ping.run(signal) };
  }
  const make = TRANSPORTS[config.kind] as (config: DestinationConfig, parts: TransportParts) => DestinationTransport;
  const transport = make(config, transportParts);
  const queue = new MessageQueue({
    ...{ numbers: store.numbers(config.name), clock, box: transportParts.box, destination: config.name },
    transport,
  });
  let loggedMs = Number.NEGATIVE_INFINITY;
  const sender: DestinationSender = new DestinationSender({
    ...{ transport, queue, clock },
    on: (outcome) => {
      if (outcome.kind === 'arrived') loggedMs = Number.NEGATIVE_INFINITY;
      else if (outcome.kind === 'stopped') log.error(destinationLog.stopped(config.name, outcome.why));
      // Not sent again: each is logged.
      else if (outcome.kind === 'refused') log.warn(destinationLog.refused(config.name, outcome.why));
      else if (clock.nowMs() - loggedMs >= LOG_EVERY_MS) {
        loggedMs = clock.nowMs();
        log.warn(destinationLog.fault(config.name, destinationFault(outcome.why)));
      }
    },
  });
  const atMinutes = config.daySheetAtMinutes;
  const sheets = atMinutes === undefined ? {} : { sheets: { queue, transport, atMinutes, wake: () => sender.wake() } };
  return { config, queue, status: sender.status, sender, ...sheets, run: (signal) => sender.run(signal) };
}
