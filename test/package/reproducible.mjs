// The same commit gives the same package: built in two fresh copies, of another length of path, time zone, language and umask, without what an earlier build
// compiled. usage: npm run proof -- reproducible      works in dist-deb/reproducible, on the last commit
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newestPackage } from '../../deploy/newest-package.mjs';

const work = resolve('dist-deb/reproducible');
rmSync(work, { recursive: true, force: true });
const BUILDERS = [
  { folder: 'a', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } },
  { folder: 'another/place/of/it', umask: '077', env: { TZ: 'Asia/Shanghai', LC_ALL: 'zh_CN.UTF-8' } },
];
const sums = BUILDERS.map(({ folder, umask, env }) => {
  const tree = join(work, folder);
  mkdirSync(tree, { recursive: true });
  execFileSync('git', ['clone', '--quiet', resolve('.'), tree]);
  cpSync('node_modules', join(tree, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  execFileSync('bash', ['-euc', `umask ${umask}; npm run -s build; node deploy/package.mjs --arch amd64`], {
    cwd: tree,
    env: { ...process.env, ...env, PATH: `${tree}/node_modules/.bin:${process.env.PATH}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return createHash('sha256')
    .update(readFileSync(newestPackage('amd64', { folder: join(tree, 'dist-deb') })))
    .digest('hex');
});
assert.equal(sums[1], sums[0], 'the two builders made different packages');
process.stdout.write(`ok two builders, one package: ${sums[0]}\n`);
rmSync(work, { recursive: true, force: true });
