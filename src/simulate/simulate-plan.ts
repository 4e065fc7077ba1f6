/** What a simulated park is to have: wires, boards and what is wired to them, cameras, lanes. Made for a number of lanes, or after a configuration. */

import { UsageError } from '../cli/arguments.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Role } from '../lane/types.ts';
import { USUAL_TERMINALS } from '../sim/devices/board.ts';
import { MAKES, type Make } from '../sim/devices/camera-push.ts';
import { simulateText } from '../text/commands/simulate.made.ts';
import { type ParkFile, SIGNED } from './park-file.ts';
import { scenarioSettings } from './scenario/scenario-park.ts';

export const WIRES = ['pty', 'tcp', 'modbus-tcp', 'gpio'] as const;
export type WireKind = (typeof WIRES)[number];

export interface Terminal {
  readonly laneId: string;
  readonly role: Role;
  readonly activeLow: boolean;
}

export interface BoardPlan {
  readonly id: string;
  readonly unit: number;
  readonly profile: string;
  /** DI1 first. */
  readonly terminals: readonly (Terminal | undefined)[];
}

export interface LinePlan {
  readonly id: string;
  /** A path: a real serial port. */
  readonly wire: Exclude<WireKind, 'gpio'> | `/${string}`;
  readonly baudRate: number;
  readonly boards: readonly BoardPlan[];
}

export interface GpioPlan {
  readonly id: string;
  /** Offset of the line → what is wired to it. */
  readonly terminals: ReadonlyMap<number, Terminal>;
}

export type LanePlan = ParkFile['lanes'][number];

export interface ParkPlan {
  readonly lines: readonly LinePlan[];
  readonly gpio: readonly GpioPlan[];
  readonly cameras: readonly { readonly id: string; readonly make: Make; readonly laneId: string }[];
  readonly lanes: readonly LanePlan[];
}

export interface PlanOptions {
  readonly lanes: number;
  /** Taken in turn. */
  readonly wires: readonly WireKind[];
  readonly makes: readonly Make[];
  readonly baudRate: number;
  /** A real serial port for the first lane. */
  readonly port?: string;
}

const FIRST_LANE = 1001;
/** The management system reports every payment: an opening by its relay without one is the booth's software. */
export const RELAY_IS_NO_GRANT = { autoCommandIsGrant: false };
const FIRST_GPIO = 4;

export const profileOf = (wire: LinePlan['wire']): string =>
  wire === 'tcp' || wire === 'modbus-tcp' ? 'waveshare-modbus-poe-eth-io-8ch' : 'waveshare-modbus-rtu-io-8ch';

export function planLanes(options: PlanOptions): ParkPlan {
  const { wires, makes, baudRate } = options;
  const ids = Array.from({ length: options.lanes }, (_, index) => `${FIRST_LANE + index}`);
  const wireOf = (index: number): WireKind | `/${string}` =>
    index === 0 && options.port !== undefined
      ? (options.port as `/${string}`)
      : (wires[index % wires.length] as WireKind);
  const plan = { lines: [] as LinePlan[], gpio: [] as GpioPlan[], cameras: [] as ParkPlan['cameras'][number][] };
  const lanes = ids.map((laneId, index): LanePlan => {
    const wire = wireOf(index);
    const terminals = USUAL_TERMINALS.map((role) => role && { laneId, role, activeLow: false });
    const camera = `cam${index + 1}`;
    plan.cameras.push({ id: camera, make: makes[index % makes.length] as Make, laneId });
    const lane = {
      id: laneId,
      name: `通道${String.fromCharCode(65 + (index % 26))}`,
      direction: 'exit',
      camera,
      settings: RELAY_IS_NO_GRANT,
      reporting: SIGNED,
    };
    if (wire === 'gpio') {
      const id = `pi${index + 1}`;
      // Offsets of the one chip: each lane has its own.
      const offsetOf = (at: number): number => FIRST_GPIO + index * USUAL_TERMINALS.length + at;
      plan.gpio.push({ id, terminals: new Map(terminals.flatMap((one, at) => (one ? [[offsetOf(at), one]] : []))) });
      return { ...lane, points: pointsOf((at) => `${id}.in${offsetOf(at)}`) };
    }
    const id = `io${index + 1}`;
    const board = { id, unit: 1, profile: profileOf(wire), terminals };
    plan.lines.push({ id: `line-${index + 1}`, wire, baudRate, boards: [board] });
    return { ...lane, points: pointsOf((at) => `${id}.di${at + 1}`) };
  });
  return { ...plan, lanes };
}

/** Loop C is there for whoever wants it, and not in the configuration: most lanes have none. */
export const pointsOf = (name: (at: number) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    USUAL_TERMINALS.flatMap((role, at) => (role === undefined || role === 'exit' ? [] : [[role, name(at)]])),
  );

/** The simulated counterpart of a configuration. Throws UsageError for a device that there is no simulation of. */
export function planOf(config: Config): ParkPlan {
  const wired = config.lanes.flatMap(({ id: laneId, points }) =>
    (Object.entries(points) as [Role, NonNullable<LaneConfig['points'][Role]>][]).map(([role, point]) => ({
      ...{ device: point.device, point: point.point, terminal: { laneId, role, activeLow: point.activeLow } },
    })),
  );
  const terminalAt = (device: string, point: string): Terminal | undefined =>
    wired.find((one) => one.device === device && one.point === point)?.terminal;
  const lines = config.lines.map(
    ({ id, port, baudRate, devices }): LinePlan => ({
      ...{ id, baudRate, wire: wireOf(port) },
      boards: devices.map((device) => ({
        ...{ id: device.id, unit: unitOf(device.config), profile: profileOf(wireOf(port)) },
        terminals: eightInputs(device).map((point) => terminalAt(device.id, point)),
      })),
    }),
  );
  const gpio = config.gpio.map(({ id, config: written }): GpioPlan => {
    const { lines: offsets = {} } = written as { readonly lines?: Readonly<Record<string, number>> };
    const terminals = Object.entries(offsets).flatMap(([point, offset]) => {
      const terminal = terminalAt(id, point);
      return terminal === undefined ? [] : [[offset, terminal] as const];
    });
    return { id, terminals: new Map(terminals) };
  });
  const cameras = config.cameras.map(({ id, kind }) => ({
    ...{ id, make: MAKES.find((make) => kind.kind.startsWith(make)) ?? ('json' as const) },
    laneId: config.lanes.find(({ camera }) => camera === id)?.id ?? '',
  }));
  return { lines, gpio, cameras, lanes: config.lanes.map(laneOf) };
}

function laneOf({ id, name, direction, points, camera, settings }: LaneConfig): LanePlan {
  return {
    ...{ id, name, direction, settings: scenarioSettings(settings) },
    points: Object.fromEntries(
      Object.entries(points).map(([role, { device, point, activeLow, debounceMs }]) => [
        role,
        { point: `${device}.${point}`, activeLow, debounceMs },
      ]),
    ),
    ...(camera !== undefined && { camera }),
  };
}

const wireOf = (port: string): 'pty' | 'tcp' | 'modbus-tcp' =>
  port.startsWith('modbus-tcp:') ? 'modbus-tcp' : port.startsWith('tcp:') ? 'tcp' : 'pty';

const unitOf = (config: object): number => (config as { readonly unit?: number }).unit ?? 1;

const INPUTS = ['di1', 'di2', 'di3', 'di4', 'di5', 'di6', 'di7', 'di8'];

/** The eight inputs of the board that is simulated, which is the Waveshare one on any wire. */
function eightInputs({ id, kind, points }: Config['lines'][number]['devices'][number]): readonly string[] {
  const fits =
    kind.kind === 'modbus' && points.length === INPUTS.length && INPUTS.every((name) => points.includes(name));
  if (!fits) throw new UsageError('option', simulateText.notSimulated(id));
  return INPUTS;
}
