/**
 * The surroundings of one scenario that runs through hardware: a board on a wire of its own for each group of points, a camera, a
 * management system, a platform, and the configuration that connects the program to them. It must not know what is expected.
 */
import type { Clock } from '../../clock.ts';
import { SETTINGS, type SettingName } from '../../lane/settings.ts';
import type { LaneSettings, Role } from '../../lane/types.ts';
import { bindingOf, createSimulatedWire, type SimulatedBinding } from '../../sim/binding.ts';
import { startCamera } from '../../sim/devices/camera.ts';
import { createManagementSystem, freePort, type ManagementSystem } from '../../sim/management-system.ts';
import { type Platform, startPlatform } from '../../sim/platform/platform.ts';
import { SIGNED, type Written, writePark } from '../park-file.ts';
import { type Scenario, THIS_LANE } from './scenario-file.ts';
import { createScenarioWorld, type ScenarioWorld } from './scenario-world.ts';

const SECRETS = { 'cloud.appSecret': 'scenario-secret', 'intake.pms': 'scenario-token-of-the-management-system' };
/** A board with eight inputs is asked and has answered well within the 25 ms of its turn. */
const BAUD_RATE = 115_200;
const POLL_MS = 25;

export interface ScenarioPark {
  readonly world: ScenarioWorld;
  readonly system: Pick<ManagementSystem, 'keepAlive'>;
  readonly platform: Platform;
  readonly binding: SimulatedBinding;
  readonly configFile: string;
  close(): Promise<void>;
}

export async function startScenarioPark(scenario: Scenario, clock: Clock, folder: string): Promise<ScenarioPark> {
  const intakePort = await freePort();
  const url = `http://127.0.0.1:${intakePort}`;
  const system = createManagementSystem({ clock, url, token: SECRETS['intake.pms'] });
  const world = createScenarioWorld(scenario, clock, system);
  const wires = world.boards.map(({ device }, index) => {
    const wire = createSimulatedWire({ clock, path: `/dev/lanewarden-wire-${index}`, baudRate: BAUD_RATE });
    wire.attach(device);
    return wire;
  });
  const platform = await startPlatform({ clock, secret: SECRETS['cloud.appSecret'] });
  const camera = await startCamera({ clock, scene: () => world.scene() });
  const terminal = ({ roles }: { readonly roles: readonly Role[] }, board: number): [Role, string][] =>
    roles.map((role, index) => [role, `io${board}.di${index + 1}`]);
  const profile = { kind: 'modbus', profile: 'waveshare-modbus-rtu-io-8ch', unit: 1, pollMs: POLL_MS };
  const configFile = writePark(folder, {
    cloud: { url: platform.url },
    lines: wires.map(({ path }, index) => ({
      id: `wire-${index}`,
      port: path,
      baudRate: BAUD_RATE,
      devices: [{ id: `io${index}`, ...profile }],
    })),
    cameras: [{ id: 'cam1', kind: 'camera-http', preset: 'custom', url: camera.snapshotUrl }],
    lanes: [
      {
        id: THIS_LANE,
        name: THIS_LANE,
        direction: scenario.settings.direction,
        points: Object.fromEntries(world.boards.flatMap(terminal)),
        camera: 'cam1',
        settings: scenarioSettings(scenario.settings),
        reporting: SIGNED,
      },
    ],
    intake: `127.0.0.1:${intakePort}`,
    state: `${folder}/state`,
    secrets: SECRETS,
  });
  return {
    world,
    system,
    platform,
    binding: bindingOf(wires),
    configFile,
    close: async () => {
      system.close();
      await camera.close();
      await platform.close();
    },
  };
}

/** By the names of the configuration. */
export function scenarioSettings(settings: LaneSettings): Readonly<Record<string, Written>> {
  return Object.fromEntries(
    (Object.keys(SETTINGS) as SettingName[]).map((name) => {
      const { key, type } = SETTINGS[name];
      return [name, type === 'duration' ? `${settings[key]}ms` : settings[key]];
    }),
  );
}
