/**
 * The whole box: a host that runs one configuration after the other, with its page. The composition of both commands that run one: `run`
 * on real ports, `demo` on simulated ones.
 */
import { join } from 'node:path';
import { type App, startApp } from '../app/app.ts';
import type { AppEvent, AppOptions } from '../app/events.ts';
import { createFieldWatch } from '../app/field-monitor.ts';
import { RunCounters } from '../app/watch/run-counters.ts';
import type { Clock } from '../clock.ts';
import { createCommissioning } from '../commission/commissioning.ts';
import type { Kinds } from '../config/devices.ts';
import type { Config } from '../config/types.ts';
import { configuredTokens } from '../intake/configured-tokens.ts';
import { PushAccount } from '../intake/pushes/push-account.ts';
import type { Log, LogRing } from '../log.ts';
import { Audit } from '../page/access/audit.ts';
import { COMMISSIONED_FILE } from '../page/access/box-name.ts';
import { TokenStore } from '../page/access/made-tokens.ts';
import { IDLE_MS } from '../page/access/sessions.ts';
import type { OpenOptions } from '../page/open.ts';
import type { PageParts } from '../page/parts.ts';
import { ProvisionSpool } from '../provision/spool.ts';
import { pushesView } from '../status/pushes-view.ts';
import { lockText } from '../text/app.made.ts';
import { camerasText } from '../text/commands/cameras.made.ts';
import { provisionText } from '../text/fleet/provision.ts';
import { reportingText } from '../text/lanes/reporting.ts';
import { hostText } from '../text/page/host.ts';
import { auditText, pageLog } from '../text/page/server.ts';
import { type BoxPage, openBoxPage } from './box-page.ts';
import { type BoxSocket, CAMERAS_SOCKET, openBoxSocket, STATUS_SOCKET } from './box-socket.ts';
import { boxStatus } from './box-status.ts';
import { type BoxView, createBoxView } from './box-view.ts';
import { type ClockPlaces, clockControl } from './clock-control.ts';
import { markCommissioned } from './commissioned.ts';
import { configControl } from './config-control.ts';
import { baseOf, ConfigFiles, type ConfigTexts } from './config-files.ts';
import { beatHeart } from './heartbeat.ts';
import { Host } from './host.ts';
import { type ConfigChanged, IN_FILE } from './host-options.ts';
import { KeptFiles } from './kept-files.ts';
import { NightlyBackups } from './nightly-backups.ts';
import { type ParseLimits, ParseProcess } from './parse-process.ts';
import { addressMigration } from './picture-address-migration.ts';
import { ProvisionByMqtt } from './provision-by-mqtt.ts';
import { type ProvisioningParts, runProvisioning } from './provisioning.ts';
import { checkItself } from './self-check.ts';
import { lockState } from './state-lock.ts';
import { type UpdatePlaces, updateControl } from './updates.ts';
import { type BoxWaiting, openWaiting } from './waiting-control.ts';

export interface BoxOptions {
  readonly kinds: Kinds;
  /** The configuration's path, absolute. */
  readonly configFile: string;
  readonly stateFolder: string;
  /** The command line, reported to a second program on the same folder. */
  readonly command: string;
  /** Of the machine. */
  readonly clock: Clock;
  readonly log: Log;
  readonly ring: LogRing;
  readonly app: Pick<
    AppOptions,
    | 'clock'
    | 'version'
    | 'binding'
    | 'wallClock'
    | 'synced'
    | 'clockSources'
    | 'hasNeighbours'
    | 'proxies'
    | 'readingWorker'
    | 'storeThread'
  >;
  /** undefined: no page. */
  readonly page:
    | (Omit<OpenOptions, 'parts'> & { readonly fixed?: boolean; readonly assets: URL } & Pick<PageParts, 'demo'>)
    | undefined;
  readonly on: (event: AppEvent) => void;
  /** Called when a configuration has come up. */
  readonly up?: (config: Config) => void;
  readonly stop: (app: App) => Promise<void>;
  /** The compiled program of chores, for tests that run from source. */
  readonly choreProgram?: URL;
  /** Likewise of texts from outside. */
  readonly parseWorker?: URL;
  readonly parseLimits?: ParseLimits;
  /** Spool of updates; absent: not installed as a package. */
  readonly updates?: UpdatePlaces;
  /** Spool of the clock, likewise. */
  readonly clockPlaces?: ClockPlaces;
  readonly trialMs?: number;
  readonly upWithinMs?: number;
  /** Of a provisioned configuration, and of one that had to wait; others than usual. */
  readonly provisionTrial?: ProvisioningParts['trial'];
  /** How long a change that weakens a lane waits for a second person; other than usual. */
  readonly waitsMs?: number;
}

export interface RunningBox {
  readonly host: Host;
  readonly page: BoxPage | undefined;
  stop(): Promise<void>;
}

/**
 * Rejects with StateLockError when another program runs on the state folder, before touching it; else with the reason why the
 * configuration did not come up, when no other one is left to run.
 */
export async function startBox(options: BoxOptions): Promise<RunningBox> {
  const { stateFolder, command, clock, log } = options;
  const holder = { pid: process.pid, command, sinceWallMs: Math.round(clock.wallMs()) };
  const lock = await lockState(stateFolder, holder, (why) => log.warn(lockText.unlocked(stateFolder, why)));
  try {
    const box = await startLocked(options);
    return {
      ...box,
      stop: async () => {
        await box.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** To every destination that takes watch reports. A store that refuses has reported that itself. */
async function reportChange(
  { by, former, now }: ConfigChanged,
  { host, parse }: { readonly host: Host; readonly parse: ParseProcess },
): Promise<void> {
  const how = by === hostText.byFile ? 'file' : by === provisionText.by ? 'provisioning' : 'page';
  const parsed = await parse.run('changes', former, now).catch(() => ({ changes: [] }));
  const found = { ...parsed, changes: [...parsed.changes, ...changedAuthority(former, now)] };
  if (found.changes.length === 0 && !('secrets' in found)) return;
  const report = { why: 'settings', ...(how === 'page' && { who: by }), detail: { how, ...found } } as const;
  await host.app?.store.looks.report(report).catch(() => undefined);
}

/** Other certificates in the file that `cloud.ca` names. */
function changedAuthority({ ca: before = '', yaml }: ConfigTexts, now: ConfigTexts) {
  const { ca: after = '' } = now;
  if (before === after || yaml !== now.yaml) return [];
  const short = (text: string): string => (text === '' ? '' : baseOf(text).slice(0, 12));
  return [{ path: 'cloud.ca', before: short(before), after: short(after) }];
}

async function startLocked(options: BoxOptions): Promise<RunningBox> {
  const { kinds, configFile, stateFolder, clock, log, up, trialMs, upWithinMs } = options;
  const files = new ConfigFiles(configFile, kinds, join(stateFolder, 'config'));
  const parse = new ParseProcess(clock, options.parseWorker, options.parseLimits);
  const [watch, pushes] = [createFieldWatch(options.app.clock), new PushAccount(options.app.clock)];
  const made = new TokenStore(join(stateFolder, 'page'), clock);
  const [counters, spool] = [new RunCounters(clock), new ProvisionSpool(stateFolder)];
  const byMqtt = new ProvisionByMqtt({ places: { configFile, stateFolder }, parse, spool, clock, log });
  const audit = new Audit(join(stateFolder, 'page'), clock, (error) => log.error(pageLog.auditLost(error.message)));
  let view: BoxView | undefined;
  const host: Host = new Host({
    view: () => view as BoxView,
    ...{ files, parse, clock, log },
    appClock: options.app.clock,
    start: (config, on, how) =>
      startApp(config, { ...options.app, ...how, log, on, watch, pushes, made, provision: byMqtt.take }),
    stop: options.stop,
    on: (event) => {
      if (event.kind === 'reporting') {
        const { who = 'lanewarden' } = event;
        void audit.add(who, auditText.reporting(event.laneId, reportingText.earned(event.earned)));
      }
      counters.on(event);
      options.on(event);
    },
    wallMs: () => wallMsOf(host.app) ?? clock.wallMs(),
    changed: (change) => {
      if (change.by === hostText.byFile) void audit.add(IN_FILE, auditText.fileChanged);
      void reportChange(change, { host, parse });
    },
    ...(up && { up }),
    ...(trialMs !== undefined && { trialMs }),
    ...(upWithinMs !== undefined && { upWithinMs }),
  });
  const kept = await KeptFiles.open({ host, configFile, stateFolder, clock });
  const backups = new NightlyBackups({ host, configFile, stateFolder, clock, log, choreProgram: options.choreProgram });
  const waiting = await openWaiting({ options, host, files, parse });
  const page = openPageOf(options, host, files, { made, counters, parse, waiting, backups });
  // Without a page nobody gets live events; the commands beside the program ask all the same.
  view = page?.view ?? createBoxView({ publish: () => undefined, wantsFrames: () => false, clients: 0 });
  // First: they answer while the lanes wait for a disk that refuses.
  const sockets = openSockets(options, host, view, backups);
  const addresses = await addressMigration({ files, kinds, folder: join(stateFolder, 'config'), clock, log });
  try {
    await host.start(page);
    await addresses?.run(host);
  } catch (error) {
    for (const socket of sockets) socket.close();
    await page?.close();
    throw error;
  }
  const ended = new AbortController();
  const overview = async () => view?.box()?.overview();
  const backingUp = backups.run(ended.signal);
  kept.start();
  const provision = { host, files, parse, made, clock, log, trial: options.provisionTrial, spool, byMqtt };
  const running = Promise.all([
    waiting.run(ended.signal),
    beatHeart({ host, overview, clock, version: options.app.version }, ended.signal),
    checkItself({ host, stateFolder, clock, log, choreProgram: options.choreProgram }, ended.signal),
    runProvisioning({ ...provision, folder: join(stateFolder, 'page') }, ended.signal),
    markCommissioned({ file: join(stateFolder, COMMISSIONED_FILE), clock, overview }, ended.signal),
  ]);
  return {
    host,
    page,
    stop: async () => {
      for (const socket of sockets) socket.close();
      ended.abort();
      await running;
      await page?.close();
      await kept.close();
      await host.stop();
      await made.close();
      await parse.close();
      // Last: a copy of the database is one call, which nothing breaks off, and the store is closed by then.
      await backingUp;
    },
  };
}

/** For commands beside the program. */
function openSockets(options: BoxOptions, host: Host, view: BoxView, backups: NightlyBackups): readonly BoxSocket[] {
  const { stateFolder, clock, log, app, updates } = options;
  const holder = { pid: process.pid, command: options.command, sinceWallMs: Math.round(clock.wallMs()) };
  const status = () => boxStatus({ host, view, stateFolder, clock, version: app.version, holder, updates, backups });
  const pushes = () => (host.app === undefined ? { cameras: [] } : pushesView(host.app));
  return [
    openBoxSocket(join(stateFolder, CAMERAS_SOCKET), pushes, (why) => log.warn(camerasText.socket('cameras', why))),
    openBoxSocket(join(stateFolder, STATUS_SOCKET), status, (why) => log.warn(camerasText.socket('status', why))),
  ];
}

interface PageSources {
  readonly made: TokenStore;
  readonly counters: RunCounters;
  readonly parse: ParseProcess;
  readonly waiting: BoxWaiting;
  readonly backups: NightlyBackups;
}

function openPageOf(
  options: BoxOptions,
  host: Host,
  files: ConfigFiles,
  { made, counters, parse, waiting, backups }: PageSources,
): BoxPage | undefined {
  const { kinds, clock, log, ring, stateFolder, configFile, app } = options;
  if (options.page === undefined) return undefined;
  const { assets, demo, ...where } = options.page;
  return openBoxPage({
    ...where,
    commissioning: (running, devices) =>
      createCommissioning({
        clock,
        ...{ app: running, devices },
        folder: () => stateFolder,
        configFile,
        driverKinds: kinds.driverKinds,
        version: app.version,
        ...(app.binding && { binding: app.binding }),
        ...(app.proxies && { proxies: app.proxies }),
      }),
    parts: {
      clock,
      log,
      ring,
      version: app.version,
      folder: join(stateFolder, 'page'),
      assets,
      hosts: () => host.config?.page.hosts ?? [],
      idleMs: () => host.config?.page.idleMs ?? IDLE_MS,
      masksPlates: () => host.config?.page.maskPlates ?? false,
      configuredTokens: () => configuredTokens(host.config?.intake.http.tokens ?? []),
      made,
      configState: () => host.state,
      refused: () => host.refused,
      configDigest: () => host.inForce && baseOf(host.inForce.yaml),
      counted: async (devices) => [
        ...counters.rows(host.app, devices, await destinationsOf(host.app)),
        ...backups.metrics(),
      ],
      backup: () => backups.view(),
      config: configControl({
        host,
        files,
        parse,
        clock: options.clock,
        waiting,
        readingWorker: options.app.readingWorker,
      }),
      waiting,
      readVehicles: (csv) => parse.run('vehicles', csv),
      files: waiting.files,
      provision: waiting.provision,
      jobs: {},
      ...(options.updates && { update: updateControl(options.updates, clock) }),
      ...(options.clockPlaces && {
        machineClock: clockControl(options.clockPlaces, { host, clock, synced: app.synced }),
      }),
      ...(demo && { demo }),
    },
  });
}

/** A store that refuses has reported that itself. */
async function destinationsOf(app: App | undefined) {
  if (app === undefined) return [];
  const { destinations, published } = app;
  const all = [...(published === undefined ? [] : [published.view()]), destinations.views()];
  return (await Promise.all(all).catch(() => [])).flat();
}

function wallMsOf(app: App | undefined): number | undefined {
  return app?.store.time.wallMsAt(app.clock.nowMs());
}
