/**
 * After an update: whether this version has proven itself. It has when it came up, went on for three periods of the watchdog and read a device (or
 * none is configured). Then it says so in a file that the box's own unit waits for; when it has not in time it gives up, and the start
 * after that puts the former version back. It knows nothing of packages.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { updateText } from '../text/commands/update.ts';
import type { Text } from '../text/text.ts';

export interface TrialOptions {
  readonly clock: Clock;
  readonly version: string;
  /** Where deploy/update/before-start notes a trial: lines `to=`, `from=`, `starts=`. LANEWARDEN_TRIAL; undefined: no package, no trial. */
  readonly trialFile: string | undefined;
  /** RUNTIME_DIRECTORY of the unit. */
  readonly runtimeFolder: string | undefined;
}

/** Periods of the watchdog in a row. */
const FED_TIMES = 9;
/** Three periods of 30 s and a board that needs its time after the mains came back. */
const WITHIN_MS = 180_000;

export type TrialCode = 'notProven'; // an update did not prove itself in time

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
  /** The watchdog was fed. `hasRead`: some device has given a reading, or none is configured. */
  fed(hasRead: boolean): void;
  /** Rejects with TrialError when the time is over and it has not proven itself; never resolves. */
  readonly failed: Promise<never>;
}

/** The trial of this version; undefined when it is not on trial. `signal`: the program ends, for whatever reason. */
export function trialOf(options: TrialOptions, signal: AbortSignal): Trial | undefined {
  const { clock, version, trialFile, runtimeFolder } = options;
  if (trialFile === undefined || runtimeFolder === undefined || noted(trialFile) !== version) return undefined;
  const proven = new AbortController();
  let fed = 0;
  let read = false;
  const over = AbortSignal.any([signal, proven.signal]);
  const failed = new Promise<never>((_, reject) => {
    void clock.sleep(WITHIN_MS, over).then(() => {
      if (!over.aborted) reject(new TrialError(updateText.notProven(version, WITHIN_MS / 1000, read)));
    });
  });
  failed.catch(() => undefined);
  return {
    failed,
    fed: (hasRead) => {
      fed += 1;
      read ||= hasRead;
      if (fed < FED_TIMES || !read || proven.signal.aborted) return;
      proven.abort();
      const file = join(runtimeFolder, 'healthy');
      writeFileSync(`${file}.new`, `${version}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}

function noted(file: string): string | undefined {
  try {
    return /^to=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
