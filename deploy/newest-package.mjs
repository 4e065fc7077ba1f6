// The newest of our packages in a folder, by dpkg's order of versions: 1.0.0~rc.1 is before 1.0.0, and 0.9.0 before 0.10.0.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Its path; undefined: there is none. `ending`: `deb`, or `run` (deploy/usb.mjs). */
export function newestPackage(arch, { folder = 'dist-deb', ending = 'deb' } = {}) {
  const pattern = new RegExp(`^lanewarden_(.+)_${arch}\\.${ending}$`);
  const found = existsSync(folder) ? readdirSync(folder).map((name) => pattern.exec(name)?.[1]) : [];
  const [newest] = found.filter(Boolean).sort((left, right) => (isLess(left, right) ? 1 : -1));
  return newest === undefined ? undefined : join(folder, `lanewarden_${newest}_${arch}.${ending}`);
}

function isLess(left, right) {
  try {
    execFileSync('dpkg', ['--compare-versions', left, 'lt', right], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
