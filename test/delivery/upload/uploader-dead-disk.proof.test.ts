/**
 * A hundred releases while the disk is read-only or full, with a kill -9 in between: at least 99 are at the platform meanwhile, and none is
 * doubled when the disk is back. LONG_MINUTES: how long each takes, one when left out.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { disk, failDisk, fill, whyNoDisk } from '../../store/disks.ts';
import { dist } from '../../store/open.ts';
import { testPlatform } from './platform.ts';

const MINUTES = Number(process.env.LONG_MINUTES ?? 1);
const RELEASES = 100;
const EVERY_MS = Math.floor((MINUTES * 60_000) / RELEASES);
/** The openings that were in progress at the kill. */
const AGAIN = 3;

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

interface Box {
  go(): void;
  kill(): Promise<void>;
  /** Its last word on how it stands. */
  status(): string;
  hasBegun(): boolean;
}

function box(arguments_: readonly string[], told: (key: string, atMs: number, serial: string) => void): Box {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'dead-disk-child.mjs'), dist, ...arguments_], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  let status = '';
  let begun = false;
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const [kind, key = '', atMs, serial = ''] = line.split(' ');
    if (kind === 'R') begun = true;
    if (kind === 'P') told(key, Number(atMs), serial);
    if (kind === 'S') status = line;
  });
  return {
    go: () => void child.stdin?.write('go\n'),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
      children.delete(child);
    },
    status: () => status,
    hasBegun: () => begun,
  };
}

it.skipIf(whyNoDisk() !== undefined).each(['readonly', 'full'] as const)(
  '%s',
  async (fault) => {
    const platform = await testPlatform();
    const made = disk(64);
    const path = join(made.folder, 'state');
    const moments = new Map<string, number>();
    const serials = new Map<string, Set<string>>();
    const told = (key: string, atMs: number, serial: string) => {
      moments.set(key, atMs);
      serials.set(key, (serials.get(key) ?? new Set()).add(serial));
    };
    const start = async (from: number, to: number, isDurable = false): Promise<Box> => {
      // What the disk has is not judged again: the fold of the journal finds it there.
      const again = JSON.stringify(isDurable ? [] : [...moments].slice(-AGAIN));
      const started = box([path, platform.url, String(EVERY_MS), again, String(from), String(to)], told);
      await expect.poll(started.hasBegun).toBe(true);
      return started;
    };
    const breakDisk = () => (fault === 'full' ? fill(join(made.folder, 'filler')) : failDisk(made.folder));
    const mend = () => {
      rmSync(join(made.folder, 'filler'), { force: true });
    };
    const remount = () => {
      made.unmount();
      made.mount();
      mend();
    };
    const keys = () => new Set([...platform.kept.values()].map(({ fields }) => fields.reason));
    const timeout = (MINUTES * 60_000) / 2 + 60_000;

    const first = await start(1, RELEASES / 2);
    breakDisk();
    first.go();
    await expect.poll(first.status, { timeout, interval: 100 }).toMatch(new RegExp(`^S ${fault} 50 `));
    await expect.poll(() => keys().size).toBeGreaterThanOrEqual(RELEASES / 2 - 1);
    await first.kill();
    remount();

    const second = await start(RELEASES / 2 + 1, RELEASES);
    breakDisk();
    second.go();
    await expect.poll(second.status, { timeout, interval: 100 }).toMatch(new RegExp(`^S ${fault} 53 `));
    await expect.poll(() => keys().size).toBeGreaterThanOrEqual(RELEASES - 1);
    if (fault === 'full') {
      // The disk is back under the running program.
      mend();
      await expect.poll(second.status).toBe('S well 0 0 0');
    }
    await second.kill();
    remount();
    const third = await start(1, 0, fault === 'full');
    third.go();
    await expect.poll(third.status).toBe('S well 0 0 0');
    await third.kill();

    // Each has one serial, and the platform has one effect of each.
    expect([...serials.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(platform.kept.size).toBe(keys().size);
    expect(keys().size).toBeGreaterThanOrEqual(RELEASES - 1);
  },
  MINUTES * 60_000 + 180_000,
);
