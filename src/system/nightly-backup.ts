/**
 * The backup of each night: the whole box in one locked file in a folder on another disk (a USB stick, a share of the network), the last thirty kept, and
 * the newest tested once a week. What was done stands in a small file beside the database. It knows no schedule.
 */
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError, NOT_WHOLE, removeUnfinished, SUFFIX, testBackup, writeBackup } from './backup.ts';
import { type BackupNote, backupNote, NOTE_FILE } from './backup-note.ts';
import type { BoxFiles } from './backup-parts.ts';

const KEPT = 30;
const TESTED_EVERY_MS = 7 * 86_400_000;
const DAY_LENGTH = '2026-12-01'.length;

export interface NightlyBackup {
  readonly box: BoxFiles;
  readonly folder: string;
  readonly passphrase: string;
  readonly program: string;
  /** Of the box, in the name of the file. */
  readonly name: string;
  /** A day in Beijing. */
  readonly day: string;
  readonly nowWallMs: number;
}

/** Throws BackupError, and what the file system says. A test that fails says so each time until one succeeds. */
export async function backUpNightly(backup: NightlyBackup): Promise<BackupNote> {
  const { box, folder, passphrase, program, name, day, nowWallMs } = backup;
  requireOtherDisk(folder, box.stateFolder);
  removeUnfinished(box.stateFolder);
  const file = join(folder, `${name}-${day}${SUFFIX}`);
  // Of a kill or a cut; of others nothing is touched.
  for (const left of readdirSync(folder))
    if (left.endsWith(NOT_WHOLE) && isOf(name, left.slice(0, -NOT_WHOLE.length))) remove(join(folder, left));
  // A folder in the place of today's would refuse it.
  if (existsSync(file) && !isFile(file)) remove(file);
  writeBackup(box, file, { program, passphrase, isLocked: true, sized: (bytes) => makeRoom(backup, bytes) });
  for (const old of ofBox(backup).slice(0, -KEPT)) remove(join(folder, old));
  const former = backupNote(box.stateFolder);
  const made = { lastWallMs: nowWallMs, bytes: statSync(file).size, kept: ofBox(backup).length };
  const note: BackupNote = { ...former, ...made };
  if (Math.abs(nowWallMs - (former?.testedWallMs ?? Number.NEGATIVE_INFINITY)) < TESTED_EVERY_MS)
    return keep(box.stateFolder, note);
  // Where its test fails the last good one is the one before.
  const { records } = await testBackup(box.stateFolder, file, passphrase);
  return keep(box.stateFolder, { ...note, testedWallMs: nowWallMs, records });
}

/**
 * The newest of a folder; one of a day to come is of a clock that was wrong, and comes only where there is no other. Throws BackupError `noPlace`: there is
 * none, or they are of several boxes.
 */
export function newestBackup(folder: string, today: string): string {
  const found = backupsIn(folder);
  const boxes = new Set(found.map((name) => name.slice(0, -SUFFIX.length - DAY_LENGTH)));
  const newest = inOrder(found, today).at(-1);
  if (newest === undefined || boxes.size > 1) throw new BackupError('noPlace');
  return join(folder, newest);
}

/** Nothing is mounted there while it is on the disk that it is to be a backup of. */
function requireOtherDisk(folder: string, stateFolder: string): void {
  if (!existsSync(folder)) throw new BackupError('noPlace');
  if (statSync(folder).dev === statSync(stateFolder).dev) throw new BackupError('sameDisk');
}

const dayIn = (file: string): string => file.slice(-SUFFIX.length - DAY_LENGTH, -SUFFIX.length);
/** Not one of a box whose name goes on from this one's. */
const isOf = (name: string, file: string): boolean => file === `${name}-${dayIn(file)}${SUFFIX}`;

/** Oldest first; those of days to come are of a clock that was wrong, and go first. */
function inOrder(files: readonly string[], today: string): readonly string[] {
  const sorted = files.toSorted((a, b) => (dayIn(a) < dayIn(b) ? -1 : 1));
  return [...sorted.filter((file) => dayIn(file) > today), ...sorted.filter((file) => dayIn(file) <= today)];
}

/** What else bears such a name (a folder, a pipe, a link) is none. */
const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
const backupsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith(SUFFIX) && isFile(join(folder, name)));

const ofBox = ({ folder, name, day }: NightlyBackup): readonly string[] =>
  inOrder(
    backupsIn(folder).filter((file) => isOf(name, file)),
    day,
  );

/** One that stays is counted, and holds up nothing. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

/** Where there is none for one more, the oldest go; the newest stays. */
function makeRoom(backup: NightlyBackup, bytes: number): void {
  for (const old of ofBox(backup).slice(0, -1)) {
    const { bavail, bsize } = statfsSync(backup.folder);
    if (bytes + bytes / 8 <= bavail * bsize) return;
    remove(join(backup.folder, old));
  }
}

function keep(stateFolder: string, note: BackupNote): BackupNote {
  const file = join(stateFolder, NOTE_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return note;
}
