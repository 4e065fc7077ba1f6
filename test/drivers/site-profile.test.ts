/** A profile that an installer wrote: used from beside the configuration, checked like ours, and marked as what nothing proves. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { summary } from '../../src/cli/check.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/file.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-site-'));
  mkdirSync(join(folder, 'profiles'));
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "0123456789abcdef"\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(profile: string) {
  writeFileSync(
    join(folder, 'lanewarden.yaml'),
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: line1, port: /dev/ttyS1, baudRate: 38400, devices: [{ id: io1, kind: modbus, profile: ${profile}, unit: 1 }] }
lanes:
  - { id: "1001", name: 通道A, direction: exit, points: { barrier: io1.di1, up: io1.di2 } }
store: { path: ${join(folder, 'state')} }
`,
  );
  return loadConfig(join(folder, 'lanewarden.yaml'), kinds, {});
}
const write = (name: string, kind: string): void =>
  writeFileSync(
    join(folder, 'profiles', `${name}.yaml`),
    `maker: Nobody\nmodel: X8\nsource: bench\ntransport: [rtu]\nread:\n  - { kind: ${kind}, function: 2, address: 0, quantity: 2, points: { di1: 0, di2: 1 } }\n`,
  );

it('is taken from the folder beside the configuration, and said to be unproven', () => {
  write('nobody-x8', 'level');
  const config = load('nobody-x8');
  const [device] = config.lines[0]?.devices ?? [];
  expect(device).toMatchObject({ id: 'io1', points: ['di1', 'di2'], unproven: true });
  expect(summary(config, 'en')).toContain('the profile of io1 was written for this site and is unproven');
});

it('does not stand in for one of ours', () => {
  write('waveshare-modbus-rtu-io-8ch', 'level');
  const config = load('waveshare-modbus-rtu-io-8ch');
  expect(config.lines[0]?.devices[0]?.unproven).toBeUndefined();
  expect(config.lines[0]?.devices[0]?.points).toHaveLength(8);
  expect(summary(config, 'en')).not.toContain('unproven');
});

it('has its faults told with its own file and line', () => {
  write('bad', 'guess');
  try {
    load('bad');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [fault] = (error as ConfigError).faults;
    expect(fault?.file).toBe(join(folder, 'profiles', 'bad.yaml'));
    expect(fault?.line).toBe(6);
  }
});
