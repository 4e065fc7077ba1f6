// npm run package -- --arch ARCH, then: node deploy/usb.mjs [--arch amd64|arm64] [--deb FILE.deb]
// Makes dist-deb/lanewarden_VERSION_ARCH.run: one file for a USB stick that installs a bare Debian box without network. In it our package and the Debian
// packages it needs beside those that every Debian has; `sudo sh FILE.run` on the box. Needs apt and debootstrap; fetches from Debian's archive, whose
// signatures apt checks.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newestPackage } from './newest-package.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const RELEASE = 'trixie';
const ARCHIVES = [
  `deb http://deb.debian.org/debian ${RELEASE} main`,
  `deb http://deb.debian.org/debian-security ${RELEASE}-security main`,
];
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What the package recommends, as far as a box without network has use for it. */
const RECOMMENDED = ['gpiod', 'ca-certificates', 'openssl', 'init-system-helpers'];

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
    deb: { type: 'string' },
  },
});
const { arch } = values;
const deb = values.deb ?? newestPackage(arch);
if (deb === undefined) {
  process.stderr.write(`dist-deb/ has no package for ${arch}: npm run package -- --arch ${arch}\n`);
  process.exit(1);
}
const work = resolve(`dist-deb/build/usb_${arch}`);
rmSync(work, { recursive: true, force: true });
const payload = join(work, 'payload');
mkdirSync(payload, { recursive: true });

const field = (name) => run('dpkg-deb', '--field', deb, name).trim();
const depends = field('Depends')
  .split(',')
  .map((each) => each.trim().split(' ')[0]);
for (const file of download([...depends, ...RECOMMENDED])) cpSync(file, join(payload, basename(file)));
cpSync(deb, join(payload, 'lanewarden.deb'));
const files = readdirSync(payload).sort();
writeFileSync(join(payload, 'SHA256SUMS'), files.map((name) => `${sha256(join(payload, name))}  ${name}\n`).join(''));

const archive = join(work, 'payload.tar');
const steady = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
run('tar', ...steady, '-cf', archive, '-C', payload, '.');
const script = readFileSync('deploy/usb.sh', 'utf8').replaceAll('@ARCH@', arch).replaceAll('@RELEASE@', RELEASE);
const target = `dist-deb/lanewarden_${field('Version')}_${arch}.run`;
writeFileSync(target, Buffer.concat([Buffer.from(script), readFileSync(archive)]), { mode: 0o755 });
const megabytes = (statSync(target).size / 1e6).toFixed(1);
process.stdout.write(`${target}  ${megabytes} MB, ${files.length - 1} Debian packages within\n`);

/** The packages and all they need, without those of the smallest Debian. Returns their files. */
function download(wanted) {
  const root = join(work, 'apt');
  for (const folder of [
    'etc/apt/preferences.d',
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'var/lib/dpkg',
  ])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  writeFileSync(
    join(root, 'etc/apt/sources.list'),
    ARCHIVES.map((line) => `${line.replace('deb ', `deb [arch=${arch} signed-by=${KEYS}] `)}\n`).join(''),
  );
  const settings = [
    ...[`Dir=${root}`, `Dir::State::status=${root}/var/lib/dpkg/status`, `APT::Architecture=${arch}`],
    ...[`APT::Architectures=${arch}`, 'APT::Sandbox::User=root', 'APT::Install-Recommends=false'],
  ].flatMap((setting) => ['-o', setting]);
  run('apt-get', ...settings, 'update');
  run('apt-get', ...settings, 'install', '--yes', '--download-only', ...wanted);
  const words = ['--variant=minbase', `--arch=${arch}`, '--print-debs', RELEASE, join(work, 'names')];
  const everywhere = new Set(
    run('debootstrap', ...words)
      .trim()
      .split(/\s+/),
  );
  const archives = join(root, 'var/cache/apt/archives');
  return readdirSync(archives)
    .filter((name) => name.endsWith('.deb') && !everywhere.has(name.split('_')[0]))
    .map((name) => join(archives, name));
}

function run(command, ...words) {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64e6 });
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
