/** `lanewarden status` where no configuration is yet, and what it says of a camera that is down. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import type { AppEvent } from '../../src/app/events.ts';
import { statusCommand } from '../../src/cli/status/status.ts';
import { LinkError } from '../../src/driver.ts';
import { CurrentFaults } from '../../src/status/current-faults.ts';
import { temporaryFolder } from '../store/open.ts';
import { programRun } from './program-run.ts';

it('a box that was not set up yet is told where to begin: page, set-up code, restore', async () => {
  const commands = [statusCommand({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS })];
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
