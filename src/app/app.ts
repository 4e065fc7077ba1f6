/**
 * The composition root: a configuration becomes a running bridge. The only file that knows every part;
 * it reads like the flow in README, from the wire to the platform.
 */
import { setMaxListeners } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock } from '../clock.ts';
import { type ClientParts, type CloudClient, createClient } from '../cloud/client.ts';
import type { DeliveryReceipt } from '../cloud/types.ts';
import type { UploadControl } from '../cloud/upload-control.ts';
import { createUploader, type Uploader } from '../cloud/uploader.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import { Arrivals } from '../intake/arrivals.ts';
import type { IntakeEvent } from '../intake/types.ts';
import type { LaneEffect, LaneEvent, Role } from '../lane/types.ts';
import { createLineGauge, type LineGauge, type LineHealth } from '../line/health.ts';
import type { Fault, LineSubject, Notice } from '../line/supervise.ts';
import type { Log } from '../log.ts';
import { systemIsSynced, watchClock } from '../store/clock-watch.ts';
import { StoreError } from '../store/error.ts';
import type { StoreNotice } from '../store/notice.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/types.ts';
import { pulsesOf, type WatchdogTick } from '../system/watchdog.ts';
import { type AlarmCauses, createAlarmCauses } from './alarm-causes.ts';
import { Bridge } from './bridge.ts';
import { camerasOf, type LaneCamera, pushing } from './cameras.ts';
import { passedElsewhere, readElsewhere } from './elsewhere.ts';
import { superviseField } from './field.ts';
import { createFieldWatch, type FieldWatch } from './field-monitor.ts';
import { type IncomingOptions, type IntakeKnowledge, toldOf } from './incoming.ts';
import { channelsOf, forgetChannels } from './intake-channels.ts';
import { type IntakeFault, type IntakePort, openIntakePort } from './intake-port.ts';
import { type FindKnownVehicle, findKnownVehicle } from './known-vehicles.ts';
import { type Published, publishedOf } from './published.ts';
import { releaseRecord } from './release-record.ts';

/** Everything that happens, for whoever watches: the log, the terminal of the demonstration, later the page. */
export type AppEvent =
  | { readonly kind: 'event'; readonly lane: LaneConfig; readonly event: LaneEvent }
  | { readonly kind: 'effect'; readonly lane: LaneConfig; readonly effect: LaneEffect }
  | { readonly kind: 'receipt'; readonly record: OutboxRecord; readonly receipt: DeliveryReceipt }
  | { readonly kind: 'fault'; readonly subject: LineSubject; readonly error: Fault; readonly count: number }
  | { readonly kind: 'recovered'; readonly subject: LineSubject; readonly count: number; readonly forMs: number }
  | { readonly kind: 'notice'; readonly subject: LineSubject; readonly notice: Notice }
  /** Once a minute. */
  | { readonly kind: 'health'; readonly health: LineHealth }
  | { readonly kind: 'camera'; readonly lane: LaneConfig; readonly error: unknown }
  /** The journal's queue was full: acted on, but a replay will not see it. */
  | { readonly kind: 'notJournalled'; readonly lane: LaneConfig }
  | { readonly kind: 'store'; readonly notice: StoreNotice }
  /** A record was put, or got its picture. */
  | { readonly kind: 'record'; readonly id: number }
  /** The platform has accepted `cloud.nextSecret`. */
  | { readonly kind: 'nextSecret' }
  /** A paid exit, a plate or a mode came in from outside and was taken. `expired`: over before it came. */
  | { readonly kind: 'told'; readonly event: IntakeEvent; readonly expired: boolean }
  /** The intake's port cannot be opened: at once, and once a minute. */
  | { readonly kind: 'intake'; readonly fault: IntakeFault };

/** The platform's Date header has whole seconds. */
const HTTPS_DATE_UNCERTAINTY_MS = 1_000;

export interface AppOptions {
  readonly clock: Clock;
  readonly on: (event: AppEvent) => void;
  readonly log: Log;
  /** Of this program, for the interface description. */
  readonly version: string;
  /** What stands below serialport; the demonstration hands in a simulated one. */
  readonly binding?: BindingInterface;
  /** `trusted`: known to be right. Otherwise its steps and its synchronisation are watched. */
  readonly wallClock?: 'trusted';
  /** Whether the system clock is synchronised; else the system is asked. */
  readonly synced?: () => Promise<boolean>;
  /** HTTPS_PROXY and its like, for a configuration that names no proxy. */
  readonly proxies?: ClientParts['environment'];
  /** Whoever looks on at the field; one for the whole life of the program. */
  readonly watch?: FieldWatch;
  /** The compiled store thread, for tests that run from source. */
  readonly storeWorker?: URL;
  /** A store thread that was started early, for the first store that is opened. */
  readonly storeThread?: () => Worker | undefined;
}

export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  /** By lane, camera and line: for whoever looks on. */
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly cameras: ReadonlyMap<string, LaneCamera>;
  readonly gauges: ReadonlyMap<string, LineGauge>;
  readonly watch: FieldWatch;
  readonly uploads: UploadControl;
  /** Where paid exits and plates are taken, when the configuration says so. */
  readonly intakeUrl?: string | undefined;
  /** Why they cannot be taken. */
  readonly intakeFault?: IntakeFault | undefined;
  readonly intake: IntakeKnowledge;
  /** Rejects when something of our own broke and the program should start again. */
  readonly failed: Promise<never>;
  /** Of everything that must go on for the box to do its work. */
  readonly pulses: readonly WatchdogTick[];
  /** Some device is being read. */
  hasRead(): boolean;
  /** Ends everything within two seconds; what was decided is in the store. */
  stop(): Promise<void>;
}

/**
 * Opens the store, folds the journal of each lane, then lets wires, messages and uploads go. Throws StoreError when the state folder
 * cannot be used.
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const store = await openStoreOf(config, options);
  const stopped = new AbortController();
  // Every lane, device and camera listens to it, as many as are configured; Node warns of a leak at the eleventh.
  setMaxListeners(0, stopped.signal);
  try {
    return await startOn(store, config, options, stopped);
  } catch (error) {
    // Whoever tries another configuration opens the same store again.
    stopped.abort();
    await store.close().catch(() => undefined);
    throw error;
  }
}

async function startOn(store: Store, config: Config, given: AppOptions, stopped: AbortController): Promise<App> {
  const { clock } = given;
  let published: Published | undefined;
  const on = (event: AppEvent): void => {
    given.on(event);
    published?.on(event);
  };
  const options = { ...given, on };
  const { signal } = stopped;
  const failure = promiseOfFailure();

  // One of each camera, whoever looks through it: its refusals and its connections are counted once.
  const bridges = new Map<string, Bridge>();
  const cameras = camerasOf({
    config,
    clock,
    log: options.log,
    wallMsAt: (nowMs) => store.time.wallMsAt(nowMs),
    signal,
    bridges,
  });
  store.onNotice((notice) => {
    on({ kind: 'store', notice });
    // A new database must not have to fold what is not in it.
    if (notice.kind === 'quarantined') for (const bridge of bridges.values()) bridge.keep();
  });
  const watch = options.watch ?? createFieldWatch(clock);
  const gauges = new Map(config.lines.map(({ id }) => [id, createLineGauge(clock, id)]));
  const alarms = createAlarmCauses();
  if (config.publish !== undefined)
    published = publishedOf({ ...config, ...options, config: config.publish, store, bridges });
  const intake = { channels: channelsOf(config, clock, bridges), arrivals: new Arrivals(() => clock.nowMs()) };
  const { fail } = failure;
  const known = findKnownVehicle(config.intake.knownVehicles);
  const parts: Parts = { config, options, store, cameras, bridges, gauges, signal, watch, alarms, intake, known, fail };
  for (const lane of config.lanes) parts.bridges.set(lane.id, laneBridge(lane, parts));
  for (const bridge of parts.bridges.values()) await bridge.start();
  forgetChannels(config, bridges);
  const told = toldOf(parts);
  const mqtt = config.intake.mqtt && (await mqttIntakeOf(config.intake.mqtt, told));
  const http = config.intake.http.enabled ? await intakeOf(parts, told) : undefined;
  const client = clientOf(parts);
  const uploads = uploaderOf(client, parts);

  const work = [
    ...superviseField(parts),
    ...[...parts.bridges.values()].map((bridge) => bridge.run(signal)),
    ...(mqtt === undefined ? [] : [mqtt.run(signal)]),
    ...(published === undefined ? [] : [published.run(signal)]),
    ...(http === undefined ? [] : [http.run(signal)]),
    uploads.run(signal),
    ...(options.wallClock === 'trusted' ? [] : [watchClock({ clock, time: store.time }, signal)]),
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
    uploads,
    get intakeUrl() {
      return http?.url;
    },
    get intakeFault() {
      return http?.fault;
    },
    intake,
    failed: failure.failed,
    hasRead: () => watch.now().size > 0,
    pulses: pulsesOf({ ...config, clock, gauges, store, uploader: uploads }),
    stop: async () => {
      stopped.abort();
      await Promise.allSettled([...work, ...[...parts.bridges.values()].map((bridge) => bridge.stop())]);
      for (const { ring } of cameras.values()) ring.close();
      await client.close();
      await store.close();
    },
  };
}

/** What the parts are made of. */
interface Parts {
  readonly config: Config;
  readonly options: AppOptions;
  readonly store: Store;
  readonly cameras: ReadonlyMap<string, LaneCamera>;
  readonly bridges: Map<string, Bridge>;
  readonly gauges: ReadonlyMap<string, LineGauge>;
  readonly signal: AbortSignal;
  readonly watch: FieldWatch;
  readonly alarms: AlarmCauses;
  readonly intake: IntakeKnowledge;
  readonly known: FindKnownVehicle | undefined;
  readonly fail: (error: unknown) => void;
}

function promiseOfFailure(): { readonly failed: Promise<never>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for it hears of it; nobody has to.
  failed.catch(() => {});
  return { failed, fail };
}

async function openStoreOf({ store, cloud }: Config, options: AppOptions): Promise<Store> {
  return openStore({
    path: store.path,
    clock: options.clock,
    framesMaxBytes: store.framesMaxBytes,
    keepFramesMs: store.keepFramesMs,
    keepRecordsMs: store.keepRecordsMs,
    clockHoldMs: cloud.clockHoldMs,
    wallTrusted: options.wallClock === 'trusted' || (await (options.synced ?? systemIsSynced)()),
    ...(options.storeWorker && { workerUrl: options.storeWorker }),
    thread: options.storeThread?.(),
  });
}

function laneBridge(lane: LaneConfig, parts: Parts): Bridge {
  const { config, options, store, cameras, bridges, alarms, known, fail } = parts;
  const { clock, on } = options;
  const roles = Object.entries(lane.points) as [Role, NonNullable<LaneConfig['points'][Role]>][];
  const pictures = lane.camera === undefined ? undefined : cameras.get(lane.camera)?.ring;
  return new Bridge({
    laneId: lane.id,
    settings: lane.settings,
    signals: Object.fromEntries(roles),
    points: new Map(roles.map(([role, point]) => [`${point.device}.${point.point}`, role])),
    clock,
    boot: store.boot,
    journal: store.journal,
    outbox: store.outbox,
    observe: (gap) => store.looks.observe(lane.id, gap),
    ...(pictures && { pictures }),
    ...(known && { known }),
    wallMsAt: (nowMs) => store.time.wallMsAt(nowMs),
    record: (release, releaseWallMs) => releaseRecord(lane, release, releaseWallMs, config.cloud.serial),
    on: {
      event: (event) => {
        on({ kind: 'event', lane, event });
        readElsewhere(lane.id, event, bridges);
      },
      effect: (effect) => {
        on({ kind: 'effect', lane, effect });
        alarms.tell(lane.id, effect);
        passedElsewhere(lane.id, effect, bridges);
      },
      pictureFailed: (error) => on({ kind: 'camera', lane, error }),
      kept: (id) => on({ kind: 'record', id }),
      notJournalled: () => on({ kind: 'notJournalled', lane }),
      // One is lost, and the box goes on for the sake of those that wait in its memory.
      failed: (error) => {
        if (!(error instanceof StoreError) || error.code !== 'full') fail(error);
        else on({ kind: 'store', notice: { kind: 'refused', laneId: lane.id, detail: error.message } });
      },
    },
  });
}

/** Loaded when it is asked for: both ways in bring libraries that a box without them does not need. */
async function intakeOf({ config, options, cameras }: Parts, told: IncomingOptions): Promise<IntakePort> {
  const { createIntake } = await import('../intake/http.ts');
  const { http } = config.intake;
  const { version, clock, on } = options;
  return openIntakePort({
    address: `${http.listen.host}:${http.listen.port}`,
    clock,
    create: () => createIntake({ ...told, config: http, version, cameras: pushing(cameras) }),
    failed: (fault) => on({ kind: 'intake', fault }),
  });
}

async function mqttIntakeOf(config: NonNullable<Config['intake']['mqtt']>, told: IncomingOptions) {
  const { createMqttIntake } = await import('../intake/mqtt.ts');
  return createMqttIntake({ ...told, config });
}

function clientOf({ config, options, store }: Parts): CloudClient {
  const { clock, proxies, on } = options;
  return createClient(
    { ...config.cloud, parkUuid: config.park.uuid },
    {
      clock,
      ...(proxies && { environment: proxies }),
      onNextSecret: () => on({ kind: 'nextSecret' }),
      onDate: (nowMs, wallMs) => store.time.synced(nowMs, wallMs, HTTPS_DATE_UNCERTAINTY_MS, 'https'),
      clockKnown: () => store.time.quality === 'synced' || store.time.quality === 'corrected',
    },
  );
}

function uploaderOf(client: CloudClient, { config, options, store, bridges }: Parts): Uploader {
  /** What an earlier try may have brought there stays sent. */
  const leaves = ({ laneId, release, sent }: OutboxRecord, kind: 'sent' | 'unsent'): void => {
    if (!sent) bridges.get(laneId)?.leaves(release.id, kind);
  };
  return createUploader({
    outbox: store.outbox,
    client,
    clock: options.clock,
    settings: config.cloud,
    withPictures: config.cloud.picture === 'field' || config.cloud.picture === 'file-and-hash',
    onSending: (record) => leaves(record, 'sent'),
    onUnsent: (record) => leaves(record, 'unsent'),
    onReceipt: (record, receipt) => options.on({ kind: 'receipt', record, receipt }),
  });
}
