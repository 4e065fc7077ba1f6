/** The compiled program under the unit's flags: with many boards it starts Node again in the same process, with a larger new generation. */
import { readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configuration } from '../bench/boards/program.ts';
import { FLAGS } from '../package/as-shipped.ts';
import { PROGRAM, start, temporaryFolder } from '../stories/processes.ts';

const MANY = FLAGS.filter((flag) => flag !== '--optimize-for-size').map((flag) =>
  flag.replace('--max-semi-space-size=1', '--max-semi-space-size=4'),
);

it.each([
  [15, FLAGS],
  [16, MANY],
])('%i boards run with %o', async (boards, flags) => {
  const folder = temporaryFolder();
  // They refuse at once; none has to answer.
  const ports = Array.from({ length: boards }, (_, at) => `tcp://127.0.0.1:${at + 1}`);
  const config = configuration({ folder, ports, pollMs: 1_000 });
  const running = start(process.execPath, [...FLAGS, PROGRAM, 'run', '--config', config]);
  try {
    await running.says(config);
    const words = readFileSync(`/proc/${running.process.pid}/cmdline`, 'utf8').split('\0');
    expect(words.slice(1, -1)).toEqual([...flags, PROGRAM, 'run', '--config', config]);
    expect((await running.end()).code).toBe(0);
  } finally {
    running.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
