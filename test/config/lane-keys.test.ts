import { expect, test } from 'vitest';
import { serialLineKind } from '../../drivers/serial-line/driver.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/file.ts';
import type { DriverKind } from '../../src/driver.ts';
import { kinds } from './kinds.ts';
import { GOOD, workshop } from './workshop.ts';

const withSerialLine = { ...kinds, driverKinds: [...kinds.driverKinds, serialLineKind as unknown as DriverKind] };
const terminal = (lane: string): string =>
  GOOD.replace(
    'cameras:',
    `  - id: pos
    port: /dev/ttyTEST1
    devices: [{ id: pos1, kind: serial-line, profile: star-hash-controller, grantsFor: ${lane} }]
cameras:`,
  );

test('a lane that a device names is kept as it was written', () => {
  const config = loadConfig(workshop(terminal('0123')), withSerialLine, {});
  expect(config.lines[1]?.devices[0]).toMatchObject({ id: 'pos1', config: { grantsFor: '0123' } });
});

test('a payment for a lane that does not exist is a fault of the configuration, not a loss in the field', () => {
  try {
    loadConfig(workshop(terminal('0124')), withSerialLine, {});
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.faults).toMatchObject([
      {
        code: 'reference',
        line: 15,
        path: 'lines[1].devices[0].grantsFor',
        message: { en: 'there is no lane "0124"' },
      },
    ]);
    expect(error.faults[0]?.hint.en).toContain('did you mean 0123?');
  }
});
