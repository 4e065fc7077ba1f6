/** Database and users are in one folder, also where the configuration names none and the service manager names another. */
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { pageFolder } from '../../src/cli/access/page-folder.ts';
import type { CommandContext } from '../../src/cli/command.ts';
import { loadConfig } from '../../src/config/file.ts';
import { kinds } from '../config/kinds.ts';
import { GOOD, workshop } from '../config/workshop.ts';

it('of a configuration that names none is the same for the records and for the users', () => {
  const file = workshop(GOOD);
  const environment = { STATE_DIRECTORY: '/tmp/of-the-service:/tmp/another' };
  const context = { environment } as unknown as CommandContext;
  const { path } = loadConfig(file, kinds, environment).store;
  expect(dirname(pageFolder({ config: file }, context))).toBe(path);
});

it('of one that names it beside itself too', () => {
  const file = workshop(`${GOOD}store: { path: state }\n`);
  const context = { environment: { STATE_DIRECTORY: '/tmp/of-the-service' } } as unknown as CommandContext;
  const { path } = loadConfig(file, kinds, {}).store;
  expect(dirname(pageFolder({ config: file }, context))).toBe(path);
});
