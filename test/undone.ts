/** The end of each test, and of each file of tests: a file that is loaded once for all of them cannot ask for it by itself. */
import { afterAll, afterEach } from 'vitest';
import { endings, lastEndings } from './endings.ts';

async function undo(all: (() => unknown)[]): Promise<void> {
  for (const end of all.splice(0).reverse()) await end();
}
afterEach(() => undo(endings));
afterAll(() => undo(lastEndings));
