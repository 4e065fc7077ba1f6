/**
 * The engine judged by the second world: a generator of traffic that was not written with it and knows nothing of it but its events
 * (../shared/worlds/second). At the seeds of CI no line of `second-world.json` may become worse; whatever else changes is printed.
 * usage: npm run proof -- second-world [--write] [--seed N] [--sessions N]; with --seed or --sessions nothing is compared: fresh seeds, any size
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

const WORLD = resolve(import.meta.dirname, '../../../shared/worlds/second/run.mjs');
const FIGURES = join(import.meta.dirname, 'second-world.json');
/** New ones with each release; nothing is ever fitted on them. */
const SEED = 110;
const SESSIONS = 12;
const VEHICLES = 40;

const RUNS = [
  ...['normal', 'paidOnly', 'dense', 'tails', 'hostile', 'backs', 'stale', 'restart'].map((mix) => [mix, 'std']),
  ...['noFeed', 'noRelay', 'noCamera', 'noButtons', 'noDown'].map((wiring) => ['normal', wiring]),
  ...['complete', 'strict'].flatMap((wiring) => [
    ['paidOnly', wiring],
    ['software', wiring],
  ]),
];

const isFeedComplete = (wiring) => wiring === 'complete' || wiring === 'strict';
const isPayer = (truth) => truth.startsWith('paid') && !/veryLate|otherLane/.test(truth);
const isByHand = (truth) => truth.startsWith('manual') && !/moto|software/.test(truth);
const isFarFollower = (truth) => /^tail (2-4|>4) m/.test(truth);
const isNearFollower = (truth) => /^tail (0\.8-1\.5|1\.5-2) m\(read\)/.test(truth);

/** Of what, which results count, whether many are good, and the goal in percent (verdicts.md). `in`: only these wirings. */
const ACCUSED = { results: ['FALSE'], good: false };
const FOUND = { results: ['reported'], good: true };
const FOUND_OR_ASKED = { results: ['reported', 'review'], good: true };
const LINES = {
  'payers accused': { of: isPayer, ...ACCUSED, in: (wiring) => wiring === 'std', goal: 0.08 },
  'payers for review': {
    of: isPayer,
    results: ['false-review'],
    good: false,
    in: (wiring) => wiring === 'std',
    goal: 0.5,
  },
  'payers accused, complete feed': { of: isPayer, ...ACCUSED, in: isFeedComplete, goal: 0.1 },
  'payers accused, something not wired': {
    ...{ of: isPayer, ...ACCUSED, goal: 1 },
    in: (wiring) => wiring !== 'std' && !isFeedComplete(wiring),
  },
  'by hand, reported': { of: isByHand, ...FOUND, goal: 98 },
  'by hand, with review': { of: isByHand, ...FOUND_OR_ASKED, goal: 99.5 },
  'followers over 2 m, reported': { of: isFarFollower, ...FOUND, goal: 97 },
  'followers over 2 m, with review': { of: isFarFollower, ...FOUND_OR_ASKED, goal: 99.3 },
  'followers 0.8 to 2 m, read, reported': { of: isNearFollower, ...FOUND, goal: 85 },
  'by software, complete feed, with review': {
    of: (truth) => truth.includes('software'),
    ...FOUND_OR_ASKED,
    in: isFeedComplete,
  },
  'nobody passed, reported': { of: (truth) => truth === 'nobody', ...FOUND, goal: 95 },
  'gone back, accused': { of: (truth) => truth.startsWith('away'), ...ACCUSED, goal: 0.1 },
  'beside (e-bikes), accused': { of: (truth) => truth.startsWith('beside'), ...ACCUSED, goal: 1 },
  'records of nobody': { of: (truth) => truth === 'phantom', ...ACCUSED },
};

const { values: options } = parseArgs({
  options: { write: { type: 'boolean' }, seed: { type: 'string' }, sessions: { type: 'string' } },
});
const isFresh = options.seed !== undefined || options.sessions !== undefined;

async function judged(folder, [mix, wiring], number) {
  const out = join(folder, `${number}.json`);
  const words = [
    mix,
    wiring,
    options.sessions ?? `${SESSIONS}`,
    `${VEHICLES}`,
    `${Number(options.seed ?? SEED) + number}`,
  ];
  const env = { ...process.env, LW_DIST: resolve('dist'), JSON_OUT: out };
  const child = spawn(process.execPath, [WORLD, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  const code = await new Promise((done) => child.once('exit', done));
  // It goes on with the next session where the engine throws.
  if (code !== 0 || (await said).includes('CRASH')) throw new Error(`${words.join(' ')}: ${await said}`);
  return { wiring, ...JSON.parse(readFileSync(out, 'utf8')) };
}

async function allJudged() {
  const folder = mkdtempSync(join(tmpdir(), 'second-world-'));
  const waiting = RUNS.map((run, number) => () => judged(folder, run, number));
  const done = [];
  const oneAfterTheOther = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) done.push(await next());
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, oneAfterTheOther));
    return done;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countOf({ of, results, in: isIn = () => true }, runs) {
  let [count, all] = [0, 0];
  for (const { wiring, tab } of runs) {
    if (!isIn(wiring)) continue;
    for (const [truth, row] of Object.entries(tab)) {
      if (!of(truth)) continue;
      all += row.n;
      for (const result of results) count += row[result] ?? 0;
    }
  }
  return { count, of: all };
}

const runs = await allJudged();
const vehicles = runs.reduce((sum, { veh }) => sum + veh, 0);
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
