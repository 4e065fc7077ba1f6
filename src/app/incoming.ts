/**
 * Dispatch of what the intake channels (HTTP, MQTT) receive. All channels share it, so an event received over two of them counts once. It
 * knows no channel.
 */

import type { Config } from '../config/types.ts';
import { downlinkSign } from '../delivery/request/downlink.ts';
import { itemTurns } from '../http/turns.ts';
import type { Channels } from '../intake/channels.ts';
import { Deduplication } from '../intake/deduplication.ts';
import type { EntryMessage, IntakeEvent, IntakeOutcome } from '../intake/events.ts';
import type { IgnoredMessages } from '../intake/ignored-messages.ts';
import type { IntakeOptions } from '../intake/intake-contract.ts';
import { CAR_TYPE_OF_KIND } from '../intake/park/car-types.ts';
import type { PushAccount } from '../intake/pushes/push-account.ts';
import type { RefusedSenders } from '../intake/refused-senders.ts';
import type { SmallSums } from '../intake/small-sums.ts';
import { isAnother, isRepetition, previousGrant } from '../lane/repetition.ts';
import type { Grant } from '../lane/types.ts';
import type { Store } from '../store/types.ts';
import type { Bridge } from './bridge.ts';
import { notifyOtherLanes } from './cross-lane.ts';
import type { AppOptions } from './events.ts';
import type { ParkEvent, ParkRegister } from './register/park-register.ts';
import type { TrackedGrants } from './register/tracked-grants.ts';

export interface IncomingParts {
  readonly config: Config;
  readonly options: Pick<AppOptions, 'clock' | 'log' | 'made' | 'on'>;
  readonly store: Store;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly intake: IntakeState;
  readonly register: ParkRegister;
  readonly grants: TrackedGrants;
}

/** State of the channels and of what they received, for the page. */
export interface IntakeState {
  readonly channels: Channels;
  readonly ignored: IgnoredMessages;
  readonly pushes: PushAccount;
  readonly refused: RefusedSenders;
  readonly smallSums: SmallSums;
  /** Tokens that cross the network in clear. */
  readonly inClear: readonly string[];
}

export type IncomingOptions = Omit<IntakeOptions, 'config' | 'cameras'>;

export function incomingOptions(parts: IncomingParts): IncomingOptions {
  const { config, options, store, intake } = parts;
  const { clock, log, made } = options;
  return {
    clock,
    log,
    ...(made && { made }),
    ...intake,
    memory: new Deduplication(clock),
    fates: parts.grants,
    lanes: config.lanes,
    booths: config.duty.booths,
    parkUuid: config.park.uuid,
    laneTimeMs: (wallMs) => store.boot.laneOffsetMs + clock.nowMs() - (store.time.wallMsAt(clock.nowMs()) - wallMs),
    rules: grantRules(config),
    flooded: (from) => options.on({ kind: 'flooded', from }),
    laneNowMs: () => store.boot.laneOffsetMs + clock.nowMs(),
    isUndated: (wallMs) => !store.time.isConfirmed && wallMs > store.time.earliestMsAt(clock.nowMs()),
    accept: async (event) => {
      const outcome = await new Promise<IntakeOutcome>((done) => itemTurns.take(() => done(accepted(event, parts))));
      if (outcome !== 'full') options.on({ kind: 'received', event, expired: typeof outcome === 'object' });
      return outcome;
    },
  };
}

export function grantRules({ intake, cloud }: Config): NonNullable<IncomingOptions['rules']> {
  const { maxCount, maxLifetimeMs, verifySign } = intake;
  const secrets = [cloud.secrets.appSecret, ...(cloud.nextSecret ? [cloud.nextSecret] : [])];
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

/** Feeds a payment to every lane it could apply to. One that has expired is fed all the same: it may be a late payment for an earlier passage. */
function heard(
  { laneId, grant }: Extract<IntakeEvent, { kind: 'grant' }>,
  { options, bridges, store, intake, grants }: IncomingParts,
): IntakeOutcome {
  if (grants.isOver(grant, laneId)) return 'repeated';
  if (grant.kind === 'paid') intake.smallSums.add(grant.source, grant.amount);
  const isReused = hadId(grant, laneId, bridges);
  const words = [...bridges].flatMap(([id, bridge]) => ((laneId ?? id) === id ? [bridge.hear(grant)] : []));
  if (words.some(({ kind }) => kind === 'counts')) return isReused ? 'reusedId' : 'accepted';
  const ends = words.flatMap((word) => (word.kind === 'expired' ? [word.endMs] : []));
  if (ends.length === 0) return 'repeated';
  const endedMs = Math.max(...ends);
  return {
    kind: 'expired',
    endedWallMs: store.time.wallMsAt(endedMs - store.boot.laneOffsetMs),
    receivedWallMs: store.time.wallMsAt(options.clock.nowMs()),
    lifeMs: endedMs - grant.issuedAtMs,
  };
}

/** Whether another payment had its id. Told for another lane before and unused there, the lane was corrected; not by its first telling, tried again. */
function hadId(grant: Grant, laneId: string | undefined, bridges: IncomingParts['bridges']): boolean {
  const isOurs = (id: string): boolean => (laneId ?? id) === id;
  const isAgain = [...bridges].some(([id, { state }]) => isOurs(id) && isRepetition(state.lane.kept, grant));
  let isReused = false;
  for (const [id, bridge] of bridges) {
    const { lane, inbox } = bridge.state;
    const waiting = inbox.pending.findLast((event) => event.kind === 'grant' && event.grant.id === grant.id);
    const before = waiting?.kind === 'grant' ? { grant: waiting.grant, used: 0 } : previousGrant(lane.kept, grant.id);
    if (before === undefined) continue;
    const why = isAnother(before, grant) ? 'idReused' : 'cancelled';
    isReused ||= why === 'idReused';
    if ('used' in before && !isAgain && !isOurs(id))
      bridge.feed({ kind: 'revoke', grantId: grant.id, why, atMs: bridge.nowMs() });
  }
  return isReused;
}

/**
 * Feeds an event to its lanes; accepted once it would survive a power cut. While the disk refuses, the lanes get it all the same, because
 * records leave from memory and none may accuse a car that paid; the sender sends it again.
 */
async function accepted(event: IntakeEvent, parts: IncomingParts): Promise<IntakeOutcome> {
  const { bridges, store } = parts;
  if (event.kind === 'entry' || event.kind === 'charge' || event.kind === 'vehicle' || event.kind === 'shift')
    return ofPark(event, parts);
  const { laneId } = event;
  const grant = event.kind === 'grant' ? { plate: event.grant.plate, grantId: event.grant.id } : undefined;
  const { plate, grantId } = event.kind === 'elsewhere' ? event : (grant ?? {});
  if (laneId !== undefined && plate !== undefined)
    notifyOtherLanes({ plate, what: 'granted', lane: laneId, ...(grantId !== undefined && { grantId }) }, bridges);
  const outcome = event.kind === 'grant' ? heard(event, parts) : 'accepted';
  if (event.kind !== 'grant' && event.kind !== 'elsewhere')
    for (const [id, bridge] of bridges) if ((laneId ?? id) === id) feed(event, bridge);
  if (store.status().stalled !== undefined) return 'full';
  await store.journal.flush();
  return outcome;
}

/** What is told of the park. An entry in an entry lane of this box is what a grant is at an exit: it covers the passage. */
async function ofPark(
  event: ParkEvent,
  { config, options, store, bridges, register }: IncomingParts,
): Promise<IntakeOutcome> {
  if (event.kind === 'entry') {
    const lane = config.lanes.find(({ id, direction }) => id === event.entry.lane && direction !== 'exit');
    const bridge = lane && bridges.get(lane.id);
    if (bridge !== undefined) bridge.feed({ kind: 'grant', grant: grantOfEntry(event.entry), atMs: bridge.nowMs() });
  }
  // Its sender sends it again; kept waiting here, repetitions would take the place of records.
  if (store.status().stalled !== undefined) return 'full';
  await register.take(event);
  const receivedWallMs = store.time.earliestMsAt(options.clock.nowMs());
  const endedWallMs = endOf(event);
  const isOver = endedWallMs !== undefined && endedWallMs <= receivedWallMs;
  return isOver ? { kind: 'expired', endedWallMs, receivedWallMs } : 'accepted';
}

function endOf(event: ParkEvent): number | undefined {
  if (event.kind === 'charge') return event.charge.untilWallMs;
  if (event.kind === 'vehicle') return event.vehicle.untilWallMs;
  return event.kind === 'shift' ? event.shift.untilWallMs : undefined;
}

function grantOfEntry({ id, plate, plateColor, serial, carType, carDesc, source, atMs }: EntryMessage): Grant {
  const kind = Object.entries(CAR_TYPE_OF_KIND).find(([, code]) => code === carType)?.[0] as Grant['kind'] | undefined;
  return {
    ...{ id: `entry:${id}`, scope: 'lane', plate, count: 1, kind: kind ?? 'other' },
    ...{ issuedAtMs: atMs, direction: 'entry', source },
    ...(plateColor !== undefined && { plateColor }),
    ...(serial !== undefined && { parkingSerial: serial }),
    ...(carType !== undefined && { carType }),
    ...(carDesc !== undefined && { carDesc }),
  };
}

function feed(event: Exclude<IntakeEvent, { kind: 'grant' | 'elsewhere' } | ParkEvent>, bridge: Bridge): void {
  const atMs = bridge.nowMs();
  if (event.kind === 'plate') {
    const { kind, plate, unrated, side, behind } = event;
    const how = { ...(unrated && { unrated }), ...(side !== undefined && { side }), ...(behind && { behind }) };
    bridge.feed({ kind, plate, ...how, atMs: Math.min(atMs, event.readAtMs) });
  } else if (event.kind === 'text')
    bridge.feed({ kind: 'tick', aside: { text: event.text, source: event.source }, atMs });
  else {
    const { on, reason, operator } = event;
    const why = { ...(reason !== undefined && { reason }), ...(operator !== undefined && { operator }) };
    bridge.feed({ kind: 'mode', mode: 'keepOpen', on, ...why, atMs });
  }
}
