/**
 * Watches the system clock: detects steps, and learns from the time services of the system when it can be trusted. What follows from that belongs
 * to the time keeper; this file only samples, once a second.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { phoneOf } from './time-source.ts';
import type { TimeKeeping } from './types.ts';

/** One way to learn whether the system clock is synchronised. Cheap or rare; never throws. */
export interface SyncSource {
  readonly name: string;
  /** Poll interval while the clock is not trusted. */
  readonly everyMs: number;
  /** Poll interval while it is; FOLLOW_MS when left out. Infinity: not before the next step. */
  readonly followMs?: number;
  /** Identifies the last synchronisation; undefined: there was none. Changes with every further one, if the source can tell them apart. */
  read(): Promise<string | undefined>;
  /** Of a source that does not speak of the system clock: the reading in its word. Absent: the system clock is right, when it has a word. */
  reading?(word: string, nowMs: number): TimeReading | undefined;
}

/** A wall time that belongs to a Clock.nowMs of this boot. */
export interface TimeReading {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly uncertaintyMs: number;
  readonly source: string;
}

/** Exists while the service runs. */
const TIMESYNCD_FOLDER = '/run/systemd/timesync';
const TIMESYNCD_FILE = `${TIMESYNCD_FOLDER}/synchronized`;
const COMMAND_MS = 3_000;
const LOOK_MS = 1_000;
/** More than any slewing makes in a second. */
const STEP_MS = 250;
/** A trusted clock is followed this often, because daemons slew it all the time. */
const FOLLOW_MS = 60_000;
/** How well a synchronised system clock is believed to be right. */
const UNCERTAINTY_MS = 50;

/** systemd-timesyncd touches this file when it has set the clock. */
export function timesyncdSource(file = TIMESYNCD_FILE): SyncSource {
  return {
    name: 'timesyncd',
    everyMs: LOOK_MS,
    read: async () => {
      try {
        return String(statSync(file).mtimeMs);
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * What the kernel reports, whichever daemon disciplines the clock (chrony, ntpd). Its flag is cleared when a person sets the clock by hand. Read through
 * timedatectl because Node has no adjtimex, and that starts two processes: so not where timesyncd runs, whose file says the same, once a minute else, and
 * not at all while the clock is trusted. Without timedatectl the answer is no.
 */
export function kernelSource(command = 'timedatectl', timesyncd = TIMESYNCD_FOLDER): SyncSource {
  return {
    name: 'kernel',
    everyMs: 60_000,
    followMs: Number.POSITIVE_INFINITY,
    read: () =>
      new Promise((resolve) => {
        if (existsSync(timesyncd)) return resolve(undefined);
        const parameters = ['show', '--property=NTPSynchronized', '--value'];
        execFile(command, parameters, { timeout: COMMAND_MS }, (error, stdout) =>
          resolve(error === null && stdout.trim() === 'yes' ? 'yes' : undefined),
        );
      }),
  };
}

/** What root leaves when it has set the clock to what a person's phone said (deploy/box/set-clock): boot id, nowMs, wallMs, error, user. */
export const PHONE_FILE = '/run/lanewarden-clock/set';
/** How far the quartz of a cheap board runs away from what it was set to. */
const DRIFT = 1e-4;

/** A person's phone. Its word is of a moment of the monotonic clock: no step of the system clock changes it. */
export function phoneSource(file = PHONE_FILE, bootId = kernelBootId): SyncSource {
  return {
    name: 'phone',
    everyMs: LOOK_MS,
    read: async () => readIfThere(file),
    reading: (word, nowMs) => {
      const [boot, atMs, wallMs, errorMs, user] = word.trim().split(' ');
      if (boot !== bootId() || user === undefined) return undefined;
      const uncertaintyMs = Number(errorMs) + DRIFT * Math.max(0, nowMs - Number(atMs));
      const reading = { nowMs: Number(atMs), wallMs: Number(wallMs), uncertaintyMs, source: phoneOf(user) };
      return Number.isFinite(reading.nowMs + reading.wallMs + uncertaintyMs) ? reading : undefined;
    },
  };
}

export const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
const kernelBootId = (): string | undefined => readIfThere('/proc/sys/kernel/random/boot_id')?.trim();

/** Of the system clock. */
const NETWORK_SOURCES: readonly SyncSource[] = [timesyncdSource(), kernelSource()];
export const SYSTEM_SOURCES: readonly SyncSource[] = [...NETWORK_SOURCES, phoneSource()];

/** For `openStore({ wallTrusted })`. */
export async function systemIsSynced(sources: readonly SyncSource[] = NETWORK_SOURCES): Promise<boolean> {
  for (const source of sources) if ((await source.read()) !== undefined) return true;
  return false;
}

export interface ClockWatchOptions {
  readonly clock: Clock;
  readonly time: TimeKeeping;
  readonly sources?: readonly SyncSource[] | undefined;
}

interface Watched {
  readonly source: SyncSource;
  askedAtMs: number;
  word: string | undefined;
  /** The synchronisation known when the clock was stepped: it no longer counts, unless the source cannot tell one from another. */
  stale: string | undefined;
}

/** Runs until `signal` aborts. */
export async function watchClock(options: ClockWatchOptions, signal: AbortSignal): Promise<void> {
  const { clock, time } = options;
  const watched: Watched[] = (options.sources ?? SYSTEM_SOURCES).map((source) => ({
    source,
    askedAtMs: Number.NEGATIVE_INFINITY,
    word: undefined,
    stale: undefined,
  }));
  let offsetMs = clock.wallMs() - clock.nowMs();
  while (!signal.aborted) {
    const byMs = clock.wallMs() - clock.nowMs() - offsetMs;
    offsetMs += byMs;
    if (Math.abs(byMs) > STEP_MS) {
      time.stepped(byMs);
      for (const one of watched) Object.assign(one, { stale: one.word, askedAtMs: Number.NEGATIVE_INFINITY });
    }
    for (const one of watched) await look(one, options);
    await clock.sleep(LOOK_MS, signal);
  }
}

async function look(one: Watched, { clock, time }: ClockWatchOptions): Promise<void> {
  const { everyMs: askMs, followMs = FOLLOW_MS } = one.source;
  const everyMs = time.quality === 'synced' ? followMs : askMs;
  if (clock.nowMs() - one.askedAtMs < everyMs) return;
  one.askedAtMs = clock.nowMs();
  one.word = await one.source.read();
  if (one.source.reading !== undefined) {
    const reading = one.word === undefined ? undefined : one.source.reading(one.word, clock.nowMs());
    if (reading !== undefined) time.synced(reading.nowMs, reading.wallMs, reading.uncertaintyMs, reading.source);
    return;
  }
  // A file touched before the step proves nothing about the time after it; the flag of the kernel does.
  const tells = one.word !== 'yes';
  if (one.word === undefined || (tells && one.word === one.stale)) return;
  one.stale = undefined;
  time.synced(clock.nowMs(), clock.wallMs(), UNCERTAINTY_MS, one.source.name);
}
