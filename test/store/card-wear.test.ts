/** What the kernel counts for the disk of the state folder, and what is made of it. */
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cardWear } from '../../src/store/files/card-wear.ts';

const HOUR_S = 3_600;

/** A kernel whose card of 32 GB has this folder in its third partition. Returns its root. */
function kernel(writtenBytes: number, upTo: 'partition' | 'disk' = 'partition'): { sys: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wear-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disk = join(folder, 'devices/mmcblk0');
  mkdirSync(join(disk, 'mmcblk0p3'), { recursive: true });
  writeFileSync(join(disk, 'size'), `${32e9 / 512}\n`);
  writeFileSync(join(disk, 'stat'), `   10 0 80 1   20 0 ${writtenBytes / 512} 3 0 4 5 0 0 0 0 6 7\n`);
  writeFileSync(join(disk, 'mmcblk0p3/partition'), '3\n');
  const { dev } = statSync(folder);
  mkdirSync(join(folder, 'dev/block'), { recursive: true });
  const name = `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`;
  symlinkSync(`../../devices/mmcblk0${upTo === 'partition' ? '/mmcblk0p3' : ''}`, join(folder, 'dev/block', name));
  return { sys: folder, folder };
}

it.each(['partition', 'disk'] as const)('counts the whole card, where the state lies on its %s', (upTo) => {
  const { sys, folder } = kernel(50e6, upTo);
  // 100 MB a day, of 32 GB 125 times over.
  expect(cardWear(folder, sys, 12 * HOUR_S)).toEqual({ bytesPerDay: 100e6, years: expect.closeTo(109.6, 1) });
});

it('says nothing in the first hour, of what the kernel does not count, or where nothing was written', () => {
  const { sys, folder } = kernel(50e6);
  expect(cardWear(folder, sys, HOUR_S - 1)).toBeUndefined();
  expect(cardWear(folder, join(folder, 'devices'), HOUR_S)).toBeUndefined();
  const unused = kernel(0);
  expect(cardWear(unused.folder, unused.sys, HOUR_S)).toBeUndefined();
});
