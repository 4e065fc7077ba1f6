/**
 * The clock as a person's phone tells it: how the page, which has no rights, hands it to the unit that sets the clock of the machine
 * (deploy/box/set-clock), and how root reports back. Both files are one line: boot id, Clock.nowMs, wall time, error, user.
 */
import { rmSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../store/clock-watch.ts';

export interface PhoneReading {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly errorMs: number;
  readonly user: string;
}

export interface ClockPlaces {
  /** Below the state folder. */
  readonly spool: string;
  /** Written by root; gone at the next boot. */
  readonly result: string;
  /** The unit that sets the clock: only the package brings it. */
  readonly unit: string;
}

const REQUEST = 'request';
const lineOf = ({ nowMs, wallMs, errorMs, user }: PhoneReading): string =>
  `${bootId()} ${Math.round(nowMs)} ${Math.round(wallMs)} ${Math.ceil(errorMs)} ${user}\n`;

export async function requestClock({ spool }: ClockPlaces, time: PhoneReading): Promise<void> {
  await mkdir(spool, { recursive: true, mode: 0o700 });
  const file = join(spool, REQUEST);
  await writeFile(`${file}.new`, lineOf(time), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** `waiting`: root has not taken it. */
export function clockAnswer({ spool, result }: ClockPlaces, time: PhoneReading): 'waiting' | 'set' | 'refused' {
  if (readIfThere(join(spool, REQUEST)) !== undefined) return 'waiting';
  return readIfThere(result) === lineOf(time) ? 'set' : 'refused';
}

export const clearClockRequest = ({ spool }: ClockPlaces): void => rmSync(join(spool, REQUEST), { force: true });

const bootId = (): string => readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
