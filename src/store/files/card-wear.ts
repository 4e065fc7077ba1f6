/**
 * What is written to the disk of the state folder, by the kernel's counters since the machine started, and for how long it would last: an estimate for
 * a plain card, each block of which can be written 500 times, and which writes four times what it is given in small pieces.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import type { CardWear } from '../types.ts';

/** Of what it is given. */
const LASTS_TIMES = 500 / 4;
const SECTOR = 512;
const DAY_S = 86_400;
/** A start says nothing of a day. */
const FROM_S = 3_600;

/** undefined: too early to say, or nothing that the kernel counts for. */
export function cardWear(folder: string, sys = '/sys', upS = uptime()): CardWear | undefined {
  if (upS < FROM_S) return undefined;
  try {
    const { dev } = statSync(folder);
    const [major, minor] = [(dev >>> 8) & 0xfff, (dev & 0xff) | ((dev >>> 12) & 0xfff00)];
    const found = realpathSync(join(sys, 'dev/block', `${major}:${minor}`));
    const disk = existsSync(join(found, 'partition')) ? dirname(found) : found;
    const numbers = (name: string): number[] => readFileSync(join(disk, name), 'utf8').trim().split(/\s+/).map(Number);
    const bytesPerDay = (((numbers('stat')[6] ?? 0) * SECTOR) / upS) * DAY_S;
    const years = ((numbers('size')[0] ?? 0) * SECTOR * LASTS_TIMES) / bytesPerDay / 365;
    return Number.isFinite(years) ? { bytesPerDay, years } : undefined;
  } catch {
    return undefined;
  }
}
