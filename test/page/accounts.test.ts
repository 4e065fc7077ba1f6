/** Users of a box that has no installer, as the demonstration, where every visitor is one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Accounts } from '../../src/page/access/accounts.ts';
import { temporaryFolder } from '../store/open.ts';
import { PASSWORD } from './page-box.ts';

it('lets any of them be deleted, and keeps the last installer where there is one', async () => {
  const accounts = await Accounts.open(temporaryFolder(), systemClock());
  await accounts.add('viewer', 'viewer', PASSWORD);
  await accounts.remove('viewer');
  expect(accounts.list()).toEqual([]);
  await accounts.add('installer', 'installer', PASSWORD);
  await expect(accounts.remove('installer')).rejects.toMatchObject({ code: 'conflict' });
});

it('hashes at full cost unless told otherwise, and checks each hash at the cost that it was made with', async () => {
  const folder = temporaryFolder();
  const kept = () => readFileSync(join(folder, 'users.json'), 'utf8');
  await (await Accounts.open(folder, systemClock())).add('installer', 'installer', PASSWORD);
  expect(kept()).toContain('"scrypt$16384$8$5$');
  const cheap = await Accounts.open(folder, systemClock(), { N: 256, r: 8, p: 1 });
  await cheap.add('viewer', 'viewer', PASSWORD);
  expect(kept()).toContain('"scrypt$256$8$1$');
  for (const user of ['installer', 'viewer']) {
    expect(await cheap.isPassword(user, PASSWORD)).toBe(true);
    expect(await cheap.isPassword(user, `${PASSWORD}s`)).toBe(false);
  }
});
