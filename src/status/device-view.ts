/** Lines, devices, pins and cameras for the page: each with its state and since when. */
import type { App } from '../app/app.ts';
import type { Clock } from '../clock.ts';
import { addressNote, doubtfulAddress } from '../config/camera-address.ts';
import type { CameraConfig } from '../config/types.ts';
import type { LineHealth } from '../line/health.ts';
import type { DeviceLive } from '../page/api/api.ts';
import { unprovenText } from '../text/fault.ts';
import type { CurrentFault, CurrentFaults } from './current-faults.ts';

export interface DevicesParts {
  readonly app: Pick<App, 'config' | 'gauges' | 'watch'>;
  readonly clock: Clock;
  readonly faults: CurrentFaults;
}

export function devicesLive(parts: DevicesParts): readonly DeviceLive[] {
  const { app } = parts;
  const { lines, gpio, cameras } = app.config;
  return [
    ...lines.flatMap(({ id, port }) => {
      const health = app.gauges.get(id)?.current();
      return health === undefined ? [] : lineLive(health, port, parts);
    }),
    ...gpio.map(({ id }) => ({ id: `gpio/${id}`, kind: 'gpio' as const, ...unwired(`gpio/${id}`, id, parts) })),
    ...cameras.map((camera) => cameraLive(camera, parts)),
  ];
}

function cameraLive(camera: CameraConfig, parts: DevicesParts): DeviceLive {
  const id = `camera/${camera.id}`;
  const live = { id, kind: 'camera', ...cameraState(id, camera.id, parts) } as const;
  const note = addressNote(camera);
  // Former or pushed pictures do not make its address a good one.
  return note !== undefined && doubtfulAddress(camera)?.why === 'unconfirmed'
    ? { id, kind: 'camera', state: 'down', faults: live.faults, lastFault: note }
    : live;
}

/** Its pictures count first: it may push plates and refuse the login of whoever asks for a picture. */
function cameraState(id: string, camera: string, parts: DevicesParts): Pick<DeviceLive, 'state' | 'faults'> {
  const pictures = parts.faults.ofPictures(camera);
  const other = unwired(id, camera, parts);
  const faults = (pictures?.faults ?? 0) + other.faults;
  if (pictures?.sinceMs !== undefined) return { ...stateOf(pictures, false, parts.clock), faults };
  if (other.state === 'unknown' && parts.faults.hasPictured(camera)) return { ...other, state: 'ok', faults };
  return { ...other, faults };
}

function lineLive(health: LineHealth, port: string, { clock, faults }: DevicesParts): readonly DeviceLive[] {
  const { lineId, open, devices, wireShare } = health;
  const wire = faults.of(lineId);
  return [
    {
      id: lineId,
      kind: 'line',
      port,
      ...(open && wire?.sinceMs !== undefined
        ? // It was opened again, and nothing has answered since.
          { state: 'unknown', lastFault: wire.last }
        : stateOf(wire, open, clock)),
      wireShare,
      faults: sum(health.faults),
    },
    ...devices.map((device): DeviceLive => {
      const id = `${lineId}/${device.deviceId}`;
      const { roundMs, turnaroundMs, unproven } = device;
      // While the wire is closed, so is everything on it.
      const trouble = open || wire?.sinceMs === undefined ? faults.of(id) : wire;
      return {
        id,
        kind: 'device',
        ...stateOf(trouble, device.state === 'reading', clock),
        ...(roundMs !== undefined && { roundMs }),
        ...(turnaroundMs !== undefined && { turnaroundMs }),
        ...(unproven.length > 0 && { unproven: unproven.map((code) => ({ code, text: unprovenText[code] })) }),
        wireShare: device.wireShare,
        faults: sum(device.faults),
      };
    }),
  ];
}

/** A device without a wire has no figures: it is healthy while it reports. */
function unwired(
  id: string,
  deviceId: string,
  { app, clock, faults }: DevicesParts,
): Pick<DeviceLive, 'state' | 'faults'> {
  const trouble = faults.of(id);
  const isRead = [...app.watch.now().values()].some((point) => point.deviceId === deviceId);
  const wasRight = trouble !== undefined && trouble.sinceMs === undefined;
  return { ...stateOf(trouble, isRead || wasRight, clock), faults: trouble?.faults ?? 0 };
}

function stateOf(
  trouble: CurrentFault | undefined,
  isWell: boolean,
  clock: Clock,
): Pick<DeviceLive, 'state' | 'downForMs' | 'lastFault'> {
  const last = trouble && { lastFault: trouble.last };
  if (trouble?.sinceMs !== undefined && !isWell)
    return { state: 'down', downForMs: Math.round(clock.nowMs() - trouble.sinceMs), ...last };
  return { state: isWell ? 'ok' : 'unknown', ...last };
}

const sum = (faults: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(faults).reduce<number>((all, one) => all + (one ?? 0), 0);
