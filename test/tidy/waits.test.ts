/** How tests wait: for a condition, as long as it takes. A busy machine is ten times slower, and no test may fail for that. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { expectNone, root } from './sources.ts';

/** Limits that are part of what is tested stand in constants with their reason; these are of tests that take longer than any other. */
const LONGER = ['test/drivers/fuzz.test.ts', 'test/lane/till-clocks.test.ts'];

/** `}, 60_000);` at the end of a test, `{ timeout: 5_000 }` of a poll, a test or a group of them. */
const OWN_LIMIT =
  /^\s*\}, [\d_]{4,}\);$|^\s*\},\n\s+[\d_]{5,},\n\s*\);$|\bpoll\([^\n]*timeout: [\d_]+|^\s*(?:it|test|describe)\b[^\n]*\{ timeout: [\d_]+/gm;

it('no test has a time limit of its own', () => {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file}`)
    .filter((file) => file.endsWith('.test.ts') && !/\.(?:long|proof)\.test\.ts$/.test(file) && !LONGER.includes(file));
  expectNone(
    tests.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(OWN_LIMIT)].map(([text]) => `${file}: ${text.trim()}`),
    ),
    'a limit only ends a test that hangs (test/longest-wait.ts): a shorter one fails when both cores are busy',
  );
});
