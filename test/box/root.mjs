// A root of Debian with a service manager, as a box has it: made once by debootstrap and kept in a folder that may be gone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';

const RELEASE = 'trixie';
/** What a box has beside the package: its manager, what the package recommends, and what a person needs at it. No Node: the package brings its own. */
const PACKAGES = 'systemd,systemd-sysv,udev,dbus,gpiod,ca-certificates,openssl,procps,init-system-helpers,util-linux';

/** What packages of before 1.0.0-rc.2 depended on. */
export const WITH_DEBIANS_NODE = { include: `${PACKAGES},nodejs` };

/** Resolves to `folder`; a half-made one never gets its name. */
export function debianRoot(folder, { include = PACKAGES, release = RELEASE } = {}) {
  if (existsSync(folder)) return folder;
  process.stdout.write(`debootstrap ${folder}\n`);
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const words = ['--variant=minbase', ...(include === '' ? [] : [`--include=${include}`]), release, unfinished];
  const made = spawnSync('debootstrap', words, { encoding: 'utf8', maxBuffer: 64e6 });
  assert.equal(made.status, 0, made.stdout + made.stderr);
  renameSync(unfinished, folder);
  return folder;
}
