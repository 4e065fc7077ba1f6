// npm run package -- --arch ARCH, then: node deploy/apt-repository.mjs --out FOLDER [--key KEY] [FILE.deb …]      without a name: all of dist-deb/
// Puts packages into a repository for apt that any static web server, or a folder, can carry. Packages that are in FOLDER stay. KEY is one of gpg's secret
// keys (fingerprint or address); without it the repository is not signed, and apt takes it only where somebody trusts the place itself.
//   pool/main/*.deb   dists/stable/main/binary-ARCH/Packages(.gz), by-hash/   dists/stable/Release, InRelease, Release.gpg   lanewarden.gpg
// Needs dpkg-dev, and gpg for the key. Everything new is there before the file that names it, so that whoever fetches meanwhile gets a whole state.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const SUITE = 'stable';
const ARCHITECTURES = ['amd64', 'arm64'];
/** States of the lists that stay, for whoever is still fetching the former one. */
const BY_HASH_MAX = 6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, key: { type: 'string' } },
});
if (values.out === undefined) refuse('--out FOLDER is missing', 2);
const out = resolve(values.out);
const files = positionals.length > 0 ? positionals : debsIn('dist-deb');
for (const file of files) {
  if (!existsSync(file)) refuse(`there is no file ${file}`, 66);
  const place = join(out, 'pool/main', nameOf(file));
  // The same name with other bytes would break whoever has the list that names them.
  if (existsSync(place) && !readFileSync(place).equals(readFileSync(file)))
    refuse(`${place} is another package of this name: give the new one another version`, 73);
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(file, place);
}
if (debsIn(join(out, 'pool/main')).length === 0) refuse('no package: npm run package first, or name one', 66);

const dists = join(out, 'dists', SUITE);
const listed = ARCHITECTURES.flatMap((arch) => writeLists(arch));
const release = releaseText(listed);
put(join(dists, 'Release'), release);
if (values.key === undefined) {
  for (const name of ['InRelease', 'Release.gpg']) rmSync(join(dists, name), { force: true });
  process.stderr.write('not signed: apt takes this only with "Trusted: yes"; give --key\n');
} else {
  put(join(out, 'lanewarden.gpg'), gpg(['--export', values.key]));
  put(join(dists, 'Release.gpg'), gpg(['--local-user', values.key, '--armor', '--detach-sign'], release));
  put(join(dists, 'InRelease'), gpg(['--local-user', values.key, '--clear-sign'], release));
}
process.stdout.write(
  `${out}: ${debsIn(join(out, 'pool/main'))
    .map((file) => basename(file))
    .join(', ')}\n`,
);

/** As apt's tools look for it, whatever the file is called. */
function nameOf(file) {
  const field = (name) => execFileSync('dpkg-deb', ['--field', file, name], { encoding: 'utf8' }).trim();
  return `${field('Package')}_${field('Version')}_${field('Architecture')}.deb`;
}

/** Returns rows of Release. */
function writeLists(arch) {
  const text = execFileSync('dpkg-scanpackages', ['--multiversion', '--arch', arch, 'pool/main'], {
    cwd: out,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64e6,
  });
  const folder = `main/binary-${arch}`;
  return [
    ['Packages', text],
    ['Packages.gz', gzipSync(text, { level: 9 })],
  ].map(([name, bytes]) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const hashed = join(dists, folder, 'by-hash/SHA256');
    put(join(hashed, sha256), bytes);
    put(join(dists, folder, name), bytes);
    return { arch, sha256, bytes: bytes.length, name: `${folder}/${name}`, hashed };
  });
}

function releaseText(rows) {
  for (const hashed of new Set(rows.map((row) => row.hashed))) forgetFormer(hashed, rows);
  return [
    'Origin: lanewarden',
    'Label: lanewarden',
    `Suite: ${SUITE}`,
    `Codename: ${SUITE}`,
    `Date: ${new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toUTCString().replace('GMT', 'UTC')}`,
    `Architectures: ${ARCHITECTURES.join(' ')}`,
    'Components: main',
    'Acquire-By-Hash: yes',
    'SHA256:',
    ...rows.map(({ sha256, bytes, name }) => ` ${sha256} ${bytes} ${name}`),
    '',
  ].join('\n');
}

/** Keeps those in force and the last ones before them, by their age. */
function forgetFormer(folder, rows) {
  const inForce = new Set(rows.map(({ sha256 }) => sha256));
  const age = (name) => -Number(execFileSync('stat', ['--format=%Y', join(folder, name)], { encoding: 'utf8' }));
  const former = readdirSync(folder).filter((name) => !inForce.has(name));
  for (const name of former.sort((a, b) => age(a) - age(b)).slice(BY_HASH_MAX)) rmSync(join(folder, name));
}

function gpg(words, input) {
  return execFileSync('gpg', ['--batch', '--yes', '--quiet', ...words], { input, maxBuffer: 64e6 });
}

function put(file, bytes) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

function debsIn(folder) {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^lanewarden_.*\.deb$/.test(name))
        .map((name) => join(folder, name))
    : [];
}

function refuse(what, code) {
  process.stderr.write(`${what}\n`);
  process.exit(code);
}
