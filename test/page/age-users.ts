/** Logins that count as another person. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOUR_MS = 3_600_000;

/** All that there are were made more than an hour ago. `folder`: of the box; its page reads it at the next login. */
export function ageUsers(folder: string): void {
  const file = join(folder, 'state', 'page', 'users.json');
  const users = JSON.parse(readFileSync(file, 'utf8')) as { users: { sinceWallMs?: number }[] };
  for (const user of users.users) if (user.sinceWallMs !== undefined) user.sinceWallMs -= HOUR_MS + 1;
  writeFileSync(file, JSON.stringify(users));
}
