/** What all programs write to the card of the state folder, by the kernel, and how long a new one would last: an estimate for a plain card. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CardWear } from '../types.ts';

/** Each block can be written 500 times; what is given in small pieces is written four times. */
const LASTS_TIMES = 500 / 4;
const [SECTOR, DAY_S] = [512, 86_400];
/** The burst of a start says nothing of a day, nor does less than an hour after it. */
const [START_S, LEAST_S] = [600, 3_600];
/** Cards and their soldered kind. Another disk lasts by other rules. */
const CARD = /^mmcblk\d+$/;

/** It counts from when it is first asked after the start. undefined: too early to say, no card, or nothing that the kernel counts for. */
export function wearMeter(folder: string, sys = '/sys'): (atS?: number) => CardWear | undefined {
  let from: { readonly atS: number; readonly sectors: number } | undefined;
  return (atS = process.uptime()) => {
    if (atS < START_S) return undefined;
    try {
      const { dev } = statSync(folder);
      const [major, minor] = [(dev >>> 8) & 0xfff, (dev & 0xff) | ((dev >>> 12) & 0xfff00)];
      const found = realpathSync(join(sys, 'dev/block', `${major}:${minor}`));
      const disk = existsSync(join(found, 'partition')) ? dirname(found) : found;
      const count = (name: string, at: number): number =>
        Number(readFileSync(join(disk, name), 'utf8').trim().split(/\s+/)[at] ?? 0);
      const sectors = count('stat', 6);
      from ??= { atS, sectors };
      const perDay = ((sectors - from.sectors) / (atS - from.atS)) * DAY_S;
      if (!CARD.test(basename(disk)) || atS - from.atS < LEAST_S || perDay <= 0) return undefined;
      return { bytesPerDay: perDay * SECTOR, years: (count('size', 0) * LASTS_TIMES) / perDay / 365 };
    } catch {
      return undefined;
    }
  };
}
