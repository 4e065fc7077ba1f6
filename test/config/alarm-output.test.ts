/** Where an alarm output may be: on a board that is nobody else's, and off unless it is switched on in so many words. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import { faultsIn, workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const BOARD = '{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }';
const SIREN = '{ id: siren, kind: alarm-output, board: waveshare-modbus-rtu-relay-d-8ch, unit: 9, relay: 3 }';
const text = (devices: readonly string[], more = '', down = 'io1.di1'): string => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: rs485, port: /dev/ttyTEST0, baudRate: 38400, devices: [${devices.join(', ')}] }
${more}lanes:
  - { id: "1001", direction: exit, points: { down: ${down} } }
intake: { http: { enabled: true, tokens: [{ name: pms, secret: intake.pms }] } }
`;
const load = (written: string) => loadConfig(workshop(written), kinds, {});
const faultsOf = (written: string) =>
  faultsIn(() => load(written))
    .map(({ path, message, hint }) => `${path} ${message.en} ${hint.en}`)
    .join('\n');

describe('an alarm output in the configuration', () => {
  it('is off when nothing says that it is on, and check says either', () => {
    const off = load(text([BOARD, SIREN]));
    expect(off.lines[0]?.devices[1]?.config).toMatchObject({ enabled: false, onMs: 3_000, alarms: [] });
    expect(summary(off, 'en')).toContain('alarm output siren is off');
    const on = load(text([BOARD, SIREN.replace('relay: 3', 'relay: 3, enabled: true')]));
    expect(summary(on, 'en')).toContain('alarm output siren is on: it switches a relay');
    expect(summary(on, 'zh')).toContain('报警输出 siren 已打开');
  });

  it('has no points that a lane could take for an observation', () => {
    expect(faultsOf(text([BOARD, SIREN], '', 'siren.sounding'))).toContain('device siren has no point "sounding"');
  });

  it.each([
    ['another device has its unit', text([BOARD.replace('unit: 1', 'unit: 9'), SIREN]), 'same board as device io1'],
    ['another alarm output has it', text([BOARD, SIREN, SIREN.replace('siren', 'lamp')]), 'same board as device'],
    [
      'its board is read in another way',
      text(
        [SIREN],
        '  - { id: net, port: "tcp://192.0.2.20:4196", devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-poe-eth-io-8ch, unit: 9 }] }\n',
      ).replace('/dev/ttyTEST0', 'modbus-tcp://192.0.2.20:502'),
      'same board as device io1',
    ],
    [
      'another master commands it',
      text(
        [BOARD, SIREN],
        '  - { id: other, port: /dev/ttyTEST1, listenOnly: true, devices: [{ id: pms, kind: modbus-listen, profile: waveshare-modbus-rtu-io-8ch, unit: 2, commands: { auto: { unit: 9, coil: 0 } } }] }\n',
      ),
      'another master switches relays of this unit',
    ],
    [
      'another master is on its wire',
      text([BOARD, SIREN, '{ id: pms, kind: modbus-listen, profile: waveshare-modbus-rtu-io-8ch, unit: 2 }']),
      'another master is on this wire',
    ],
    [
      'its wire is only listened to',
      text(
        [SIREN.replace('relay: 3', 'relay: 3, enabled: true')],
        '  - { id: r, port: /dev/ttyTEST1, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }\n',
      ).replace('38400,', '38400, listenOnly: true,'),
      'this wire is only listened to',
    ],
    [
      'its board is no board of ours',
      text([BOARD, SIREN.replace(/board: [\w-]+/, 'board: came-gard-rse2')]),
      'lines[0].devices[1].board',
    ],
    ['its unit is everybody', text([BOARD, SIREN.replace('unit: 9', 'unit: 0')]), 'lines[0].devices[1].unit'],
    [
      'its relay is not on the board',
      text([BOARD, SIREN.replace('relay: 3', 'relay: 9')]),
      'lines[0].devices[1].relay',
    ],
    ['no relay is named', text([BOARD, SIREN.replace(', relay: 3', '')]), 'lines[0].devices[1].relay'],
    [
      'it would be on for too long',
      text([BOARD, SIREN.replace('relay: 3', 'relay: 3, onMs: 60001')]),
      'lines[0].devices[1].onMs',
    ],
    ['its lane is none', text([BOARD, SIREN.replace('relay: 3', 'relay: 3, lane: "7"')]), 'there is no lane "7"'],
  ])('is refused when %s', (_, written, fault) => expect(faultsOf(written)).toContain(fault));
});
