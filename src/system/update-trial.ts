/**
 * The trial of a new version, and its probation. It passes when it has run for three watchdog periods and all is well; it then writes a file
 * that the supervisor of the box waits for (deploy/supervisor). On trial it gives up after the deadline; the supervisor counts, and turns
 * back. It knows nothing of packages.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { updateText } from '../text/commands/update.made.ts';
import { joined, type Text } from '../text/text.ts';
import { packageVersionOf } from './package-version.ts';

export interface TrialOptions {
  readonly clock: Clock;
  readonly version: string;
  /** Where the supervisor notes a trial, with a line `to=` (a package's version); `probation` is beside it. LANEWARDEN_TRIAL; undefined: no package. */
  readonly trialFile: string | undefined;
  /** RUNTIME_DIRECTORY of the unit. */
  readonly runtimeFolder: string | undefined;
  /** Of the service manager. */
  readonly watchdogMs?: number | undefined;
}

/** Feeds of the watchdog: three in each period. */
const FED_TIMES = 9;
/** Periods of the watchdog: three to prove itself, and as many for the start of a board after the mains came back. */
const WITHIN_PERIODS = 6;
const PROBATION = 'probation';
/** Of deploy/systemd/lanewarden.service, for a start without a watchdog. */
const WATCHDOG_MS = 30_000;

export type TrialCode = 'notProven'; // an update did not pass its trial in time

export class TrialError extends Error {
  override readonly name = 'TrialError';
  readonly code: TrialCode = 'notProven';
  readonly text: Text;
  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

export interface Trial {
  /** The watchdog was fed. `lacking`: what does not work yet. */
  fed(lacking: readonly Text[]): void;
  /** Rejects with TrialError at the deadline of an unpassed trial; never resolves. */
  readonly failed: Promise<never>;
}

/** The trial of this version; undefined when there is none. `signal`: the program ends, for any reason. */
export function trialOf(options: TrialOptions, signal: AbortSignal): Trial | undefined {
  const { clock, version, trialFile, runtimeFolder, watchdogMs = WATCHDOG_MS } = options;
  if (trialFile === undefined || runtimeFolder === undefined) return undefined;
  const isTrial = isOnTrial(trialFile, version);
  if (!isTrial && !isOnTrial(join(dirname(trialFile), PROBATION), version)) return undefined;
  const withinMs = WITHIN_PERIODS * watchdogMs;
  const proven = new AbortController();
  let fed = 0;
  let missing: readonly Text[] = [];
  const over = AbortSignal.any([signal, proven.signal]);
  const failed = new Promise<never>((_, reject) => {
    if (!isTrial) return;
    void clock.sleep(withinMs, over).then(() => {
      if (!over.aborted) reject(new TrialError(updateText.notProven(version, withinMs / 1000, joined(missing))));
    });
  });
  failed.catch(() => undefined);
  return {
    failed,
    fed: (lacking) => {
      fed += 1;
      missing = lacking;
      if (fed < FED_TIMES || lacking.length > 0 || proven.signal.aborted) return;
      proven.abort();
      const file = join(runtimeFolder, 'healthy');
      writeFileSync(`${file}.new`, `${packageVersionOf(version)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}

/** A note that cannot be read is one all the same: taken for none, a good version would never prove itself and a bad one never end. */
export function isOnTrial(file: string, version: string): boolean {
  try {
    return /^to=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] === packageVersionOf(version);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
