/** `npm run docs:check`: prints every fault of the documents; with `--changes` also how many of as many random changes are found. */
import { commandFaultsOf } from './commands.ts';
import { known } from './known.ts';
import { linkFaultsOf } from './links.ts';
import { readPages, sectionsOf } from './pages.ts';
import { pairFaultsOf } from './pairs.ts';
import { messageFaultsOf, quoteFaultsOf } from './quotes.ts';
import { settingFaultsOf } from './settings.ts';
import { wordFaultsOf } from './words.ts';

const pages = readPages();
const all = await known();
const faults = [...pages].flatMap(([path, text]) => [
  ...pairFaultsOf(path, pages),
  ...linkFaultsOf(path, pages, all),
  ...wordFaultsOf(path, sectionsOf(text), all),
  ...commandFaultsOf(path, sectionsOf(text), all),
  ...settingFaultsOf(path, sectionsOf(text), all),
  ...quoteFaultsOf(path, pages, all),
  ...messageFaultsOf(path, text, all),
]);
for (const { page, line, what } of faults) process.stdout.write(`${page}:${line}: ${what}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
