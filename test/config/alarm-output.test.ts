/** Where an alarm output may be: on a board that is nobody else's, and off unless it is switched on in so many words. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { checkCommand, summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import { commandRun } from '../cli/program-run.ts';
import { temporaryFolder } from '../store/open.ts';
import { faultsIn, workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const BOARD = '{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }';
const SIREN = '{ id: siren, kind: alarm-output, board: waveshare-modbus-rtu-relay-d-8ch, unit: 9, relay: 3 }';
const ON = SIREN.replace('relay: 3', 'relay: 3, enabled: true');
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
    const on = load(text([BOARD], `  - { id: alarm, port: /dev/ttyTEST1, devices: [${ON}] }\n`));
    expect(summary(on, 'en')).toContain('alarm output siren is on: it switches a relay');
    expect(summary(on, 'zh')).toContain('报警输出 siren 已打开');
  });

  it('has no points that a lane could take for an observation', () => {
    expect(faultsOf(text([BOARD, SIREN], '', 'siren.sounding'))).toContain('device siren has no point "sounding"');
  });

  it.each([
    [
      'another master commands it',
      text(
        [BOARD, SIREN],
        '  - { id: other, port: /dev/ttyTEST1, listenOnly: true, devices: [{ id: pms, kind: modbus-listen, profile: waveshare-modbus-rtu-io-8ch, unit: 2, commands: { auto: { unit: 9, coil: 0 } } }] }\n',
      ),
      'another master switches relays of this unit',
    ],
    [
      'its wire is only listened to',
      text(
        [SIREN.replace('relay: 3', 'relay: 3, enabled: true')],
        '  - { id: r, port: /dev/ttyTEST1, devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }\n',
      ).replace('38400,', '38400, listenOnly: true,'),
      'this wire is listen-only',
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

  const NETWORK = (port: string) =>
    `  - { id: net, port: "${port}", devices: [${ON.replace('unit: 9', 'unit: 1')}] }\n`;
  it.each<readonly [string, string, string, string]>([
    ['on the wire of a device that is read', text([BOARD, ON]), 'lines[0].devices', 'device io1 is read'],
    [
      'with the unit of such a device',
      text([BOARD.replace('unit: 1', 'unit: 9'), ON]),
      'lines[0].devices',
      'device io1 is read',
    ],
    [
      'on a wire that is listened to',
      text([BOARD, ON, '{ id: pms, kind: modbus-listen, profile: waveshare-modbus-rtu-io-8ch, unit: 2 }']),
      'lines[0].devices',
      'device io1 is read',
    ],
    ...[
      'tcp://localhost:4196',
      'tcp://127.0.0.2:4196',
      'tcp://127.1:4196',
      'tcp://0.0.0.0:4196',
      'tcp://[::ffff:127.0.0.1]:4196',
      'modbus-tcp://BOARD.example:502',
    ].map((port) => [`at ${port}`, text([BOARD], NETWORK(port)), 'lines[1].port', 'is on the network'] as const),
  ])('%s is off, with words, and the rest is as it was', (_, written, path, words) => {
    const { off, lines, lanes } = load(written);
    expect(off).toHaveLength(1);
    expect(off[0]).toMatchObject({ path, line: expect.any(Number) });
    expect(off[0]?.message.en).toContain(words);
    expect(off[0]?.message.zh).toMatch(/报警输出 siren .*停用/);
    expect(off[0]?.hint.en).toContain('a line of its own');
    const devices = lines.flatMap((line) => line.devices);
    expect(devices.filter((device) => device.off).map(({ id }) => id)).toEqual(['siren']);
    expect(devices.find(({ id }) => id === 'io1')?.off).toBeUndefined();
    expect(lanes[0]?.points.down).toMatchObject({ device: 'io1', point: 'di1' });
    const said = summary(load(written), 'en');
    expect(said).toContain('alarm output siren is off');
    expect(said).not.toContain('no faults');
  });

  it('that is not switched on may stand anywhere: it sends nothing', () => {
    expect(load(text([BOARD, SIREN])).off).toEqual([]);
  });

  it('has a line of its own, and is on', () => {
    const own = load(text([BOARD], `  - { id: alarm, port: /dev/ttyTEST1, devices: [${ON}] }\n`));
    expect(own.off).toEqual([]);
    expect(summary(own, 'en')).toContain('alarm output siren is on');
  });

  it('that is off makes check exit with 78, in words with the place; as JSON too', async () => {
    // Of its own: this machine may be a box.
    const config = workshop(`${text([BOARD, ON])}store: { path: "${temporaryFolder()}" }\n`);
    const check = (options: object) =>
      commandRun(checkCommand, { config, ...options }, [], { LANG: 'zh' }, async () => kinds);
    const said = await check({});
    expect(said.code).toBe(78);
    expect(said.err).toMatch(
      /lanewarden\.yaml:\d+:\d+: lines\[0\]\.devices: 报警输出 siren 与被读取的设备 io1 在同一条线路上，已停用/,
    );
    expect(said.out).toContain('车道 1001');
    const asJson = await check({ json: true });
    expect(asJson.code).toBe(78);
    expect(JSON.parse(asJson.out)).toMatchObject({ ok: false, faults: [{ path: 'lines[0].devices' }] });
  });
});
