/** A backup is a box: what comes back is what was there, and a file that is not one changes nothing. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { copyBeforeUpdate, copyDatabase, putBackDatabase } from '../../src/store/files/copy.ts';
import { restoreBackup, writeBackup } from '../../src/system/backup.ts';

const SECRET = 'canary-4711';

function box() {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-backup-'));
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder);
  const configFile = join(folder, 'lanewarden.yaml');
  writeFileSync(configFile, 'version: 1 # mine\n');
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\n`, { mode: 0o600 });
  const database = open(stateFolder);
  database.exec("CREATE TABLE kept (word TEXT); INSERT INTO kept VALUES ('first'); PRAGMA user_version = 1");
  return { folder, stateFolder, configFile, database };
}

const open = (stateFolder: string) => {
  const database = new Sqlite(join(stateFolder, 'lanewarden.db'));
  database.pragma('journal_mode = WAL');
  return database;
};
const words = (stateFolder: string): unknown => {
  const database = open(stateFolder);
  try {
    return database.prepare('SELECT word FROM kept ORDER BY rowid').pluck().all();
  } finally {
    database.close();
  }
};
const nobody = async (): Promise<undefined> => undefined;

describe('a backup', () => {
  it('brings configuration, database and locked secrets to another box', async () => {
    const from = box();
    const zip = join(from.folder, 'backup.zip');
    expect(writeBackup(from, zip, { program: '1', passphrase: 'open sesame' })).toEqual({
      database: true,
      secrets: true,
    });
    expect(statSync(zip).mode & 0o777).toBe(0o600);
    expect(readFileSync(zip, 'latin1'), 'the secrets are locked').not.toContain(SECRET);

    const to = box();
    to.database.exec("UPDATE kept SET word = 'other'");
    to.database.close();
    writeFileSync(to.configFile, 'version: 1 # theirs\n');
    await expect(restoreBackup(to, zip, nobody)).rejects.toThrow(expect.objectContaining({ code: 'passphrase' }));
    await expect(restoreBackup(to, zip, async () => 'wrong')).rejects.toThrow(
      expect.objectContaining({ code: 'passphrase' }),
    );
    expect(words(to.stateFolder), 'nothing was changed').toEqual(['other']);
    expect(await restoreBackup(to, zip, async () => 'open sesame')).toEqual({ database: true, secrets: true });
    expect(readFileSync(to.configFile, 'utf8')).toContain('mine');
    expect(readFileSync(`${to.configFile}.before-restore`, 'utf8')).toContain('theirs');
    expect(readFileSync(join(to.folder, 'secrets.yaml'), 'utf8')).toContain(SECRET);
    expect(statSync(join(to.folder, 'secrets.yaml')).mode & 0o777).toBe(0o600);
    expect(words(to.stateFolder)).toEqual(['first']);
    expect(readdirSync(to.stateFolder)).toContain('replaced-1.db');
  });

  it('without a passphrase has no secrets, and leaves those of the box alone', async () => {
    const from = box();
    const zip = join(from.folder, 'backup.zip');
    expect(writeBackup(from, zip, { program: '1' })).toEqual({ database: true, secrets: false });
    from.database.close();
    expect((await restoreBackup(from, zip, nobody)).secrets).toBe(false);
    expect(readFileSync(join(from.folder, 'secrets.yaml'), 'utf8')).toContain(SECRET);
  });

  it('that is damaged anywhere changes nothing', async () => {
    const from = box();
    const zip = join(from.folder, 'backup.zip');
    writeBackup(from, zip, { program: '1' });
    from.database.close();
    const whole = readFileSync(zip);
    for (const damaged of [
      Buffer.from('not a zip'),
      whole.subarray(0, whole.length / 2),
      ...[60, 300, Math.floor(whole.length / 2)].map((at) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ 0xff;
        return bytes;
      }),
    ]) {
      writeFileSync(zip, damaged);
      await expect(restoreBackup(from, zip, nobody)).rejects.toThrow(expect.objectContaining({ code: 'notBackup' }));
    }
    expect(words(from.stateFolder)).toEqual(['first']);
    expect(readdirSync(from.stateFolder).filter((name) => name.startsWith('.restore'))).toEqual([]);
  });

  it('cannot come back while the bridge has the database open', async () => {
    const from = box();
    const zip = join(from.folder, 'backup.zip');
    writeBackup(from, zip, { program: '1' });
    await expect(restoreBackup(from, zip, nobody)).rejects.toThrow(expect.objectContaining({ code: 'inUse' }));
    from.database.close();
  });
});

describe('the copy before an update', () => {
  it('is whole beside a running bridge, and comes back only when the database is of a newer version', () => {
    const { stateFolder, database } = box();
    const copy = copyBeforeUpdate(stateFolder);
    expect(copyDatabase(stateFolder, copy)).toBe(true);
    database.exec("INSERT INTO kept VALUES ('second')");
    database.close();
    expect(putBackDatabase(stateFolder, copy, true)).toBeUndefined();
    expect(words(stateFolder)).toEqual(['first', 'second']);
    const newer = open(stateFolder);
    newer.pragma('user_version = 99');
    newer.close();
    expect(putBackDatabase(stateFolder, copy, true)).toBe('replaced-1.db');
    expect(words(stateFolder)).toEqual(['first']);
  });

  it('keeps the two newest of what was replaced', () => {
    const { stateFolder, database } = box();
    database.close();
    const copy = copyBeforeUpdate(stateFolder);
    copyDatabase(stateFolder, copy);
    for (let each = 0; each < 4; each += 1) putBackDatabase(stateFolder, copy, false);
    const kept = readdirSync(stateFolder).filter((name) => /^replaced-\d+\.db$/.test(name));
    expect(kept.sort()).toEqual(['replaced-3.db', 'replaced-4.db']);
  });
});
