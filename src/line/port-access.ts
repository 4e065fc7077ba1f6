/** Why this user may not open a serial port: by its owner, its group and the groups of this login. It opens none. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type PortRefusal =
  /** The group has access, and the user is not a member. */
  | { readonly kind: 'join'; readonly user: string; readonly group: string }
  /** The user is a member, but was not when this login began. */
  | { readonly kind: 'relogin'; readonly user: string; readonly group: string }
  /** Only the owner has access. */
  | { readonly kind: 'owner' };

export interface PortUser {
  readonly uid: number;
  readonly name: string;
  readonly groups: readonly number[];
}

const READ_WRITE = 6;

/** undefined: accessible, or missing. `root` is `/`, or a folder with a `dev` and an `etc/group` in a test. */
export async function portRefusal(device: string, user: PortUser, root = '/'): Promise<PortRefusal | undefined> {
  const found = await stat(join(root, device)).catch(() => undefined);
  if (found === undefined || user.uid === 0) return undefined;
  const { mode, uid, gid } = found;
  const may = (shift: number): boolean => ((mode >> shift) & READ_WRITE) === READ_WRITE;
  const isIn = user.groups.includes(gid);
  if (may(user.uid === uid ? 6 : isIn ? 3 : 0)) return undefined;
  const rows = (await readFile(join(root, 'etc/group'), 'utf8').catch(() => ''))
    .split('\n')
    .map((row) => row.split(':'));
  const [group, , , members = ''] = rows.find(([, , id]) => id === String(gid)) ?? [];
  // People do not join root's group.
  if (group === undefined || gid === 0 || isIn || !may(3)) return { kind: 'owner' };
  return { kind: members.split(',').includes(user.name) ? 'relogin' : 'join', user: user.name, group };
}
