/**
 * Where things told from outside go: what every way in (HTTP, MQTT) is given, so that a thing told over two of them counts once. It knows no
 * way in.
 */

import type { Clock } from '../clock.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Arrivals } from '../intake/arrivals.ts';
import type { Channels } from '../intake/channels.ts';
import { Memory } from '../intake/deduplication.ts';
import type { Expired, IntakeEvent, IntakeOptions, IntakeOutcome } from '../intake/types.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';
import { tellOthers } from './elsewhere.ts';

export interface ToldParts {
  readonly config: Config;
  readonly options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly on: (event: { readonly kind: 'told'; readonly event: IntakeEvent; readonly expired: boolean }) => void;
  };
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly intake: IntakeKnowledge;
}

/** What is known of the channels and of what came over them, for the page. */
export interface IntakeKnowledge {
  readonly channels: Channels;
  readonly arrivals: Arrivals;
}

export type IncomingOptions = Omit<IntakeOptions, 'config' | 'cameras'>;

export function toldOf(parts: ToldParts): IncomingOptions {
  const { config, options, store, intake } = parts;
  const { clock, log } = options;
  return {
    clock,
    log,
    ...intake,
    memory: new Memory(clock),
    lanes: config.lanes,
    parkUuid: config.park.uuid,
    laneTimeMs: (wallMs) => store.boot.laneOffsetMs + clock.nowMs() - (store.time.wallMsAt(clock.nowMs()) - wallMs),
    laneNowMs: () => store.boot.laneOffsetMs + clock.nowMs(),
    accept: async (event) => {
      const outcome = await accepted(event, parts);
      if (outcome !== 'full') options.on({ kind: 'told', event, expired: outcome !== 'accepted' });
      return outcome;
    },
  };
}

/**
 * A payment that is over in every lane it could be used in. It goes to the lanes all the same: it may be a late payment for a passage of
 * then.
 */
function expired(
  { laneId, grant }: Extract<IntakeEvent, { kind: 'grant' }>,
  { config, options, bridges, store }: ToldParts,
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
 * An event from outside goes to the lanes it is for; it is accepted when it would survive a power cut. While the disk refuses the lanes know of
 * it all the same, because records leave from memory and none may accuse a car that paid; whoever told it tells it again.
 */
async function accepted(event: IntakeEvent, parts: ToldParts): Promise<IntakeOutcome> {
  const { bridges, store } = parts;
  const over = event.kind === 'grant' ? expired(event, parts) : undefined;
  const { laneId } = event;
  if (event.kind !== 'elsewhere') for (const [id, bridge] of bridges) if ((laneId ?? id) === id) feed(event, bridge);
  const grant = event.kind === 'grant' ? { plate: event.grant.plate, grantId: event.grant.id } : undefined;
  const { plate, grantId } = event.kind === 'elsewhere' ? event : (grant ?? {});
  if (laneId !== undefined && plate !== undefined)
    tellOthers({ plate, what: 'granted', lane: laneId, ...(grantId !== undefined && { grantId }) }, bridges);
  if (store.status().stalled !== undefined) return 'full';
  await store.journal.flush();
  return over ?? 'accepted';
}

function feed(event: Exclude<IntakeEvent, { kind: 'elsewhere' }>, bridge: Bridge): void {
  const atMs = bridge.nowMs();
  if (event.kind === 'grant') bridge.feed({ kind: 'grant', grant: event.grant, atMs });
  else if (event.kind === 'plate') {
    const { kind, plate, unrated, side } = event;
    const how = { ...(unrated && { unrated }), ...(side !== undefined && { side }) };
    bridge.feed({ kind, plate, ...how, atMs: Math.min(atMs, event.readAtMs) });
  } else if (event.kind === 'text')
    bridge.feed({ kind: 'tick', aside: { text: event.text, source: event.source }, atMs });
  else {
    const reason = event.reason === undefined ? {} : { reason: event.reason };
    bridge.feed({ kind: 'mode', mode: 'keepOpen', on: event.on, ...reason, atMs });
  }
}
