/** The quick tests are for every few minutes of work, in whatever room that is. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { QUICK } from '../../vitest.config.ts';
import { expectNone, expectOnly, importsOf } from './sources.ts';

const tests = QUICK.flatMap(({ include, exclude }) => globSync(include, { exclude }));

/** The tests, and what is loaded with them; `through`: whose imports are followed. */
function loaded(through: RegExp): ReadonlySet<string> {
  const files = new Set(tests);
  for (const file of files) {
    if (!through.test(file) || !existsSync(file)) continue;
    for (const { from, typeOnly } of importsOf(readFileSync(file, 'utf8')))
      if (!typeOnly && from.startsWith('.')) files.add(join(dirname(file), from));
  }
  return files;
}

/** Only browsers draw these, or show their words: the long tier has them. */
const DRAWN = [
  ...['account', 'diagnostics', 'duty', 'inbox', 'intake', 'more', 'overview', 'pushes', 'queue', 'releases'].map(
    (view) => `src/ui/${view}`,
  ),
];

it('every room of the program and every driver has quick tests', () => {
  const asked = [...loaded(/^test\//)];
  const rooms = ['src', 'drivers'].flatMap((top) =>
    readdirSync(top, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [`${top}/${each.name}`] : [])),
  );
  expect(rooms.length).toBeGreaterThan(30);
  expectNone(
    rooms.filter((room) => !asked.some((file) => file.startsWith(`${room}/`))),
    'no quick test, nor a helper of one, imports anything of these: name one in QUICK_THERE of vitest.config.ts',
  );
});

it('nothing of the program is out of their reach but what browsers draw', () => {
  const reached = new Set([...loaded(/./)].map(dirname));
  const folders = new Set(globSync('{src,drivers}/**/*.{ts,tsx}').map(dirname));
  expectOnly(
    DRAWN,
    [...folders].filter((folder) => !reached.has(folder)),
    'what the quick tests load has nothing of these',
  );
});
