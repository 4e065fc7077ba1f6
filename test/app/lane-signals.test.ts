/** A debounce that no look can decide makes edges late, and nothing else: which points keep theirs. */
import { expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { laneSignals } from '../../src/app/lane-signals.ts';
import { loadConfig } from '../../src/config/file.ts';
import { workshop } from '../config/workshop.ts';

const POINTS = 'down: io1.di1, approach: io1.di3, barrier: { point: io1.di4, debounceMs: 100 }';

function debounces(device: string, more = ''): Record<string, number | undefined> {
  const points = device.includes('modbus') ? POINTS : 'down: io1.in1, approach: io1.in2, barrier: io1.in3';
  const text = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
lines:
  - { id: rs485, port: /dev/ttyTEST0, devices: [{ id: io1, ${device} }]${more} }
lanes:
  - { id: "1001", direction: exit, points: { ${points} } }
`;
  const config = loadConfig(workshop(text), { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
  const [lane] = config.lanes;
  const { down, approach, barrier } = lane ? laneSignals(config, lane) : {};
  return { down: down?.debounceMs, approach: approach?.debounceMs, barrier: barrier?.debounceMs };
}

const BOARD = 'kind: modbus, profile: waveshare-modbus-rtu-io-8ch';

it('looked at every 25 ms, a second look decides within the debounce of a contact', () => {
  expect(debounces(BOARD)).toEqual({ down: 30, approach: 20, barrier: 100 });
});

it('looked at every 50 ms, no look comes within the usual ones: the first one counts at once', () => {
  expect(debounces(`${BOARD}, pollMs: 50`)).toEqual({ down: 0, approach: 0, barrier: 100 });
});

it('a look that may come early still speaks: 40 ms are not sparse for a contact', () => {
  expect(debounces(`${BOARD}, pollMs: 40`)).toEqual({ down: 30, approach: 0, barrier: 100 });
});

it('what tells its changes by itself may take one back at any moment', () => {
  expect(debounces('kind: serial-line, profile: star-hash-controller, pollMs: 2000')).toEqual({
    down: 30,
    approach: 20,
    barrier: 20,
  });
});
