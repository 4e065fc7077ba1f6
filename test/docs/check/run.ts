/**
 * `npm run docs:check`: prints every fault of the documents. `-- --changes 100 --seed 1` makes as many random changes, one at a time, and prints
 * those that are not found; `--both` makes each in both languages alike. Fails below 95 of 100. `--register` writes `register.tsv` as the pages are.
 */
import { parseArgs } from 'node:util';
import { CLASSES, changed, changesOf, shownChange } from './changes.ts';
import { type Checker, checkerOf } from './checker.ts';
import { known } from './known.ts';
import { type Pages, readPages } from './pages.ts';
import { writeRegister } from './register.ts';

const LEAST_SHARE = 0.95;
/** Of twenty changes so many may be missed by chance, where of hundreds three of a hundred are. */
const MISSED_OF_FEW = 2;

function tryChanges(
  pages: Pages,
  check: Checker,
  texts: string,
  { count, seed, both }: { count: number; seed: number; both: boolean },
): boolean {
  const changes = changesOf(pages, texts, seed, count).map((change) => ({
    change,
    isFound: check(changed(pages, change, both)).length > 0,
  }));
  for (const { change, isFound } of changes)
    if (!isFound) process.stdout.write(`survived: ${shownChange(pages, change)}\n`);
  const found = changes.filter(({ isFound }) => isFound).length;
  const shares = CLASSES.map((name) => {
    const own = changes.filter(({ change }) => change.of === name);
    return `${name} ${own.filter(({ isFound }) => isFound).length}/${own.length}`;
  });
  process.stdout.write(
    `seed ${seed}${both ? ', both languages' : ''}: ${found} of ${count} random changes found (${shares.join(', ')})\n`,
  );
  return count - found <= Math.max(MISSED_OF_FEW, (1 - LEAST_SHARE) * count);
}

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    both: { type: 'boolean', default: false },
    register: { type: 'boolean', default: false },
  },
});
const pages = readPages();
if (values.register) writeRegister(pages);
const all = await known();
const check = await checkerOf(all);
const faults = check(pages);
for (const { page, line, what } of faults) process.stdout.write(`${page}:${line}: ${what}\n`);
process.stdout.write(`${pages.size} pages, ${faults.length} faults\n`);
const count = Number(values.changes);
const isGood =
  faults.length === 0 &&
  (count === 0 || tryChanges(pages, check, all.texts, { count, seed: Number(values.seed), both: values.both }));
process.exitCode = isGood ? 0 : 1;
