/**
 * Processes that have a serial port open, as far as this user may see. It opens none. A locked port without a holder here belongs to a
 * process of another user.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

/** By device file (`/dev/ttyUSB0`), for the requested ones. `root` is `/`, or a copy of its `/proc` in a test. */
export async function portHolders(
  devices: ReadonlySet<string>,
  root = '/',
): Promise<ReadonlyMap<string, readonly PortHolder[]>> {
  const found = new Map<string, PortHolder[]>();
  const processes = (await entries(join(root, 'proc'))).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    const held = new Set<string>();
    for (const file of await entries(join(root, 'proc', pid, 'fd'))) {
      const target = await readlink(join(root, 'proc', pid, 'fd', file)).catch(() => undefined);
      if (target !== undefined && devices.has(target)) held.add(target);
    }
    if (held.size === 0) continue;
    const program = (await readFile(join(root, 'proc', pid, 'comm'), 'utf8').catch(() => '')).trim();
    for (const device of held) found.set(device, [...(found.get(device) ?? []), { pid: Number(pid), program }]);
  }
  return found;
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
