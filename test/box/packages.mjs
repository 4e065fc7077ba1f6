// The package that was built, under other version numbers and with faults, each with its signature.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { packageVersionOf, programVersionOf } from '../../dist/src/system/package-version.js';
import { withSignature } from '../../dist/src/system/update-signature.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
/** Of a box that trusts these packages. */
export const updateKey = {
  private: privateKey,
  public: publicKey,
  pem: publicKey.export({ type: 'spki', format: 'pem' }),
};

export const BUILT = process.env.LANEWARDEN_PACKAGE ?? newestPackage('amd64') ?? '';
assert.ok(existsSync(BUILT), 'npm run package first');

/** Unpacked once, until the program ends. */
let unpackedBuilt;
function whole() {
  if (unpackedBuilt !== undefined) return unpackedBuilt;
  unpackedBuilt = `dist-deb/build/built-${process.pid}`;
  rmSync(unpackedBuilt, { recursive: true, force: true });
  execFileSync('dpkg-deb', ['-R', BUILT, unpackedBuilt]);
  process.once('exit', () => rmSync(unpackedBuilt, { recursive: true, force: true }));
  return unpackedBuilt;
}

/** Writes it into `folder`, with its signature beside it; `change` gets the folder of the program, and the whole. Returns its name. */
export function variant(folder, version, change = () => {}) {
  const unpacked = `dist-deb/build/variant-${process.pid}`;
  rmSync(unpacked, { recursive: true, force: true });
  execFileSync('cp', ['-a', whole(), unpacked]);
  const app = `${unpacked}/usr/lib/lanewarden/app`;
  const before = readFileSync(`${app}/VERSION`, 'utf8').trim();
  const own = packageVersionOf(version);
  edit(`${unpacked}/DEBIAN/control`, `Version: ${before}`, `Version: ${own}`);
  edit(`${app}/package.json`, `"version": "${programVersionOf(before)}"`, `"version": "${version}"`);
  writeFileSync(`${app}/VERSION`, `${own}\n`);
  writeFileSync(`${app}/SHA256SUMS`, `${version}\n`);
  change(app, unpacked);
  mkdirSync(folder, { recursive: true });
  const name = `lanewarden_${own}.deb`;
  const file = join(folder, name);
  // As fast as it goes, and below what an update may be: Node is large.
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z1', '--build', unpacked, file], { stdio: 'ignore' });
  rmSync(unpacked, { recursive: true });
  writeFileSync(`${file}.sig`, sign(null, readFileSync(file), privateKey));
  return name;
}

export function edit(file, from, to) {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from), `${file} has ${from}`);
  writeFileSync(file, text.replace(from, to));
}

/** `lines` run first when the service starts. */
export const atRun = (lines) => (app) =>
  edit(`${app}/main.js`, '#!/usr/bin/env node\n', `#!/usr/bin/env node\nif (process.argv[2] === 'run') { ${lines} }\n`);

/** The package as `npm run package -- --sign` makes it: its signature within. */
export function carrying(file) {
  const bytes = readFileSync(file);
  return withSignature(bytes, sign(null, bytes, privateKey));
}
