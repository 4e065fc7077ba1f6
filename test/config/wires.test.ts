/** What may hang on which wire, with the kinds of this program. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { pollLoadNote, pollsPerSecond } from '../../src/app/poll-load.ts';
import { wireReport } from '../../src/app/wire-report.ts';
import { summary } from '../../src/cli/check.ts';
import { systemClock } from '../../src/clock.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/file.ts';
import { measurePollMs } from '../../src/system/processor-speed.ts';
import { workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const text = (listenOnly: boolean, ...devices: readonly string[]): string => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - id: rs485
    port: /dev/ttyTEST0
    listenOnly: ${listenOnly}
    devices:
${devices.map((device) => `      - { ${device} }\n`).join('')}lanes:
  - { id: "1001", direction: exit, points: { down: io1.${devices[0]?.includes('modbus') ? 'di1' : 'in1'} } }
`;
const BOARD = 'id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch';
const CONTROLLER = 'id: io1, kind: serial-line, profile: star-hash-controller';
const load = (listenOnly: boolean, ...devices: readonly string[]) =>
  loadConfig(workshop(text(listenOnly, ...devices)), kinds, {});

describe('a wire', () => {
  it('that is only listened to may have a device that asks only where it may, and nothing is asked on it', () => {
    const config = load(true, CONTROLLER);
    const [line] = config.lines;
    expect(line && wireReport(config, line)).toEqual({ slow: [] });
  });

  it('that is only listened to may have no device that must ask', () => {
    expect(() => load(true, BOARD)).toThrow(ConfigError);
  });

  it('is counted with all that ask on it, and one that tells its changes is not called slow', () => {
    const config = load(false, BOARD, 'id: box, kind: serial-line, profile: star-hash-controller, pollMs: 2000');
    const [line] = config.lines;
    const report = line && wireReport(config, line);
    expect(report?.overloaded).toBeUndefined();
    expect(report?.slow).toEqual([]);
    expect(report?.budget?.everyMs).toEqual([25, 2_000]);
  });

  it.each([
    ['/dev/ttyUSB0', true],
    ['/dev/ttyACM1', true],
    ['/dev/ttyAMA0', false],
    ['/dev/serial/by-id/usb-FTDI_FT232R-if00', false],
    ['tcp://192.0.2.10:4196', false],
  ])('at %s may be another after a restart: %s', (port, unsteady) => {
    const config = loadConfig(workshop(text(false, BOARD).replace('/dev/ttyTEST0', port)), kinds, {});
    expect(summary(config, 'en').includes('may be another port after a restart')).toBe(unsteady);
  });

  it('that cannot carry what is asked says how long a round takes', () => {
    const boards = [1, 2, 3, 4].map((unit) => `${BOARD.replace('io1', `io${unit}`)}, unit: ${unit}`);
    const config = load(false, ...boards);
    const [line] = config.lines;
    const report = line && wireReport(config, line);
    expect(report?.overloaded?.en).toMatch(/^line rs485: 4 devices at 9600 baud take 9\d ms a round, 25 ms asked/);
    expect(report?.overloaded?.zh).toMatch(/^线路 rs485：4 个设备（9600 波特）轮询一圈要 9\d ms/);
  });
});

describe('the box', () => {
  const BOARDS = 32;
  const wires = (pollMs: number): string => {
    const lines = Array.from(
      { length: BOARDS },
      (_, n) =>
        `  - { id: bus${n}, port: "modbus-tcp://192.0.2.${n + 1}:502", devices: [{ id: io${n + 1}, kind: modbus, profile: waveshare-modbus-poe-eth-io-8ch, pollMs: ${pollMs} }] }\n`,
    );
    return text(false, BOARD).replace(/lines:[\s\S]*?lanes:/, `lines:\n${lines.join('')}lanes:`);
  };
  const config = loadConfig(workshop(wires(25)), kinds, {});

  it('is asked for the polls of all wires, of a slow wire for as many as it can carry', () => {
    expect(pollsPerSecond(config)).toBe(BOARDS * 40);
    expect(pollsPerSecond(load(true, CONTROLLER))).toBe(0);
    const slow = pollsPerSecond(
      load(false, ...[1, 2, 3, 4].map((n) => `${BOARD.replace('io1', `io${n}`)}, unit: ${n}`)),
    );
    expect(slow).toBeGreaterThan(35);
    expect(slow).toBeLessThan(50);
  });

  it('is said to be too slow where they would take more than half a core, and else not', () => {
    expect(pollLoadNote(config, 0.1)).toBeUndefined();
    expect(pollLoadNote(config, 0.8)?.en).toMatch(/1280 polls a second take 102 % of a core/);
    expect(pollLoadNote(loadConfig(workshop(wires(100)), kinds, {}), 0.8)).toBeUndefined();
  });

  it('is measured: more than nothing, and this machine can do 40 polls a second', () => {
    const pollMs = measurePollMs(systemClock());
    expect(pollMs).toBeGreaterThan(0);
    expect(pollLoadNote(load(false, BOARD), pollMs)).toBeUndefined();
  });
});
