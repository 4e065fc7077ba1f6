/** When a box counts as commissioned: not when its lanes first run, but when the wizard's test of them is over. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { markCommissioned } from '../../src/box/commissioned.ts';
import type { LaneLive } from '../../src/page/api/api.ts';
import { handClock } from '../sim/hand-clock.ts';

let folder: string;
let lanes: LaneLive[] | undefined;
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-mark-'));
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

const lane = (isTested: boolean): LaneLive => ({ id: '1001', ...(isTested && { maintenance: {} }) }) as LaneLive;

function begin() {
  const file = join(folder, 'commissioned');
  const clock = handClock();
  const overview = async () => lanes && { lanes };
  void markCommissioned({ file, clock, overview }, stop.signal);
  const after = async (ms: number, isMarked: boolean): Promise<void> => {
    for (let left = ms; left >= 0; left -= 5_000) {
      clock.jump(5_000);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
    await expect.poll(() => existsSync(file)).toBe(isMarked);
  };
  return after;
}

it('is so when the test has ended, and not before', async () => {
  lanes = undefined;
  const after = begin();
  await after(60_000, false);
  lanes = [lane(false)];
  await after(600_000, false);
  lanes = [lane(true)];
  await after(600_000, false);
  // A new configuration is applied within the test.
  lanes = undefined;
  await after(10_000, false);
  lanes = [lane(true)];
  await after(10_000, false);
  lanes = [lane(false)];
  await after(10_000, true);
});

it('is so of one that was set up without the wizard, after some hours', async () => {
  lanes = [lane(false)];
  const after = begin();
  await after(3 * 3_600_000 - 60_000, false);
  await after(120_000, true);
});
