/** `lanewarden status` where no configuration is yet, and what it says of a camera that is down. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.ts';
import { statusCommand } from '../../src/cli/status/status.ts';
import { LinkError } from '../../src/driver.ts';
import { createLineGauge } from '../../src/line/health.ts';
import { CurrentFaults } from '../../src/status/current-faults.ts';
import { devicesLive } from '../../src/status/device-view.ts';
import { temporaryFolder } from '../store/open.ts';
import { programRun } from './program-run.ts';

it('a box that was not set up yet is told where to begin: page, set-up code, restore', async () => {
  const commands = [statusCommand];
  const file = join(temporaryFolder(), 'lanewarden.yaml');
  const run = (...words: string[]) =>
    programRun(commands, ['status', ...words, '--lang', 'en'], { LANEWARDEN_CONFIG: file });
  const found = await run();
  expect(found).toMatchObject({ code: 2, out: '', err: expect.stringContaining(file) });
  expect(found.err).toMatch(/not set up yet.*sudo lanewarden label.*restore/s);
  // One that was named is another matter.
  expect((await run('--config', file)).err).not.toContain('not set up');
});

it('a camera that is down gets the advice for a camera', () => {
  const faults = new CurrentFaults({ nowMs: () => 1 } as never);
  const error = new LinkError('timeout', 'no picture in time');
  const id = faults.on({ kind: 'picture', camera: 'cam1', error });
  expect(id).toBe('camera/cam1');
  expect(faults.ofPictures('cam1')?.last.en).toContain('network cable');
  const board = faults.on({ kind: 'fault', subject: { lineId: 'rs485-1', deviceId: 'io1' }, error } as AppEvent) ?? '';
  expect(faults.of(board)?.last.en).toContain('A/B wires');
});

it('a line that opens again and is never answered is not online', () => {
  const clock = { nowMs: () => 1 } as never;
  const gauge = createLineGauge(clock, 'bus1');
  const faults = new CurrentFaults(clock);
  const config = { lines: [{ id: 'bus1', port: 'tcp://192.0.2.4:26' }], gpio: [], cameras: [] };
  const app = { config, gauges: new Map([['bus1', gauge]]), watch: { now: () => new Map() } } as never;
  const line = () => devicesLive({ app, clock, faults })[0];
  gauge.opened();
  expect(line()?.state).toBe('ok');
  gauge.closed();
  const subject = { lineId: 'bus1' };
  faults.on({ kind: 'fault', subject, error: new LinkError('gone', 'no byte received in 10 s'), count: 1 });
  expect(line()?.state).toBe('down');
  gauge.opened();
  expect(line()).toMatchObject({ state: 'unknown', lastFault: { en: expect.stringContaining('no byte') } });
  faults.on({ kind: 'recovered', subject, count: 1, forMs: 9 });
  expect(line()?.state).toBe('ok');
});
