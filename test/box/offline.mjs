// One file from a USB stick installs a bare Debian box without network, and an update needs no package that the box of before lacks.
//   node test/box/offline.mjs [--bare FOLDER]
// As root, after `npm run package` and `node deploy/usb.mjs`. Needs debootstrap, or the smallest root made by it: --bare FOLDER.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { BUILT, variant } from './packages.mjs';
import { debianRoot } from './root.mjs';

const { values } = parseArgs({ options: { bare: { type: 'string', default: 'dist-deb/root-bare' } } });
const bare = resolve(values.bare);
/** What the first edition depended on, and so what its boxes have. */
const BEFORE = readFileSync('test/kept/0.1/depends', 'utf8').trim();

debianRoot(bare, { include: '' });
const run = newestPackage('amd64', { ending: 'run' });
assert.ok(run, 'node deploy/usb.mjs first');
const root = mkdtempSync(join(tmpdir(), 'lanewarden-bare-'));
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2g,mode=0755', 'tmpfs', root]);
try {
  execFileSync('cp', ['-a', `${bare}/.`, root]);
  assert.ok(!existsSync(join(root, 'usr/bin/node')), 'a bare box has no Node');
  cpSync(run, join(root, 'root/lanewarden.run'));
  const damaged = readFileSync(join(root, 'root/lanewarden.run'));
  damaged[damaged.length - 100_000] ^= 1;
  writeFileSync(join(root, 'root/damaged.run'), damaged);
  // No network at all: the kernel has none for it.
  const inside = (...words) =>
    spawnSync('unshare', ['--net', 'chroot', root, ...words], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'en_US.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
    });
  const must = (...words) => {
    const done = inside(...words);
    assert.equal(done.status, 0, `${words.join(' ')}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };

  const refused = inside('sh', '/root/damaged.run');
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /damaged/);
  assert.ok(!existsSync(join(root, 'usr/bin/node')), 'nothing of a damaged file is installed');
  must('sh', '/root/lanewarden.run');
  assert.match(must('lanewarden', 'version'), /^lanewarden /);
  assert.match(must('dpkg', '--status', 'lanewarden'), /^Status: install ok installed$/m);
  must('sh', '/root/lanewarden.run');
  process.stdout.write('one file installs a bare Debian without network, twice as well\n');

  const depends = execFileSync('dpkg-deb', ['--field', BUILT, 'Depends'], { encoding: 'utf8' }).trim();
  const names = (list) => list.split(/[,|]/).map((each) => each.trim().split(' ')[0]);
  const added = names(depends).filter((name) => !names(BEFORE).includes(name));
  assert.deepEqual(added, [], 'an update must not need a package that a box without network lacks');
  const next = variant(join(root, 'root'), '9.0.0');
  must('dpkg', '--install', `/root/${next}`);
  assert.equal(must('lanewarden', 'version').trim(), 'lanewarden 9.0.0');
  process.stdout.write('an update needs nothing that the box of before lacks\n');
} finally {
  execFileSync('umount', [root]);
  rmSync(root, { recursive: true, force: true });
}
process.exit(0);
