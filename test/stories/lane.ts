/** A lane as most stories need it: a board on a pty, a camera, the platform in a process of its own, and a configuration that joins them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { type SimulatedCamera, startCamera } from '../../src/sim/devices/camera.ts';
import { endings } from '../endings.ts';
import { type BoardOnPty, boardOnPty } from './board.ts';
import { laneConfig, platformProcess, program, ptyPair, type Running, temporaryFolder } from './processes.ts';

export interface LaneOnPty {
  readonly folder: string;
  readonly pty: Awaited<ReturnType<typeof ptyPair>>;
  readonly wired: BoardOnPty;
  readonly platform: Awaited<ReturnType<typeof platformProcess>>;
  readonly camera: SimulatedCamera;
  /** The file. */
  readonly config: string;
}

export async function laneOnPty(secret: string): Promise<LaneOnPty> {
  const folder = temporaryFolder();
  const clock = systemClock();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  const wired = await boardOnPty(pty.far);
  endings.push(() => wired.close());
  const scene = () => ({ wallMs: clock.wallMs(), laneId: '1001', armPosition: 1, vehicles: [] });
  const camera = await startCamera({ clock, scene });
  endings.push(() => camera.close());
  return { folder, pty, wired, camera, ...(await joined(folder, pty.near, secret, camera.snapshotUrl)) };
}

/** The platform in a process of its own, and the configuration of a lane at this port. No camera answers unless there is one. */
export async function joined(folder: string, port: string, secret: string, cameraUrl = 'http://127.0.0.1:9/') {
  const platform = await platformProcess(secret);
  endings.push(() => platform.running.end());
  const settings = 'settle: 300ms';
  const config = laneConfig(folder, { port, platformUrl: platform.url, cameraUrl, secret, settings });
  return { platform, config };
}

/** Changes the configuration; what is to be replaced must be there. `more`: further sections at its end. */
export function change(config: string, replacements: Readonly<Record<string, string>>, more = ''): void {
  let text = readFileSync(config, 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`the configuration has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(config, text + more);
}

export function writeSecrets({ folder }: Pick<LaneOnPty, 'folder'>, secrets: Readonly<Record<string, string>>): void {
  const text = Object.entries(secrets).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, 'secrets.yaml'), text.join(''), { mode: 0o600 });
}

/** The compiled program on it, killed after the test if it has not ended by then. */
export function run(config: string, language: 'zh' | 'en' = 'en'): Running {
  const running = program(['run', '--config', config, '--lang', language]);
  endings.push(() => running.process.kill('SIGKILL'));
  return running;
}
