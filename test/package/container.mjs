// The container image for desks, built from the package by buildah and run without privileges of its own: the demonstration's story, its page, payments and
// arm from outside, and practice over HTTP and MQTT with a mounted system.
//   node test/package/container.mjs      as root, after `npm run package -- --arch amd64`; fetches Debian's packages
// buildah's chroot stands for a runtime: cgroups and a network of its own are not tried.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { debianRoot } from '../box/root.mjs';

const built = newestPackage('amd64');
assert.ok(built, 'npm run package -- --arch amd64 first');
const base = debianRoot(resolve('dist-deb/root-box'));
const work = mkdtempSync(join(tmpdir(), 'lanewarden-container-'));
// No more files and processes than a user of this machine may have.
writeFileSync(
  join(work, 'containers.conf'),
  '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n',
);
process.env.CONTAINERS_CONF = join(work, 'containers.conf');
const store = ['--root', join(work, 'images'), '--runroot', join(work, 'run'), '--storage-driver', 'vfs'];
const CHROOT = ['--isolation', 'chroot'];
const ok = (what) => process.stdout.write(`ok container: ${what}\n`);
let demo;
try {
  const buildah = (...words) => {
    const { status, stdout, stderr } = spawnSync('buildah', [...store, ...words], {
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    assert.equal(status, 0, `buildah ${words.join(' ')}\n${stdout}${stderr}`);
    return stdout.trim();
  };
  // Stands for debian:trixie-slim, which is made of the same packages.
  const scratch = buildah('from', 'scratch');
  buildah('add', scratch, base, '/');
  buildah('commit', '--rm', scratch, 'base');
  const context = join(work, 'context');
  mkdirSync(context);
  copyFileSync(built, join(context, basename(built)));
  const file = 'deploy/container/Containerfile';
  buildah(
    'build',
    ...CHROOT,
    '--pull-never',
    '--build-arg',
    'BASE=localhost/base',
    '-t',
    'lanewarden',
    '-f',
    file,
    context,
  );
  const container = buildah('from', '--pull-never', 'localhost/lanewarden');
  const { OCIv1: image } = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/lanewarden'));
  ok('built from the package');

  const run = (...words) => ['run', ...CHROOT, '--volume', `${resolve('.')}:/system:ro`, container, '--', ...words];
  assert.match(buildah(...run('id', '--name', '--user')), /^desk$/);
  buildah(...run('lanewarden', 'demo', '--once', '--lang', 'en'));
  ok('the fixed story');

  const node = '/opt/lanewarden/current/node';
  const stories = ['1', '30'].flatMap((story) => ['--story', story]);
  buildah(...run('lanewarden', 'practice', ...stories, '--', node, '/system/test/practice/vendor.mjs'));
  ok('practice, over HTTP and MQTT');

  const words = [...image.config.Entrypoint, ...image.config.Cmd, '--lang', 'en'];
  demo = spawn('buildah', [...store, ...run(...words)], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  let said = '';
  demo.stdout.on('data', (bytes) => {
    said += bytes;
  });
  while (!said.includes('demonstration-token')) {
    assert.equal(demo.exitCode, null, said);
    await sleep(100);
  }
  assert.equal((await fetch('http://127.0.0.1:8080/')).status, 200);
  const token = /token (\S+)/.exec(said)?.[1];
  const paid = await fetch('http://127.0.0.1:8081/api/v1/grants', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'PAY-1', lane: '1001', amount: 1500, issuedAt: new Date().toISOString() }),
  });
  assert.deepEqual([paid.status, await paid.json()], [202, { id: 'PAY-1', status: 'accepted' }]);
  assert.equal((await fetch('http://127.0.0.1:8090/arm?lane=1001')).status, 200);
  ok('page, payments and arm from outside');
} finally {
  if (demo?.exitCode === null) {
    const ended = once(demo, 'exit');
    process.kill(-demo.pid, 'SIGTERM');
    await ended;
  }
  rmSync(work, { recursive: true, force: true });
}
