// The package of 0.1 as it was, built from the history of this project; undefined in a copy without it. Kept in dist-deb/former.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command, words, cwd = root, stdio = ['ignore', 'pipe', 'inherit']) =>
  (execFileSync(command, words, { cwd, encoding: 'utf8', stdio, maxBuffer: 64e6 }) ?? '').trim();

/** Its path. */
export function formerPackage() {
  const kept = join(root, 'dist-deb/former/lanewarden_0.1.0_amd64.deb');
  if (existsSync(kept)) return kept;
  // What was kept of 0.1 came in with the commit after it.
  const commit = run('git', ['log', '--diff-filter=A', '--format=%P', '--', 'test/kept/README.md']).split('\n').at(-1);
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const work = join(root, 'dist-deb/build/former');
  const tree = join(work, 'tree');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  run('bash', ['-c', 'git archive "$1" | tar x -C "$2"', 'bash', commit, tree]);
  run('cp', ['-al', join(root, 'node_modules'), join(tree, 'node_modules')]);
  // Libraries that it had and we have no more.
  const { dependencies } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'));
  const lacking = Object.entries(dependencies).filter(([name]) => !existsSync(join(tree, 'node_modules', name)));
  const names = lacking.map(([name, version]) => `${name}@${version}`);
  if (names.length > 0) {
    run('npm', ['install', '--silent', '--prefix', join(work, 'lacking'), ...names]);
    run('cp', ['-rn', `${join(work, 'lacking/node_modules')}/.`, join(tree, 'node_modules')]);
  }
  run('npm', ['run', '-s', 'package', '--', '--arch', 'amd64'], tree, 'ignore');
  mkdirSync(join(root, 'dist-deb/former'), { recursive: true });
  cpSync(join(tree, 'dist-deb/lanewarden_0.1.0_amd64.deb'), `${kept}.new`);
  renameSync(`${kept}.new`, kept);
  rmSync(work, { recursive: true, force: true });
  return kept;
}
