// The amd64 package on a bare Debian 12, whose C library is older than that of the machine that compiled it, and which has no Node: it installs, each addon and
// program of it runs, and it plays the demonstration's story.
//   node test/package/debian12.mjs [--base FOLDER] [--package FILE.deb]
// As root, after `npm run package -- --arch amd64`. Needs debootstrap, or the smallest root made by it: --base FOLDER.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { debianRoot } from '../box/root.mjs';
import { largePicture } from './large-picture.mjs';

const { values } = parseArgs({
  options: { base: { type: 'string', default: 'dist-deb/root-bookworm' }, package: { type: 'string' } },
});
const base = debianRoot(resolve(values.base), { include: 'libstdc++6', release: 'bookworm' });
const built = values.package ?? newestPackage('amd64');
assert.ok(built, 'npm run package -- --arch amd64 first');
const root = mkdtempSync(join(tmpdir(), 'lanewarden-bookworm-'));
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2g,mode=0755', 'tmpfs', root]);
try {
  execFileSync('cp', ['-a', `${base}/.`, root]);
  cpSync(built, join(root, 'root/lanewarden.deb'));
  const must = (words, input) => {
    // With no network but loopback, and its own view of processes: a program asks there for itself.
    const enter = ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc'];
    const script = 'ip link set lo up; mount -t proc proc "$0/proc"; exec chroot "$0" "$@"';
    const done = spawnSync('unshare', [...enter, script, root, ...words], {
      input,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'en_US.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64e6,
    });
    assert.equal(done.status, 0, `${words.join(' ')}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const ok = (what) => process.stdout.write(`ok Debian 12: ${what}\n`);

  assert.ok(!existsSync(join(root, 'usr/bin/node')), 'it has no Node');
  must(['dpkg', '--install', '/root/lanewarden.deb']);
  assert.match(String(must(['lanewarden', 'version'])), /^lanewarden /);
  ok('installed without Node');
  const app = '/opt/lanewarden/current';
  for (const addon of ['better-sqlite3', 'epoll', 'unix-dgram', '@serialport/bindings-cpp'])
    must([
      `${app}/node`,
      '-e',
      `const it = require('${app}/node_modules/${addon}'); if (it.prototype?.exec) new it(':memory:')`,
    ]);
  assert.match(String(must([`${app}/sqlite3`, ':memory:', 'SELECT 40 + 2'])), /42/);
  const smaller = must([`${app}/shrink-picture`, '500000'], largePicture());
  assert.ok(smaller.length > 10_000 && smaller.length <= 500_000, `${smaller.length} bytes`);
  ok('its addons and programs run');
  must(['lanewarden', 'demo', '--once', '--lang', 'en']);
  ok('it plays the fixed story');
} finally {
  execFileSync('umount', [root]);
  rmSync(root, { recursive: true, force: true });
}
