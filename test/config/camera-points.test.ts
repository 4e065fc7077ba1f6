/** A lane may be wired to a camera: what `check` says of such a configuration, with the kinds of this program. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import { faultsIn, workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const WIRED = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
cameras:
  - { id: cam1, kind: hikvision, url: "http://192.0.2.64" }
  - { id: cam2, kind: camera-http, preset: axis, url: "http://192.0.2.65" }
lanes:
  - id: "1001"
    direction: exit
    camera: cam1
    points: { down: cam1.arm_down, up: cam1.arm_up, barrier: cam1.input1 }
intake: { http: { enabled: true, tokens: [{ name: pms, secret: intake.pms }] } }
`;
const load = (text: string) => loadConfig(workshop(text), kinds, {});
const faultsOf = (text: string) =>
  faultsIn(() => load(text)).map(({ code, path, message }) => `${code} ${path} ${message.en}`);

describe('points of a camera', () => {
  it('wire a lane that has no other device, and check says what is read and how often', () => {
    const config = load(WIRED);
    expect(config.lanes[0]?.points.down).toMatchObject({ device: 'cam1', point: 'arm_down' });
    const said = summary(config, 'en');
    expect(said).toContain('camera cam1 (hikvision): reads arm_down, arm_up, input1');
    expect(said).toContain('device cam1 is read about every 250 ms');
    expect(said).toContain('camera cam2 (camera-http)\n');
  });

  it('that last, as the limits of an arm do, are not called slow', () => {
    expect(summary(load(WIRED.replace(', barrier: cam1.input1', '')), 'en')).not.toContain('is read about every');
  });

  it.each([
    ['cam1.arm_down', 'cam1.arm_dwon', 'reference lanes[0].points.down device cam1 has no point "arm_dwon"'],
    ['cam1.arm_down', 'cam2.arm_down', 'reference lanes[0].points.down device cam2 has no point "arm_down"'],
    ['cam1.arm_down', 'cam9.arm_down', 'reference lanes[0].points.down there is no device "cam9"'],
    [
      'down: cam1.arm_down',
      'down: cam1.arm_up',
      'duplicate lanes[0].points.up point cam1.arm_up is already down of lane 1001',
    ],
  ])('%s written as %s is a fault', (from, to, fault) => {
    expect(faultsOf(WIRED.replace(from, to))).toContain(fault);
  });

  it('of one name with a device are refused', () => {
    const twice = `${WIRED}lines:\n  - { id: l, port: /dev/ttyTEST0, devices: [{ id: cam1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }\n`;
    expect(faultsOf(twice).join('\n')).toMatch(/duplicate .*cam1/);
  });

  it.each([50, 1_500])('cannot be asked every %d ms: too often, or too rarely to be believed', (inputsMs) => {
    const asked = WIRED.replace('url: "http://192.0.2.64"', `url: "http://192.0.2.64", inputsMs: ${inputsMs}`);
    expect(faultsOf(asked).join('\n')).toMatch(/cameras\[0\]\.inputsMs/);
  });

  it('are the only devices of a configuration without lines only when there are some', () => {
    const none = WIRED.replace('kind: hikvision', 'kind: camera-http, preset: hikvision');
    expect(faultsOf(none).join('\n')).toContain('there is no device: neither "lines" nor "gpio"');
  });

  it('are explained in the documentation', () => {
    const docs = readFileSync(new URL('../../docs/en/configuration-devices.md', import.meta.url), 'utf8');
    expect(docs).toContain('| `inputsMs` | `hikvision` `dahua` `vzenith` |');
  });
});
