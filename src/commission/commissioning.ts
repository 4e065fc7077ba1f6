/**
 * Commissioning of a running box for the page: the jobs of the wizard and of the diagnosis, and the acceptance sheets. Part of the
 * composition root: it connects the steps with the current lanes, wires and cameras. It switches nothing in the field.
 */

import { setImmediate } from 'node:timers/promises';
import type { BindingInterface } from '@serialport/bindings-interface';
import type { App } from '../app/app.ts';
import { abilitiesOf } from '../config/abilities.ts';
import { doubtfulAddress } from '../config/camera-address.ts';
import { profileNames, readProfile, siteProfiles } from '../config/profiles.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import { destinationPeer } from '../config/written-peers.ts';
import type { ClientParts } from '../delivery/platform-client.ts';
import type { PlatformConfig } from '../delivery/settings.ts';
import type { Clock, DriverKind, Frame } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import { ROLES } from '../lane/types.ts';
import type { DeviceLive } from '../page/api/api.ts';
import type { LearnResult } from '../page/api/api-setup.ts';
import type { AcceptanceSheet, CommissioningChoices, ProfileRow } from '../page/api/api-wizard.ts';
import type { Commissioning } from '../page/commissioning.ts';
import type { JobMakers } from '../page/jobs.ts';
import { ownAddresses } from '../system/box-network.ts';
import { learnText, snapshotText } from '../text/commission.ts';
import { unprovenText } from '../text/fault.ts';
import { given } from '../text/given.ts';
import { confirmJob, unconfirmedPeers } from './confirm-peer.ts';
import { diagnose } from './diagnose.ts';
import { learnPoint, learnRequest } from './learn.ts';
import { portRows } from './ports.ts';
import { rehearse, rehearseRequest } from './rehearse.ts';
import { type ScanParts, scan, scanRequest, unreached } from './scan.ts';
import { searchableOf } from './searchable.ts';
import { Sheets } from './sheet.ts';
import { snapshot, trialRequest, triedPeer, tryPicture } from './snapshot.ts';
import { checkSeen, checkTaught, personsWord, type Seen } from './teach/taught.ts';
import { teach, teachRequest } from './teach/teach.ts';
import { closeTests, testTime } from './test-time.ts';

export interface CommissioningParts {
  /** While nothing runs; a running app has its own. */
  readonly clock: Clock;
  /** The running app, if any. */
  readonly app: () => App | undefined;
  /** As the status page shows them. */
  readonly devices: () => Promise<readonly DeviceLive[]>;
  /** The state folder, also while nothing runs; undefined: unknown. */
  readonly folder: () => string | undefined;
  /** Site profiles are beside it. */
  readonly configFile: string;
  readonly driverKinds: readonly DriverKind[];
  readonly version: string;
  readonly binding?: BindingInterface;
  readonly proxies?: ClientParts['environment'];
}

export function createCommissioning(parts: CommissioningParts): Commissioning {
  const sheets = new Sheets(parts.folder, () => parts.clock.wallMs());
  const seen = new Map<string, Seen>();
  return {
    jobs: jobsOf(parts, sheets, seen),
    choices: () => choicesOf(parts),
    sheet: async (laneId) => {
      const app = parts.app();
      const lane = app?.config.lanes.find(({ id }) => id === laneId);
      return app === undefined || lane === undefined ? undefined : sheetOf(lane, app, parts.version, sheets);
    },
    note: async (lane, notes, who) => {
      const { taught = [], confirmed } = notes;
      checkTaught(taught);
      const shown = seen.get(lane);
      if (shown !== undefined && confirmed !== true) checkSeen(taught, shown);
      await sheets.noted(lane, notes, (each) => personsWord(each, shown));
      const app = parts.app();
      if (notes.accepted === true && app !== undefined) await closeTests(app, lane, who);
    },
    clear: (lane) => sheets.clear(lane),
    picture: (lane) => sheets.picture(lane),
  };
}

function jobsOf(parts: CommissioningParts, sheets: Sheets, seen: Map<string, Seen>): JobMakers {
  const { app, proxies } = parts;
  const config = () => app()?.config;
  const running = (): App => {
    const now = app();
    if (now === undefined) throw new Problem('unavailable');
    return now;
  };
  const picture = (camera: string): Promise<Frame> | undefined => {
    return app()?.cameras.get(camera)?.ring.take();
  };
  const rehearsing = () => {
    const { clock, store, peers } = running();
    const time = () => ({ wallMs: Math.round(store.time.wallMsAt(clock.nowMs())), quality: store.time.quality });
    const isConfirmed = (to: PlatformConfig) => peers.of(destinationPeer(to)) !== undefined;
    return { clock, config, picture, time, isConfirmed, ...(proxies && { proxies }) };
  };
  return {
    scan: (input) => {
      const now = scanPartsOf(parts);
      const request = scanRequest(input, now);
      const lane = laneOf(input, parts);
      return async (job) => {
        const result = await scan(request, now, job).catch((error: unknown) => {
          throw unreached(request.port, error);
        });
        if (lane !== undefined) await sheets.scanned(lane, request.port, result);
        // Stopped before its end: cancelled, with what it found so far.
        return job.signal.aborted ? undefined : result;
      };
    },
    ...wiringJobs(running, sheets, seen),
    snapshot: (input, who) => {
      const { camera } = input;
      if (typeof camera !== 'string' || !config()?.cameras.some(({ id }) => id === camera))
        throw new Problem('invalid', { errors: [{ field: 'camera', message: snapshotText.noCamera }] });
      const lane = laneOf(input, parts);
      const trial = trialRequest(input, who, running());
      return async (job) => {
        running().cameras.get(camera)?.tryNow?.();
        let taken: Uint8Array = new Uint8Array();
        const keep = (bytes: Uint8Array): void => {
          taken = bytes;
          job.picture(bytes);
        };
        const { clock, store, peers } = running();
        const handle = { ...job, picture: keep };
        const result =
          trial === undefined
            ? await snapshot(camera, { clock, picture }, handle)
            : await tryPicture(trial, clock, store.time.wallMsAt(clock.nowMs()), handle);
        if (trial !== undefined) await peers.confirm(triedPeer(trial), trial.by, 'page');
        if (lane !== undefined) await sheets.pictured(lane, camera, result, taken);
        return result;
      };
    },
    confirm: confirmJob(running),
    rehearse: (input) => {
      const now = rehearsing();
      const request = rehearseRequest(input, now);
      return async (job) => {
        const result = await rehearse(request, now, job);
        // The acceptance sheet is about the platform of `cloud`.
        if (request.to === undefined) await sheets.rehearsed(request.lane.id, result);
        return result;
      };
    },
    diagnose: () => {
      const now = running();
      return async (job) => {
        const result = await diagnose({ ...now, devices: parts.devices }, proxies, job);
        return job.signal.aborted ? undefined : result;
      };
    },
  };
}

/** Both put their lane into maintenance. */
function wiringJobs(running: () => App, sheets: Sheets, seen: Map<string, Seen>): JobMakers {
  return {
    teach: (input, { user }) => {
      const now = running();
      const request = teachRequest(input, { ...now, seen });
      return (job) => {
        testTime(now, request.lane.id, user);
        return teach(request, { ...now, seen }, job);
      };
    },
    learn: (input, { user }) => {
      const now = running();
      const request = learnRequest(input, now);
      return async (job) => {
        testTime(now, request.lane.id, user);
        const result: LearnResult | undefined = await learnPoint(request, now, job);
        if (result !== undefined) await sheets.learned(request.lane.id, request.role, result);
        return result;
      };
    },
  };
}

function scanPartsOf({ app, clock, driverKinds, configFile, binding }: CommissioningParts): ScanParts {
  return {
    clock: app()?.clock ?? clock,
    watch: app()?.watch,
    config: () => app()?.config,
    search: () => searchableOf(driverKinds, configFile),
    ...(binding && { binding }),
  };
}

/** The lane whose sheet stores the result, if named. Throws Problem `invalid` for an unknown one. */
function laneOf({ lane }: Readonly<Record<string, unknown>>, { app }: CommissioningParts): string | undefined {
  const lanes = app()?.config.lanes;
  // Before there is a configuration there is no lane to store it for.
  if (lane === undefined || lanes === undefined) return undefined;
  const found = lanes.find(({ id }) => id === lane);
  if (found === undefined) throw new Problem('invalid', { errors: [{ field: 'lane', message: learnText.noLane }] });
  return found.id;
}

async function choicesOf(parts: CommissioningParts): Promise<CommissioningChoices> {
  const running = parts.app();
  const config = running?.config;
  return {
    ports: await portRows(process.pid),
    profiles: await profileRows(parts),
    lanes: (config?.lanes ?? []).map(({ id, name, camera }) => ({ id, name, ...(camera && { camera }) })),
    lines: (config?.lines ?? []).map(({ id, port, listenOnly, devices }) => ({
      id,
      port,
      listenOnly,
      devices: devices.map((device) => device.id),
    })),
    free: config === undefined ? [] : freePoints(config),
    cameras: (config?.cameras ?? []).map(({ id }) => id),
    addresses: ownAddresses().flatMap(({ address }) => (address.includes(':') ? [] : address)),
    doubtful: (config?.cameras ?? []).flatMap((camera) => doubtfulAddress(camera) ?? []),
    unconfirmed: running === undefined ? [] : await unconfirmedPeers(running, running.clock),
    roles: ROLES,
    tells: config?.intake.tells ?? [],
    ...(config && { cloudMode: config.cloud.mode, cloudUrl: config.cloud.url }),
    platforms: (config?.destinations ?? []).flatMap((each) =>
      each.kind === 'platform' ? { name: each.name, mode: each.mode, url: each.url } : [],
    ),
    ...(running && intakeOf(running)),
  };
}

function freePoints(config: Config): readonly string[] {
  return config.lines.flatMap(({ devices }) =>
    devices.flatMap(({ id, points }) => {
      const used = usedPoints(config, id);
      return points.filter((point) => !used.has(point)).map((point) => `${id}.${point}`);
    }),
  );
}

function intakeOf({ config, intakePorts: { urls, certificate } }: App): Pick<CommissioningChoices, 'intake'> {
  if (urls.length === 0) return {};
  const tokens = config.intake.http.tokens.map(({ name }) => name);
  return { intake: { urls, tokens, ...(certificate && { certificate }) } };
}

/** Profiles of polled devices on wires, each once. */
async function profileRows({ driverKinds, configFile }: CommissioningParts): Promise<readonly ProfileRow[]> {
  const rows: ProfileRow[] = [];
  for (const { kind, profiles, wireUse } of driverKinds)
    for (const source of profiles && wireUse ? [profiles, siteProfiles(configFile, profiles)] : [])
      for (const name of profileNames(source)) {
        // Reading one takes a millisecond: polls go first.
        await setImmediate();
        const { maker, model } = (readProfile(source, name).profile ?? {}) as { maker?: string; model?: string };
        if (maker !== undefined && model !== undefined) rows.push({ name, kind, maker, model });
      }
  return rows;
}

function unprovenOf(points: AcceptanceSheet['points'], { gauges }: App): AcceptanceSheet['unproven'] {
  const used = new Set(points.map(({ device }) => device));
  return [...gauges.values()]
    .flatMap((gauge) => gauge.current().devices)
    .filter(({ deviceId, unproven }) => used.has(deviceId) && unproven.length > 0)
    .map(({ deviceId, unproven }) => ({ device: deviceId, what: unproven.map((each) => unprovenText[each]) }));
}

async function sheetOf(lane: LaneConfig, app: App, version: string, sheets: Sheets): Promise<AcceptanceSheet> {
  const { config } = app;
  const { learned = {}, notes = {}, scan, snapshot, told, rehearsal, acceptedWallMs } = await sheets.of(lane.id);
  const points = Object.entries(lane.points).map(([role, { device, point, activeLow }]) => {
    const test = learned[role];
    const isSame = test?.device === device && test.point === point && test.activeLow === activeLow;
    if (!isSame) return { role, device, point, activeLow };
    const { atWallMs: wallMs, confirmed } = test;
    const found = confirmed === undefined ? { testedWallMs: wallMs } : { confirmed: { wallMs, ...confirmed } };
    return { role, device, point, activeLow, ...found };
  });
  const mode = app.bridges.get(lane.id)?.state.lane.kept.maintenance;
  const evidenceKey = (await app.store.chain.lastSigned().catch(() => undefined))?.key;
  return {
    ...{ lane: lane.id, laneName: lane.name, direction: lane.direction },
    ...{ parkUuid: config.park.uuid, cloudMode: config.cloud.mode, version, points },
    learned: Object.entries(learned).map(([role, { confirmed: _, ...found }]) => ({ role, ...found })),
    unproven: unprovenOf(points, app),
    ...abilitiesOf(config, lane),
    notes,
    ...(mode && { maintenance: true as const }),
    reporting: app.reporting.view(lane.id),
    ...given({ evidenceKey, acceptedWallMs, scan, snapshot, told, rehearsal }),
  };
}
