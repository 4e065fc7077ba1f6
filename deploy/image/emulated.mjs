// Programs of arm64 on this machine: qemu-user-static, for as long as something is built.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EMULATED_NAME = 'lanewarden-arm64';
/** As in the package qemu-user-static: programs of arm64 are run by this one, which is opened at once and so needs not be in their root. */
const EMULATED = `:${EMULATED_NAME}:M::${escaped('7f454c460201010000000000000000000200b700')}:${escaped('ffffffffffffff00fffffffffffffffffeffffff')}:/usr/bin/qemu-aarch64-static:F`;

/** The kernel of this machine runs programs of arm64 meanwhile, unless it does so anyway. */
export function whileEmulated(work) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-binfmt-'));
  execFileSync('mount', ['-t', 'binfmt_misc', 'binfmt_misc', folder]);
  const has = existsSync(join(folder, 'qemu-aarch64'));
  try {
    if (!has) writeFileSync(join(folder, 'register'), EMULATED);
    work();
  } finally {
    if (!has && existsSync(join(folder, EMULATED_NAME))) writeFileSync(join(folder, EMULATED_NAME), '-1');
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  }
}

/** Bytes in hex, as the kernel takes them. */
function escaped(hex) {
  return hex.replace(/../g, '\\x$&');
}
