/** An update on trial: proven after nine feeds when all is well, else given up in three minutes. On probation it says so after each start, and never gives up. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Trial, TrialError, trialOf } from '../../src/system/update-trial.ts';
import { lackingText } from '../../src/text/commands/update.made.ts';
import { handClock } from '../sim/hand-clock.ts';

function onTrial(to = '1.1.0', under = 'trial') {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-trial-'));
  const trialFile = join(folder, 'trial');
  writeFileSync(join(folder, under), `to=${to}\nback=1.0.0\nstarts=1\n`);
  const clock = handClock();
  const ended = new AbortController();
  const trial = trialOf({ clock, version: '1.1.0', trialFile, runtimeFolder: folder }, ended.signal);
  return { clock, trial, ended, healthy: join(folder, 'healthy') };
}

const feed = (trial: Trial | undefined, times: number, isWell: boolean): void => {
  for (let each = 0; each < times; each += 1) trial?.fed(isWell ? [] : [lackingText.blind]);
};

describe('an update on trial', () => {
  it('has proven itself after nine feeds, once nothing is lacking', () => {
    const { trial, healthy } = onTrial();
    feed(trial, 8, true);
    expect(existsSync(healthy)).toBe(false);
    feed(trial, 1, false);
    expect(existsSync(healthy)).toBe(false);
    feed(trial, 1, true);
    expect(readFileSync(healthy, 'utf8')).toBe('1.1.0\n');
  });

  it('on probation says that it is well, and does not give up', async () => {
    const { clock, trial, healthy } = onTrial('1.1.0', 'probation');
    let failed = false;
    trial?.failed.catch(() => {
      failed = true;
    });
    clock.advance(400_000);
    await Promise.resolve();
    expect(failed).toBe(false);
    feed(trial, 9, true);
    expect(existsSync(healthy)).toBe(true);
  });

  it('has not while something is lacking, whatever the watchdog says, and gives up', async () => {
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
