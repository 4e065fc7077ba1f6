// The stories of a prepared box, whose root is read-only but while a package is installed: updates and the way back, keys, a damaged database.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { keyFiles } from '../../deploy/update-keys.mjs';
import { carriedOver } from './carry-over.mjs';
import { configure, DATABASE, reads, UNIT } from './lanewarden-box.mjs';
import { carrying, updateKey } from './packages.mjs';

/** Its own file systems, as prepare-pi gives it. */
const WRITABLE = ['/tmp', '/var/tmp', '/var/lib/lanewarden', '/etc/lanewarden'];
const successor = generateKeyPairSync('ed25519');

/** As `npm run package -- --update-key … --revoke …` does: it revokes the key it is signed with and brings another. */
export function bringKeys(app, folder) {
  const written = (name, key) => {
    const file = join(folder, name);
    writeFileSync(file, key.export({ type: 'spki', format: 'pem' }));
    return file;
  };
  const leaked = written('leaked.pub', updateKey.public);
  const { trusted, revoked } = keyFiles([written('successor.pub', successor.publicKey)], [leaked]);
  writeFileSync(join(app, '../update.pub'), trusted);
  writeFileSync(join(app, '../update-revoked.pub'), revoked);
}

const isReadOnly = (box) => box.run('touch', '/usr/written').status !== 0;

/** V8 takes what was compiled at the installation, with the flags of the unit. */
const COMPILED = `const { readFileSync, readdirSync } = require('node:fs');
  process.chdir('/opt/lanewarden/current');
  const files = readdirSync('.').filter((name) => name.endsWith('.cache'));
  const taken = files.filter((file) => !new (require('node:vm').Script)(
    require('node:module').wrap(readFileSync(file.slice(0, -6), 'utf8')),
    { cachedData: readFileSync(file).subarray(32) }).cachedDataRejected);
  console.log(files.length, taken.length);`;

const restored = (box, version) =>
  box.until(`${version} is back`, () => box.current() === `releases/${version}` && box.isActive());

export const PREPARED_STORIES = [
  [
    'prepared: installed, compiled ahead with the flags of the unit, its root read-only, ready',
    async ({ other: box, board }) => {
      box.must('dpkg', '--install', '/root/lanewarden_1.0.0.deb');
      const flags = /^ExecStart=\S+ (.*) \/opt/m.exec(box.read(`/run/systemd/system/${UNIT}`))[1].split(' ');
      const [files, taken] = box
        .must('/opt/lanewarden/current/node', ...flags, '-e', COMPILED)
        .trim()
        .split(' ')
        .map(Number);
      assert.ok(files > 20 && files === taken, `${files} compiled ahead, ${taken} taken`);
      configure(box, board.port);
      box.must('systemctl', 'stop', UNIT);
      for (const place of WRITABLE)
        box.must(
          'sh',
          '-c',
          `cp -a ${place} /run/kept && mount -t tmpfs -o mode=0755 kept ${place} && cp -a /run/kept/. ${place} && rm -r /run/kept`,
        );
      box.must('mount', '-o', 'remount,ro', '/');
      assert.ok(isReadOnly(box));
      await box.restart();
    },
  ],
  [
    'prepared: reads its board on a read-only root',
    async ({ other: box }) => {
      box.cookie = await box.page.setUp(box.read('/var/lib/lanewarden/page/setup-code').trim());
      await reads(box, box.cookie);
    },
  ],
  [
    'prepared: a package that somebody changed, an older one, one without a key are not installed',
    async ({ other: box, debs }) => {
      const bytes = readFileSync(join(debs, 'lanewarden_1.1.0.deb'));
      bytes[bytes.length - 1000] ^= 1;
      writeFileSync(box.inside('/tmp/changed.deb'), bytes);
      writeFileSync(box.inside('/tmp/changed.deb.sig'), readFileSync(join(debs, 'lanewarden_1.1.0.deb.sig')));
      assert.match(box.run('lanewarden', 'update', '/tmp/changed.deb').stderr, /signature/);
      assert.match(
        box.run('lanewarden', 'update', '--key', '/nothing.pub', '/root/lanewarden_1.1.0.deb').stderr,
        /no update key/,
      );
      assert.equal(box.current(), 'releases/1.0.0');
    },
  ],
  [
    'prepared: a good update proves itself, and the root is read-only again',
    async ({ other: box }) => {
      const done = await box.update('1.1.0');
      assert.equal(done.status, 0, `${done.output}${box.log()}`);
      assert.equal(box.current(), 'releases/1.1.0');
      await box.until('the root is read-only again', () => isReadOnly(box));
      assert.match((await box.update('1.0.0')).output, /allow-downgrade/);
    },
  ],
  [
    'prepared: an update that changes the database and fails goes back; what it wrote is kept, and the root is read-only again',
    async ({ other: box }) => {
      const done = await box.update('1.4.0');
      assert.match(done.output, /former one is back/, `${done.output}${box.log()}`);
      await restored(box, '1.1.0');
      assert.notEqual(box.query('SELECT user_version FROM pragma_user_version'), '99');
      const kept = readdirSync(box.inside('/var/lib/lanewarden')).filter((name) => /^replaced-\d+\.db$/.test(name));
      assert.equal(kept.length, 1);
      assert.equal(box.query('SELECT user_version FROM pragma_user_version', kept[0]), '99');
      await box.until('the root is read-only again', () => isReadOnly(box));
      await reads(box, box.cookie);
    },
  ],
  [
    'prepared: an update with a step of the database sends a record, withdraws one and makes one, then goes back: none lost, doubled, accused again',
    carriedOver,
  ],
  [
    'prepared: an update that lives and is blind: the former version is back',
    async ({ other: box }) => {
      const done = await box.update('1.2.1');
      assert.equal(done.status, 1, `${done.output}${box.log()}`);
      assert.match(done.output, /former one is back/);
      assert.match(box.journal(UNIT), /没有读到任何设备/);
      assert.equal(box.current(), 'releases/1.1.0');
      await reads(box, box.cookie);
    },
  ],
  [
    'prepared: an older package by page is refused by root, and the page says so',
    async ({ other: box, debs }) => {
      const body = carrying(join(debs, 'lanewarden_1.0.0.deb'));
      const headers = { 'content-type': 'application/vnd.debian.binary-package' };
      const give = () => box.page.ask('update', { method: 'POST', body, headers, cookie: box.cookie });
      const changed = Buffer.from(body);
      changed[changed.length - 1000] ^= 1;
      assert.equal(
        (await box.page.ask('update', { method: 'POST', body: changed, headers, cookie: box.cookie })).status,
        422,
      );
      assert.equal((await give()).status, 202);
      const job = () => box.page.see('jobs/update', box.cookie);
      await box.until('the page says why', async () => /older than the installed/.test((await job())?.error?.en));
      assert.equal(box.current(), 'releases/1.1.0');
    },
  ],
  [
    'prepared: a damaged database is recovered by the shell of the package; this root has no other',
    async ({ other: box }) => {
      assert.notEqual(box.run('which', 'sqlite3').status, 0);
      box.must('systemctl', 'stop', UNIT);
      const hurt = openSync(box.inside(DATABASE), 'r+');
      writeSync(hurt, Buffer.alloc(4096), 0, 4096, 0);
      closeSync(hurt);
      writeFileSync(box.inside('/var/lib/lanewarden/alive'), 'torn');
      await box.restart();
      const damaged = box.inside('/var/lib/lanewarden/damaged/1');
      await box.until('it is recovered', () => existsSync(damaged) && !existsSync(join(damaged, 'unfinished')));
      assert.equal(box.query("SELECT count(*) FROM incident WHERE kind = 'salvaged'"), '1');
      assert.ok(
        Number(box.query('SELECT count(*) FROM boot')) > 1,
        'that of before the damage came through the shell alone',
      );
    },
  ],
  [
    'prepared: a package revokes the key it is signed with and brings the successor: nothing of the old one is taken again',
    async ({ other: box, debs }) => {
      const taken = await box.update('1.5.0', '--no-wait');
      assert.equal(taken.status, 0, taken.output);
      assert.match((await box.update('1.1.0', '--allow-downgrade')).output, /revoked/);
      assert.match(box.must('lanewarden', 'update', '--keys'), /^in force .*update\.pub\nrevoked /);
      const bytes = readFileSync(join(debs, 'lanewarden_1.1.0.deb'));
      writeFileSync(box.inside('/tmp/again.deb'), bytes);
      writeFileSync(box.inside('/tmp/again.deb.sig'), sign(null, bytes, successor.privateKey));
      await box.until('the trial is over', () => !box.hasTrial());
      box.must('lanewarden', 'update', '--no-wait', '--allow-downgrade', '/tmp/again.deb');
      assert.equal(box.current(), 'releases/1.1.0');
      const named = ['--key', '/root/leaked.pub', '/root/lanewarden_1.3.0.deb'];
      assert.match(box.run('lanewarden', 'update', ...named).stderr, /no update key/, 'not even when it is named');
      assert.ok(
        existsSync(box.inside('/etc/lanewarden-update-revoked.pub')),
        'the older package has not brought it back',
      );
    },
  ],
  [
    'prepared: purged, it leaves its mounts empty, and nothing else',
    async ({ other: box }) => {
      // The version of the story before is on trial: a start that was asked for meanwhile takes the stop back.
      await box.until('it is stopped', () => box.run('systemctl', 'stop', UNIT).status === 0);
      box.must('mount', '-o', 'remount,rw', '/');
      box.must('dpkg', '--purge', 'lanewarden');
      for (const path of WRITABLE.slice(2)) assert.deepEqual(readdirSync(box.inside(path)), [], `${path} is empty`);
      for (const path of [
        '/opt/lanewarden',
        '/usr/lib/lanewarden',
        '/etc/lanewarden-update.pub',
        '/etc/lanewarden-update-revoked.pub',
      ])
        assert.ok(!existsSync(box.inside(path)), path);
    },
  ],
];
