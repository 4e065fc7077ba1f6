/** A folder with a configuration that is good, to be broken by a test in one place. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigFault } from '../../src/config/errors.ts';

export const CANARY = 'canary-5e1f0c77d2';
export const GOOD = `version: 1
park:
  uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"
cloud:
  url: https://platform.example
  appSecret: { secret: cloud.appSecret }
lines:
  - id: rs485
    port: /dev/ttyTEST0
    baudRate: 38400
    devices:
      - { id: io1, kind: board, profile: board-a, unit: 1 }
cameras:
  - id: cam1
    kind: camera
    url: http://192.0.2.64
    password: { secret: cameras.cam1 }
lanes:
  - id: 0123
    name: 通道A
    direction: exit
    points:
      down: io1.di1
      approach: { point: io1.di2, activeLow: true }
      barrier: { point: io1.di3, debounceMs: 40ms }
    camera: cam1
    settings: { settle: 4s }
intake:
  http: { enabled: true, tokens: [{ name: pms, secret: intake.pms }] }
`;
export const SECRETS = `cloud.appSecret: "${CANARY}-app"
cameras.cam1: "${CANARY}-cam"
intake.pms: "${CANARY}-token"
`;

/** Writes the files and returns the path of the configuration. `secrets` null: there is no such file. */
export function workshop(config: string, secrets: string | null = SECRETS, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-config-'));
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(file, config);
  if (secrets !== null) {
    writeFileSync(join(folder, 'secrets.yaml'), secrets);
    chmodSync(join(folder, 'secrets.yaml'), mode);
  }
  return file;
}

/** What is wrong with the configuration that `load` loads; nothing when it is taken. */
export function faultsIn(load: () => unknown): readonly ConfigFault[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
