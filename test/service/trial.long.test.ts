/** A new box that is updated before anybody has set it up: it has no lane to show that it works, and must not be turned back for that. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { programVersion } from '../../src/cli/version.ts';
import { packageVersionOf } from '../../src/system/package-version.ts';
import { eventually, program, temporaryFolder } from '../stories/processes.ts';

it('a box that nobody has set up shows by its page alone that it works', async () => {
  const folder = temporaryFolder();
  const runtime = join(folder, 'run');
  mkdirSync(runtime);
  const config = join(folder, 'lanewarden.yaml');
  writeFileSync(config, `page: { listen: "127.0.0.1:0" }\nstore: { path: "${join(folder, 'state')}" }\n`);
  const version = packageVersionOf(programVersion());
  // Judged alike, without a deadline that a busy machine could miss.
  writeFileSync(join(folder, 'probation'), `to=${version}\n`);
  const running = program(['run', '--config', config, '--lang', 'en'], {
    RUNTIME_DIRECTORY: runtime,
    LANEWARDEN_TRIAL: join(folder, 'trial'),
    // Nobody listens there.
    NOTIFY_SOCKET: join(folder, 'notify'),
    WATCHDOG_USEC: '3000000',
  });
  onTestFinished(async () => void (await running.end()));
  const healthy = join(runtime, 'healthy');
  await eventually('it says that it is well', () => existsSync(healthy), running.output);
  expect(readFileSync(healthy, 'utf8')).toBe(`${version}\n`);
});
