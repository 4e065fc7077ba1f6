/**
 * Audit log of the page: append-only lines in two files of limited size, of which the older is replaced. It makes no texts, and its callers pass
 * no secret.
 */
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Text } from '../../text/text.ts';
import type { AuditRow } from '../api/api-setup.ts';
import { giveToFolder, readText } from '../durable-files.ts';

const FILE = 'audit.jsonl';
const OLDER = 'audit.older.jsonl';
const FILE_BYTES_MAX = 500_000;
export const AUDIT_ROWS_SHOWN = 500;

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
  add(user: string, what: Text): Promise<void> {
    const row: AuditRow = { atWallMs: Math.round(this.#clock.wallMs()), user, what };
    this.#last = this.#last.then(() => this.#append(`${JSON.stringify(row)}\n`)).catch(this.#failed);
    return this.#last;
  }

  /** Newest first, at most AUDIT_ROWS_SHOWN. */
  async list(): Promise<readonly AuditRow[]> {
    await this.#last;
    const texts = await Promise.all([OLDER, FILE].map((name) => readText(join(this.#folder, name))));
    const lines = texts.flatMap((text) => (text ?? '').split('\n')).filter((line) => line !== '');
    return lines.slice(-AUDIT_ROWS_SHOWN).reverse().flatMap(parse);
  }

  async #append(line: string): Promise<void> {
    const path = join(this.#folder, FILE);
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > FILE_BYTES_MAX) await rename(path, join(this.#folder, OLDER));
    const file = await open(path, 'a', 0o600);
    try {
      await giveToFolder(file, this.#folder);
      await file.write(line);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** Skips a line that a power cut left incomplete. */
function parse(line: string): readonly AuditRow[] {
  try {
    return [JSON.parse(line) as AuditRow];
  } catch {
    return [];
  }
}
