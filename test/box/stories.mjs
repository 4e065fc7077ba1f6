// The stories, in order: each begins where the one before ended, and each is told even when one before it failed.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBoard } from './board.mjs';
import { configure, folderOf, reads, startBox, UNIT, versionIn } from './lanewarden-box.mjs';
import { atRun, carrying, variant } from './packages.mjs';

const PAGE_PORT = 18_080;
const PASSPHRASE = 'a passphrase of the test';
const BACKUP = '/root/box.zip';
/** It runs, feeds the watchdog, shows its page, and no connection of its ever gets through. */
const BLIND = "require('node:net').Socket.prototype.connect = function () { return this; };";

/** `words`: those that are told; none: all. Resolves to the exit code. */
export async function tellStories(base, words) {
  const debs = mkdtempSync(join(tmpdir(), 'lanewarden-debs-'));
  for (const version of ['1.0.0', '1.1.0', '1.1.1', '1.3.0']) variant(debs, version);
  variant(debs, '1.2.0', atRun('throw 1;'));
  variant(debs, '1.2.1', atRun(BLIND));
  const board = await startBoard();
  const [box, other] = await Promise.all(
    ['lanewarden-a', 'lanewarden-b'].map((name) => startBox(base, { name, port: PAGE_PORT, debs })),
  );
  const failed = [];
  const isWanted = ([name], index) => index < 2 || words.length === 0 || words.some((word) => name.includes(word));
  try {
    for (const [name, tell] of STORIES.filter(isWanted)) {
      const beganMs = Date.now();
      const fault = await tell({ box, other, board, debs }).then(
        () => undefined,
        (error) => error,
      );
      const took = `${((Date.now() - beganMs) / 1000).toFixed(0)} s`;
      process.stdout.write(`${fault === undefined ? 'ok ' : 'RED'} ${took.padStart(5)}  ${name}\n`);
      if (fault === undefined) continue;
      process.stdout.write(`${fault.message}\n`);
      failed.push(name);
    }
  } finally {
    board.close();
    await Promise.all([box.end(), other.end()]);
    rmSync(debs, { recursive: true, force: true });
  }
  process.stdout.write(failed.length === 0 ? 'a box does as it should\n' : `${failed.length} stories failed\n`);
  return failed.length === 0 ? 0 : 1;
}

const STORIES = [
  [
    'installed: enabled, running as its user, its page there before any configuration',
    async ({ box }) => {
      box.must('dpkg', '--install', '/root/lanewarden_1.0.0.deb');
      for (const unit of [UNIT, 'lanewarden-confirm.path', 'lanewarden-update.path'])
        assert.equal(box.run('systemctl', 'is-enabled', unit).stdout.trim(), 'enabled', unit);
      await box.until('it runs', box.isActive);
      assert.match(box.must('id', 'lanewarden'), /dialout.*gpio|gpio.*dialout/);
      for (const folder of ['/etc/lanewarden', '/var/lib/lanewarden'])
        assert.equal(statSync(box.inside(folder)).mode & 0o777, 0o700, folder);
      assert.equal(box.current(), 'releases/1.0.0');
      assert.ok(!box.hasTrial(), 'a first installation has nothing to go back to');
    },
  ],
  [
    'configured: ready, reads its board, and nothing of it is denied',
    async ({ box, board }) => {
      configure(box, { boardPort: board.port, pagePort: PAGE_PORT });
      box.restart();
      box.cookie = await box.page.setUp(box.read('/var/lib/lanewarden/page/setup-code').trim());
      await reads(box, box.cookie);
      assert.match(box.property('StatusText'), /1001/);
      assert.equal(box.property('NRestarts'), '0');
      box.ownsItsFolders();
    },
  ],
  [
    'killed: back by itself',
    async ({ box }) => {
      const before = box.property('MainPID');
      box.must('systemctl', 'kill', '--signal=KILL', UNIT);
      await box.until('it is back', () => box.isActive() && box.property('MainPID') !== before);
      await reads(box, box.cookie);
    },
  ],
  [
    'stopped by SIGSTOP: the watchdog sees it and starts it anew',
    async ({ box }) => {
      const before = box.property('MainPID');
      box.must('kill', '-STOP', before);
      await box.until('it is back', () => box.isActive() && box.property('MainPID') !== before);
      assert.match(box.journal(UNIT), /[Ww]atchdog/);
      await reads(box, box.cookie);
    },
  ],
  [
    'a good update: the database copied, proven within minutes, the one before still there',
    async ({ box }) => {
      const done = box.run('timeout', '240', 'lanewarden', 'update', '/root/lanewarden_1.1.0.deb');
      assert.equal(done.status, 0, `${done.stdout}${done.stderr}${box.log()}`);
      assert.match(done.stdout, /1\.0\.0/);
      assert.ok(!box.hasTrial());
      assert.equal(versionIn(box), 'lanewarden 1.1.0');
      assert.deepEqual(folderOf(box, '/opt/lanewarden/releases').sort(), ['1.0.0', '1.1.0']);
      assert.ok(existsSync(box.inside('/var/lib/lanewarden/before-update.db')));
      box.ownsItsFolders();
    },
  ],
  [
    'three restarts after a good update: it stays',
    async ({ box }) => {
      for (let each = 0; each < 4; each += 1) box.restart();
      assert.equal(box.current(), 'releases/1.1.0');
      assert.ok(!existsSync(box.inside('/opt/lanewarden/reverted')));
    },
  ],
  [
    'a broken update: the former version is back, and what comes next knows it',
    async ({ box }) => {
      const done = box.run('timeout', '240', 'lanewarden', 'update', '/root/lanewarden_1.2.0.deb');
      assert.equal(done.status, 1, `${done.stdout}${done.stderr}`);
      assert.match(done.stderr, /former one is back/);
      assert.equal(box.current(), 'releases/1.1.0');
      await reads(box, box.cookie);
      // Newer than what runs, though older than what was refused.
      const repaired = box.run('timeout', '240', 'lanewarden', 'update', '/root/lanewarden_1.1.1.deb');
      assert.equal(repaired.status, 0, `${repaired.stdout}${repaired.stderr}`);
      assert.match(repaired.stdout, /1\.1\.0/, 'its predecessor is the one that ran');
      assert.equal(box.current(), 'releases/1.1.1');
    },
  ],
  [
    'an update that lives and is blind: the former version is back',
    async ({ box }) => {
      const done = box.run('timeout', '240', 'lanewarden', 'update', '/root/lanewarden_1.2.1.deb');
      assert.equal(done.status, 1, `${done.stdout}${done.stderr}${box.log()}`);
      assert.match(done.stderr, /former one is back/);
      assert.match(box.journal(UNIT), /没有读到任何设备/);
      assert.equal(box.current(), 'releases/1.1.1');
      await reads(box, box.cookie);
    },
  ],
  [
    'an update by page: taken by root, proven, told across the restart',
    async ({ box, debs }) => {
      const body = carrying(join(debs, 'lanewarden_1.3.0.deb'));
      const headers = { 'content-type': 'application/vnd.debian.binary-package' };
      const given = await box.page.ask('update', { method: 'POST', body, headers, cookie: box.cookie });
      assert.equal(given.status, 202, await given.text());
      const job = () => box.page.see('jobs/update', box.cookie);
      await box.until('the page says it is done', async () => (await job())?.state === 'done');
      assert.equal(box.current(), 'releases/1.3.0');
      assert.ok(!box.hasTrial());
      assert.deepEqual(folderOf(box, '/var/lib/lanewarden/update'), []);
      box.ownsItsFolders();
    },
  ],
  [
    'every command as root: what it makes in the folders of the service is the service’s, and the service starts after it',
    async ({ box }) => {
      const environment = ['env', `LANEWARDEN_PASSPHRASE=${PASSPHRASE}`];
      const commands = [
        ['check'],
        ['queue', 'ls'],
        ['queue', 'export', '/root/queue.zip'],
        ['queue', 'import', '-y', '/root/queue.zip'],
        ['replay', '--from', '2026-01-01T00:00', '--to', '2026-01-01T01:00'],
        ['profile', 'list'],
        ['backup', '--database'],
        ['backup', '--secrets', BACKUP],
        ['diagnose', '/root/support.zip'],
        ['update', '--keys'],
        ['version'],
      ];
      for (const words of commands) {
        box.must(...environment, 'lanewarden', ...words);
        box.ownsItsFolders();
      }
      box.must('sh', '-c', 'echo "five unrelated green words" | lanewarden passwd installer');
      box.ownsItsFolders();
      box.must('systemctl', 'stop', UNIT);
      box.must(...environment, 'lanewarden', 'restore', '--yes', BACKUP);
      box.ownsItsFolders();
      box.must('lanewarden', 'restore', '--database');
      box.ownsItsFolders();
      box.restart();
      box.cookie = await box.page.logIn();
      await reads(box, box.cookie);
    },
  ],
  [
    'restored on another box: its profile, certificate, users, results of commissioning, and ready',
    async ({ box, other }) => {
      box.write('/var/lib/lanewarden/commissioning.json', '{"1001":{"notes":{"by":"李四"}}}', 0o600);
      box.must('chown', 'lanewarden:', '/var/lib/lanewarden/commissioning.json');
      const environment = ['env', `LANEWARDEN_PASSPHRASE=${PASSPHRASE}`];
      box.must(...environment, 'lanewarden', 'backup', '--secrets', BACKUP);
      const users = box.read('/var/lib/lanewarden/page/users.json');
      const fingerprints = [box, other].map((each) => each.run('lanewarden', 'setup-code').stdout);
      box.must('systemctl', 'stop', UNIT);
      other.must('dpkg', '--install', '/root/lanewarden_1.3.0.deb');
      await other.until('it runs', other.isActive);
      other.must('systemctl', 'stop', UNIT);
      writeFileSync(other.inside(BACKUP), readFileSync(box.inside(BACKUP)));
      other.must(...environment, 'lanewarden', 'restore', '--yes', BACKUP);
      other.ownsItsFolders();
      other.restart();
      await reads(other, await other.page.logIn());
      assert.equal(
        other.read('/var/lib/lanewarden/page/users.json').replaceAll(/"lastLogin.*/g, ''),
        users.replaceAll(/"lastLogin.*/g, ''),
      );
      assert.match(other.read('/var/lib/lanewarden/commissioning.json'), /李四/);
      assert.match(other.read('/etc/lanewarden/profiles/own-board.yaml'), /Own make/);
      assert.match(other.must('lanewarden', 'check'), /1001/);
      assert.ok(fingerprints.length === 2);
      box.restart();
    },
  ],
  [
    'removed, it leaves its data; purged, nothing',
    async ({ box }) => {
      box.must('dpkg', '--remove', 'lanewarden');
      assert.ok(existsSync(box.inside('/var/lib/lanewarden/lanewarden.db')));
      assert.notEqual(box.run('pgrep', '-u', 'lanewarden').status, 0, 'nothing of it runs');
      box.must('dpkg', '--purge', 'lanewarden');
      for (const path of ['/opt/lanewarden', '/usr/lib/lanewarden', '/etc/lanewarden', '/var/lib/lanewarden'])
        assert.ok(!existsSync(box.inside(path)), path);
      assert.equal(box.run('systemctl', 'list-unit-files', '--no-legend', 'lanewarden*').stdout, '');
    },
  ],
];
