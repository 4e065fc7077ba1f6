/** An update on trial: proven by nine feeds and a reading, else given up in three minutes. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Trial, TrialError, trialOf } from '../../src/system/update-trial.ts';
import { handClock } from '../sim/hand-clock.ts';

function onTrial(to = '1.1.0') {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-trial-'));
  const trialFile = join(folder, 'trial');
  writeFileSync(trialFile, `to=${to}\nback=1.0.0\nstarts=1\n`);
  const clock = handClock();
  const ended = new AbortController();
  const trial = trialOf({ clock, version: '1.1.0', trialFile, runtimeFolder: folder }, ended.signal);
  return { clock, trial, ended, healthy: join(folder, 'healthy') };
}

const feed = (trial: Trial | undefined, times: number, hasRead: boolean): void => {
  for (let each = 0; each < times; each += 1) trial?.fed(hasRead);
};

describe('an update on trial', () => {
  it('has proven itself after nine feeds and one reading, and says so once', () => {
    const { trial, healthy } = onTrial();
    feed(trial, 8, true);
    expect(existsSync(healthy)).toBe(false);
    feed(trial, 1, false);
    expect(readFileSync(healthy, 'utf8')).toBe('1.1.0\n');
  });

  it('has not without a reading, whatever the watchdog says, and gives up', async () => {
    const { clock, trial, healthy } = onTrial();
    feed(trial, 20, false);
    expect(existsSync(healthy)).toBe(false);
    const failed = trial?.failed.catch((error: unknown) => error);
    clock.advance(180_000);
    expect(await failed).toBeInstanceOf(TrialError);
    expect(((await failed) as TrialError).text.zh).toContain('没有读到任何设备');
  });

  it('does not end a program that has proven itself, or one that ends anyway', async () => {
    for (const way of ['proven', 'ended'] as const) {
      const { clock, trial, ended } = onTrial();
      let failed = false;
      trial?.failed.catch(() => {
        failed = true;
      });
      if (way === 'proven') feed(trial, 9, true);
      else ended.abort();
      clock.advance(400_000);
      await Promise.resolve();
      expect(failed, way).toBe(false);
    }
  });

  it('is of one version only: any other is not on trial', () => {
    expect(onTrial('1.2.0').trial).toBeUndefined();
    expect(
      trialOf(
        { clock: handClock(), version: '1', trialFile: undefined, runtimeFolder: '/' },
        new AbortController().signal,
      ),
    ).toBeUndefined();
  });
});
