/** The quick tests are for every few minutes of work, in whatever room that is. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { QUICK } from '../../vitest.config.ts';

it('every room of the program has quick tests', () => {
  const files = QUICK.flatMap(({ include, exclude }) => globSync(include, { exclude }));
  const tested = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/src\/\w+(?=\/)/g) ?? []));
  const rooms = readdirSync('src', { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));
  expect(rooms.filter((room) => !tested.has(`src/${room}`))).toEqual([]);
});
