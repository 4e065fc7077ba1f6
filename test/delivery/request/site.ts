/** A box with a destination of kind `platform`, as its configuration has it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import { loadConfig } from '../../../src/config/file.ts';
import type { PlatformConfig } from '../../../src/delivery/settings.ts';
import { temporaryFolder } from '../../store/open.ts';

export const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };

/** As a person writes it, with the profile in `profiles/` where it is none of ours. */
export function siteFile(profile: string, lines: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'profiles'));
  if (profile !== '4pyun')
    copyFileSync(new URL(`./held-back/${profile}.yaml`, import.meta.url), join(folder, 'profiles', `${profile}.yaml`));
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "0123456789abcdef"\nother.key: "k3y-密-0123456789"\n', {
    mode: 0o600,
  });
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: line1, port: /dev/ttyS1, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }
lanes:
  - { id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { barrier: io1.di1, up: io1.di2 } }
destinations:
  - kind: platform
    name: other
    profile: ${profile}
${lines.replaceAll(/^/gm, '    ')}
store: { path: ${join(folder, 'state')} }
`,
  );
  return file;
}

/** The destination `other` of such a configuration. */
export function configured(profile: string, lines: string): PlatformConfig {
  const [config] = loadConfig(siteFile(profile, lines), KINDS, {}).destinations;
  return config as PlatformConfig;
}
