/**
 * Dispatch of what the intake channels (HTTP, MQTT) receive. All channels share it, so an event received over two of them counts once. It
 * knows no channel.
 */

import type { Clock } from '../clock.ts';
import { downlinkSign } from '../cloud/signature/downlink.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Channels } from '../intake/channels.ts';
import { Deduplication } from '../intake/deduplication.ts';
import type { Expired, IntakeEvent, IntakeOutcome } from '../intake/events.ts';
import type { IgnoredMessages } from '../intake/ignored-messages.ts';
import type { IntakeOptions } from '../intake/intake-contract.ts';
import type { PushAccount } from '../intake/pushes/push-account.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';
import { notifyOtherLanes } from './cross-lane.ts';

export interface IncomingParts {
  readonly config: Config;
  readonly options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly on: (
      event:
        | { readonly kind: 'received'; readonly event: IntakeEvent; readonly expired: boolean }
        | { readonly kind: 'flooded'; readonly from: string },
    ) => void;
  };
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly intake: IntakeState;
}

/** State of the channels and of what they received, for the page. */
export interface IntakeState {
  readonly channels: Channels;
  readonly ignored: IgnoredMessages;
  readonly pushes: PushAccount;
  /** Tokens that cross the network in clear. */
  readonly inClear: readonly string[];
}

export type IncomingOptions = Omit<IntakeOptions, 'config' | 'cameras'>;

export function incomingOptions(parts: IncomingParts): IncomingOptions {
  const { config, options, store, intake } = parts;
  const { clock, log } = options;
  return {
    clock,
    log,
    ...intake,
    memory: new Deduplication(clock),
    lanes: config.lanes,
    parkUuid: config.park.uuid,
    laneTimeMs: (wallMs) => store.boot.laneOffsetMs + clock.nowMs() - (store.time.wallMsAt(clock.nowMs()) - wallMs),
    rules: grantRules(config),
    flooded: (from) => options.on({ kind: 'flooded', from }),
    laneNowMs: () => store.boot.laneOffsetMs + clock.nowMs(),
    accept: async (event) => {
      const outcome = await accepted(event, parts);
      if (outcome !== 'full') options.on({ kind: 'received', event, expired: outcome !== 'accepted' });
      return outcome;
    },
  };
}

function grantRules({ intake, cloud }: Config): NonNullable<IncomingOptions['rules']> {
  const { maxCount, maxLifetimeMs, verifySign } = intake;
  const secrets = [cloud.appSecret, ...(cloud.nextSecret ? [cloud.nextSecret] : [])];
  return {
    ...(maxCount !== undefined && { maxCount }),
    ...(maxLifetimeMs !== undefined && { maxLifetimeMs }),
    signOf: (message) =>
      downlinkSign(
        message,
        secrets.map((secret) => secret.reveal()),
      ),
    requireSign: verifySign === 'require',
  };
}

/**
 * A payment that has expired in every lane it could apply to. It is fed to the lanes all the same: it may be a late payment for an
 * earlier passage.
 */
function expired(
  { laneId, grant }: Extract<IntakeEvent, { kind: 'grant' }>,
  { config, options, bridges, store }: IncomingParts,
): Expired | undefined {
  const lanes = config.lanes.filter(({ id }) => (laneId ?? id) === id);
  const isOver = lanes.every(({ id }) => bridges.get(id)?.isExpired(grant) ?? true);
  if (!isOver) return undefined;
  const lifeMs = ({ settings }: LaneConfig) =>
    grant.scope === 'park' ? settings.paidAheadTtlMs : settings.laneGrantTtlMs;
  const endedMs = grant.expiresAtMs ?? grant.issuedAtMs + Math.max(...lanes.map(lifeMs));
  const { laneOffsetMs } = store.boot;
  return {
    kind: 'expired',
    endedWallMs: store.time.wallMsAt(endedMs - laneOffsetMs),
    receivedWallMs: store.time.wallMsAt(options.clock.nowMs()),
  };
}

/**
 * Feeds an event to its lanes; accepted once it would survive a power cut. While the disk refuses, the lanes get it all the same, because
 * records leave from memory and none may accuse a car that paid; the sender sends it again.
 */
async function accepted(event: IntakeEvent, parts: IncomingParts): Promise<IntakeOutcome> {
  const { bridges, store } = parts;
  const over = event.kind === 'grant' ? expired(event, parts) : undefined;
  const { laneId } = event;
  if (event.kind !== 'elsewhere') for (const [id, bridge] of bridges) if ((laneId ?? id) === id) feed(event, bridge);
  const grant = event.kind === 'grant' ? { plate: event.grant.plate, grantId: event.grant.id } : undefined;
  const { plate, grantId } = event.kind === 'elsewhere' ? event : (grant ?? {});
  if (laneId !== undefined && plate !== undefined)
    notifyOtherLanes({ plate, what: 'granted', lane: laneId, ...(grantId !== undefined && { grantId }) }, bridges);
  if (store.status().stalled !== undefined) return 'full';
  await store.journal.flush();
  return over ?? 'accepted';
}

function feed(event: Exclude<IntakeEvent, { kind: 'elsewhere' }>, bridge: Bridge): void {
  const atMs = bridge.nowMs();
  if (event.kind === 'grant') bridge.feed({ kind: 'grant', grant: event.grant, atMs });
  else if (event.kind === 'plate') {
    const { kind, plate, unrated, side, behind } = event;
    const how = { ...(unrated && { unrated }), ...(side !== undefined && { side }), ...(behind && { behind }) };
    bridge.feed({ kind, plate, ...how, atMs: Math.min(atMs, event.readAtMs) });
  } else if (event.kind === 'text')
    bridge.feed({ kind: 'tick', aside: { text: event.text, source: event.source }, atMs });
  else {
    const reason = event.reason === undefined ? {} : { reason: event.reason };
    bridge.feed({ kind: 'mode', mode: 'keepOpen', on: event.on, ...reason, atMs });
  }
}
