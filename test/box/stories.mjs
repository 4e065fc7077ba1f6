// The stories of a box that a person installs, in order: each begins where the one before ended.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { largePicture } from '../package/large-picture.mjs';
import { configure, folderOf, reads, UNIT, versionIn } from './lanewarden-box.mjs';
import { carrying } from './packages.mjs';
import { TURNED_BACK } from './turned-back.mjs';

const BESIDE = [
  'lanewarden-update.path',
  'lanewarden-clock.path',
  'lanewarden-network.service',
  'lanewarden-name.service',
];
const PASSPHRASE = 'a passphrase of the test';
const BACKUP = '/root/box.zip';

/** Of a box that a person installs. */
export const STORIES = [
  [
    'installed: enabled, running as its user, its page there before any configuration',
    async ({ box }) => {
      box.must('dpkg', '--install', '/root/lanewarden_1.0.0.deb');
      const enabled = (unit) => box.run('systemctl', 'is-enabled', unit).stdout.trim();
      assert.equal(enabled('lanewarden-supervisor.service'), 'enabled');
      await box.until('it runs', box.isActive);
      // Each boot has them from the slot anew.
      for (const unit of BESIDE) await box.until(`${unit} is enabled`, () => enabled(unit) === 'enabled-runtime');
      // A box without an address looks after it; nobody has asked for the clock.
      for (const unit of ['lanewarden-network.service', 'lanewarden-clock.path'])
        assert.equal(box.run('systemctl', 'is-active', unit).stdout.trim(), 'active', unit);
      const key = '/var/lib/lanewarden/own-network';
      assert.match(box.read(key), /^[a-z2-9]{4}-[a-z2-9]{4}\n$/);
      assert.equal(box.must('stat', '-c', '%U:%G %a', key).trim(), 'lanewarden:lanewarden 600');
      assert.match(box.must('lanewarden', 'label'), /lanewarden-[0-9a-f]{4}\.local[\s\S]*Wi-Fi lanewarden-[0-9a-f]{4}/);
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
      configure(box, board.port);
      await box.restart();
      box.cookie = await box.page.setUp(box.read('/var/lib/lanewarden/page/setup-code').trim());
      await reads(box, box.cookie);
      assert.match(box.property('StatusText'), /1001/);
      assert.equal(box.property('NRestarts'), '0');
      box.ownsItsFolders();
    },
  ],
  [
    'verified by itself, in the sandbox of its unit, minutes after it began',
    async ({ box }) => {
      const verified = box.inside('/var/lib/lanewarden/verified.json');
      // It begins after five minutes, unlike all else that is waited for.
      await new Promise((resolve) => setTimeout(resolve, 300_000));
      await box.until('it has verified itself', () => existsSync(verified));
      assert.equal(JSON.parse(readFileSync(verified, 'utf8')).faults, 0);
      assert.doesNotMatch(box.journal(UNIT), /could not be verified|没能核对/);
    },
    true,
  ],
  [
    'a file made to use up memory: refused in words by the page, and the service goes on as it is',
    async ({ box }) => {
      const [main, restarts] = [box.property('MainPID'), box.property('NRestarts')];
      const given = (body) =>
        box.page.ask('vehicles', {
          ...{ method: 'PUT', body, cookie: box.cookie },
          headers: { 'content-type': 'text/csv' },
        });
      const taken = await given('粤B12345,free\n');
      assert.equal(taken.status, 200, await taken.text());
      // The system would take the process that read it before any other.
      const reading = box.must('pgrep', '-P', main, '-f', 'parse-worker').trim();
      assert.equal(box.read(`/proc/${reading}/oom_score_adj`).trim(), '1000');
      const refused = await given(','.repeat(7_500_000));
      assert.equal(refused.status, 422, await refused.clone().text());
      assert.match((await refused.json()).detail, /more memory|not read within/);
      assert.deepEqual([box.property('MainPID'), box.property('NRestarts')], [main, restarts]);
    },
  ],
  [
    'a picture of 3 MB is made smaller by what the package brings, as the user of the service',
    async ({ box }) => {
      writeFileSync(box.inside('/tmp/large.jpg'), largePicture());
      const shrink = '/opt/lanewarden/current/shrink-picture 500000 </tmp/large.jpg >/var/lib/lanewarden/small.jpg';
      box.must('setpriv', '--reuid=lanewarden', '--regid=lanewarden', '--init-groups', 'sh', '-c', shrink);
      const { size } = statSync(box.inside('/var/lib/lanewarden/small.jpg'));
      assert.ok(size > 10_000 && size <= 500_000, `${size} bytes`);
      box.must('rm', '/var/lib/lanewarden/small.jpg', '/tmp/large.jpg');
    },
  ],
  [
    'killed: back by itself',
    async ({ box }) => {
      await box.killed();
      await reads(box, box.cookie);
    },
  ],
  [
    'stopped by SIGSTOP: the watchdog sees it and starts it anew',
    async ({ box }) => {
      await box.startedAnew((pid) => box.must('kill', '-STOP', pid));
      assert.match(box.journal(UNIT), /[Ww]atchdog/);
      await reads(box, box.cookie);
    },
  ],
  [
    'starved to a fifth of a core for four periods of the watchdog: started once, ready, not restarted, its lane goes on',
    async ({ box, starvedSeconds }) => {
      box.starve(0.2);
      try {
        box.must('systemctl', 'kill', '--signal=KILL', UNIT);
        const restarts = Number(box.property('NRestarts')) + 1;
        await box.until('it is ready', () => box.isActive() && Number(box.property('NRestarts')) === restarts);
        await new Promise((resolve) => setTimeout(resolve, starvedSeconds * 1000));
        assert.equal(Number(box.property('NRestarts')), restarts, box.log());
        await reads(box, box.cookie);
      } finally {
        box.starve(undefined);
      }
    },
  ],
  [
    'a good update: the database copied, proven within minutes, the one before still there; what root left is the service’s',
    async ({ box }) => {
      // As `sudo lanewarden restore` of 0.1 left it: the service ends with 73 for ever.
      box.must('systemctl', 'stop', UNIT);
      box.must('sh', '-c', 'chown root: /var/lib/lanewarden/lanewarden.db*');
      const done = await box.update('1.1.0');
      assert.equal(done.status, 0, `${done.output}${box.log()}`);
      assert.match(done.output, /1\.0\.0/);
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
      for (let each = 0; each < 4; each += 1) await box.restart();
      assert.equal(box.current(), 'releases/1.1.0');
      assert.ok(!existsSync(box.inside('/opt/lanewarden/reverted')));
    },
  ],
  [
    'a broken update: the former version is back, and what comes next knows it',
    async ({ box }) => {
      const done = await box.update('1.2.0');
      assert.equal(done.status, 1, `${done.output}`);
      assert.match(done.output, /former one is back/);
      assert.equal(box.current(), 'releases/1.1.0');
      await reads(box, box.cookie);
      // Newer than what runs, though older than what was refused.
      const repaired = await box.update('1.1.1');
      assert.equal(repaired.status, 0, `${repaired.output}`);
      assert.match(repaired.output, /1\.1\.0/, 'its predecessor is the one that ran');
      assert.equal(box.current(), 'releases/1.1.1');
    },
  ],
  ...TURNED_BACK,
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
      await box.restart();
      box.cookie = await box.page.logIn();
      await reads(box, box.cookie);
    },
  ],
];

/** Of both, when each has had its own. */
export const LAST_STORIES = [
  [
    'restored on another box: its profile, secrets, users, results of commissioning, certificate of the site; ready',
    async ({ box, other }) => {
      box.write('/var/lib/lanewarden/commissioning.json', '{"1001":{"notes":{"by":"李四"}}}', 0o600);
      box.must('chown', 'lanewarden:', '/var/lib/lanewarden/commissioning.json');
      const environment = ['env', `LANEWARDEN_PASSPHRASE=${PASSPHRASE}`];
      box.must(...environment, 'lanewarden', 'backup', '--secrets', '--force', BACKUP);
      const SAME = ['page/users.json', 'commissioning.json'].map((file) => `/var/lib/lanewarden/${file}`);
      const kept = [...SAME, '/etc/lanewarden/profiles/own-board.yaml', '/etc/lanewarden/secrets.yaml'].map((file) => [
        file,
        box.read(file),
      ]);
      box.must('systemctl', 'stop', UNIT);
      other.page = box.page;
      other.must('dpkg', '--install', '/root/lanewarden_1.3.0.deb');
      await other.until('it runs', other.isActive);
      other.must('systemctl', 'stop', UNIT);
      writeFileSync(other.inside(BACKUP), readFileSync(box.inside(BACKUP)));
      other.must(...environment, 'lanewarden', 'restore', '--yes', BACKUP);
      other.ownsItsFolders();
      await other.restart();
      for (const [file, text] of kept) assert.equal(other.read(file), text, file);
      await reads(other, await other.page.logIn());
      assert.match(
        other.read('/etc/lanewarden/lanewarden.yaml'),
        /ca: cloud-park\.pem/,
        'its certificate is beside it now',
      );
      assert.match(other.must('lanewarden', 'check'), /1001/);
      await box.restart();
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
