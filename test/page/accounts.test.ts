/** Users of a box that has no installer, as the demonstration, where every visitor is one. */
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
