/**
 * The composition root: a configuration becomes a running bridge. The only file that knows every part;
 * it reads like the flow in README, from the wire to the platform.
 */
import type { BindingInterface } from '@serialport/bindings-interface';
import { Bridge } from './bridge.ts';
import type { Clock } from './clock.ts';
import { type ClientParts, createClient } from './cloud/client.ts';
import type { Receipt } from './cloud/types.ts';
import { createUploader } from './cloud/uploader.ts';
import type { Config, DeviceConfig, LaneConfig } from './config/types.ts';
import type { Camera } from './driver.ts';
import { createIntake } from './intake/http.ts';
import type { IntakeEvent } from './intake/types.ts';
import type { LaneEffect, LaneEvent, Release, Role } from './lane/types.ts';
import { openPort, transportOf } from './line/port.ts';
import { type Fault, type LineSubject, type Notice, superviseLine } from './line/supervise.ts';
import type { Log } from './log.ts';
import { systemIsSynced, watchClock } from './store/clock-watch.ts';
import type { StoreNotice } from './store/notice.ts';
import { openStore } from './store/store.ts';
import type { NewRecord, OutboxRecord, Store } from './store/types.ts';
import { descText, reasonText } from './text/lane.ts';

/** Everything that happens, for whoever watches: the log, the terminal of the demonstration, later the page. */
export type AppEvent =
  | { readonly kind: 'event'; readonly lane: LaneConfig; readonly event: LaneEvent }
  | { readonly kind: 'effect'; readonly lane: LaneConfig; readonly effect: LaneEffect }
  | { readonly kind: 'receipt'; readonly record: OutboxRecord; readonly receipt: Receipt }
  | { readonly kind: 'fault'; readonly subject: LineSubject; readonly error: Fault; readonly count: number }
  | { readonly kind: 'recovered'; readonly subject: LineSubject; readonly count: number; readonly forMs: number }
  | { readonly kind: 'notice'; readonly subject: LineSubject; readonly notice: Notice }
  | { readonly kind: 'camera'; readonly lane: LaneConfig; readonly error: unknown }
  | { readonly kind: 'store'; readonly notice: StoreNotice };

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
  /** HTTPS_PROXY and its like, for a configuration that names no proxy. */
  readonly proxies?: ClientParts['environment'];
  /** The compiled store thread, for tests that run from source. */
  readonly storeWorker?: URL;
}

export interface App {
  readonly store: Store;
  /** Where paid exits and plates are taken, when the configuration says so. */
  readonly intakeUrl?: string;
  /** Rejects when something of our own broke and the program should start again. */
  readonly failed: Promise<never>;
  /** Ends everything within two seconds; what was decided is in the store. */
  stop(): Promise<void>;
}

/** Opens the store, folds the journal of each lane, then lets the wires speak. Throws StoreError when the state folder cannot be used. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const { clock, on } = options;
  const store = await openStore({
    path: config.store.path,
    clock,
    framesMaxBytes: config.store.framesMaxBytes,
    keepFramesMs: config.store.keepFramesMs,
    keepRecordsMs: config.store.keepRecordsMs,
    clockHoldMs: config.cloud.clockHoldMs,
    wallTrusted: options.wallClock === 'trusted' || (await systemIsSynced()),
    ...(options.storeWorker && { workerUrl: options.storeWorker }),
  });
  store.onNotice((notice) => on({ kind: 'store', notice }));
  const stopped = new AbortController();
  const { signal } = stopped;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});

  const cameras = new Map(config.cameras.map((camera) => [camera.id, camera.kind.create(camera.config, { clock })]));
  const watch: AppOptions['on'] = (event) => {
    on(event);
    if (event.kind === 'effect') usedElsewhere(event.lane.id, event.effect, bridges);
  };
  const bridges: Map<string, Bridge> = new Map(
    config.lanes.map((lane) => {
      const camera = lane.camera === undefined ? undefined : cameras.get(lane.camera);
      const bridge = laneBridge(lane, { clock, store, camera, on: watch, failed: fail });
      return [lane.id, bridge] as const;
    }),
  );
  const everyLane = (tell: (bridge: Bridge) => void): void => {
    for (const bridge of bridges.values()) tell(bridge);
  };
  for (const bridge of bridges.values()) await bridge.start();

  const client = createClient(
    { ...config.cloud, parkUuid: config.park.uuid },
    {
      clock,
      ...(options.proxies && { environment: options.proxies }),
      onDate: (nowMs, wallMs) => store.time.synced(nowMs, wallMs, HTTPS_DATE_UNCERTAINTY_MS, 'https'),
      clockKnown: () => store.time.quality === 'synced',
    },
  );
  const uploader = createUploader({
    outbox: store.outbox,
    client,
    clock,
    settings: config.cloud,
    onSending: (record) => bridges.get(record.laneId)?.sent(record.release.id),
    onReceipt: (record, receipt) => on({ kind: 'receipt', record, receipt }),
  });
  const lines = config.lines.map((line) =>
    superviseLine(
      {
        lineId: line.id,
        transport: transportOf(line.port),
        listenOnly: line.listenOnly,
        devices: line.devices.map(lineDevice),
        clock,
        open: (opening) =>
          openPort(line, { clock, signal: opening, ...(options.binding && { binding: options.binding }) }),
        on: {
          reading: (deviceId, reading) => everyLane((bridge) => bridge.reading(deviceId, reading)),
          // A program that ends has not lost its devices: the next start says for how long it was blind.
          lost: (deviceId) => signal.aborted || everyLane((bridge) => bridge.lost(deviceId)),
          fault: (subject, error, count) => on({ kind: 'fault', subject, error, count }),
          recovered: (subject, count, forMs) => on({ kind: 'recovered', subject, count, forMs }),
          notice: (subject, notice) => on({ kind: 'notice', subject, notice }),
        },
      },
      signal,
    ),
  );
  const intake = createIntake({
    config: config.intake.http,
    version: options.version,
    clock,
    log: options.log,
    lanes: config.lanes,
    parkUuid: config.park.uuid,
    laneTimeMs: (wallMs) => store.boot.laneOffsetMs + clock.nowMs() - (store.time.wallMsAt(clock.nowMs()) - wallMs),
    accept: (event) => accepted(event, bridges, store),
  });
  const intakeUrl = config.intake.http.enabled ? (await intake.listen()).url : undefined;
  const work = [...lines, ...[...bridges.values()].map((bridge) => bridge.run(signal)), uploader.run(signal)];
  if (options.wallClock !== 'trusted') work.push(watchClock({ clock, time: store.time }, signal));
  for (const part of [...work, store.failed]) part.catch(fail);

  return {
    store,
    ...(intakeUrl !== undefined && { intakeUrl }),
    failed,
    stop: async () => {
      stopped.abort();
      await intake.close();
      await Promise.allSettled([...work, ...[...bridges.values()].map((bridge) => bridge.stop())]);
      await client.close();
      await store.close();
    },
  };
}

interface LaneParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly camera: Camera | undefined;
  readonly on: AppOptions['on'];
  readonly failed: (error: unknown) => void;
}

function laneBridge(lane: LaneConfig, { clock, store, camera, on, failed }: LaneParts): Bridge {
  const roles = Object.entries(lane.points) as [Role, NonNullable<LaneConfig['points'][Role]>][];
  return new Bridge({
    laneId: lane.id,
    settings: lane.settings,
    signals: Object.fromEntries(roles),
    points: new Map(roles.map(([role, point]) => [`${point.device}.${point.point}`, role])),
    clock,
    boot: store.boot,
    journal: store.journal,
    outbox: store.outbox,
    ...(camera && { camera }),
    wallMsAt: (nowMs) => store.time.wallMsAt(nowMs),
    record: (release, releaseWallMs) => recordOf(lane, release, releaseWallMs),
    on: {
      event: (event) => on({ kind: 'event', lane, event }),
      effect: (effect) => on({ kind: 'effect', lane, effect }),
      pictureFailed: (error) => on({ kind: 'camera', lane, error }),
      failed,
    },
  });
}

/** An event from outside goes to the lanes it is for; it is accepted when it would survive a power cut. */
async function accepted(
  event: IntakeEvent,
  bridges: ReadonlyMap<string, Bridge>,
  store: Store,
): Promise<'accepted' | 'full'> {
  if (store.status().stalled !== undefined) return 'full';
  const named = event.laneId === undefined ? undefined : bridges.get(event.laneId);
  for (const bridge of event.laneId === undefined ? bridges.values() : named === undefined ? [] : [named]) {
    const atMs = bridge.nowMs();
    if (event.kind === 'grant') bridge.feed({ kind: 'grant', grant: event.grant, atMs });
    else if (event.kind === 'plate')
      bridge.feed({ kind: 'plate', plate: event.plate, atMs: Math.min(atMs, event.readAtMs) });
    else {
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      bridge.feed({ kind: 'mode', mode: 'keepOpen', on: event.on, ...reason, atMs });
    }
  }
  await store.journal.flush();
  return 'accepted';
}

/** A payment made ahead is good for one exit, whichever lane it is. */
function usedElsewhere(laneId: string, effect: LaneEffect, bridges: ReadonlyMap<string, Bridge>): void {
  if (effect.kind !== 'note' || effect.fact.kind !== 'grantUsed' || effect.grantId === undefined) return;
  for (const [id, bridge] of bridges) {
    if (id !== laneId)
      bridge.feed({ kind: 'revoke', grantId: effect.grantId, why: 'usedElsewhere', atMs: bridge.nowMs() });
  }
}

/** What the platform reads is Chinese, whatever the language of the box. */
function recordOf(lane: LaneConfig, release: Release, releaseWallMs: number): NewRecord {
  return {
    laneId: lane.id,
    gateId: lane.id,
    gateName: lane.name,
    release,
    releaseWallMs,
    reason: reasonText(release).zh,
    methodDesc: descText(release.desc).zh,
  };
}

const lineDevice = (device: DeviceConfig): Parameters<typeof superviseLine>[0]['devices'][number] => ({
  id: device.id,
  create: (ports) => device.kind.create(device.config, ports),
});
