/**
 * The built program in front of boards, for a bench: one lane a board, each on a wire of its own, with the flags and environment of the unit.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { ENVIRONMENT, FLAGS } from '../../package/as-shipped.ts';

export const INTAKE_TOKEN = 'a-token-of-the-bench';
export const PROGRAM = 'dist/src/main.js';
const UP_WITHIN_MS = 60_000;
const clock = systemClock();

export interface Setup {
  /** For its configuration and its state. */
  readonly folder: string;
  readonly ports: readonly string[];
  readonly pollMs: number;
  /** Another build of the program to be measured in turn. */
  readonly program?: string;
  /** Of a platform on this machine; without it nobody answers. */
  readonly cloudPort?: number;
  /** Of the page; without it there is none. */
  readonly pagePort?: number;
  /** Of the intake, with the token INTAKE_TOKEN; without it there is none. */
  readonly intakePort?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Loaded into it, and spoken to over an IPC channel. */
  readonly probe?: URL;
}

/** Resolves when its lanes are up; the first polls come a moment later. */
export async function startProgram(setup: Setup): Promise<ChildProcess> {
  mkdirSync(join(setup.folder, 'state'), { recursive: true, mode: 0o700 });
  // Measured once, with two hundred flushes that are no lane's.
  const card = { measuredWallMs: 1, writes: 200, medianMs: 1, slowMs: 1, longestMs: 1, level: 'good' };
  writeFileSync(join(setup.folder, 'state', 'card.json'), JSON.stringify(card));
  const config = configuration(setup);
  const flags = setup.probe === undefined ? FLAGS : [...flagsFor(setup.ports.length), '--import', setup.probe.href];
  const child = spawn(process.execPath, [...flags, setup.program ?? PROGRAM, 'run', '--config', config], {
    env: { ...process.env, ...ENVIRONMENT, ...setup.environment },
    stdio: ['ignore', 'pipe', 'inherit', ...(setup.probe === undefined ? [] : (['ipc'] as const))],
  });
  const isUp = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      if (String(bytes).includes(config)) resolve();
    });
    child.once('exit', (code) => reject(new RangeError(`${setup.program ?? PROGRAM} ended with ${code}`)));
    void clock.sleep(UP_WITHIN_MS).then(() => reject(new RangeError('it does not come up')));
  });
  await isUp;
  return child;
}

/** Those it starts Node with again by itself (src/system/new-generation.ts), which would cost it the channel. */
const flagsFor = (boards: number): readonly string[] =>
  boards < 16
    ? FLAGS
    : FLAGS.flatMap((flag) =>
        flag === '--optimize-for-size' ? [] : flag.replace('--max-semi-space-size=1', '--max-semi-space-size=4'),
      );

/** Where the journal is. */
export const databaseOf = ({ folder }: Pick<Setup, 'folder'>): string => join(folder, 'state', 'lanewarden.db');

/** Its rows of edges after one, of a lane; and the newest row. */
export const JOURNAL = {
  rows: `SELECT seq FROM journal WHERE seq > ? AND lane_id = ? AND event LIKE '%"edge"%'`,
  newest: 'SELECT coalesce(max(seq), 0) FROM journal',
};

export const laneOf = (board: number): string => `${1001 + board}`;

/** The file of a configuration with these boards, written into the folder. */
export function configuration({ folder, ports, pollMs, cloudPort = 9, pagePort, intakePort }: Setup): string {
  const lines = ports.map(
    (port, n) =>
      `  - { id: bus${n}, port: "${port}", baudRate: 115200, devices: [{ id: io${n}, kind: modbus, profile: ${profileOf(port)}, unit: 1, pollMs: ${pollMs} }] }`,
  );
  const lanes = ports.map(
    (_, n) =>
      `  - { id: "${laneOf(n)}", name: 通道${n}, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io${n}.di1, up: io${n}.di2, approach: io${n}.di3, barrier: io${n}.di4, button: io${n}.di5 } }`,
  );
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:${cloudPort}", appSecret: { secret: cloud.appSecret } }
page: ${pagePort === undefined ? '{ enabled: false }' : `{ listen: "127.0.0.1:${pagePort}" }`}
${intakePort === undefined ? '' : `intake: { http: { enabled: true, listen: "127.0.0.1:${intakePort}", tokens: [{ name: pms, secret: intake.pms }] } }\n`}lines:
${lines.join('\n')}
lanes:
${lanes.join('\n')}
store: { path: "${join(folder, 'state')}" }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "x"\nintake.pms: ${INTAKE_TOKEN}\n`, { mode: 0o600 });
  return file;
}

const profileOf = (port: string): string =>
  port.includes('://') ? 'waveshare-modbus-poe-eth-io-8ch' : 'waveshare-modbus-rtu-io-8ch';
