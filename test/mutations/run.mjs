// Breaks the rules of a room one line at a time, in a private copy of the tree, and sees whether a test of the room turns red.
// node test/mutations/run.mjs [--changed MINUTES] [WORD…]   Exits 1 when one survives. Words: only mutations whose room, file and rule have all of them.
// --changed: only of rooms that changed since the last night, what changed last first, as many as go into these minutes. That the tests are green is known.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transformSync } from 'rolldown/utils';
import { ROOMS } from './rooms.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = [
  ...['src', 'test', 'drivers', 'dist', 'deploy', 'package.json', 'tsconfig.json', 'tsconfig.test.json'],
  ...['vitest.config.ts', 'docs/evidence-verifier.html'],
];
const SUITE_MS_MAX = 300_000;

/** Rules that no story of their room's quick suites can tell apart; no other may survive. */
const WITHOUT_STORY = [
  // Needs a full disk: test/store/disk.long.test.ts.
  'a dropped record goes with time only',
  // `a dropout of B with A occupied` (split.ts) catches it in every story; the worlds have not been measured without it.
  '[2] a dropout of B is no vehicle',
];

function copyTree() {
  if (!existsSync(join(ROOT, 'dist'))) throw new Error('the tests need the compiled program: npm run build');
  const copy = mkdtempSync(join(tmpdir(), 'lanewarden-mutations-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** What a command prints where it fails, undefined where it does not. One that never ends has failed, with all that it started. */
function failureOf(words, copy) {
  return new Promise((resolve, reject) => {
    const isLong = words.some((word) => word.includes('.long.'));
    const env = { ...process.env, AT_LENGTH: '1', BUNDLES: '32', LONG: isLong ? '1' : '' };
    const child = spawn(process.execPath, words, { cwd: copy, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const late = setTimeout(
      () => process.kill(-child.pid, 'SIGKILL'),
      Math.max(1, Math.min(SUITE_MS_MAX, untilMs - Date.now())),
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(late);
      resolve(status === 0 ? undefined : output);
    });
  });
}

/** The output of the first of the commands and suites that is red. */
async function firstFailure({ commands = [], suites }, copy) {
  const suite = ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--maxWorkers=1'];
  for (const words of [...commands, ...suites.map((files) => [...suite, ...files])]) {
    const failure = await failureOf(words, copy);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** One file of the program that is compiled, whether its types are right or not. */
function compile(path, copy) {
  const text = readFileSync(join(copy, path), 'utf8');
  const { code } = transformSync(path, text, { typescript: { rewriteImportExtensions: 'rewrite' } });
  writeFileSync(join(copy, 'dist', path.replace(/\.ts$/, '.js')), code);
}

async function broken({ tests, file, rule, from, to }, copy) {
  const { room } = tests;
  const path = join(copy, room, file);
  const text = readFileSync(path, 'utf8');
  const found = text.split(from).length - 1;
  if (found !== 1) return { room, file, rule, result: found === 0 ? 'NOT FOUND' : 'NOT UNIQUE' };
  const become = (changed) => {
    writeFileSync(path, changed);
    compile(join(room, file), copy);
  };
  become(text.replace(from, () => to));
  const isRed = (await firstFailure(tests, copy)) !== undefined;
  become(text);
  // What was ended by the limit of all of them has shown nothing.
  if (Date.now() >= untilMs) return undefined;
  process.stderr.write(`${isRed ? '.' : '!'} ${room}/${file}: ${rule}\n`);
  return { room, file, rule, result: isRed ? 'red' : 'SURVIVED' };
}

/** Files of the program that changed since all rules were broken last, the latest first. Where that is not known: in the day that ends with the last commit. */
function changedFiles() {
  const git = (...asked) => execFileSync('git', asked, { cwd: ROOT, encoding: 'utf8' }).trim();
  const night = /^\| mutations \| passed \| \d+ \| [\d-]{10} \| `(\w+)` \|$/m.exec(
    readFileSync(join(ROOT, 'docs/en/support.md'), 'utf8'),
  )?.[1];
  const day = `--since=${Number(git('log', '-1', '--format=%ct')) - 86_400}`;
  const since = night === undefined ? [day] : [`${night}..HEAD`];
  const files = git('log', '--format=', '--name-only', ...since, '--', 'src', 'drivers').split('\n');
  return [...new Set(files.filter((file) => file !== ''))];
}

/** Those of the rooms of these files, in their order; the rest of each room after them, for a rule may be kept by two files. */
function ofChanged(all, files) {
  const rank = ({ tests, file }) => {
    const own = files.indexOf(`${tests.room}/${file}`);
    return own < 0 ? files.length + files.findIndex((changed) => changed.startsWith(`${tests.room}/`)) : own;
  };
  const rooms = all.filter(({ tests }) => files.some((changed) => changed.startsWith(`${tests.room}/`)));
  return rooms.sort((a, b) => rank(a) - rank(b));
}

const { values, positionals: words } = parseArgs({ options: { changed: { type: 'string' } }, allowPositionals: true });
const all = ROOMS.flatMap(({ mutations, ...tests }) =>
  mutations.map(([file, rule, from, to]) => ({ tests, file, rule, from, to })),
).filter(({ tests, file, rule }) => words.every((word) => `${tests.room}/${file} ${rule}`.includes(word)));
if (all.length === 0) {
  console.error(`no rule has all of these words: ${words.join(' ')}`);
  process.exit(2);
}
const isOfChanged = values.changed !== undefined;
const untilMs = isOfChanged ? Date.now() + Number(values.changed) * 60_000 : Number.POSITIVE_INFINITY;
const chosen = isOfChanged ? ofChanged(all, changedFiles()) : all;
const sound = isOfChanged ? [] : [...new Set(chosen.map(({ tests }) => tests))];
const waiting = [...chosen];
const rows = [];

async function work() {
  const copy = copyTree();
  try {
    // Red before anything was broken would make every rule look guarded.
    for (let tests = sound.shift(); tests !== undefined; tests = sound.shift()) {
      const failure = await firstFailure(tests, copy);
      if (failure !== undefined) throw new Error(`the tests are red before anything was broken:\n${failure}`);
    }
    for (let next = waiting.shift(); next !== undefined && Date.now() < untilMs; next = waiting.shift()) {
      const row = await broken(next, copy);
      if (row !== undefined) rows.push(row);
    }
  } finally {
    waiting.length = 0;
    rmSync(copy, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
const bad = rows.filter(
  ({ rule, result }) => result !== 'red' && !(result === 'SURVIVED' && WITHOUT_STORY.includes(rule)),
);
if (chosen.length > rows.length) console.log(`${chosen.length - rows.length} of changed rooms are left to the night`);
const red = rows.filter(({ result }) => result === 'red').length;
if (bad.length > 0) console.table(bad);
console.log(
  `${rows.length} rules broken, ${red} turned a test red, ${rows.length - red - bad.length} known to have no story`,
);
process.exitCode = bad.length === 0 ? 0 : 1;
