/**
 * The surroundings of the demonstration: one simulated lane with its board, camera and platform, and the configuration files
 * that connect the real program to them. It must not know how the program decides.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BindingInterface } from '@serialport/bindings-interface';
import type { Clock } from '../clock.ts';
import type { PlateRead } from '../lane/types.ts';
import { createSimulatedWire } from '../sim/binding.ts';
import { createLaneBoard } from '../sim/board.ts';
import { startCamera } from '../sim/camera.ts';
import { type Platform, startPlatform } from '../sim/platform.ts';
import { createLaneWorld, type LaneWorld, type WorldGrant } from '../sim/world.ts';

export const DEMO_LANE = '1001';
const PATH = '/dev/lanewarden-demo';
const SECRET = 'demonstration-secret';

export interface DemoPark {
  readonly world: LaneWorld;
  readonly platform: Platform;
  readonly binding: BindingInterface;
  /** The configuration written for it. */
  readonly configFile: string;
  close(): Promise<void>;
}

export interface DemoParkOptions {
  readonly clock: Clock;
  readonly folder: string;
  readonly seed: number;
  readonly onPlate: (plate: PlateRead, atMs: number) => void;
  readonly onGrant: (grant: WorldGrant) => void;
}

export async function startDemoPark(options: DemoParkOptions): Promise<DemoPark> {
  const { clock, folder } = options;
  const world = createLaneWorld({ ...options, laneId: DEMO_LANE });
  // The wire takes its time, as 38400 baud do.
  const wire = createSimulatedWire({ clock, path: PATH, baudRate: 38_400, seed: options.seed });
  wire.attach(createLaneBoard(world));
  const platform = await startPlatform({ clock, secret: SECRET });
  const camera = await startCamera({ clock, scene: () => world.scene() });
  const configFile = join(folder, 'lanewarden.yaml');
  writeFileSync(configFile, configuration(platform.url, camera.snapshotUrl, join(folder, 'state')));
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\n`, { mode: 0o600 });
  return {
    world,
    platform,
    binding: wire.binding,
    configFile,
    close: async () => {
      await camera.close();
      await platform.close();
    },
  };
}

const configuration = (platformUrl: string, snapshotUrl: string, statePath: string): string => `version: 1
park:
  uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"
cloud:
  url: ${platformUrl}
  appSecret: { secret: cloud.appSecret }
lines:
  - id: rs485-1
    port: ${PATH}
    baudRate: 38400
    devices:
      - { id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, pollMs: 25 }
cameras:
  - { id: cam1, kind: camera-http, preset: custom, url: ${snapshotUrl} }
lanes:
  - id: "${DEMO_LANE}"
    name: 通道A
    direction: exit
    points: { down: io1.di1, up: io1.di2, approach: io1.di3, barrier: io1.di4, auto: io1.di5, button: io1.di6, remote: io1.di7 }
    camera: cam1
store: { path: ${statePath} }
`;
