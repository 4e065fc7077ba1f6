// A root of Debian with a service manager, as a box has it: made once by debootstrap and kept in a folder that may be gone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';

const RELEASE = 'trixie';
/** What a box has beside the package: its manager, Node, what the package recommends, and what a person needs at it. */
const PACKAGES =
  'systemd,systemd-sysv,udev,dbus,nodejs,gpiod,ca-certificates,openssl,procps,init-system-helpers,util-linux';

/** Resolves to `folder`; a half-made one never gets its name. */
export function debianRoot(folder, { include = PACKAGES } = {}) {
  if (existsSync(folder)) return folder;
  process.stdout.write(`debootstrap ${folder}\n`);
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const words = ['--variant=minbase', ...(include === '' ? [] : [`--include=${include}`]), RELEASE, unfinished];
  const made = spawnSync('debootstrap', words, { encoding: 'utf8', maxBuffer: 64e6 });
  assert.equal(made.status, 0, made.stdout + made.stderr);
  renameSync(unfinished, folder);
  return folder;
}
