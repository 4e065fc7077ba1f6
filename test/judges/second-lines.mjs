/** The second world as a judge: its runs, what is counted in them, and the goals (verdicts.md). */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const RUN = join(import.meta.dirname, 'second-run.mjs');
const VEHICLES = 40;
/** A lane first learns whether its feed is complete: fewer sessions, each so much longer (the generator ends one after some 320 vehicles). */
const LONGER = { software: 8 };

export const RUNS = [
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
export const LINES = {
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
    of: (truth) => truth.includes('software') && !truth.includes('learning'),
    ...FOUND_OR_ASKED,
    in: isFeedComplete,
    goal: 95,
  },
  'nobody passed, reported': { of: (truth) => truth === 'nobody', ...FOUND, goal: 95 },
  'gone back, accused': { of: (truth) => truth.startsWith('away'), ...ACCUSED, goal: 0.1 },
  'beside (e-bikes), accused': { of: (truth) => truth.startsWith('beside'), ...ACCUSED, goal: 1 },
  'records of nobody': { of: (truth) => truth === 'phantom', ...ACCUSED },
};

async function judged([mix, wiring], sessions, seed) {
  const longer = LONGER[mix] ?? 1;
  const words = [RUN, mix, wiring, `${Math.ceil(sessions / longer)}`, `${VEHICLES * longer}`, `${seed}`];
  const env = { ...process.env, LW_DIST: resolve('dist') };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return JSON.parse(await said);
}

/** Each run has seeds of its own; so many of them at once. */
export async function secondRuns(runs, sessions, seed, atOnce) {
  const waiting = runs.map((run, number) => () => judged(run, sessions, seed + number));
  const done = [];
  const oneAfterTheOther = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) done.push(await next());
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
  return done;
}

export function countOf({ of, results, in: isIn = () => true }, runs) {
  let [count, all] = [0, 0];
  for (const { wiring, classes } of runs) {
    if (!isIn(wiring)) continue;
    for (const [truth, row] of Object.entries(classes)) {
      if (!of(truth)) continue;
      all += row.n;
      for (const result of results) count += row[result] ?? 0;
    }
  }
  return { count, of: all };
}
