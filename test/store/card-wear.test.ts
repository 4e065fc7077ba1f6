/** What the kernel counts for the disk of the state folder, and what is made of it. */
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { wearMeter } from '../../src/store/files/card-wear.ts';

const HOUR_S = 3_600;

/** A kernel whose card of 32 GB has this folder in its third partition. Returns its root. */
function kernel(writtenBytes: number, upTo: 'partition' | 'disk' = 'partition', card = 'mmcblk0') {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wear-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disk = join(folder, 'devices', card);
  mkdirSync(join(disk, `${card}p3`), { recursive: true });
  writeFileSync(join(disk, 'size'), `${32e9 / 512}\n`);
  const write = (bytes: number): void =>
    writeFileSync(join(disk, 'stat'), `   10 0 80 1   20 0 ${bytes / 512} 3 0 4 5 0 0 0 0 6 7\n`);
  write(writtenBytes);
  writeFileSync(join(disk, `${card}p3/partition`), '3\n');
  const { dev } = statSync(folder);
  mkdirSync(join(folder, 'dev/block'), { recursive: true });
  const name = `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`;
  symlinkSync(`../../devices/${card}${upTo === 'partition' ? `/${card}p3` : ''}`, join(folder, 'dev/block', name));
  return { sys: folder, folder, write };
}

const at = (hours: number): number => hours * HOUR_S;

it.each(['partition', 'disk'] as const)('counts the whole card, where the state lies on its %s', (upTo) => {
  // Of what was written before, and by the start, nobody knows how much is of every day.
  const { sys, folder, write } = kernel(9e9, upTo);
  const wear = wearMeter(folder, sys);
  expect(wear(at(0.1))).toBeUndefined();
  write(10e9);
  expect(wear(at(1))).toBeUndefined();
  write(10.05e9);
  expect(wear(at(1.9))).toBeUndefined();
  // 100 MB a day, of 32 GB 125 times over.
  expect(wear(at(13))).toEqual({ bytesPerDay: 100e6, years: expect.closeTo(109.6, 1) });
});

it('says nothing of what the kernel does not count, of no card, or where nothing was written', () => {
  const unused = kernel(50e6);
  const elsewhere = kernel(50e6);
  const desk = kernel(50e6, 'disk', 'nvme0n1');
  const meters = [
    wearMeter(unused.folder, unused.sys),
    wearMeter(elsewhere.folder, join(elsewhere.folder, 'devices')),
    wearMeter(desk.folder, desk.sys),
  ];
  for (const meter of meters) meter(at(1));
  for (const { write } of [elsewhere, desk]) write(60e6);
  for (const meter of meters) expect(meter(at(3))).toBeUndefined();
});
