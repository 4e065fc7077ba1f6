/**
 * The diagnosis: a sequence of checks, each with a finding and a hint. It reads and requests; it changes nothing. Each check ends within
 * seconds, whatever is broken.
 */
import { statfs } from 'node:fs/promises';
import type { App } from '../app/app.ts';
import { addressNote } from '../config/camera-address.ts';
import { reach } from '../delivery/http/reachability.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import type { LineHealth } from '../line/health.ts';
import { type ProxyEnvironment, proxyOf, shownProxy } from '../outward/proxy.ts';
import type { DeviceLive } from '../page/api/api.ts';
import type { DiagnoseResult } from '../page/api/api-setup.ts';
import { type BoxNetwork, boxNetwork, ownAddresses } from '../system/box-network.ts';
import { measureCard } from '../system/disk-speed.ts';
import { faultText } from '../text/fault.ts';
import { refusedSenderText } from '../text/page/overview.ts';
import { STALLED_TEXT } from '../text/store.ts';
import type { Text } from '../text/text.ts';
import { diagnoseText as text } from './diagnose-text.ts';
import { jpegSize } from './jpeg-size.ts';

export type Check = DiagnoseResult['checks'][number];

/** Progress and cancellation of a check. */
export interface DiagnoseProgress {
  readonly signal: AbortSignal;
  progress(now: Text, part: number): void;
  soFar(result: DiagnoseResult): void;
}

type RunningApp = Pick<
  App,
  'config' | 'clock' | 'watch' | 'store' | 'cameras' | 'gauges' | 'intakePorts' | 'intake'
> & {
  /** As the status page shows them. */
  readonly devices: () => Promise<readonly DeviceLive[]>;
};

const DAY_MS = 86_400_000;
const CERTIFICATE_WARN_MS = 21 * DAY_MS;
/** The platform's Date has whole seconds, and the answer takes time. */
const CLOCK_OFF_WARN_MS = 3_000;
const WIRE_FULL = 0.9;
/** More faults than one turn in a hundred. */
const FAULT_SHARE = 0.01;
const CAMERA_SLOW_MS = 1_500;
const CAMERA_WAIT_MS = 12_000;
const DISK_ROOM_BYTES = 500_000_000;

/** Returns the checks so far when cancelled. `proxies`: of the environment, for a configuration without any. */
export async function diagnose(
  app: RunningApp,
  proxies: ProxyEnvironment | undefined,
  job: DiagnoseProgress,
): Promise<DiagnoseResult> {
  const { config } = app;
  const steps: readonly (readonly [Text, () => Promise<readonly Check[]>])[] = [
    [text.network, async () => [networkCheck(await boxNetwork(), proxyOf(config.cloud, proxies)?.address)]],
    [text.platform, () => platformChecks(app, proxies)],
    ...config.lines.map(({ id }) => [text.line(id), async () => lineChecks(app.gauges.get(id)?.current())] as const),
    ...config.gpio.map(({ id }) => [text.device(id), async () => [gpioCheck(id, app)]] as const),
    ...config.cameras.map(({ id }) => [text.camera(id), async () => [await cameraCheck(id, app)]] as const),
    [text.disk, async () => [await diskCheck(app)]],
    [text.intake, async () => intakeChecks(app)],
  ];
  const checks: Check[] = [];
  for (const [at, [name, run]] of steps.entries()) {
    if (job.signal.aborted) break;
    job.progress(text.doing(name), at / steps.length);
    checks.push(...(await run()));
    job.soFar({ checks: [...checks] });
  }
  return { checks };
}

/** `proxy`: on the way to the platform, with its login. */
export function networkCheck(network: BoxNetwork, proxy: string | undefined): Check {
  const { addresses, gateways, nameServers } = network;
  const lacks =
    addresses.length === 0
      ? 'address'
      : gateways.length === 0
        ? 'gateway'
        : nameServers.length === 0
          ? 'nameServer'
          : undefined;
  return {
    name: text.network,
    level: lacks === undefined ? 'ok' : lacks === 'address' ? 'error' : 'warn',
    found: text.networkFound(network, proxy === undefined ? undefined : shownProxy(proxy)),
    ...(lacks && { todo: text.networkLacks[lacks] }),
  };
}

async function platformChecks(
  { config, store, clock }: RunningApp,
  proxies: ProxyEnvironment | undefined,
): Promise<readonly Check[]> {
  const { url, ca } = config.cloud;
  const proxy = proxyOf(config.cloud, proxies);
  const found = await reach({ url, ...(ca && { ca }), ...(proxy && { proxy }) }, clock);
  const { certificate, answer } = found;
  // Only over a trusted certificate does the platform's clock count.
  const offMs =
    answer?.dateWallMs === undefined || certificate === undefined ? undefined : answer.atWallMs - answer.dateWallMs;
  const { quality } = store.time;
  const isGood = (quality === 'synced' || quality === 'corrected') && Math.abs(offMs ?? 0) < CLOCK_OFF_WARN_MS;
  return [
    ...(found.addresses.some((address) => address !== found.host)
      ? [{ name: text.dns, level: 'ok', found: text.dnsFound(found.host, found.addresses) } as const]
      : []),
    ...certificateChecks(found, clock.wallMs()),
    ...answerChecks(found, url.startsWith('http:')),
    {
      name: text.clock,
      level: isGood ? 'ok' : 'warn',
      found: text.clockFound(quality, offMs === undefined ? undefined : (offMs / 1_000).toFixed(1)),
      ...(!isGood && { todo: text.clockTodo }),
    },
  ];
}

function certificateChecks(
  { certificate, failed }: Awaited<ReturnType<typeof reach>>,
  wallMs: number,
): readonly Check[] {
  if (certificate === undefined) return [];
  const trusted = failed?.step !== 'tls';
  const { untilWallMs } = certificate;
  const [until, leftMs] = [new Date(untilWallMs).toISOString().slice(0, 10), untilWallMs - wallMs];
  const ends = leftMs < CERTIFICATE_WARN_MS;
  return [
    {
      name: text.certificate,
      level: trusted ? (ends ? 'warn' : 'ok') : 'error',
      found: text.certificateFound({ ...certificate, until }),
      ...(trusted && ends && { todo: text.certificateEnds(Math.max(0, Math.floor(leftMs / DAY_MS))) }),
    },
  ];
}

/** `plain`: without TLS. */
function answerChecks({ failed, answer }: Awaited<ReturnType<typeof reach>>, plain: boolean): readonly Check[] {
  const refused = failed && text.failed(failed.step, failed.code);
  if (refused !== undefined)
    return [{ name: failed?.step === 'dns' ? text.dns : text.platform, level: 'error', ...refused }];
  if (answer === undefined) return [];
  return [
    {
      name: text.platform,
      level: plain ? 'warn' : 'ok',
      found: text.platformFound(answer.status, answer.tookMs),
      ...(plain && { todo: text.plainHttp }),
    },
  ];
}

function lineChecks(health: LineHealth | undefined): readonly Check[] {
  if (health === undefined) return [];
  const full = health.wireShare > WIRE_FULL;
  const line: Check = {
    name: text.line(health.lineId),
    level: health.open ? (full ? 'warn' : 'ok') : 'error',
    found: text.lineFound(health),
    ...(health.open ? full && { todo: text.lineFull } : { todo: text.lineClosed }),
  };
  return [line, ...health.devices.map(deviceCheck)];
}

function deviceCheck(health: LineHealth['devices'][number]): Check {
  const { deviceId, state, turns, faults, roundMs, turnaroundMs, unproven } = health;
  const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
  const shaky = count > Math.max(2, turns * FAULT_SHARE);
  return {
    name: text.device(deviceId),
    level: state === 'unknown' ? 'error' : shaky || unproven.length > 0 ? 'warn' : 'ok',
    found: text.deviceFound(state === 'reading', count, roundMs, turnaroundMs ?? 0),
    ...(state === 'unknown' && { todo: text.deviceTodo }),
    ...(state !== 'unknown' && shaky && { todo: text.deviceFaults }),
    ...(state !== 'unknown' && !shaky && unproven.length > 0 && { todo: text.unproven(unproven) }),
  };
}

function gpioCheck(id: string, { watch }: RunningApp): Check {
  const reads = [...watch.now().values()].some(({ deviceId }) => deviceId === id);
  return { name: text.device(id), level: reads ? 'ok' : 'error', found: text.deviceFound(reads, 0, undefined, 0) };
}

async function cameraCheck(id: string, { config, cameras, clock, devices }: RunningApp): Promise<Check> {
  const name = text.camera(id);
  const beganMs = clock.nowMs();
  const over = new AbortController();
  const late = clock.sleep(CAMERA_WAIT_MS, over.signal).then(() => {
    throw new LinkError('timeout', `no picture in ${CAMERA_WAIT_MS} ms`);
  });
  late.catch(() => {});
  try {
    const taking = cameras.get(id)?.ring.take() ?? Promise.reject(new LinkError('closed', 'not running'));
    const { bytes } = await Promise.race([taking, late]);
    const tookMs = clock.nowMs() - beganMs;
    // Its event stream or its contacts may be down all the same.
    const { state, lastFault } = (await devices()).find((device) => device.id === `camera/${id}`) ?? {};
    if (state === 'down' && lastFault !== undefined) return { name, level: 'error', found: lastFault };
    const size = jpegSize(bytes);
    const slow = tookMs > CAMERA_SLOW_MS;
    const found = text.cameraFound(size && `${size.width}×${size.height}`, bytes.length / 1_000, tookMs);
    const camera = config.cameras.find((each) => each.id === id);
    const note = camera && addressNote(camera);
    const todo = note ?? (slow ? text.cameraSlow : undefined);
    return { name, level: todo === undefined ? 'ok' : 'warn', found, ...(todo && { todo }) };
  } catch (error) {
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    return { name, level: 'error', found: faultText(id, error, 1, 'camera') };
  } finally {
    over.abort();
  }
}

async function diskCheck({ config, store, clock }: RunningApp): Promise<Check> {
  const name = text.disk;
  const { stalled } = store.status();
  if (stalled !== undefined)
    return { name, level: 'error', found: text.diskStalled(STALLED_TEXT[stalled]), todo: text.diskTodo };
  try {
    const { bavail, bsize } = await statfs(config.store.path);
    const freeBytes = bavail * bsize;
    const { medianMs, longestMs, level } = await measureCard(config.store.path, clock);
    const slow = level !== 'good';
    const full = freeBytes < DISK_ROOM_BYTES;
    const found = text.diskFound((freeBytes / 1e9).toFixed(1), medianMs.toFixed(1), longestMs);
    const todo = full ? text.diskFull : slow ? text.diskSlow : undefined;
    return {
      name,
      level: todo === undefined ? 'ok' : level === 'bad' ? 'error' : 'warn',
      found,
      ...(todo && { todo }),
    };
  } catch (error) {
    return { name, level: 'error', found: text.diskBroken((error as Error).message), todo: text.diskTodo };
  }
}

function intakeChecks({ config, intake, intakePorts: { urls, faults } }: RunningApp): readonly Check[] {
  const name = text.intake;
  const broken: readonly Check[] = [
    ...faults.map(
      ({ key, address, why }): Check => ({
        ...{ name, level: 'error', found: text.intakeDown(address, why), todo: text.intakePort(key) },
      }),
    ),
    ...intake.refused.rows.map(({ code, ...sender }): Check => {
      const { why, todo } = refusedSenderText(code);
      return { name, level: 'error', found: text.intakeRefused({ ...sender, why }), todo };
    }),
  ];
  const { mqtt } = config.intake;
  const relay = config.lanes.some(({ points, settings }) => points.auto !== undefined && settings.autoCommandIsGrant);
  const ways = [
    ...urls.map(entered),
    ...(mqtt ? [mqtt.address] : []),
    ...(relay ? [text.relay] : []),
    ...config.cameras.filter(({ kind }) => kind.kind !== 'camera-http').map(({ id }) => text.camera(id)),
  ];
  if (ways.length > 0) return [...broken, { name, level: 'ok', found: text.intakeFound(ways) }];
  return broken.length > 0 ? broken : [{ name, level: 'warn', found: text.intakeOff, todo: text.intakeTodo }];
}

/** The address as a sender enters it: "all addresses" is none. */
function entered(url: string): string {
  const own = ownAddresses()[0]?.address;
  return own === undefined ? url : url.replace(/\/\/(0\.0\.0\.0|\[::\])/, `//${own.includes(':') ? `[${own}]` : own}`);
}
