// The package's life in a root of Debian: install, upgrade, an upgrade that does not come up, one given by page, downgrade, a package that nobody signed, purge. As root;
// needs debootstrap, or a root made by it: --base FOLDER. A real service manager is not there; manager.mjs does as the unit says.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keyFiles } from '../../deploy/update-keys.mjs';
import { withSignature } from '../../dist/src/system/update-signature.js';
import { startBoard } from './board.mjs';
import { largePicture } from './large-picture.mjs';
import { helperOf, startManager } from './manager.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: 'dist-deb/root-trixie' } } });
const { base } = values;
const root = 'dist-deb/root';
const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const output = [];
const log = (text) => output.push(text);

if (!existsSync(`${base}/usr/bin/node`)) {
  process.stdout.write(`debootstrap ${base}\n`);
  mkdirSync(base, { recursive: true });
  const made = spawnSync('debootstrap', ['--variant=minbase', '--include=nodejs', 'trixie', base], {
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stdout + made.stderr);
}
// A file system of its own, so that it can be made read-only as that of a prepared box; with the mounts such a box has.
const MOUNTS = ['run', 'tmp', 'var/lib/lanewarden', 'etc/lanewarden'];
const unmount = () => spawnSync('umount', ['--recursive', root], { stdio: 'ignore' });
const mount = (...words) => execFileSync('mount', words);
unmount();
mkdirSync(root, { recursive: true });
mount('-t', 'tmpfs', '-o', 'size=2g', 'tmpfs', root);
execFileSync('cp', ['-a', `${base}/.`, root]);
mount('-t', 'proc', 'proc', `${root}/proc`);
for (const place of MOUNTS) {
  mkdirSync(join(root, place), { recursive: true });
  mount('-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', join(root, place));
}
const isReadOnly = () =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1]?.endsWith(`/${root}`) && /^ro[, ]/.test(line.split(' ')[3] ?? ''));

const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  LC_ALL: 'en_US.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};
const chroot = (...words) => spawnSync('chroot', [root, ...words], { encoding: 'utf8', env: ENVIRONMENT });
function must(...words) {
  const done = chroot(...words);
  assert.equal(done.status, 0, `${words.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}
const inside = (path) => join(root, path);
const read = (path) => readFileSync(inside(path), 'utf8');
const current = () => readlinkSync(inside('opt/lanewarden/current'));
const database = () => inside('var/lib/lanewarden/lanewarden.db');
let step = 0;
function say(what) {
  step += 1;
  process.stdout.write(`${step}. ${what}\n`);
}
async function until(what, holds, withinMs = 60_000) {
  const lateMs = Date.now() + withinMs;
  while (!holds()) {
    assert.ok(Date.now() < lateMs, `never came true: ${what}\n${output.join('').split('\n').slice(-40).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// ── Packages: the real one under three numbers, and two that are broken in different ways ──
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PEM = publicKey.export({ type: 'spki', format: 'pem' });
const [built] = readdirSync('dist-deb').filter((file) => /^lanewarden_.*_amd64\.deb$/.test(file));
assert.ok(built, 'npm run package first');

function variant(version, change = () => {}) {
  const folder = 'dist-deb/build/variant';
  rmSync(folder, { recursive: true, force: true });
  execFileSync('dpkg-deb', ['-R', `dist-deb/${built}`, folder]);
  const app = `${folder}/usr/lib/lanewarden/app`;
  const edit = (file, from, to) => {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    writeFileSync(file, text.replace(from, to));
  };
  const before = readFileSync(`${app}/VERSION`, 'utf8').trim();
  edit(`${folder}/DEBIAN/control`, `Version: ${before}`, `Version: ${version}`);
  edit(`${app}/package.json`, `"version": "${before}"`, `"version": "${version}"`);
  writeFileSync(`${app}/VERSION`, `${version}\n`);
  writeFileSync(`${app}/SHA256SUMS`, `${version}\n`);
  change(app, edit);
  const name = `lanewarden_${version}.deb`;
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', folder, inside(`root/${name}`)], {
    stdio: 'ignore',
  });
  const bytes = readFileSync(inside(`root/${name}`));
  writeFileSync(inside(`root/${name}.sig`), sign(null, bytes, privateKey));
  return `/root/${name}`;
}

/** As `npm run package -- --update-key … --revoke …` does. */
const bringKeys = (app, trusted, revoked) => {
  const { trusted: inForce, revoked: gone } = keyFiles([trusted], [revoked]);
  writeFileSync(join(app, '../update.pub'), inForce);
  writeFileSync(join(app, '../update-revoked.pub'), gone);
};
const successor = generateKeyPairSync('ed25519');
const written = (name, key) => {
  const file = inside(`root/${name}`);
  writeFileSync(file, key.export({ type: 'spki', format: 'pem' }));
  return file;
};
const rotating = variant('1.5.0', (app) =>
  bringKeys(app, written('successor.pub', successor.publicKey), written('leaked.pub', publicKey)),
);

const one = variant('1.0.0');
const two = variant('1.1.0');
const broken = variant('1.2.0', (app, edit) =>
  edit(`${app}/main.js`, '#!/usr/bin/env node', "#!/usr/bin/env node\nif (process.argv[2] === 'run') throw 1;\n//"),
);
// It changes the database so that the former version cannot read it, and ends before it is ready.
const three = variant('1.4.0');
const greedy = variant('1.3.0', (app) => {
  const main = readFileSync(`${app}/main.js`, 'utf8');
  const lines =
    "const Greedy = require('better-sqlite3');\nif (process.argv[2] === 'run') { const d = new Greedy('/var/lib/lanewarden/lanewarden.db'); d.pragma('user_version = 99'); d.close(); process.exit(1); }\n";
  writeFileSync(
    `${app}/main.js`,
    main.replace(/^#!.*\n/, (first) => first + lines),
  );
});

/** V8 takes what was compiled at the installation, with the flags of the unit. */
function compiledAhead() {
  const unit = readFileSync('deploy/systemd/lanewarden.service', 'utf8');
  const flags = /^ExecStart=\S+ (.*) \/opt/m.exec(unit)[1].split(' ');
  const look = `const { readFileSync, readdirSync } = require('node:fs');
    process.chdir('/opt/lanewarden/current');
    const files = readdirSync('.').filter((name) => name.endsWith('.cache'));
    const taken = files.filter((file) => !new (require('node:vm').Script)(
      require('node:module').wrap(readFileSync(file.slice(0, -6), 'utf8')),
      { cachedData: readFileSync(file).subarray(32) }).cachedDataRejected);
    console.log(files.length, taken.length);`;
  const [files, taken] = must('node', ...flags, '-e', look)
    .trim()
    .split(' ')
    .map(Number);
  assert.ok(files > 20, `${files} files compiled ahead`);
  assert.equal(taken, files);
}

// ── The page of the service in the root ──
const PAGE_PORT = 18_080;
const ask = (path, options = {}) =>
  fetch(`http://127.0.0.1:${PAGE_PORT}/api/v1/${path}`, {
    ...options,
    headers: { 'accept-language': 'en', ...options.headers },
  });

async function installer() {
  const body = JSON.stringify({
    code: read('var/lib/lanewarden/page/setup-code').trim(),
    user: 'installer',
    password: 'four unrelated green words',
  });
  const answer = await ask('setup', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.ok(answer.ok, await answer.text());
  return answer.headers.get('set-cookie').split(';')[0];
}

/** The package as `npm run package -- --sign` makes it. */
function carrying(file) {
  const bytes = readFileSync(inside(file));
  return withSignature(bytes, sign(null, bytes, privateKey));
}

const give = (cookie, body) =>
  ask('update', { method: 'POST', body, headers: { cookie, 'content-type': 'application/vnd.debian.binary-package' } });

/** Waits until the page says so; while the service restarts there is no page. */
async function told(cookie, state, pattern) {
  const lateMs = Date.now() + 60_000;
  for (;;) {
    const job = await ask('jobs/update', { headers: { cookie } }).then(
      (answer) => answer.json(),
      () => undefined,
    );
    if (job?.state === state && pattern.test((job.error ?? job.now).en)) return;
    assert.ok(Date.now() < lateMs, `the page never said ${pattern}, but ${JSON.stringify(job)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a path unit would start, beside this program; resolves to its exit code. */
function along(command, words) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => log(String(bytes)));
  return new Promise((resolve) => child.on('close', resolve));
}

const board = await startBoard();
const manager = startManager(root, log);
try {
  say('install: user, groups, folders; nothing asks for a network or for systemd');
  must('dpkg', '--install', one);
  assert.match(must('id', 'lanewarden'), /dialout/);
  assert.match(must('id', 'lanewarden'), /gpio/);
  for (const folder of ['etc/lanewarden', 'var/lib/lanewarden'])
    assert.equal(statSync(inside(folder)).mode & 0o777, 0o700, folder);
  assert.equal(current(), 'releases/1.0.0');
  assert.equal(must('lanewarden', 'version').trim(), 'lanewarden 1.0.0');
  assert.equal(existsSync(inside('opt/lanewarden/trial')), false, 'a first installation has nothing to go back to');
  compiledAhead();

  say('it runs as its unit says, as its user');
  writeFileSync(inside('etc/lanewarden/secrets.yaml'), 'cloud.appSecret: "x"\n', { mode: 0o600 });
  writeFileSync(
    inside('etc/lanewarden/lanewarden.yaml'),
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
lines: [{ id: a, port: "tcp://127.0.0.1:${board.port}", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, points: { down: io.di1, up: io.di2 } }]
store: { path: /var/lib/lanewarden }
page: { listen: "127.0.0.1:${PAGE_PORT}", https: false }
`,
    { mode: 0o600 },
  );
  must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
  manager.start();
  await until('READY', () => manager.told.includes('READY=1'));
  await until('the watchdog is fed', () => manager.told.includes('WATCHDOG=1'));

  say('a damaged database is recovered by the shell of the package; this root has no other');
  assert.notEqual(chroot('which', 'sqlite3').status, 0);
  const shell = '/opt/lanewarden/current/sqlite3';
  const asService = (...words) =>
    must('setpriv', '--reuid=lanewarden', '--regid=lanewarden', '--clear-groups', ...words);
  const sql = asService(shell, '-readonly', '/var/lib/lanewarden/lanewarden.db', '.recover --ignore-freelist');
  assert.match(sql, /CREATE TABLE release/);
  await manager.stop();
  const hurt = openSync(database(), 'r+');
  writeSync(hurt, Buffer.alloc(4096), 0, 4096, 0);
  closeSync(hurt);
  writeFileSync(inside('var/lib/lanewarden/alive'), 'torn');
  manager.told.length = 0;
  manager.start();
  await until('READY', () => manager.told.includes('READY=1'));
  const damaged = inside('var/lib/lanewarden/damaged/1');
  await until('it is recovered', () => existsSync(damaged) && !existsSync(join(damaged, 'unfinished')));
  const journal = new Sqlite(database(), { readonly: true });
  const saved = journal.prepare("SELECT detail FROM incident WHERE kind = 'salvaged'").pluck().all();
  const boots = journal.prepare('SELECT count(*) FROM boot').pluck().get();
  journal.close();
  assert.equal(saved.length, 1);
  assert.ok(boots > 1, 'that of before the damage came through the shell alone');
  assert.equal(output.join('').match(/apt install sqlite3|could not recover/), null);

  say('a picture of 3 MB is made smaller by what the package brings, as the user of the service');
  writeFileSync(inside('tmp/large.jpg'), largePicture());
  const tool = '/opt/lanewarden/current/shrink-picture';
  asService('sh', '-c', `cd /tmp && ${tool} 500000 <large.jpg >/var/lib/lanewarden/smaller.jpg`);
  const { size } = statSync(inside('var/lib/lanewarden/smaller.jpg'));
  assert.ok(size > 10_000 && size <= 500_000, `${size} bytes`);
  rmSync(inside('var/lib/lanewarden/smaller.jpg'));

  say('upgrade with a signature: the database copied first, the new one proves itself, the configuration is as it was');
  const settings = read('etc/lanewarden/lanewarden.yaml');
  assert.match(chroot('lanewarden', 'update', two).stderr, /no update key/);
  writeFileSync(inside('etc/lanewarden-update.pub'), PEM);
  must('lanewarden', 'update', '--no-wait', two);
  assert.equal(current(), 'releases/1.1.0');
  assert.ok(existsSync(inside('var/lib/lanewarden/before-update.db')));
  assert.match(read('opt/lanewarden/trial'), /to=1\.1\.0\nback=1\.0\.0\n/);
  await manager.stop();
  manager.start();
  await until('the trial ends', () => !existsSync(inside('opt/lanewarden/trial')));
  assert.equal(current(), 'releases/1.1.0');
  assert.equal(read('etc/lanewarden/lanewarden.yaml'), settings);
  assert.ok(existsSync(inside('opt/lanewarden/releases/1.0.0')), 'the one before stays');

  say('a package that somebody changed, or an older one, is not installed');
  const bytes = readFileSync(inside(`root/lanewarden_1.2.0.deb`));
  bytes[bytes.length - 1000] ^= 1;
  writeFileSync(inside('root/changed.deb'), bytes);
  cpSync(inside('root/lanewarden_1.2.0.deb.sig'), inside('root/changed.deb.sig'));
  assert.match(chroot('lanewarden', 'update', '/root/changed.deb').stderr, /signature/);
  assert.match(chroot('lanewarden', 'update', one).stderr, /allow-downgrade/);
  assert.equal(current(), 'releases/1.1.0');

  say('on a read-only root: an upgrade that does not come up goes back by itself');
  mount('-o', 'remount,ro', root);
  must('lanewarden', 'update', '--no-wait', broken);
  assert.equal(current(), 'releases/1.2.0');
  await manager.stop();
  const startsBefore = manager.state.starts;
  manager.told.length = 0;
  manager.start();
  await until('the former release runs', () => current() === 'releases/1.1.0' && manager.told.includes('READY=1'));
  assert.equal(manager.state.starts - startsBefore, 4, 'three starts on trial, then the former one');
  assert.match(read('opt/lanewarden/reverted'), /version=1\.2\.0/);
  assert.ok(isReadOnly(), 'and the root is read-only again');

  say('one that changes the database and fails: the copy comes back, what it wrote is kept');
  must('lanewarden', 'update', '--no-wait', greedy);
  await manager.stop();
  manager.told.length = 0;
  manager.start();
  await until('the former release runs', () => current() === 'releases/1.1.0' && manager.told.includes('READY=1'));
  const versionOf = (file) => {
    const open = new Sqlite(file);
    const version = open.pragma('user_version', { simple: true });
    open.close();
    return version;
  };
  assert.notEqual(versionOf(database()), 99);
  const kept = readdirSync(inside('var/lib/lanewarden')).filter((name) => /^replaced-\d+\.db$/.test(name));
  assert.equal(kept.length, 1);
  assert.equal(versionOf(inside(`var/lib/lanewarden/${kept[0]}`)), 99);

  say(
    'by page, over HTTP: the service leaves the package without rights, the unit installs it, the end is told across the restart',
  );
  mkdirSync(inside('run/lanewarden-update'), { recursive: true });
  const cookie = await installer();
  const installLeft = () => along(...helperOf(root, 'lanewarden-update'));
  const changedOne = carrying(three);
  changedOne[changedOne.length - 1000] ^= 1;
  assert.equal((await give(cookie, changedOne)).status, 422);
  assert.equal(existsSync(inside('var/lib/lanewarden/update/request')), false);
  assert.equal((await give(cookie, carrying(three))).status, 202);
  assert.equal((await give(cookie, carrying(three))).status, 409, 'one at a time');
  assert.equal(statSync(inside('var/lib/lanewarden/update/request')).uid, Number(must('id', '-u', 'lanewarden')));
  const installing = installLeft();
  await until('1.4.0 is current', () => current() === 'releases/1.4.0');
  await told(cookie, 'running', /1\.4\.0 is installed/);
  await manager.stop();
  manager.start();
  await told(cookie, 'done', /^updated to 1\.4\.0$/);
  assert.equal(await installing, 0);
  assert.equal(existsSync(inside('opt/lanewarden/trial')), false);
  assert.deepEqual(readdirSync(inside('var/lib/lanewarden/update')), []);

  say('an older one by page: root refuses it, and the page says so');
  assert.equal((await give(cookie, carrying(one))).status, 202);
  assert.notEqual(await installLeft(), 0);
  await told(cookie, 'failed', /older than the installed version/);
  assert.equal(current(), 'releases/1.4.0');

  say('downgrade, when it is meant');
  must('lanewarden', 'update', '--no-wait', '--allow-downgrade', one);
  await manager.stop();
  manager.start();
  await until(
    '1.0.0 proves itself',
    () => current() === 'releases/1.0.0' && !existsSync(inside('opt/lanewarden/trial')),
  );

  say(
    'a package revokes the key it was signed with and brings the successor: nothing signed with the old one is taken again',
  );
  must('lanewarden', 'update', '--no-wait', rotating);
  assert.equal(current(), 'releases/1.5.0');
  assert.match(chroot('lanewarden', 'update', '--allow-downgrade', two).stderr, /revoked/);
  assert.match(must('lanewarden', 'update', '--keys'), /^in force .*update\.pub\nrevoked /);
  writeFileSync(inside('tmp/again.deb.sig'), sign(null, readFileSync(inside(two)), successor.privateKey));
  cpSync(inside(two), inside('tmp/again.deb'));
  must('lanewarden', 'update', '--no-wait', '--allow-downgrade', '/tmp/again.deb');
  assert.equal(current(), 'releases/1.1.0');
  writeFileSync(inside('tmp/old.sig'), sign(null, readFileSync(inside(three)), privateKey));
  const old = chroot('lanewarden', 'update', '--key', '/root/leaked.pub', '--signature', '/tmp/old.sig', three);
  assert.match(old.stderr, /no update key/, 'not even when it is named');
  assert.ok(isReadOnly());
  assert.ok(existsSync(inside('etc/lanewarden-update-revoked.pub')), 'the older package has not brought it back');

  say('remove keeps configuration and data, purge takes them');
  await manager.stop();
  assert.ok(isReadOnly());
  mount('-o', 'remount,rw', root);
  must('dpkg', '--remove', 'lanewarden');
  assert.ok(existsSync(database()) && existsSync(inside('etc/lanewarden/lanewarden.yaml')));
  assert.equal(existsSync(inside('opt/lanewarden')), false);
  must('dpkg', '--install', two);
  assert.equal(current(), 'releases/1.1.0');
  must('dpkg', '--purge', 'lanewarden');
  for (const path of MOUNTS.slice(2)) assert.deepEqual(readdirSync(inside(path)), [], `${path} is empty`);
  for (const path of [
    'opt/lanewarden',
    'usr/lib/lanewarden',
    'etc/lanewarden-update.pub',
    'etc/lanewarden-update-revoked.pub',
  ])
    assert.equal(existsSync(inside(path)), false, `${path} is gone`);
  process.stdout.write('the package does as it should\n');
} finally {
  await manager.end();
  board.close();
  unmount();
}
process.exit(0);
