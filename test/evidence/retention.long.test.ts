/** A record on its last day, in small; `npm run proof -- retention` is the whole of it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ENOUGH = { DAYS: '4', VEHICLES: '200' };

it('is bundled, verified and replayed, and what no record needs has gone', () => {
  const program = join(import.meta.dirname, 'retention.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    env: { ...process.env, ...ENOUGH },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('proven and replayed');
});
