/**
 * Audit log of the page: append-only lines in two files of limited size, of which the older is replaced. Refusals have two of their own, because anybody
 * can cause any number of them, and so have visits, because whoever has an account can. It makes no texts, and its callers pass no secret.
 */
import { constants } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { giveToFolder, readText } from '../../small-file.ts';
import type { Text } from '../../text/text.ts';
import type { AuditRow } from '../api/api-setup.ts';
import { fileContent } from '../file-content.ts';

/** A FIFO in its place would wait for a reader. */
const APPENDED = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

const FILES = {
  acts: { file: 'audit.jsonl', older: 'audit.older.jsonl', bytesMax: 500_000, shown: 400 },
  /** Logins, sign-ons and looks: nothing was changed. */
  visits: { file: 'visits.jsonl', older: 'visits.older.jsonl', bytesMax: 200_000, shown: 200 },
  refusals: { file: 'refusals.jsonl', older: 'refusals.older.jsonl', bytesMax: 100_000, shown: 100 },
} as const;
export type AuditShare = keyof typeof FILES;
const SHARES = Object.keys(FILES) as readonly AuditShare[];
export const AUDIT_ROWS_SHOWN = Object.values(FILES).reduce((sum, { shown }) => sum + shown, 0);

export class Audit {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #failed: (error: Error) => void;
  #last: Promise<void> = Promise.resolve();

  /** `failed` reports a line that could not be written; the action goes on. */
  constructor(folder: string, clock: Clock, failed: (error: Error) => void) {
    this.#folder = folder;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** On the disk when it resolves. */
  add(user: string, what: Text, share: AuditShare = 'acts'): Promise<void> {
    const row: AuditRow = { atWallMs: Math.round(this.#clock.wallMs()), user, what };
    this.#last = this.#last.then(() => this.#append(share, `${JSON.stringify(row)}\n`)).catch(this.#failed);
    return this.#last;
  }

  /** Newest first, at most AUDIT_ROWS_SHOWN. */
  async list(): Promise<readonly AuditRow[]> {
    await this.#last;
    return merged(await Promise.all(SHARES.map((share) => this.#newest(share))));
  }

  async #newest(share: AuditShare): Promise<AuditRow[]> {
    const { file, older, shown } = FILES[share];
    const texts = await Promise.all([older, file].map((name) => readText(join(this.#folder, name))));
    const lines = texts.flatMap((text) => (text ?? '').split('\n')).filter((line) => line !== '');
    // Without a line that a power cut left incomplete.
    return lines
      .slice(-shown)
      .reverse()
      .flatMap((line) => fileContent<AuditRow>(line) ?? []);
  }

  async #append(share: AuditShare, line: string): Promise<void> {
    const { file: name, older, bytesMax } = FILES[share];
    const path = join(this.#folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === false) await rm(path, { force: true, recursive: true });
    else if ((found?.size ?? 0) > bytesMax) await rename(path, join(this.#folder, older));
    const file = await open(path, APPENDED, 0o600);
    try {
      await giveToFolder(file, this.#folder);
      await file.write(line);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** Each keeps its order, also where the clock was set. */
function merged(shares: readonly AuditRow[][]): readonly AuditRow[] {
  const timeOf = ([row]: AuditRow[]) => row?.atWallMs ?? Number.NEGATIVE_INFINITY;
  const rows: AuditRow[] = [];
  for (;;) {
    const row = shares.reduce((next, share) => (timeOf(share) < timeOf(next) ? next : share)).shift();
    if (row === undefined) return rows;
    rows.push(row);
  }
}
