/** Makes the backup of each night where the configuration has one, in a process that comes last, and says what is known of the last good one. */
import { hourOf } from '../account/days.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { BackupLive } from '../page/api/api.ts';
import type { MetricRow } from '../page/metrics.ts';
import { type BackupNote, backupNote } from '../system/backup-note.ts';
import { backupText } from '../text/commands/backup.ts';
import type { Text } from '../text/text.ts';
import { ChoreError, runChore } from './chore.ts';
import type { Host } from './host.ts';

const LOOK_EVERY_MS = 600_000;
const HOUR_MS = 3_600_000;
/** Of Beijing. */
const HOUR = 3;
/** A box that is off at night makes it in the day. */
const OVERDUE_MS = 36 * HOUR_MS;
/** By the monotonic clock: no step of the other one makes two in a row. */
const DONE_MS = 12 * HOUR_MS;
const FAILED_MS = 6 * HOUR_MS;

export interface NightlyBackupsParts {
  readonly host: Pick<Host, 'config'>;
  readonly configFile: string;
  readonly stateFolder: string;
  /** Of the machine. */
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly choreProgram?: URL | undefined;
}

export class NightlyBackups {
  readonly #parts: NightlyBackupsParts;
  #note: BackupNote | undefined;
  /** Why the last one failed. */
  #fault: Text | undefined;

  constructor(parts: NightlyBackupsParts) {
    this.#parts = parts;
    this.#note = backupNote(parts.stateFolder);
  }

  /** undefined: none is configured. */
  view(): BackupLive | undefined {
    if (this.#parts.host.config?.backup === undefined) return undefined;
    const { lastWallMs, testedWallMs, kept = 0 } = this.#note ?? {};
    return {
      kept,
      ...(lastWallMs !== undefined && { lastWallMs }),
      ...(testedWallMs !== undefined && { testedWallMs }),
      ...(this.#fault && { fault: this.#fault }),
    };
  }

  /** Absent, as long as there was none. */
  metrics(): readonly MetricRow[] {
    const { lastWallMs, testedWallMs } = this.view() ?? {};
    const ageOf = (wallMs: number): number => Math.max(0, Math.round((this.#parts.clock.wallMs() - wallMs) / 1_000));
    return [
      ...(lastWallMs === undefined ? [] : [['lanewarden_backup_age_seconds', [], ageOf(lastWallMs)] as const]),
      ...(testedWallMs === undefined
        ? []
        : [['lanewarden_backup_tested_age_seconds', [], ageOf(testedWallMs)] as const]),
    ];
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { host, clock } = this.#parts;
    let fromMs = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      if (signal.aborted || host.config?.backup === undefined) continue;
      if (clock.nowMs() < fromMs || !isDue(this.#note?.lastWallMs, clock.wallMs())) continue;
      fromMs = clock.nowMs() + ((await this.#make(signal)) ? DONE_MS : FAILED_MS);
    }
  }

  async #make(signal: AbortSignal): Promise<boolean> {
    const { configFile, stateFolder, log, choreProgram: programUrl } = this.#parts;
    const chore = {
      ...{ args: ['backup', '--nightly', '--config', configFile], language: 'zh' as const },
      ...{ environment: {}, isLast: true as const },
    };
    this.#fault = await runChore(chore, { signal, ...(programUrl && { programUrl }) }).then(
      () => undefined,
      (error: Error) => (error instanceof ChoreError ? error.text : { zh: error.message, en: error.message }),
    );
    if (this.#fault !== undefined && !signal.aborted) log.warn(backupText.failed(this.#fault));
    this.#note = backupNote(stateFolder);
    return this.#fault === undefined;
  }
}

function isDue(lastWallMs: number | undefined, wallMs: number): boolean {
  if (lastWallMs === undefined) return true;
  // A time to come is of a clock that was wrong.
  const ageMs = Math.abs(wallMs - lastWallMs);
  return ageMs >= OVERDUE_MS || (ageMs >= DONE_MS && hourOf(wallMs) === HOUR);
}
