// The arm64 package on this machine: its own Node under qemu-user loads each addon, then plays the demonstration's story. What it does not
// prove: real serial ports, GPIO, the unit, speed. Needs qemu-aarch64-static and debootstrap, or a root made by it: --base FOLDER.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { largePicture } from './large-picture.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: 'dist-deb/root-arm64' } } });
const base = resolve(values.base);
const unpacked = resolve('dist-deb/unpacked-arm64');

if (!existsSync(`${base}/usr/lib/os-release`)) {
  process.stdout.write(`debootstrap ${base}\n`);
  mkdirSync(base, { recursive: true });
  const words = ['--arch=arm64', '--foreign', '--variant=minbase', '--include=libstdc++6', 'trixie', base];
  const made = spawnSync('debootstrap', words, { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stdout + made.stderr);
  // The second stage would run arm64 programs through the kernel; unpacking is all that is needed.
  const archives = `${base}/var/cache/apt/archives`;
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    execFileSync('sh', [
      '-c',
      `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink`,
      'sh',
      `${archives}/${file}`,
      base,
    ]);
}

const built = newestPackage('arm64');
assert.ok(built, 'npm run package -- --arch arm64 first');
rmSync(unpacked, { recursive: true, force: true });
execFileSync('dpkg-deb', ['-x', built, unpacked]);
const app = `${unpacked}/usr/lib/lanewarden/app`;
const node = `${app}/node`;

function run(...words) {
  const done = spawnSync('qemu-aarch64-static', ['-L', base, node, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LANG: 'en_US.UTF-8' },
    maxBuffer: 64e6,
  });
  assert.equal(done.status, 0, `${words.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

assert.equal(run('-p', 'process.arch').trim(), 'arm64');
for (const addon of ['better-sqlite3', 'epoll', 'unix-dgram', '@serialport/bindings-cpp']) {
  run('-e', `require(${JSON.stringify(`${app}/node_modules/${addon}`)})`);
  process.stdout.write(`loads on arm64: ${addon}\n`);
}
const copy = resolve('dist-deb/build/recover.db');
rmSync(copy, { force: true });
execFileSync('sqlite3', [copy, "CREATE TABLE t (a); INSERT INTO t VALUES ('there')"]);
const sql = execFileSync('qemu-aarch64-static', ['-L', base, `${app}/sqlite3`, '-readonly', copy, '.recover'], {
  encoding: 'utf8',
});
assert.match(sql, /there/);
process.stdout.write('runs on arm64: the shell of SQLite\n');
const smaller = execFileSync('qemu-aarch64-static', ['-L', base, `${app}/shrink-picture`, '500000'], {
  input: largePicture(),
});
assert.ok(smaller.length > 10_000 && smaller.length <= 500_000, `${smaller.length} bytes`);
process.stdout.write('runs on arm64: the program that makes pictures smaller\n');
const story = run(`${app}/main.js`, 'demo', '--once', '--lang', 'en').trim().split('\n');
process.stdout.write(`${story.slice(-4).join('\n')}\n`);
process.exit(0);
