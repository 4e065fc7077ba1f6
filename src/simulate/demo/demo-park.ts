/**
 * The surroundings of the demonstration: one simulated lane with its board, camera and platform, and the configuration files
 * that connect the real program to them. It must not know how the program decides.
 */
import { join } from 'node:path';
import type { BindingInterface } from '@serialport/bindings-interface';
import { UsageError } from '../../cli/arguments.ts';
import type { Clock } from '../../clock.ts';
import type { DemoControls } from '../../page/demo-controls.ts';
import { createSimulatedWire } from '../../sim/binding.ts';
import { bracketed, reachedAt, startArmStandIn } from '../../sim/devices/arm-stand-in.ts';
import { createLaneBoard } from '../../sim/devices/board.ts';
import { type SimulatedCamera, startCamera } from '../../sim/devices/camera.ts';
import { createFaults, type FaultInjector } from '../../sim/faults.ts';
import { createManagementSystem, freePort } from '../../sim/management-system.ts';
import { type Platform, startPlatform } from '../../sim/platform/platform.ts';
import { createLaneWorld, type LaneWorld } from '../../sim/world.ts';
import { simulateText } from '../../text/commands/simulate.made.ts';
import { writePark } from '../park-file.ts';
import { pointsOf, RELAY_IS_NO_GRANT } from '../simulate-plan.ts';
import { createDemoControls } from './demo-controls.ts';

const DEMO_LANE = '1001';
const PATH = '/dev/lanewarden-demo';
const BAUD_RATE = 38_400;
const SECRET = 'demonstration-secret';
/** Frames per second while a vehicle is there. Each is drawn by this process, which holds up the demonstration's clock for some 60 ms. */
const FRAMES = 1;
const FRAMES_IN_A_HURRY = 0.5;
export const DEMO_TOKEN = 'demonstration-token-of-the-management-system';

export interface DemoPark {
  readonly world: LaneWorld;
  readonly controls: DemoControls;
  readonly faults: FaultInjector;
  /** Where a management system pays, and lifts the arm. */
  readonly intakeUrl: string;
  readonly armUrl: string;
  /** A sign of life of the management system. Resolves when the box has it. */
  heard(): Promise<void>;
  readonly platform: Platform;
  readonly camera: SimulatedCamera;
  readonly binding: BindingInterface;
  /** The configuration written for it. */
  readonly configFile: string;
  close(): Promise<void>;
}

export interface DemoParkOptions {
  readonly clock: Clock;
  readonly folder: string;
  readonly seed: number;
  /** Demonstration time against real time. */
  readonly speed: number;
  /** Of the stand-in for the barrier controller; any by default. Rejects with UsageError when it is taken. */
  readonly armPort?: number;
  /** Where payments are received; any by default. */
  readonly intakePort?: number;
  /** Where both listen; the loopback by default. */
  readonly host?: string | undefined;
}

export async function startDemoPark(options: DemoParkOptions): Promise<DemoPark> {
  const { clock, folder, host = '127.0.0.1' } = options;
  const intakePort = options.intakePort || (await freePort());
  const intakeUrl = reachedAt(host, intakePort);
  const system = createManagementSystem({ clock, url: intakeUrl, token: DEMO_TOKEN });
  const world = createLaneWorld({
    ...options,
    laneId: DEMO_LANE,
    onPlate: (plate) => system.plate(DEMO_LANE, plate),
    onGrant: (grant) => system.grant(grant),
  });
  const wire = createSimulatedWire({ clock, path: PATH, baudRate: BAUD_RATE, seed: options.seed });
  const board = createLaneBoard(world);
  wire.attach(board);
  const arm = await startArmStandIn(new Map([[DEMO_LANE, world]]), options.armPort, host).catch((error: Error) => {
    throw new UsageError('option', simulateText.cannotStart.noArmPort(error.message));
  });
  const platform = await startPlatform({ clock, secret: SECRET });
  const camera = await startCamera({ clock, scene: () => world.scene() });
  const framesPerSecond = options.speed > 2 ? FRAMES_IN_A_HURRY : FRAMES;
  const device = { id: 'io1', kind: 'modbus', profile: 'waveshare-modbus-rtu-io-8ch', unit: 1, pollMs: 25 };
  const ring = { framesPerSecond, seconds: 6 };
  const configFile = writePark(folder, {
    cloud: { url: platform.url },
    lines: [{ id: 'rs485-1', port: PATH, baudRate: BAUD_RATE, devices: [device] }],
    cameras: [{ id: 'cam1', kind: 'camera-http', preset: 'custom', url: camera.snapshotUrl, ring }],
    lanes: [
      {
        ...{ id: DEMO_LANE, name: '通道A', direction: 'exit', camera: 'cam1', settings: RELAY_IS_NO_GRANT },
        points: pointsOf((at) => `io1.di${at + 1}`),
        // Else it would first have to join twenty passages with their payments.
        reporting: { by: '演示', reason: '模拟车场，缴费都会告知' },
      },
    ],
    ...{ intake: `${bracketed(host)}:${intakePort}`, state: join(folder, 'state') },
    secrets: { 'cloud.appSecret': SECRET, 'intake.pms': DEMO_TOKEN },
    more: DUTY_AND_TARIFF,
  });
  const faults = createFaults({ wires: [wire], boards: [board], worlds: [world], cameras: [camera], platform });
  return {
    world,
    controls: createDemoControls(world, faults),
    ...{ faults, intakeUrl, armUrl: arm.url },
    heard: () => system.keepAlive(DEMO_LANE),
    platform,
    camera,
    binding: wire.binding,
    configFile,
    close: async () => {
      system.close();
      await camera.close();
      await platform.close();
      await arm.close();
    },
  };
}

const DUTY_AND_TARIFF = `# Who is on duty, and what parking costs.
duty:
  booths: [{ name: 南门岗亭, lanes: ["${DEMO_LANE}"] }]
  roster:
    - { operator: 张三, booth: 南门岗亭, from: "07:00", to: "15:00" }
    - { operator: 李四, booth: 南门岗亭, from: "15:00", to: "23:00" }
    - { operator: 王五, booth: 南门岗亭, from: "23:00", to: "07:00" }
tariff:
  - free: 15min
    steps: [{ for: 1h, every: 1h, yuan: 5 }, { every: 30min, yuan: 1 }]
    dailyMaxYuan: 30
`;
