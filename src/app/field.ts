/**
 * The field of a configuration: every wire, every pin and every camera's event stream, each supervised, with readings routed to the
 * lanes. A part of the composition root: it knows how they are joined and nothing of a lane's decisions.
 */

import type { Config, DeviceConfig, LineConfig } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import { outputPeers } from '../config/written-peers.ts';
import { type Driver, type DriverGrant, LinkError } from '../driver.ts';
import { createLineGauge, type DeviceGauge, type LineGauge } from '../line/health.ts';
import { superviseUnwired, type UnwiredListener } from '../line/local-device.ts';
import { openPort } from '../line/port.ts';
import { type Port, transportOf } from '../line/port-contract.ts';
import { type LineDevice, type LineListener, type LineSubject, superviseLine } from '../line/supervise.ts';
import { createWireClaims, type WireClaims } from '../line/wire-claims.ts';
import { tapped } from '../line/wire-monitor.ts';
import type { AlarmCauses } from './alarm-causes.ts';
import type { Bridge } from './bridge.ts';
import type { ConfirmedPeers } from './confirmed-peers.ts';
import { grantFromDevice } from './device-grant.ts';
import type { AppOptions } from './events.ts';
import type { FieldWatch } from './field-monitor.ts';
import type { IntakeState } from './incoming.ts';
import { pollEveryMs } from './lane-signals.ts';
import type { LaneCamera } from './pictures/cameras.ts';
import { PointRoutes } from './point-routes.ts';
import type { OutputWatch } from './watch/output-watch.ts';
import { wireReport } from './wire-report.ts';

export interface FieldParts {
  readonly config: Config;
  readonly options: AppOptions;
  readonly cameras: ReadonlyMap<string, LaneCamera>;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly signal: AbortSignal;
  readonly watch: FieldWatch;
  /** By line. */
  readonly gauges: ReadonlyMap<string, LineGauge>;
  readonly alarms: AlarmCauses;
  readonly peers: Pick<ConfirmedPeers, 'isStopped'>;
  readonly outputs: Pick<OutputWatch, 'sends'>;
  readonly intake: Pick<IntakeState, 'channels'>;
}

interface Field extends FieldParts {
  /** Where readings go. */
  readonly readings: Pick<LineListener, 'reading' | 'lost'>;
}

/** Runs until `signal` aborts: a promise for each line, each device without a wire, each camera with an event stream. */
export function superviseField(given: FieldParts): readonly Promise<void>[] {
  const parts: Field = { ...given, readings: readingsTo(given) };
  const { config, options, cameras, signal, watch } = parts;
  const claims = createWireClaims(options.binding && (async (path) => path));
  for (const { message } of config.off) options.log.error(message);
  for (const line of config.lines) {
    setConnected(line, { lineId: line.id }, true, parts);
    const { overloaded } = wireReport(config, line);
    if (overloaded !== undefined) options.log.warn(overloaded);
  }
  return [
    ...config.lines.map((line) =>
      watch.lease(line.port).run(
        (until) => superviseLine(lineOptions(line, parts, claims), until),
        signal,
        () => parts.gauges.get(line.id)?.closed(),
      ),
    ),
    ...superviseAll(
      'gpio',
      config.gpio.map((device) => lineDevice(device, parts)),
      parts,
    ),
    ...[...cameras].flatMap(([id, camera]) => camera.listen(cameraListener(id, camera, options.on), signal)),
    ...superviseAll(
      'camera',
      [...cameras].flatMap(([id, { inputs }]) => (inputs === undefined ? [] : [{ id, create: () => inputs }])),
      parts,
    ),
  ];
}

const REPORT_EVERY_MS = 60_000;

/** Devices without a wire, with a health report once a minute. */
function superviseAll(
  place: 'gpio' | 'camera',
  devices: readonly LineDevice[],
  parts: Field,
): readonly Promise<void>[] {
  const { signal, options } = parts;
  const { clock, on } = options;
  if (devices.length === 0) return [];
  const gauge = createLineGauge(clock, place, false);
  async function report(): Promise<void> {
    for (;;) {
      await clock.sleep(REPORT_EVERY_MS, signal);
      if (signal.aborted) return;
      on({ kind: 'health', health: gauge.report() });
    }
  }
  return [
    report(),
    ...devices.map((device) =>
      superviseUnwired(device, clock, unwiredListener(place, device.id, gauge.device(device.id), parts), signal),
    ),
  ];
}

const lineDevice = (device: DeviceConfig, parts: FieldParts, wire = 0): LineDevice => {
  const { id, kind, config, off } = device;
  const everyMs = pollEveryMs(device, parts.config);
  return {
    id,
    ...(everyMs !== undefined && { everyMs }),
    undoesAtStop: kind.output === true,
    create: (ports) =>
      off
        ? barred(id)
        : kind.create(config, {
            ...ports,
            wanted: usedPoints(parts.config, id),
            wire,
            ...(kind.output && { alarms: parts.alarms.listen, maySwitch: () => maySwitch(id, parts) }),
            grant: (grant) => {
              if (!deviceGrant(id, grant, parts)) ports.notice?.({ kind: 'unusableGrant' });
            },
          }),
  };
};

/** Once an output has moved an arm, no more until a person confirms it. */
function maySwitch(id: string, { config, peers, outputs }: FieldParts): boolean {
  const peer = outputPeers(config).find(({ name }) => name === id);
  if (peer === undefined || peers.isStopped(peer)) return false;
  outputs.sends(peer);
  return true;
}

/** Stands in for an alarm output that is not allowed on its port: it reports the reason and has no wire. */
const barred = (id: string): Driver => ({
  points: [],
  run: () => Promise.reject(new LinkError('sharedWire', `${id} has no serial port of its own`)),
});

/** Routes a payment reported by a device to its lane, or by its plate to all lanes. False: no lane could use it. */
function deviceGrant(deviceId: string, payment: DriverGrant, { bridges, intake }: FieldParts): boolean {
  intake.channels.received(deviceId);
  let reached = false;
  for (const [laneId, bridge] of bridges) {
    const grant = grantFromDevice(deviceId, payment, bridge.laneMs(payment.atMs));
    if (grant === undefined || (payment.laneId ?? laneId) !== laneId) continue;
    bridge.feed({ kind: 'grant', grant, atMs: bridge.nowMs() });
    reached = true;
  }
  return reached;
}

function readingsTo({ config, bridges, signal, watch, intake }: FieldParts): Field['readings'] {
  const routes = new PointRoutes(config.lanes, bridges);
  return {
    reading: (deviceId, reading) => {
      routes.reading(deviceId, reading);
      watch.reading(deviceId, reading);
      intake.channels.connected(deviceId, true);
    },
    lost: (deviceId) => {
      // At shutdown no device is lost: the next start reports the observation gap.
      if (!signal.aborted) {
        routes.lost(deviceId);
        intake.channels.connected(deviceId, false);
      }
      watch.lost(deviceId);
    },
  };
}

function lineOptions(line: LineConfig, parts: Field, claims: WireClaims): Parameters<typeof superviseLine>[0] {
  const { clock, binding, on } = parts.options;
  const gauge = parts.gauges.get(line.id);
  return {
    ...(gauge && { gauge }),
    lineId: line.id,
    transport: transportOf(line.port),
    listenOnly: line.listenOnly,
    devices: line.devices.map((device) => lineDevice(device, parts, parts.config.lines.indexOf(line))),
    clock,
    open: async (opening) => {
      const port = await claimed(line, parts.config, claims, () =>
        openPort(line, { clock, signal: opening, ...(binding && { binding }) }),
      );
      return tapped(port, () => parts.watch.wireListener(line.id));
    },
    on: {
      ...parts.readings,
      fault: (subject, error, count) => {
        setConnected(line, subject, false, parts);
        on({ kind: 'fault', subject, error, count });
      },
      recovered: (subject, count, forMs) => {
        setConnected(line, subject, true, parts);
        on({ kind: 'recovered', subject, count, forMs });
      },
      notice: (subject, notice) => on({ kind: 'notice', subject, notice }),
      late: (deviceId) => on({ kind: 'latePoll', subject: { lineId: line.id, deviceId } }),
      health: (health) => on({ kind: 'health', health }),
    },
  };
}

const isOutput = ({ devices }: LineConfig): boolean => devices.every(({ kind }) => kind.output);
const isSerial = ({ port }: LineConfig): boolean => transportOf(port) === 'serial';

/** Opens the port of a line for its purpose: a line of alarm outputs never gets a wire that is read. */
function claimed(line: LineConfig, config: Config, claims: WireClaims, open: () => Promise<Port>): Promise<Port> {
  if (!isOutput(line)) return isSerial(line) ? claims.openToRead(line.port, open) : open();
  if (!isSerial(line)) return Promise.reject(new LinkError('sharedWire', `${line.port} is no serial port`));
  const read = config.lines.filter((other) => !isOutput(other) && isSerial(other));
  return claims.openForOutput(
    line.port,
    read.map(({ id, port }) => ({ lineId: id, path: port })),
    open,
  );
}

/** A device that only transmits payments counts as connected while its wire is open. */
function setConnected({ devices }: LineConfig, { deviceId }: LineSubject, up: boolean, { intake }: FieldParts): void {
  for (const { id } of devices) if ((deviceId ?? id) === id) intake.channels.connected(id, up);
}

/** A device without a wire is reported under `gpio` or `camera` in place of a line. */
function unwiredListener(
  lineId: 'gpio' | 'camera',
  deviceId: string,
  figures: DeviceGauge,
  parts: Field,
): UnwiredListener {
  const { on } = parts.options;
  const { reading, lost } = parts.readings;
  const subject = { lineId, deviceId };
  return {
    reading: (each) => {
      figures.reading(each);
      reading(deviceId, each);
    },
    lost: () => {
      figures.lost();
      lost(deviceId);
    },
    failed: figures.fault,
    fault: (error, count) => on({ kind: 'fault', subject, error, count }),
    recovered: (count, forMs) => on({ kind: 'recovered', subject, count, forMs }),
    notice: (notice) => on({ kind: 'notice', subject, notice }),
  };
}

function cameraListener(
  deviceId: string,
  { reached }: LaneCamera,
  on: AppOptions['on'],
): Parameters<LaneCamera['listen']>[0] {
  const subject = { lineId: 'camera', deviceId };
  return {
    fault: (error, count) => {
      reached(false);
      on({ kind: 'fault', subject, error, count });
    },
    recovered: (count, forMs) => {
      reached(true);
      on({ kind: 'recovered', subject, count, forMs });
    },
  };
}
