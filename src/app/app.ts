/**
 * The composition root: a configuration becomes a running bridge. The only file that knows every part; it reads like the flow in
 * docs/en/architecture.md, from the wire to the platform.
 */

import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Accountant } from '../account/accountant.ts';
import { dutyAt } from '../account/duty/shifts.ts';
import { lastFinalDay } from '../account/sheet.ts';
import type { Clock } from '../clock.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import { createPlatformClient, needsPicture, type PlatformClient } from '../delivery/platform-client.ts';
import type { UploadControl } from '../delivery/upload/upload-control.ts';
import { createUploader, type Uploader } from '../delivery/upload/uploader.ts';
import { openBoxKey } from '../evidence/box-key.ts';
import type { ParkWitness } from '../evidence/park-witness.ts';
import { signHeads } from '../evidence/signed-heads.ts';
import type { TrackedGrant } from '../intake/grant-fate.ts';
import type { MqttIntake } from '../intake/mqtt.ts';
import type { LaneEvent } from '../lane/types.ts';
import { createLineGauge, type LineGauge } from '../line/health.ts';
import { systemIsSynced, watchClock } from '../store/clock-watch.ts';
import { StoreError } from '../store/error.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { createAlarmCauses } from './alarm-causes.ts';
import { Bridge } from './bridge.ts';
import { ConfirmedPeers } from './confirmed-peers.ts';
import { reportExit, reportPassage, reportPlateRead } from './cross-lane.ts';
import { createDestinations, type Destinations } from './destinations.ts';
import type { AppEvent, AppOptions } from './events.ts';
import type { FieldParts } from './field.ts';
import { superviseField } from './field.ts';
import { createFieldWatch, type FieldWatch } from './field-monitor.ts';
import { type IncomingOptions, type IntakeState, incomingOptions } from './incoming.ts';
import { forgetChannels, intakeState } from './intake-channels.ts';
import { type IntakePorts, openIntakePorts } from './intake-listeners.ts';
import { laneSignals } from './lane-signals.ts';
import { createEventPublisher, type EventPublisher, type EventPublisherParts } from './mqtt-publishing.ts';
import { parkWitness } from './park-witness.ts';
import { camerasOf, type LaneCamera, publishing, pushing } from './pictures/cameras.ts';
import { laneFrames } from './pictures/lane-frames.ts';
import { ParkRegister } from './register/park-register.ts';
import { TrackedGrants } from './register/tracked-grants.ts';
import { releaseRecord } from './release-record.ts';
import { LaneReporting } from './reporting.ts';
import { boxReports } from './watch/box-reports.ts';
import { reportLastingGaps } from './watch/lasting-gaps.ts';
import { OutputWatch } from './watch/output-watch.ts';
import { rootOfAlarm } from './watch/root-cause.ts';
import { withPauseEnd } from './watch/timed-pause.ts';
import { watchVoltage } from './watch/under-voltage.ts';
import { pulsesOf, type WatchdogTick } from './watch/watchdog.ts';

/** The platform's Date header has whole seconds. */
const HTTPS_DATE_UNCERTAINTY_MS = 1_000;

export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  /** By lane, camera and line: for the page and the diagnosis. */
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly cameras: ReadonlyMap<string, LaneCamera>;
  readonly gauges: ReadonlyMap<string, LineGauge>;
  readonly watch: FieldWatch;
  readonly uploads: UploadControl;
  /** Of the HTTP intake. */
  readonly intakePorts: IntakePorts;
  readonly intake: IntakeState;
  /** Entries, known vehicles and shifts. */
  readonly register: ParkRegister;
  /** What became of payments. */
  readonly grants: TrackedGrants;
  /** Every opening, passage and payment of the lanes in one column. */
  readonly accounts: Accountant;
  /** Which lanes may report that nobody paid. */
  readonly reporting: LaneReporting;
  /** Beside the platform and MQTT. */
  readonly destinations: Destinations;
  /** Near the box, as far as a person has confirmed them. */
  readonly peers: ConfirmedPeers;
  /** At a broker; only when configured. */
  readonly published: EventPublisher | undefined;
  /** Of the heads of other boxes, and theirs of this one; undefined: it is in no network. */
  readonly witness: Pick<ParkWitness, 'count'> | undefined;
  /** Rejects on an internal error after which the program must restart. */
  readonly failed: Promise<never>;
  /** Of every loop that must keep running for the box to do its work. */
  readonly pulses: readonly WatchdogTick[];
  /** At least one device is being read. */
  hasRead(): boolean;
  /** Stops everything within two seconds; decisions already made are in the store. */
  stop(): Promise<void>;
}

/**
 * Opens the store, folds the journal of each lane, then starts wires, intake and uploads. Throws StoreError when the state folder is
 * unusable.
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const store = await openStoreOf(config, options);
  const stopped = new AbortController();
  // Every lane, device and camera adds a listener; Node warns of a leak at the eleventh.
  setMaxListeners(0, stopped.signal);
  try {
    return await startOn(store, config, options, stopped);
  } catch (error) {
    // The next configuration opens the same store.
    stopped.abort();
    await store.close().catch(() => undefined);
    throw error;
  }
}

async function startOn(store: Store, written: Config, given: AppOptions, stopped: AbortController): Promise<App> {
  const { clock } = given;
  const { peers, config, key } = await confirmedConfig(store, written, clock);
  let published: EventPublisher | undefined;
  const reports = boxReports(store.looks, clock);
  const on = (event: AppEvent): void => [given.on, reports, published?.on].forEach((each) => void each?.(event));
  const options = { ...given, on };
  const { signal } = stopped;
  const failure = promiseOfFailure();
  // One object per camera, shared by its lanes: refusals and connections are counted once.
  const bridges = new Map<string, Bridge>();
  const wallMsAt = (nowMs: number): number => store.time.wallMsAt(nowMs);
  const intake = intakeState(config, options, bridges);
  const cameras = camerasOf({ ...options, config, wallMsAt, signal, bridges, pushes: intake.pushes });
  passNotices(store, bridges, on);
  const watch = options.watch ?? createFieldWatch(clock);
  const gauges = new Map(config.lines.map(({ id }) => [id, createLineGauge(clock, id)]));
  const reporting = await LaneReporting.open({ config, store, clock, on, savedBy: options.savedBy });
  published = publisherOf(config, options, { store, bridges, gauges, reporting, key });
  const register = await ParkRegister.open(config, store, clock);
  const accounts = accountantOf(store, clock);
  let mqtt: MqttIntake | undefined;
  const grants = await trackedGrants(store, (grant) => mqtt?.tell(grant));
  const outputs = await OutputWatch.open(config, { store, peers, log: options.log, clock });
  const own = { register, accounts, grants, reporting, peers, outputs, fail: failure.fail };
  const ears = { cameras, bridges, gauges, watch, alarms: createAlarmCauses(), intake };
  const parts: Parts = { config, options, store, signal, ...ears, ...own };
  for (const lane of config.lanes) parts.bridges.set(lane.id, laneBridge(lane, parts));
  for (const bridge of bridges.values()) await bridge.start();
  void store.watched().catch(() => undefined);
  forgetChannels(config, bridges);
  const incoming = incomingOptions(parts);
  mqtt = config.intake.mqtt && (await mqttIntakeOf(parts, config.intake.mqtt, incoming));
  const intakePorts = await intakePortsOf(parts, incoming);
  const destinations = createDestinations({ ...parts, ...options, environment: options.proxies });
  const client = clientOf(parts);
  const uploads = uploaderOf(client, parts);
  const witness = parkWitness(config, { ...options, store });
  const work = [
    ...superviseField(parts),
    ...[...parts.bridges.values()].map((bridge) => bridge.run(signal)),
    ...(mqtt === undefined ? [] : [mqtt.run(signal)]),
    ...(published === undefined ? [] : [published.run(signal)]),
    destinations.run(signal),
    intakePorts.run(signal),
    pulledSystems(parts, incoming),
    uploads.run(signal),
    register.run(signal),
    watchVoltage({ looks: store.looks, clock }, signal),
    reportLastingGaps({ bridges, looks: store.looks, clock }, signal),
    accounts.run(signal),
    signHeads({ store, clock, folder: pageFolder(config) }, (head) => published?.head(head), signal),
    ...(witness === undefined ? [] : [witness.run(signal)]),
    ...(options.wallClock === 'trusted'
      ? []
      : [watchClock({ clock, time: store.time, sources: options.clockSources }, signal)]),
  ];
  for (const part of [...work, store.failed]) part.catch(failure.fail);
  intake.channels.begin();

  return {
    config,
    clock,
    store,
    bridges,
    cameras,
    gauges,
    watch,
    uploads: withPauseEnd(uploads, { looks: store.looks, clock, maxMs: config.page.pauseMaxMs, signal }),
    ...{ intakePorts, intake, register, grants, accounts, reporting, destinations },
    ...{ published, peers, witness },
    failed: failure.failed,
    hasRead: () => watch.hasRead(),
    pulses: pulsesOf({ ...config, clock, gauges, store, uploader: uploads }),
    stop: () => stopParts(parts, work, client, stopped),
  };
}

/** A key that cannot be read costs confirmations and signatures, never a lane. */
async function confirmedConfig(store: Store, written: Config, clock: Clock) {
  const key = await openBoxKey(pageFolder(written)).catch(() => undefined);
  const peers = await ConfirmedPeers.open({ store, clock, key }, written);
  return { peers, key, config: peers.withConfirmed(written) };
}

const publisherOf = (
  config: Config,
  options: AppOptions,
  parts: Pick<EventPublisherParts, 'store' | 'bridges' | 'gauges' | 'reporting' | 'key'>,
): EventPublisher | undefined =>
  config.publish && createEventPublisher({ ...config, ...options, ...parts, config: config.publish });

/** Nothing is final by a clock that was never set. */
const accountantOf = (store: Store, clock: Clock): Accountant =>
  new Accountant(store.accounts, clock, setImmediate, () =>
    store.time.quality === 'unknown' ? undefined : lastFinalDay(store.time.wallMsAt(clock.nowMs())),
  );

function trackedGrants(store: Store, changed: (grant: TrackedGrant) => void): Promise<TrackedGrants> {
  return TrackedGrants.open({
    parkFacts: store.parkFacts,
    wallOf: (laneMs) => store.time.wallMsAt(laneMs - store.boot.laneOffsetMs),
    changed,
  });
}

const pageFolder = ({ store }: Config): string => join(store.path, 'page');

function passNotices(store: Store, bridges: ReadonlyMap<string, Bridge>, on: AppOptions['on']): void {
  store.onNotice((notice) => {
    on({ kind: 'store', notice });
    // A new database starts from a snapshot: the events before it are gone.
    if (notice.kind === 'quarantined') for (const bridge of bridges.values()) bridge.keep();
  });
}

async function stopParts(
  { bridges, cameras, accounts, store }: Parts,
  work: readonly Promise<void>[],
  client: PlatformClient,
  stopped: AbortController,
): Promise<void> {
  stopped.abort();
  await Promise.allSettled([...work, ...[...bridges.values()].map((bridge) => bridge.stop())]);
  // In order before the close, which takes no longer than it may.
  accounts.end();
  for (const { ring } of cameras.values()) ring.close();
  await client.close();
  await store.close();
}

/** Dependencies shared by the functions below. */
interface Parts
  extends Omit<FieldParts, 'bridges' | 'peers' | 'outputs' | 'intake'>,
    Pick<App, 'store' | 'intake' | 'register' | 'accounts' | 'grants' | 'reporting' | 'peers'> {
  readonly bridges: Map<string, Bridge>;
  readonly fail: (error: unknown) => void;
  readonly outputs: OutputWatch;
}

function promiseOfFailure(): { readonly failed: Promise<never>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // A failure without a listener must not become an unhandled rejection.
  failed.catch(() => {});
  return { failed, fail };
}

async function openStoreOf({ store, cloud }: Config, options: AppOptions): Promise<Store> {
  return openStore({
    path: store.path,
    clock: options.clock,
    version: options.version,
    framesMaxBytes: store.framesMaxBytes,
    keepFramesMs: store.keepFramesMs,
    keepRecordsMs: store.keepRecordsMs,
    keepJournalMs: store.keepJournalMs,
    journalMaxBytes: store.journalMaxBytes,
    clockHoldMs: cloud.clockHoldMs,
    wallTrusted: options.wallClock === 'trusted' || (await (options.synced ?? systemIsSynced)()),
    thread: options.storeThread?.(),
    onRefused: options.onRefused,
    signal: options.signal,
  });
}

function laneBridge(lane: LaneConfig, parts: Parts): Bridge {
  const { config, options, store, cameras, bridges, alarms, register, fail, accounts, grants, reporting, outputs } =
    parts;
  const { clock, on } = options;
  const pictures = laneFrames(lane, cameras, on);
  const wallOf = (laneMs: number): number => store.time.wallMsAt(laneMs - store.boot.laneOffsetMs);
  const heard = (event: LaneEvent): void => {
    if (event.kind !== 'grant') return;
    register.granted(event.grant, event.atMs);
    grants.heard(event.grant);
  };
  return new Bridge({
    laneId: lane.id,
    settings: lane.settings,
    signals: laneSignals(config, lane),
    clock,
    boot: store.boot,
    journal: store.journal,
    outbox: store.outbox,
    observe: (gap) => store.looks.observe(lane.id, gap),
    gate: (effect) => reporting.gate(lane.id, effect),
    ...(pictures && { pictures }),
    known: (plate) => register.known(plate),
    wallMsAt: (nowMs) => store.time.wallMsAt(nowMs),
    account: accounts.open(lane.id, {
      wallOf,
      dutyOf: (laneMs) => dutyAt(register.shifts, lane.id, laneMs),
      owedOf: (release) => register.owed(release, wallOf(release.releaseAtMs)),
    }),
    record: (release, releaseWallMs) => {
      const { keepOpen, grantHeardMs } = (bridges.get(lane.id) as Bridge).state.lane.kept;
      const known = register.recordKnowledge(lane.id, release, releaseWallMs, grantHeardMs);
      const by = release.desc === 'keepOpen' && keepOpen?.operator != null ? keepOpen.operator : undefined;
      return releaseRecord(lane, release, releaseWallMs, config.cloud.serial, {
        ...known,
        ...(by !== undefined && { operator: by, operatorBy: 'command' }),
      });
    },
    on: {
      event: (event) => {
        on({ kind: 'event', lane, event });
        outputs.event(lane, event);
        reportPlateRead(lane.id, event, bridges);
        heard(event);
      },
      // What it says of a car, and its fate, may not have been on the disk yet when the program was killed.
      folded: (event, effects) => {
        heard(event);
        for (const effect of effects) grants.take(lane.id, effect);
      },
      effect: (effect) => {
        reporting.count(lane.id, effect);
        on({ kind: 'effect', lane, effect });
        alarms.report(lane.id, effect, effect.kind === 'alarm' ? rootOfAlarm(lane, effect, parts) : undefined);
        reportPassage(lane.id, effect, bridges);
        reportExit(lane, effect, register);
        grants.take(lane.id, effect);
      },
      pictureFailed: (error) => on({ kind: 'camera', lane, camera: lane.camera ?? '', error }),
      kept: (id) => on({ kind: 'record', id }),
      notJournalled: () => on({ kind: 'notJournalled', lane }),
      // One record is lost; the box runs on for the records that are still in its memory.
      failed: (error) => {
        if (!(error instanceof StoreError) || error.code !== 'full') fail(error);
        else on({ kind: 'store', notice: { kind: 'refused', laneId: lane.id, detail: error.message } });
      },
    },
  });
}

/** Loaded on demand: it brings libraries that other boxes do not need. */
async function pulledSystems(
  { config, options, store, signal, peers }: Parts,
  incoming: IncomingOptions,
): Promise<void> {
  const systems = (config.intake.systems ?? []).filter(({ profile }) => profile.push === undefined);
  if (systems.length === 0) return;
  const { runPulledSystems } = await import('./pull/pulled-systems.ts');
  const { clock, log, readingWorker: worker } = options;
  const wallMs = (): number => store.time.wallMsAt(clock.nowMs());
  await runPulledSystems(systems, { clock, log, incoming, facts: store.parkFacts, wallMs, worker, peers }, signal);
}

function intakePortsOf({ config, options, cameras }: Parts, incoming: IncomingOptions): Promise<IntakePorts> {
  const { version, clock, log, on } = options;
  return openIntakePorts({
    ...{ config, clock, log, version, incoming },
    cameras: pushing(cameras),
    failed: (fault) => on({ kind: 'intake', fault }),
  });
}

/** Loaded on demand: it brings a library that other boxes do not need. */
async function mqttIntakeOf(
  { cameras }: Parts,
  config: NonNullable<Config['intake']['mqtt']>,
  incoming: IncomingOptions,
) {
  const { createMqttIntake } = await import('../intake/mqtt.ts');
  return createMqttIntake({ ...incoming, config, cameras: publishing(cameras) });
}

function clientOf({ config, options, store }: Parts): PlatformClient {
  const { clock, proxies, on } = options;
  return createPlatformClient(config.cloud, {
    clock,
    environment: proxies,
    onNextSecret: () => on({ kind: 'nextSecret' }),
    onDate: (nowMs, wallMs) => store.time.synced(nowMs, wallMs, HTTPS_DATE_UNCERTAINTY_MS, 'https'),
    clockKnown: () => store.time.quality !== 'unknown',
  });
}

function uploaderOf(client: PlatformClient, { config, options, store, bridges }: Parts): Uploader {
  /** A record that an earlier attempt may have delivered stays `sent`. */
  const leaves = ({ laneId, release, sent }: OutboxRecord, kind: 'sent' | 'unsent'): void => {
    if (!sent) bridges.get(laneId)?.leaves(release.id, kind);
  };
  return createUploader({
    outbox: store.outbox,
    client,
    clock: options.clock,
    settings: config.cloud,
    withPictures: needsPicture(config.cloud),
    onSending: (record) => leaves(record, 'sent'),
    onUnsent: (record) => leaves(record, 'unsent'),
    onReceipt: (record, receipt) => options.on({ kind: 'receipt', record, receipt }),
  });
}
