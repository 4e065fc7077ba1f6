// The repository that deploy/apt-repository.mjs makes, on a plain web server: apt of a Debian root installs 0.1 from it and upgrades a box that has the
// state of 0.1 to a candidate and to the release; it refuses what is not signed, signed by another key, or changed on the way.
//   node test/box/apt.mjs [--base FOLDER]
// As root, after `npm run package -- --arch amd64`. Needs debootstrap, or a root made before: --base FOLDER; gpg, dpkg-dev, iproute2. A network of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formerPackage } from '../package/former.mjs';
import { debianRoot, WITH_DEBIANS_NODE } from './root.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: 'dist-deb/root-former' } } });
const base = resolve(values.base);
if (process.env.LANEWARDEN_APT === undefined) {
  debianRoot(base, WITH_DEBIANS_NODE);
  // While there is a network.
  formerPackage();
  const work = mkdtempSync(join(tmpdir(), 'lanewarden-apt-'));
  const words = ['--net', '--mount', '--pid', '--fork', '--kill-child', process.execPath, ...process.argv.slice(1)];
  const { status } = spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, LANEWARDEN_APT: work } });
  // What was mounted in it went with its namespace.
  rmSync(work, { recursive: true, force: true });
  process.exit(status ?? 1);
}
const { variant } = await import('./packages.mjs');

const PORT = 8000;
const work = process.env.LANEWARDEN_APT;
const root = join(work, 'root');
const repository = join(work, 'repository');
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500m,mode=0755', 'tmpfs', work]);
for (const name of ['root', 'upper', 'overlay', 'gnupg']) mkdirSync(join(work, name), { mode: 0o700 });
const layers = `lowerdir=${base},upperdir=${join(work, 'upper')},workdir=${join(work, 'overlay')}`;
execFileSync('mount', ['-t', 'overlay', '-o', layers, 'overlay', root]);
execFileSync('chmod', ['0755', work, root, join(work, 'upper')]);
execFileSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const env = {
  ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
  GNUPGHOME: join(work, 'gnupg'),
};

/** A server that knows nothing but files. */
createServer((request, response) => {
  const file = join(repository, normalize(decodeURIComponent(request.url)));
  if (existsSync(file)) response.end(readFileSync(file));
  else response.writeHead(404).end();
}).listen(PORT, '127.0.0.1');

/** Resolves to exit code and output; the server answers meanwhile. */
function run(command, words) {
  return new Promise((done) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
    child.on('close', (status) => done({ status, output }));
  });
}
const inside = (...words) => run('chroot', [root, ...words]);
async function must(...words) {
  const { status, output } = await inside(...words);
  assert.equal(status, 0, `${words.join(' ')}\n${output}`);
  return output;
}
const key = (name) => {
  const words = ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', name, 'ed25519', 'sign', 'never'];
  execFileSync('gpg', words, { env, stdio: 'ignore' });
  return name;
};
function publish(signer, ...files) {
  const words = ['deploy/apt-repository.mjs', '--out', repository, ...(signer ? ['--key', signer] : []), ...files];
  return spawnSync(process.execPath, words, { env, encoding: 'utf8' });
}
async function story(what, tell) {
  const begunMs = Date.now();
  await tell();
  process.stdout.write(`ok ${what} (${Math.round((Date.now() - begunMs) / 1000)} s)\n`);
}

const ours = key('releases@lanewarden.invalid');
const strange = key('somebody@else.invalid');
const debs = join(work, 'debs');
// Of a copy without its history: the present one under that number.
const first = formerPackage() ?? join(debs, variant(debs, '0.1.0'));
const candidate = join(debs, variant(debs, '1.0.0-rc.1'));
const second = join(debs, variant(debs, '1.0.0'));
rmSync(join(root, 'etc/apt/sources.list'), { force: true });
rmSync(join(root, 'etc/apt/sources.list.d'), { recursive: true, force: true });
mkdirSync(join(root, 'etc/apt/sources.list.d'));
writeFileSync(
  join(root, 'etc/apt/sources.list.d/lanewarden.sources'),
  `Types: deb\nURIs: http://127.0.0.1:${PORT}\nSuites: stable\nComponents: main\nSigned-By: /etc/apt/keyrings/lanewarden.gpg\n`,
);
const install = (...words) => must('apt-get', '-y', '--no-install-recommends', ...words);

await story('a signed repository: apt installs the package', async () => {
  assert.equal(publish(ours, first).status, 0);
  mkdirSync(join(root, 'etc/apt/keyrings'), { recursive: true });
  cpSync(join(repository, 'lanewarden.gpg'), join(root, 'etc/apt/keyrings/lanewarden.gpg'));
  await must('apt-get', 'update');
  await install('install', 'lanewarden');
  assert.equal(await must('lanewarden', 'version'), 'lanewarden 0.1.0\n');
});

await story('a candidate beside it: apt upgrades the box, and the state of 0.1 is read', async () => {
  cpSync('test/kept/0.1/state', join(root, 'var/lib/lanewarden'), { recursive: true });
  for (const name of ['lanewarden.yaml', 'secrets.yaml']) {
    cpSync(join('test/kept/0.1', name), join(root, 'etc/lanewarden', name));
    await must('chmod', '0600', `/etc/lanewarden/${name}`);
  }
  await must('chown', '-R', 'lanewarden:', '/var/lib/lanewarden', '/etc/lanewarden');
  assert.equal(publish(ours, candidate).status, 0);
  await must('apt-get', 'update');
  await install('upgrade');
  assert.equal(await must('lanewarden', 'version'), 'lanewarden 1.0.0-rc.1\n');
  await must('lanewarden', 'check', '--lang', 'en');
  assert.equal(JSON.parse(await must('lanewarden', 'queue', 'ls', '--json')).length, 11);
  assert.match(
    await must('apt-cache', 'policy', 'lanewarden'),
    /1\.0\.0~rc\.1 500[\s\S]*0\.1\.0 500/,
    'both are there',
  );
});

await story('the release is newer than its candidate, for apt too, and the former ones stay', async () => {
  assert.equal(publish(ours, second).status, 0);
  await must('apt-get', 'update');
  assert.match(
    await must('apt', 'list', '--upgradable'),
    /lanewarden\/stable 1\.0\.0 amd64 \[upgradable from: 1\.0\.0~rc\.1\]/,
  );
  await install('upgrade');
  assert.equal(await must('lanewarden', 'version'), 'lanewarden 1.0.0\n');
  assert.equal(JSON.parse(await must('lanewarden', 'queue', 'ls', '--json')).length, 11);
  assert.match(await must('apt', 'list', '-a', 'lanewarden'), /1\.0\.0 [\s\S]*1\.0\.0~rc\.1 [\s\S]*0\.1\.0 /);
});

await story('what is not right is refused, and the installed one stays', async () => {
  const lists = join(repository, 'dists/stable');
  const refused = async (what) => {
    rmSync(join(root, 'var/lib/apt/lists'), { recursive: true, force: true });
    await inside('apt-get', 'update');
    const { status, output } = await inside('apt-get', 'download', 'lanewarden=1.0.0');
    assert.notEqual(status, 0, `${what}\n${output}`);
  };
  assert.equal(publish(undefined, second).status, 0);
  await refused('not signed');
  assert.equal(publish(strange, second).status, 0);
  await refused('signed by another key');
  assert.equal(publish(ours, second).status, 0);
  const release = join(lists, 'InRelease');
  writeFileSync(release, readFileSync(release, 'utf8').replace('Label: lanewarden', 'Label: lanewarded'));
  await refused('a changed list');
  assert.equal(publish(ours, second).status, 0);
  const deb = join(repository, 'pool/main', 'lanewarden_1.0.0_amd64.deb');
  const bytes = readFileSync(deb);
  bytes[bytes.length - 1000] ^= 1;
  writeFileSync(deb, bytes);
  await refused('a changed package');
  assert.equal(publish(ours, second).status, 73, 'another package of the same name');
  assert.equal(await must('lanewarden', 'version'), 'lanewarden 1.0.0\n');
});
// The agent of gpg ends with the namespace.
process.exit(0);
