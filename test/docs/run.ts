/** `npm run docs:check`: prints every fault of the documents; with `--changes` also how many of as many random changes are found. */

import { readPages } from './pages.ts';
import { pairFaultsOf } from './pairs.ts';

const pages = readPages();
const faults = [...pages.keys()].flatMap((path) => pairFaultsOf(path, pages));
for (const { page, line, what } of faults) process.stdout.write(`${page}:${line}: ${what}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
