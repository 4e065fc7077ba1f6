/**
 * A simulated park at real addresses: boards on ptys, TCP and serial ports, cameras that push, stand-ins for the GPIO tools, a management
 * system, a platform, and the configuration that connects the program to them. It must not know how the program decides.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { PlateRead } from '../lane/types.ts';
import { startArmStandIn } from '../sim/devices/arm-stand-in.ts';
import { type SimulatedCamera, startCamera } from '../sim/devices/camera.ts';
import { pushRead } from '../sim/devices/camera-push.ts';
import { createFarEnd, type FarEnd, serveOnStream } from '../sim/devices/far-end.ts';
import { CHIP_LABEL, createGpioTools, type GpioTools } from '../sim/devices/gpio-tools.ts';
import { createWaveshareBoard, type WaveshareBoard } from '../sim/devices/modbus-slave.ts';
import { createModbusTcp } from '../sim/devices/modbus-tcp.ts';
import { serveTcp } from '../sim/devices/serve-tcp.ts';
import { openPty } from '../sim/devices/socat.ts';
import { openVzenithPort } from '../sim/devices/vzenith-port.ts';
import { createFaults, type FaultInjector, type FaultParts } from '../sim/faults.ts';
import { createManagementSystem, freePort } from '../sim/management-system.ts';
import { createPainterThread } from '../sim/pictures/painter.ts';
import { type Platform, type PlatformRecord, startPlatform } from '../sim/platform/platform.ts';
import { createLaneWorld, type LaneWorld, type StreetVisit } from '../sim/world.ts';
import { type ParkFile, type Written, writePark } from './park-file.ts';
import type { GpioPlan, LinePlan, ParkPlan, Terminal } from './simulate-plan.ts';

export const SIMULATED_SECRETS = {
  'cloud.appSecret': 'simulated-secret-of-the-platform',
  'intake.pms': 'simulated-token-of-the-management-system',
  'cameras.password': 'simulated-camera-password',
};
const CAMERA_USER = 'snapshot';
const BITS_PER_CHARACTER = 10;
/** Connections whose manners are changed with the rest; older ones have long gone. */
const CONNECTIONS_KEPT = 16;
/** How often contacts on GPIO are looked at. */
const GPIO_STEP_MS = 5;

export interface SimulatedPark {
  readonly worlds: ReadonlyMap<string, LaneWorld>;
  readonly platform: Platform;
  readonly faults: FaultInjector;
  /** What was wired where: id and address. */
  readonly places: readonly { readonly id: string; readonly what: 'line' | 'gpio' | 'camera'; readonly at: string }[];
  readonly configFile: string;
  /** To be put first on PATH of who runs the program; undefined without GPIO. */
  readonly toolsFolder: string | undefined;
  readonly intakePort: number;
  /** Where a management system lifts the arm. */
  readonly armUrl: string;
  /** Requests that would have changed something at a board. There must be none, ever. */
  commandsSeen(): number;
  /** Keeps the worlds going until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface SimulatedParkOptions {
  readonly clock: Clock;
  readonly folder: string;
  readonly seed: number;
  /** Opens a real serial port. Rejects with the system's error. */
  readonly openSerial: (path: string, baudRate: number) => Promise<Duplex>;
  readonly onStory: (laneId: string, visit: StreetVisit) => void;
  readonly onRecord: (record: PlatformRecord) => void;
  readonly platformPort: number;
  /** Of the stand-in for the barrier controller. */
  readonly armPort: number;
  readonly broker?: ParkFile['broker'];
}

interface Placed {
  readonly port: string;
  readonly wire: FaultParts['wires'][number];
  close(): void | Promise<void>;
}

export type ParkCode =
  | 'noPty' // socat did not make a pty
  | 'noSerial' // the real serial port cannot be opened
  | 'noArmPort'; // that of the barrier controller is taken

export class ParkError extends Error {
  override readonly name = 'ParkError';
  readonly code: ParkCode;
  constructor(code: ParkCode, message: string) {
    super(message);
    this.code = code;
  }
}

export async function startSimulatedPark(plan: ParkPlan, options: SimulatedParkOptions): Promise<SimulatedPark> {
  const { clock, folder } = options;
  mkdirSync(folder, { recursive: true });
  const intakePort = await freePort();
  const url = `http://127.0.0.1:${intakePort}`;
  const system = createManagementSystem({ clock, url, token: SIMULATED_SECRETS['intake.pms'] });
  const cameras = new Map<string, SimulatedCamera>();
  const worlds = createWorlds(plan, options, { system, url, cameras });
  const levelOf = ({ laneId, role, activeLow }: Terminal): boolean => worlds.get(laneId)?.levels()[role] !== activeLow;
  const boards: WaveshareBoard[] = [];
  const boardsOf = (line: LinePlan): readonly WaveshareBoard[] =>
    line.boards.map(({ unit, terminals }) => {
      const board = createWaveshareBoard({
        unit,
        inputs: () => terminals.map((one) => one !== undefined && levelOf(one)),
      });
      boards.push(board);
      return board;
    });
  const placed = new Map<LinePlan, Placed>();
  for (const line of plan.lines) placed.set(line, await place(line, boardsOf(line), options));
  const painter = createPainterThread();
  const vzenith = await startCameras(plan, clock, { painter, worlds, cameras });
  const arm = await startArmStandIn(worlds, options.armPort).catch((error: Error) => {
    throw new ParkError('noArmPort', error.message);
  });
  const platform = await startPlatform({
    ...{ clock, secret: SIMULATED_SECRETS['cloud.appSecret'], port: options.platformPort, onRecord: options.onRecord },
  });
  const tools = plan.gpio.length === 0 ? undefined : createGpioTools(join(folder, 'gpio-tools'), clock);
  const faults = createFaults({
    ...{ wires: [...placed.values()].map(({ wire }) => wire), boards, worlds: [...worlds.values()], platform },
    cameras: [...cameras.values()],
  });
  const portOf = (line: LinePlan): string => placed.get(line)?.port ?? '';
  const configFile = writePark(folder, {
    // A machine to train on need not have a synchronised clock.
    cloud: { url: platform.url, clockHold: 0 },
    lines: plan.lines.map((line) => ({
      ...{ id: line.id, port: portOf(line), baudRate: line.baudRate },
      devices: line.boards.map(({ id, profile, unit }) => ({ id, kind: 'modbus', profile, unit, pollMs: 25 })),
    })),
    gpio: plan.gpio.map(({ id, terminals }) => ({
      ...{ id, kind: 'gpio', chip: CHIP_LABEL, via: 'gpiomon' },
      lines: Object.fromEntries([...terminals.keys()].map((offset) => [`in${offset}`, offset])),
    })),
    cameras: plan.cameras.map(({ id, make }) =>
      cameraKeys(id, make, cameras.get(id)?.url ?? '', vzenith.get(id)?.port),
    ),
    lanes: plan.lanes,
    intake: `127.0.0.1:${intakePort}`,
    ...(options.broker && { broker: options.broker }),
    state: join(folder, 'state'),
    secrets: SIMULATED_SECRETS,
  });
  return {
    ...{ worlds, platform, faults, configFile, toolsFolder: tools?.folder, intakePort, armUrl: arm.url },
    places: [
      ...plan.lines.map((line) => ({ id: line.id, what: 'line' as const, at: portOf(line) })),
      ...plan.gpio.map(({ id }) => ({ id, what: 'gpio' as const, at: CHIP_LABEL })),
      ...plan.cameras.map(({ id }) => ({ id, what: 'camera' as const, at: cameras.get(id)?.url ?? '' })),
    ],
    commandsSeen: () =>
      [...boards, ...vzenith.values()].reduce((sum, { commandsSeen }) => sum + commandsSeen.length, 0),
    run: async (signal) => {
      await Promise.all([
        ...[...worlds.values()].map((world) => world.run(signal)),
        followGpio(plan.gpio, tools, levelOf, clock, signal),
      ]);
    },
    close: async () => {
      system.close();
      tools?.close();
      for (const one of [...placed.values(), ...vzenith.values(), ...cameras.values(), platform, arm, painter])
        await one.close();
    },
  };
}

/** Each lane with a world of its own, which pushes its plates to the lane's camera's address and its payments to the management system. */
function createWorlds(
  plan: ParkPlan,
  { clock, seed, onStory }: SimulatedParkOptions,
  {
    system,
    url,
    cameras,
  }: {
    readonly system: ReturnType<typeof createManagementSystem>;
    readonly url: string;
    readonly cameras: ReadonlyMap<string, SimulatedCamera>;
  },
): Map<string, LaneWorld> {
  const worlds = new Map<string, LaneWorld>();
  for (const [index, { id: laneId }] of plan.lanes.entries()) {
    const camera = plan.cameras.find((one) => one.laneId === laneId);
    const onPlate = async (plate: PlateRead): Promise<void> => {
      if (camera === undefined) return;
      const picture = await cameras.get(camera.id)?.picture();
      if (picture === undefined) return;
      await pushRead(camera.make, `${url}/api/v1/cameras/${camera.id}`, { plate, wallMs: clock.wallMs(), picture });
    };
    const world = createLaneWorld({
      ...{ clock, laneId, seed: seed + index },
      onPlate: (plate) => void onPlate(plate),
      onGrant: system.grant,
      onStory: (visit) => onStory(laneId, visit),
    });
    worlds.set(laneId, world);
  }
  return worlds;
}

/** Puts each camera of the plan into `cameras`; the ports of those that are asked at one of their own are the result. */
async function startCameras(
  plan: ParkPlan,
  clock: Clock,
  {
    painter,
    worlds,
    cameras,
  }: {
    readonly painter: ReturnType<typeof createPainterThread>;
    readonly worlds: ReadonlyMap<string, LaneWorld>;
    readonly cameras: Map<string, SimulatedCamera>;
  },
): Promise<Map<string, Awaited<ReturnType<typeof openVzenithPort>>>> {
  const vzenith = new Map<string, Awaited<ReturnType<typeof openVzenithPort>>>();
  const login = { user: CAMERA_USER, password: SIMULATED_SECRETS['cameras.password'] };
  for (const { id, laneId, make } of plan.cameras) {
    const empty = { wallMs: 0, laneId, armPosition: 0, vehicles: [] };
    const camera = await startCamera({ clock, scene: () => worlds.get(laneId)?.scene() ?? empty, login, painter });
    cameras.set(id, camera);
    if (make === 'vzenith') vzenith.set(id, await openVzenithPort(() => camera.picture()));
  }
  return vzenith;
}

/** Puts the boards of a line at an address, where their answers take the time the wire takes. */
async function place(
  line: LinePlan,
  boards: readonly WaveshareBoard[],
  options: SimulatedParkOptions,
): Promise<Placed> {
  const { clock, folder, seed } = options;
  const characterMs = (BITS_PER_CHARACTER * 1000) / line.baudRate;
  if (line.wire === 'modbus-tcp') return placeModbusTcp(boards, options);
  const farEnd = createFarEnd({ clock, seed });
  for (const board of boards) farEnd.attach(board);
  if (line.wire !== 'tcp' && line.wire !== 'pty') {
    const stream = await options.openSerial(line.wire, line.baudRate);
    const ended = new AbortController();
    // A real wire takes its own time.
    serveOnStream(stream, farEnd, ended.signal);
    const nothing = (): void => undefined;
    const wire = { behave: farEnd.behave, unplug: nothing, plug: nothing };
    return { port: line.wire, wire, close: () => void stream.destroy() };
  }
  const tcp = await serveTcp({ farEndFor: () => farEnd, characterMs });
  const wire = { behave: farEnd.behave, unplug: tcp.unplug, plug: tcp.plug };
  if (line.wire === 'tcp') return { port: `tcp://127.0.0.1:${tcp.port}`, wire, close: tcp.close };
  const pty = await openPty(join(folder, `tty-${line.id}`), tcp.port, clock);
  if (pty === undefined) {
    await tcp.close();
    throw new ParkError('noPty', `socat did not make ${join(folder, `tty-${line.id}`)}`);
  }
  const close = async (): Promise<void> => {
    pty.close();
    await tcp.close();
  };
  return { port: pty.path, wire: { behave: farEnd.behave, unplug: pty.unplug, plug: pty.plug }, close };
}

/** Behind Modbus TCP there is no wire that all share: each connection asks for itself. */
async function placeModbusTcp(
  boards: readonly WaveshareBoard[],
  { clock, seed }: SimulatedParkOptions,
): Promise<Placed> {
  const farEnds = new Set<FarEnd>();
  let manners: Parameters<FarEnd['behave']>[0] = {};
  const farEndFor = (): FarEnd => {
    const farEnd = createFarEnd({ clock, seed });
    for (const board of boards) farEnd.attach(createModbusTcp(board));
    farEnd.behave(manners);
    farEnds.add(farEnd);
    const [oldest] = farEnds;
    if (farEnds.size > CONNECTIONS_KEPT && oldest !== undefined) farEnds.delete(oldest);
    return farEnd;
  };
  const tcp = await serveTcp({ farEndFor, characterMs: 0 });
  const behave: FarEnd['behave'] = (next) => {
    manners = next;
    for (const farEnd of farEnds) farEnd.behave(next);
  };
  return {
    port: `modbus-tcp://127.0.0.1:${tcp.port}`,
    wire: { behave, unplug: tcp.unplug, plug: tcp.plug },
    close: tcp.close,
  };
}

function cameraKeys(
  id: string,
  make: ParkPlan['cameras'][number]['make'],
  url: string,
  port: number | undefined,
): Readonly<Record<string, Written>> {
  const login = { user: CAMERA_USER, password: { secret: 'cameras.password' } };
  if (make === 'vzenith') return { id, kind: 'vzenith', url, ...(port !== undefined && { port }) };
  if (make === 'huaxia' || make === 'gat1400')
    return { id, kind: make, preset: 'custom', url: `${url}/snapshot.jpg`, ...login };
  if (make !== 'json') return { id, kind: make, url, ...login };
  const fields = { plate: 'plate', color: 'color', confidence: 'score', time: 'time', id: 'id', picture: 'image' };
  return { id, kind: 'json-push', url: `${url}/snapshot.jpg`, ...login, fields, confidenceMax: 1 };
}

async function followGpio(
  gpio: readonly GpioPlan[],
  tools: GpioTools | undefined,
  levelOf: (terminal: Terminal) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (tools === undefined) return;
  while (!signal.aborted) {
    for (const { terminals } of gpio) for (const [offset, terminal] of terminals) tools.set(offset, levelOf(terminal));
    await clock.sleep(GPIO_STEP_MS, signal);
  }
}
