import { describe, expect, test } from 'vitest';
import { gpioKind } from '../../drivers/gpio/driver.ts';
import { loadConfig } from '../../src/config/file.ts';
import type { DriverKind } from '../../src/driver.ts';
import { kinds } from './kinds.ts';
import { faultsIn, GOOD, workshop } from './workshop.ts';

const withGpio = { ...kinds, driverKinds: [...kinds.driverKinds, gpioKind as unknown as DriverKind] };
const PI = 'gpio: [{ id: pi, kind: gpio, chip: pinctrl-bcm2711, lines: { in17: 17 }, bias: pull-up }]\n';
const LINES = GOOD.slice(GOOD.indexOf('lines:'), GOOD.indexOf('cameras:'));

const faultsOf = (text: string) =>
  faultsIn(() => loadConfig(workshop(text), withGpio, {})).map(
    ({ line, path, message }) => `${line} ${path}: ${message.en}`,
  );

describe('GPIO in a configuration', () => {
  test('stands beside the lines, and its points are wired like any other', () => {
    const text = GOOD.replace('lines:', `${PI}lines:`).replace('down: io1.di1', 'down: pi.in17');
    const config = loadConfig(workshop(text), withGpio, {});
    expect(config.gpio).toMatchObject([{ id: 'pi', points: ['in17'], config: { via: 'auto', bias: 'pull-up' } }]);
    expect(config.lines).toHaveLength(1);
    expect(config.lanes[0]?.points.down).toMatchObject({ device: 'pi', point: 'in17' });
  });

  test('is enough: a box may have no wire at all', () => {
    const text = GOOD.replace(LINES, PI).replace(/points:[\s\S]*?camera: cam1/, 'points: { down: pi.in17 }');
    const config = loadConfig(workshop(text), withGpio, {});
    expect(config.lines).toEqual([]);
    expect(config.gpio).toHaveLength(1);
  });

  test('but something must be there', () => {
    expect(faultsOf(GOOD.replace(LINES, ''))).toContain('1 lines: there is no device: neither "lines" nor "gpio"');
  });

  test.each([
    [
      'the kind of a wire among the GPIO',
      GOOD.replace('lines:', 'gpio: [{ id: pi, kind: board, profile: board-a }]\nlines:'),
    ],
    [
      'GPIO on a wire',
      GOOD.replace('kind: board, profile: board-a, unit: 1', 'kind: gpio, chip: x, lines: { in17: 17 }'),
    ],
  ])('%s is refused', (_, text) => {
    expect(faultsOf(text).join()).toContain('this version has no kind');
  });

  test('an id is an id of the whole file, and a fault in a line number has its place', () => {
    const twice = GOOD.replace('lines:', `${PI.replace('id: pi', 'id: io1')}lines:`);
    expect(faultsOf(twice).join()).toContain('io1');
    expect(faultsOf(GOOD.replace('lines:', `${PI.replace('in17: 17', 'in17: x')}lines:`)).join()).toContain(
      'gpio[0].lines.in17: "in17" must be a number',
    );
    expect(faultsOf(GOOD.replace('down: io1.di1', 'down: pi.in18').replace('lines:', `${PI}lines:`)).join()).toContain(
      'in18',
    );
  });
});
