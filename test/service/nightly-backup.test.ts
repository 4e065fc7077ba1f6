/** The backup of each night: locked as a whole, on another disk, thirty kept, the newest opened, verified and counted once a week. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { dayOf, daysAfter } from '../../src/account/days.ts';
import { restoreBackup, testBackup, writeBackup } from '../../src/system/backup.ts';
import { isLockedFile, lockFile, unlockFile } from '../../src/system/backup-lock.ts';
import { backupNote } from '../../src/system/backup-note.ts';
import { backUpNightly, newestBackup } from '../../src/system/nightly-backup.ts';
import { AT_LENGTH } from '../at-length.ts';
import { otherFileSystem } from '../own-folder.ts';
import { whyNoDisk } from '../store/disks.ts';
import { temporaryFolder } from '../store/open.ts';

const PASSPHRASE = 'open sesame';
const PLATE = '粤B4711Z';
const DAY_MS = 86_400_000;
const TODAY = 'lanewarden-ab12-2026-11-02.backup';
const FIRST = Date.UTC(2026, 10, 1, 19);

/** Another file system stands for the stick. */
const STICK = otherFileSystem() ?? '';
const noStick = STICK === '';
const sticks: string[] = [];
afterEach(() => {
  for (const folder of sticks.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function stick(): string {
  const folder = mkdtempSync(join(STICK, 'lanewarden-stick-'));
  sticks.push(folder);
  return folder;
}

/** Of 2 MB. */
function tinyStick(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-stick-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'stick', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function boxWith(records: number) {
  const folder = temporaryFolder();
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder);
  const configFile = join(folder, 'lanewarden.yaml');
  writeFileSync(configFile, `version: 1 # ${PLATE}\n`);
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "canary-4711"\n');
  const database = new Sqlite(join(stateFolder, 'lanewarden.db'));
  database.exec(`CREATE TABLE release (id INTEGER PRIMARY KEY, state TEXT, frame_file TEXT, frame_bytes INTEGER);
    CREATE TABLE beside (release_id INTEGER, frame_file TEXT, frame_bytes INTEGER); CREATE TABLE journal (seq INTEGER PRIMARY KEY)`);
  for (let id = 1; id <= records; id += 1) database.prepare('INSERT INTO release (id) VALUES (?)').run(id);
  database.close();
  return { stateFolder, configFile, folder };
}

const nightly = (box: ReturnType<typeof boxWith>, folder: string, nowWallMs = FIRST, name = 'lanewarden-ab12') =>
  backUpNightly({ box, folder, passphrase: PASSPHRASE, program: '1', name, day: dayOf(nowWallMs), nowWallMs });

describe.skipIf(noStick)('a night', () => {
  it('leaves one locked file, opened and counted, from which another box comes back', async () => {
    const [box, folder] = [boxWith(3), stick()];
    expect(await nightly(box, folder)).toMatchObject({ lastWallMs: FIRST, kept: 1, testedWallMs: FIRST, records: 3 });
    expect(readdirSync(folder)).toEqual(['lanewarden-ab12-2026-11-02.backup']);
    expect(backupNote(box.stateFolder)).toMatchObject({ lastWallMs: FIRST, kept: 1, records: 3 });
    const file = newestBackup(folder, '2026-11-02');
    expect(readFileSync(file).includes(PLATE)).toBe(false);
    const other = boxWith(0);
    await expect(restoreBackup(other, file, async () => 'wrong')).rejects.toMatchObject({ code: 'passphrase' });
    expect(await restoreBackup(other, file, async () => PASSPHRASE)).toMatchObject({ database: true, secrets: true });
    expect(readFileSync(other.configFile, 'utf8')).toContain(PLATE);
    expect(readdirSync(box.stateFolder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps thirty, of its own box alone, and those of a clock that had shown 2037 go first', async () => {
    const [box, folder] = [boxWith(1), stick()];
    for (let day = 1; day <= 29; day += 1)
      writeFileSync(join(folder, `lanewarden-ab12-${daysAfter('2026-10-01', day)}.backup`), '');
    writeFileSync(join(folder, 'lanewarden-ab12-2037-01-01.backup'), '');
    const ofOthers = ['lanewarden-cd34-2026-01-01.backup', 'lanewarden-ab12-2-2026-01-01.backup'];
    for (const other of ofOthers) writeFileSync(join(folder, other), '');
    await nightly(box, folder);
    const names = readdirSync(folder).toSorted();
    expect(names).toEqual(expect.arrayContaining(ofOthers));
    const own = names.filter((name) => name.startsWith('lanewarden-ab12-') && !ofOthers.includes(name));
    expect([own.length, own.at(0), own.at(-1)]).toEqual([
      30,
      'lanewarden-ab12-2026-10-02.backup',
      'lanewarden-ab12-2026-11-02.backup',
    ]);
    await nightly(box, folder, FIRST + DAY_MS);
    expect(readdirSync(folder)).not.toContain('lanewarden-ab12-2026-10-02.backup');
    expect(() => newestBackup(folder, '2026-11-02')).toThrow(expect.objectContaining({ code: 'noPlace' }));
  });

  it('is tested once a week', async () => {
    const [box, folder] = [boxWith(1), stick()];
    await nightly(box, folder);
    expect(await nightly(box, folder, FIRST + 6 * DAY_MS)).toMatchObject({ testedWallMs: FIRST });
    expect(await nightly(box, folder, FIRST + 7 * DAY_MS)).toMatchObject({ testedWallMs: FIRST + 7 * DAY_MS });
  });

  it('is refused where the stick is not mounted, and where the folder is not there', async () => {
    const box = boxWith(1);
    mkdirSync(join(box.stateFolder, 'backups'));
    await expect(nightly(box, join(box.stateFolder, 'backups'))).rejects.toMatchObject({ code: 'sameDisk' });
    await expect(nightly(box, join(box.folder, 'nowhere'))).rejects.toMatchObject({ code: 'noPlace' });
    expect(readdirSync(join(box.stateFolder, 'backups'))).toEqual([]);
    expect(backupNote(box.stateFolder)).toBeUndefined();
  });

  it.skipIf(whyNoDisk() !== undefined)(
    'of a stick that fills up leaves the good one, and nothing of its own',
    async () => {
      const folder = tinyStick();
      const box = boxWith(1);
      await nightly(box, folder);
      const good = readdirSync(folder);
      // Does not shrink: in one piece, of which the stick takes a part.
      mkdirSync(join(box.stateFolder, 'page'));
      writeFileSync(join(box.stateFolder, 'page', 'users.json'), randomBytes(500_000).toString('base64'));
      writeFileSync(join(folder, 'of-somebody'), Buffer.alloc(1_300_000));
      await expect(nightly(box, folder, FIRST + DAY_MS)).rejects.toThrow(/ENOSPC/);
      expect(readdirSync(folder).toSorted()).toEqual([...good, 'of-somebody']);
      expect(backupNote(box.stateFolder)).toMatchObject({ lastWallMs: FIRST });
    },
  );

  it('removes what a kill left of its own, and finds the newest beside one of a clock that had shown 2037', async () => {
    const [box, folder] = [boxWith(1), stick()];
    const ofOther = 'lanewarden-cd34-2026-10-01.backup.new';
    for (const left of ['lanewarden-ab12-2026-10-01.backup.new', ofOther]) writeFileSync(join(folder, left), 'x');
    writeFileSync(join(folder, 'lanewarden-ab12-2037-01-01.backup'), '');
    await nightly(box, folder);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([ofOther]);
    expect(newestBackup(folder, '2026-11-02')).toContain('2026-11-02');
    // A box without a clock: then the last of what there is.
    expect(newestBackup(folder, '1970-01-01')).toContain('2037-01-01');
  });

  it.each<[what: string, put: (folder: string) => void]>([
    [
      'in the place of the unfinished one',
      (folder) => mkdirSync(join(folder, `${TODAY}.new`, 'x'), { recursive: true }),
    ],
    ['in the place of today’s', (folder) => mkdirSync(join(folder, TODAY, 'x'), { recursive: true })],
    ['among the thirty', (folder) => mkdirSync(join(folder, 'lanewarden-ab12-2020-01-01.backup'))],
    ['that is a pipe', (folder) => execFileSync('mkfifo', [join(folder, TODAY)])],
    ['that is a link to the box', (folder) => symlinkSync(join(folder, TODAY), join(folder, `${TODAY}.new`))],
  ])('is made, noted and tested with something else there: %s', async (_, put) => {
    const [box, folder] = [boxWith(2), stick()];
    for (let day = 1; day <= 30; day += 1)
      writeFileSync(join(folder, `lanewarden-ab12-${daysAfter('2026-10-02', day)}.backup`), '');
    put(folder);
    expect(await nightly(box, folder)).toMatchObject({ lastWallMs: FIRST, kept: 30, records: 2 });
    expect(backupNote(box.stateFolder)).toMatchObject({ testedWallMs: FIRST });
    expect(isLockedFile(newestBackup(folder, '2026-11-02'))).toBe(true);
    expect(statSync(join(folder, TODAY)).isFile()).toBe(true);
  });

  it('a plain file in its name is refused before anything changes, and so is one that a given passphrase opens nothing of', async () => {
    const [box, forger, folder] = [boxWith(1), boxWith(9), stick()];
    await nightly(box, folder);
    const forged = join(folder, 'lanewarden-ab12-2026-11-03.backup');
    writeBackup(forger, forged, { program: '1' });
    writeFileSync(forger.configFile, 'version: 1 # theirs\n');
    const file = newestBackup(folder, '2026-11-03');
    expect(file).toBe(forged);
    const refused = { code: 'notLocked' };
    await expect(restoreBackup(box, file, async () => PASSPHRASE)).rejects.toMatchObject(refused);
    await expect(testBackup(box.stateFolder, file, PASSPHRASE)).rejects.toMatchObject(refused);
    const zip = join(folder, 'box.zip');
    renameSync(forged, zip);
    await expect(restoreBackup(box, zip, async () => PASSPHRASE, true)).rejects.toMatchObject(refused);
    expect(existsSync(`${box.configFile}.before-restore`)).toBe(false);
    // What the passphrase locks the secrets of is restored as before, and a plain one without a passphrase.
    writeBackup(box, zip, { program: '1', passphrase: PASSPHRASE });
    expect(await restoreBackup(box, zip, async () => PASSPHRASE, true)).toMatchObject({ secrets: true });
    writeBackup(box, zip, { program: '1' });
    expect(await restoreBackup(box, zip, async () => undefined)).toMatchObject({ secrets: false });
  });

  it('is no good one when what arrived cannot be opened', async () => {
    const [box, folder] = [boxWith(1), stick()];
    await nightly(box, folder);
    const file = newestBackup(folder, '2026-11-02');
    truncateSync(file, statSync(file).size - 1);
    await expect(testBackup(box.stateFolder, file, PASSPHRASE)).rejects.toMatchObject({ code: 'notBackup' });
    expect(readdirSync(box.stateFolder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a locked file', () => {
  // Each key is a tenth of a second of a processor.
  it.each(AT_LENGTH ? [0, 1, 1_048_575, 1_048_576, 1_048_577, 3_000_000] : [0, 1_048_576, 1_048_577])(
    'of %i bytes opens as it was, and not when changed',
    (size) => {
      const folder = temporaryFolder();
      const [plain, locked, back] = ['plain', 'locked', 'back'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(plain, Buffer.alloc(size, 'lane'));
      lockFile(plain, locked, PASSPHRASE);
      expect([isLockedFile(locked), isLockedFile(plain)]).toEqual([true, false]);
      expect(unlockFile(locked, back, PASSPHRASE)).toBe(true);
      expect(readFileSync(back).equals(readFileSync(plain))).toBe(true);
      expect(unlockFile(locked, back, 'other')).toBe(false);
      const bytes = readFileSync(locked);
      const piece = 16 + 1_048_576;
      // A piece left out at the end, one that is doubled, a bit of the tag.
      for (const changed of [
        bytes.subarray(0, Math.max(36, bytes.length - 1)),
        ...(size > 1_048_576
          ? [bytes.subarray(0, 36 + piece), Buffer.concat([bytes.subarray(0, 36 + piece), bytes.subarray(36)])]
          : []),
        Buffer.from(bytes).fill((bytes[36] ?? 0) ^ 1, 36, 37),
      ]) {
        writeFileSync(locked, changed);
        expect(unlockFile(locked, back, PASSPHRASE)).toBe(false);
      }
    },
  );
});
