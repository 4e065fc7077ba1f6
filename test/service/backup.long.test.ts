/** A backup is a box: what comes back is what was there, and a file that is not one changes nothing. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { copyBeforeUpdate, copyDatabase, putBackDatabase } from '../../src/store/files/copy.ts';
import { restoreBackup, writeBackup } from '../../src/system/backup.ts';
import { dist } from '../store/open.ts';

const SECRET = 'canary-4711';

/** As far as a backup asks. */
const RECORDS = `CREATE TABLE release (id INTEGER PRIMARY KEY, state TEXT, frame_file TEXT, frame_bytes INTEGER);
  CREATE TABLE beside (release_id INTEGER, frame_file TEXT, frame_bytes INTEGER)`;

function box() {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-backup-'));
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder);
  const configFile = join(folder, 'lanewarden.yaml');
  writeFileSync(configFile, 'version: 1 # mine\n');
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\n`, { mode: 0o600 });
  const database = open(stateFolder);
  database.exec(RECORDS);
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
    expect(writeBackup(from, zip, { program: '1', passphrase: 'open sesame' })).toMatchObject({
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
    expect(await restoreBackup(to, zip, async () => 'open sesame')).toMatchObject({ database: true, secrets: true });
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
    expect(writeBackup(from, zip, { program: '1' })).toMatchObject({ database: true, secrets: false });
    from.database.close();
    expect((await restoreBackup(from, zip, nobody)).secrets).toBe(false);
    expect(readFileSync(join(from.folder, 'secrets.yaml'), 'utf8')).toContain(SECRET);
  });

  it('is the whole box: profiles, certificates, waiting pictures, history, commissioning, audit log, users and key', async () => {
    const from = box();
    const outside = join(mkdtempSync(join(tmpdir(), 'lanewarden-ca-')), 'park.pem');
    writeFileSync(outside, 'certificate of the park');
    writeFileSync(from.configFile, `version: 1\ncloud: { ca: ${outside} }\nmqtt: { ca: broker.pem }\n`);
    from.database.exec(`INSERT INTO release VALUES (1, 'waiting', 'A1.jpg', 3), (2, 'delivered', 'A2.jpg', 3);
      INSERT INTO beside VALUES (1, 'A3.jpg', 3)`);
    const open: Record<string, string> = {
      'profiles/own.yaml': 'own profile',
      'broker.pem': 'certificate of the broker',
      'state/page/audit.jsonl': 'audit',
      'state/provision/operator.pub': 'whom it trusts',
      'state/provision/applied.json': 'what it took last',
      'state/commissioning.json': 'found',
      'state/commissioning-1001.jpg': 'seen',
      'state/config/history/000001.json': 'before',
      'state/frames/A1.jpg': 'one',
      'state/frames/A3.jpg': 'beside',
    };
    const locked: Record<string, string> = {
      'state/page/users.json': 'hash of a password',
      'state/page/tokens.json': 'hash of a token',
      'state/page/certificate.pem': 'private key',
      'state/page/seal-key.pem': 'another private key',
      'state/config/good.json': `{"secrets":"${SECRET}"}`,
    };
    const fill = (at: string, files: Readonly<Record<string, string>>): void => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(at, name)), { recursive: true });
        writeFileSync(join(at, name), text);
      }
    };
    fill(from.folder, { ...open, ...locked, 'state/frames/A2.jpg': 'had', 'state/page/sessions.json': 'of this box' });
    const [plain, whole] = [join(from.folder, 'plain.zip'), join(from.folder, 'whole.zip')];
    expect(writeBackup(from, plain, { program: '2' })).toEqual({
      database: true,
      secrets: false,
      pictures: 2,
      left: 0,
    });
    writeBackup(from, whole, { program: '2', passphrase: 'open sesame' });
    from.database.close();

    // On another box, where nobody has put that certificate.
    rmSync(outside);
    const to = box();
    to.database.close();
    fill(to.folder, { 'state/config/history/000007.json': 'of another', 'state/page/setup-code': 'AAAA' });
    await restoreBackup(to, plain, nobody);
    for (const [name, text] of Object.entries(open))
      expect(readFileSync(join(to.folder, name), 'utf8'), name).toBe(text);
    for (const name of Object.keys(locked)) expect(existsSync(join(to.folder, name)), `${name} is locked`).toBe(false);
    expect(existsSync(join(to.folder, 'state/config/history/000007.json'))).toBe(false);
    expect(existsSync(join(to.folder, 'state/frames/A2.jpg')), 'the platform has it').toBe(false);
    expect(readFileSync(to.configFile, 'utf8')).toContain('ca: cloud-park.pem');
    expect(readFileSync(join(to.folder, 'cloud-park.pem'), 'utf8')).toBe('certificate of the park');
    await restoreBackup(to, whole, async () => 'open sesame');
    for (const [name, text] of Object.entries(locked))
      expect(readFileSync(join(to.folder, name), 'utf8'), name).toBe(text);
    expect(existsSync(join(to.folder, 'state/page/setup-code')), 'who has users needs none').toBe(false);
    expect(existsSync(join(to.folder, 'state/page/sessions.json'))).toBe(false);
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
      ...['lanewarden.yaml', 'lanewarden.db', 'backup.json']
        .map((name) => whole.indexOf(name) + name.length + 4)
        .map((at) => {
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

/** Of the compiled program in a process of its own: how it ended, and the most memory it had, in MB. */
function restored(to: { stateFolder: string; configFile: string }, zip: string): { outcome: string; peakMb: number } {
  const script = `
    import { restoreBackup } from ${JSON.stringify(join(dist, 'src/system/backup.js'))};
    const box = ${JSON.stringify({ stateFolder: to.stateFolder, configFile: to.configFile })};
    const outcome = await restoreBackup(box, ${JSON.stringify(zip)}, async () => undefined).then(() => 'restored', (error) => error.code);
    console.log(JSON.stringify({ outcome, peakMb: process.resourceUsage().maxRSS / 1024 }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

describe('a zip that is small and says that it is large', () => {
  const ZEROS = 300_000_000;
  /** As another program would pack them: 300 MB of zeros in 300 kB. */
  function bomb(name: string, folder: string, declared?: number): string {
    const zip = join(folder, 'bomb.zip');
    const packed = deflateRawSync(Buffer.alloc(ZEROS));
    const parts = [
      { name: 'lanewarden.yaml', bytes: 2, method: 0, packed: Buffer.from('a\n'), crc: crc32('a\n') },
      { name, bytes: declared ?? ZEROS, method: 8, packed, crc: crc32(Buffer.alloc(ZEROS)) },
      { name: 'backup.json', bytes: 2, method: 0, packed: Buffer.from('{}'), crc: crc32('{}') },
    ].filter((part, index, all) => all.findLastIndex((other) => other.name === part.name) === index);
    writeFileSync(zip, zipOf(parts));
    return zip;
  }

  it.each([
    ['a configuration', 'lanewarden.yaml', undefined],
    ['a list of what is in it', 'backup.json', undefined],
    ['a part that is larger than it says', 'lanewarden.db', 4_096],
    ['a database without a word of it in the list', 'lanewarden.db', undefined],
  ])('%s is no backup, and costs no memory', (_, name, declared) => {
    const to = box();
    to.database.close();
    const { outcome, peakMb } = restored(to, bomb(name, to.folder, declared));
    const { peakMb: usualMb } = restored(to, to.configFile);
    expect(outcome).toBe('notBackup');
    expect(peakMb - usualMb).toBeLessThan(100);
    expect(words(to.stateFolder)).toEqual(['first']);
    expect(readdirSync(to.stateFolder).filter((file) => file.startsWith('.restore'))).toEqual([]);
  });

  it('and for which there is no room is not unpacked', async () => {
    const to = box();
    to.database.close();
    const { bavail, bsize } = statfsSync(to.stateFolder);
    const tooLarge = Math.floor((bavail * bsize) / 2);
    if (tooLarge > 4_000_000_000) return;
    await expect(restoreBackup(to, bomb('lanewarden.db', to.folder, tooLarge), nobody)).rejects.toMatchObject({
      code: 'noRoom',
    });
  });
});

interface Part {
  readonly name: string;
  readonly bytes: number;
  readonly method: number;
  readonly packed: Buffer;
  readonly crc: number;
}

/** A zip by hand (APPNOTE 4.3), so that its sizes can lie. */
function zipOf(parts: readonly Part[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, method, packed, crc } of parts) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc, 0);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(bytes, 8);
    const head = Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, method, 0, 0, 0, 0, 0, ...sizes, name.length, 0, 0, 0]);
    const row = Buffer.alloc(46);
    row.set([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, method, 0]);
    row.set(sizes, 16);
    row.writeUInt16LE(name.length, 28);
    row.writeUInt32LE(at, 42);
    files.push(head, Buffer.from(name), packed);
    directory.push(row, Buffer.from(name));
    at += head.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

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
    expect(words(stateFolder), 'what came since is carried over').toEqual(['first', 'second']);
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
