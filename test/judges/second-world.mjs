/**
 * The engine judged by the second world: a generator of traffic that was not written with it and knows nothing of it but its events
 * (../shared/worlds/second). At the seeds of CI no line of `second-world.json` may become worse; whatever else changes is printed.
 * usage: npm run proof -- second-world [--write] [--seed N] [--sessions N]; with --seed or --sessions nothing is compared: fresh seeds, any size
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countOf, LINES, RUNS, secondRuns } from './second-lines.mjs';

const FIGURES = join(import.meta.dirname, 'second-world.json');
/** New ones with each release; nothing is ever fitted on them. */
const SEED = 110;
const SESSIONS = 12;

const { values: options } = parseArgs({
  options: { write: { type: 'boolean' }, seed: { type: 'string' }, sessions: { type: 'string' } },
});
const isFresh = options.seed !== undefined || options.sessions !== undefined;

const runs = await secondRuns(
  RUNS,
  Number(options.sessions ?? SESSIONS),
  Number(options.seed ?? SEED),
  availableParallelism(),
);
const vehicles = runs.reduce((sum, one) => sum + one.vehicles, 0);
const former = isFresh || options.write ? {} : JSON.parse(readFileSync(FIGURES, 'utf8'));
const figures = {};
let isWorse = false;
console.log(`${vehicles} vehicles in ${runs.length} runs of the second world`);
for (const [name, line] of Object.entries(LINES)) {
  const now = countOf(line, runs);
  figures[name] = now;
  const was = former[name];
  const worse = was !== undefined && (line.good ? now.count < was.count : now.count > was.count);
  const share = now.of === 0 ? '' : `${((100 * now.count) / now.of).toFixed(2)} %`;
  const goal = line.goal === undefined ? '' : `goal ${line.good ? '≥' : '≤'} ${line.goal}`;
  const change = was === undefined || was.count === now.count ? '' : `${worse ? 'WORSE' : 'better'} than ${was.count}`;
  console.log(
    `${name.padEnd(42)} ${`${now.count} of ${now.of}`.padStart(14)} ${share.padStart(9)}  ${goal.padEnd(12)} ${change}`,
  );
  isWorse ||= worse;
}
const changed = Object.keys(figures).some((name) => former[name] !== undefined && former[name].of !== figures[name].of);
if (options.write) writeFileSync(FIGURES, `${JSON.stringify(figures, undefined, 2)}\n`);
else if (!isFresh && changed)
  console.log('the world has other vehicles than when these figures were written: write them anew (--write)');
if (isWorse) {
  console.log(
    'A line became worse. If it is meant: judge before and after at fresh seeds (--seed), say both in the commit, and --write.',
  );
  process.exitCode = 1;
}
