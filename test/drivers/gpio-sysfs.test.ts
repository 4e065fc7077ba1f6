/**
 * GPIO through sysfs, on a folder that looks like /sys/class/gpio and lines that behave as onoff's do (devices.md 7.3).
 * What this cannot prove without the hardware: onoff's own epoll on a real value file.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGpioDriver, gpioKind } from '../../drivers/gpio/driver.ts';
import { GPIOD_TOOLS } from '../../drivers/gpio/gpiomon.ts';
import { type OpenLine, type SysfsLine, sysfsSource } from '../../drivers/gpio/sysfs.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Reading } from '../../src/driver.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { hurried } from './gpio-tools.ts';

const clock = systemClock();
const FILES = ['value', 'direction', 'active_low', 'edge'];
const LABEL = 'pinctrl-bcm2711';

/** /sys/class/gpio with two chips, of which ours begins at 512; lines 529 and 539 have their files once they are exported. */
function sysfs(files = FILES): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-sysfs-'));
  for (const [base, label] of [
    [512, LABEL],
    [570, 'raspberrypi-exp-gpio'],
  ] as const) {
    mkdirSync(join(folder, `gpiochip${base}`));
    writeFileSync(join(folder, `gpiochip${base}`, 'label'), `${label}\n`);
    writeFileSync(join(folder, `gpiochip${base}`, 'base'), `${base}\n`);
  }
  for (const name of ['export', 'unexport']) writeFileSync(join(folder, name), '');
  for (const line of [529, 539]) {
    mkdirSync(join(folder, `gpio${line}`));
    for (const file of files) writeFileSync(join(folder, `gpio${line}`, file), '0');
  }
  return folder;
}

/** Lines as onoff gives them. `edge` calls back with the level of now, whatever edge it was. */
function lines(settings: { readonly direction?: string; readonly edge?: string } = {}) {
  const numbers: number[] = [];
  const unexported: number[] = [];
  const values = new Map<number, 0 | 1>();
  const watchers = new Map<number, (error: Error | null | undefined, value: 0 | 1) => void>();
  let broken = false;
  const open: OpenLine = async (number) => {
    numbers.push(number);
    const line: SysfsLine = {
      direction: () => settings.direction ?? 'in',
      edge: () => settings.edge ?? 'both',
      activeLow: () => false,
      readSync: () => {
        if (broken) throw Object.assign(new Error('ENODEV: no such device, read'), { code: 'ENODEV' });
        return values.get(number) ?? 0;
      },
      watch: (callback) => void watchers.set(number, callback),
      unexport: () => void unexported.push(number),
    };
    return line;
  };
  return {
    open,
    numbers,
    unexported,
    set: (number: number, value: 0 | 1) => void values.set(number, value),
    edge: (number: number) => watchers.get(number)?.(null, values.get(number) ?? 0),
    fail: (number: number) => watchers.get(number)?.(new Error('epoll: bad file descriptor'), 0),
    pull: () => {
      broken = true;
    },
    watched: () => watchers.size,
  };
}

function running(folder: string, open: OpenLine, on: Clock = clock, device: object = {}) {
  const config = gpioKind.schema.parse({ chip: LABEL, lines: { in17: 17, in27: 27 }, via: 'sysfs', ...device });
  const source = sysfsSource(on, open, folder);
  const driver = createGpioDriver(
    config,
    { clock: on },
    { tools: GPIOD_TOOLS, gpiomon: () => source, sysfs: () => source },
  );
  const stop = new AbortController();
  const readings: Reading[] = [];
  const ended = driver
    .run((reading) => readings.push(reading), stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { readings, ended, stop: () => stop.abort() };
}

async function until(what: () => boolean): Promise<void> {
  const endMs = clock.nowMs() + LONGEST_WAIT_MS;
  while (!what()) {
    if (clock.nowMs() > endMs) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(1);
  }
}

describe('sysfs', () => {
  it('finds the chip by its label, frees a line that is exported already, and looks at every line again and again', async () => {
    const folder = sysfs();
    const wired = lines();
    wired.set(529, 1);
    const run = running(folder, wired.open);
    await until(() => run.readings.length >= 6);
    expect(wired.numbers).toEqual([529, 539]);
    expect(readFileSync(join(folder, 'export'), 'utf8')).toBe('539');
    expect(readFileSync(join(folder, 'unexport'), 'utf8')).toBe('539');
    expect(run.readings.slice(0, 2)).toMatchObject([
      { kind: 'level', point: 'in17', value: true, uncertaintyMs: 0 },
      { kind: 'level', point: 'in27', value: false, uncertaintyMs: 0 },
    ]);
    run.stop();
    expect(await run.ended).toBeUndefined();
    expect(wired.unexported).toEqual([529, 539]);
  });

  it('an interrupt is a level at once, known to have come since the last look', async () => {
    const wired = lines();
    const run = running(sysfs(), wired.open);
    await until(() => run.readings.length >= 4);
    wired.set(539, 1);
    wired.edge(539);
    expect(run.readings.at(-1)).toMatchObject({ kind: 'level', point: 'in27', value: true });
    expect(run.readings.at(-1)?.uncertaintyMs).toBeLessThan(1_000);
    run.stop();
    await run.ended;
  });

  it('an interrupt that finds the old level, after a stall, is a pulse', async () => {
    const wired = lines();
    const run = running(sysfs(), wired.open);
    await until(() => run.readings.length >= 4);
    const stallEndMs = clock.nowMs() + 80;
    while (clock.nowMs() < stallEndMs);
    wired.edge(529);
    const pulses = run.readings.filter((each) => each.kind === 'pulses');
    expect(pulses).toMatchObject([{ point: 'in17', count: 1 }]);
    expect(pulses[0]?.uncertaintyMs).toBeGreaterThanOrEqual(80);
    run.stop();
    await run.ended;
  });

  it.each(['pull', 'fail'] as const)('a line that cannot be read any more ends it (%s)', async (how) => {
    const wired = lines();
    const run = running(sysfs(), wired.open);
    await until(() => run.readings.length >= 4);
    if (how === 'pull') wired.pull();
    else wired.fail(529);
    expect(await run.ended).toMatchObject({ name: 'LinkError', code: 'gone' });
    expect(wired.unexported).toEqual([529, 539]);
  });

  it.each([
    ['another direction', { direction: 'out' }],
    ['no interrupts', { edge: 'none' }],
  ])('does not trust a line that was left with %s', async (_, settings) => {
    const wired = lines(settings);
    const run = running(sysfs(), wired.open);
    expect(await run.ended).toMatchObject({ name: 'LinkError', code: 'refused' });
    expect(run.readings).toEqual([]);
    expect(wired.unexported).toEqual([529]);
  });

  it('gives up a line whose files do not appear', async () => {
    const wired = lines();
    const run = running(sysfs(['value', 'direction', 'active_low']), wired.open, hurried(clock, 1));
    expect(await run.ended).toMatchObject({ name: 'LinkError', code: 'notFound' });
    expect(wired.numbers).toEqual([]);
  });

  it('says which chips there are when ours is not among them, or is there twice', async () => {
    const folder = sysfs();
    const run = running(folder, lines().open, clock, { chip: 'pinctrl-rp1' });
    const error = (await run.ended) as Error;
    expect(error).toMatchObject({ code: 'notFound' });
    expect(error.message).toContain('pinctrl-bcm2711, raspberrypi-exp-gpio');
    writeFileSync(join(folder, 'gpiochip570', 'label'), LABEL);
    expect(await running(folder, lines().open).ended).toMatchObject({ code: 'refused' });
    rmSync(folder, { recursive: true });
    expect(await running(folder, lines().open).ended).toMatchObject({ code: 'notFound' });
  });

  it('refuses a bias, which sysfs cannot set', async () => {
    const run = running(sysfs(), lines().open, clock, { bias: 'pull-up', via: 'auto' });
    // Without gpiomon `auto` comes here too.
    expect(await run.ended).toMatchObject({ code: 'refused' });
    expect(run.readings).toEqual([]);
  });

  it('what onoff itself throws is an error of the link', async () => {
    const folder = sysfs();
    // No machine has this line.
    writeFileSync(join(folder, 'gpiochip512', 'base'), '999999512');
    mkdirSync(join(folder, 'gpio999999529'));
    for (const file of FILES) writeFileSync(join(folder, 'gpio999999529', file), '0');
    const source = sysfsSource(clock, undefined, folder);
    const nothing = { level: () => {}, edge: () => {}, alive: () => {} };
    const watching = source.watch({ chip: LABEL, offsets: [17], bias: 'as-is' }, nothing, new AbortController().signal);
    await expect(watching).rejects.toMatchObject({ name: 'LinkError' });
  });
});
