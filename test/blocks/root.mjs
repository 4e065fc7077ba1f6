// A root of Debian as somebody has it who follows the documents: what is at a box, and the tools that the blocks use. Made once with the network.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from '../box/root.mjs';

/** mosquitto-clients, curl: the senders of the vendors' pages. python3-cryptography: an auditor's own check. socat: the simulator's serial ports. */
const PACKAGES = 'sudo curl mosquitto mosquitto-clients socat python3-cryptography e2fsprogs';

/** Resolves to `folder`; a half-made one never gets its name. `base`: a root as test/box has it. */
export function documentsRoot(folder, base) {
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  execFileSync('cp', ['-a', `${debianRoot(base)}/.`, unfinished]);
  copyFileSync('/etc/resolv.conf', join(unfinished, 'etc/resolv.conf'));
  const script = `mount -t proc proc /proc; trap 'umount /proc' EXIT
set -e
apt-get update
apt-get install -y --no-install-recommends ${PACKAGES}
apt-get clean
systemctl disable mosquitto`;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };
  const done = spawnSync('unshare', ['--mount', 'chroot', unfinished, 'sh', '-c', script], { env, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  renameSync(unfinished, folder);
  return folder;
}
