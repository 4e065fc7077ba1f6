// The packages with native code, for one architecture: their JavaScript as it is, and the one addon that fits. What has no addon ready, and SQLite, which
// is compiled with flags of ours, is compiled against the headers of the program's own Node (own-node.mjs). N-API prebuilds come along.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeHeaders, OWN_ARCH, OWN_NODE, toolPrefix } from './own-node.mjs';

/** No prebuilt one is in the package of these; both are left out where there is no compiler, and the program does without. */
const NOT_PREBUILT = { epoll: 'epoll.node', 'unix-dgram': 'unix_dgram.node' };
const COMPILED = { 'better-sqlite3': 'better_sqlite3.node', ...NOT_PREBUILT };
/** With fdatasync a commit costs a flush less: as the library compiles SQLite it calls fsync, which also writes the time of the file. */
const FLAGS = { 'better-sqlite3': '-DHAVE_FDATASYNC=1 -include older-glibc.h' };
const OWN_HEADERS = fileURLToPath(new URL('.', import.meta.url));
/** It has a prebuilt one, and leaves it at that unless told otherwise. */
const WORDS = { 'better-sqlite3': ['--force_build=1'] };
const PREBUILT = '@serialport/bindings-cpp';
const PREBUILDS = {
  amd64: 'linux-x64/@serialport+bindings-cpp.glibc.node',
  arm64: 'linux-arm64/@serialport+bindings-cpp.armv8.glibc.node',
};
/** Only to build. */
const NOT_NEEDED = new Set(['nan', 'node-addon-api', 'prebuild-install']);
/** Sources and tests have no place on a box. */
const KEPT = /^(package\.json|licen[cs]e.*|.*\.(js|cjs|mjs))$/i;
const NEVER = new Set([
  'test',
  'tests',
  'deps',
  'src',
  'docs',
  'build',
  'prebuilds',
  'node_modules',
  '.github',
  'samples',
  'example',
  'examples',
]);

/** Commands for whoever builds. */
const TOOLS = new Set(['bin', 'build-test', 'optional'].map((name) => `node-gyp-build/${name}.js`));

/** Pairs of source file and place below node_modules. `optimisation`: instead of each one's own. */
export function addonFiles(arch, optimisation = '') {
  const names = addonPackages();
  return [
    ...names.flatMap((name) => plain(`node_modules/${name}`, name)),
    ...Object.entries(COMPILED).map(([name, addon]) => [
      compiled(name, addon, arch, optimisation),
      `${name}/build/Release/${addon}`,
    ]),
    [`node_modules/${PREBUILT}/prebuilds/${PREBUILDS[arch]}`, `${PREBUILT}/prebuilds/${PREBUILDS[arch]}`],
  ];
}

/** Their names, with everything they need at run time. */
export const addonPackages = () => closure([...Object.keys(COMPILED), PREBUILT]);

/** With everything they need at run time. Every one of them stands at the top of node_modules. */
function closure(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name) || NOT_NEEDED.has(name)) continue;
    if (!existsSync(`node_modules/${name}`)) throw new Error(`${name} is not in node_modules: run npm ci`);
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    closure(Object.keys(dependencies), found);
  }
  return [...found].sort();
}

function plain(folder, place) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const pair = [`${folder}/${entry.name}`, `${place}/${entry.name}`];
    if (entry.isDirectory()) return NEVER.has(entry.name) && entry.name !== 'src' ? [] : plain(...pair);
    return KEPT.test(entry.name) && !TOOLS.has(pair[1]) ? [pair] : [];
  });
}

/** For this copy of the sources, in node_modules, where a compiler is. Returns the names of those that are there. */
export function ownAddons() {
  const isThere = (word) => spawnSync('sh', ['-c', `command -v ${word}`]).status === 0;
  if (OWN_ARCH === undefined || !['g++', 'make', 'python3'].every(isThere)) return [];
  return Object.entries(NOT_PREBUILT).map(([name, addon]) => {
    const place = `node_modules/${name}/build/Release/${addon}`;
    mkdirSync(dirname(place), { recursive: true });
    // Whoever has it loaded keeps the former file.
    cpSync(compiled(name, addon, OWN_ARCH), `${place}.new`);
    renameSync(`${place}.new`, place);
    return name;
  });
}

/** Kept below dist-deb/addons by version and flags, because better-sqlite3 takes a minute. */
function compiled(name, addon, arch, optimisation = '') {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  // A linker that optimises compiles once more.
  const flags = [FLAGS[name], optimisation && `${optimisation} -fno-lto`].filter(Boolean).join(' ');
  const kept = `dist-deb/addons/${arch}-node-${OWN_NODE}/${name}-${version}-${digest(flags)}/${addon}`;
  if (existsSync(kept)) return kept;
  // Two that compile at once (tests do) must not meet.
  const work = resolve(`dist-deb/build/addons-${process.pid}`);
  const copy = join(work, 'node_modules', name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(`node_modules/${name}`, copy, { recursive: true });
  rmSync(join(copy, 'build'), { recursive: true, force: true });
  for (const header of ['nan', 'node-addon-api'])
    if (existsSync(`node_modules/${header}`))
      symlinkSync(resolve('node_modules', header), join(work, 'node_modules', header));
  process.stdout.write(`compiling ${name} ${version} for ${arch}\n`);
  const compiler = toolPrefix(arch);
  const target = `--arch=${arch === 'amd64' ? 'x64' : arch}`;
  const words = ['rebuild', '--release', target, ...(WORDS[name] ?? []), '--jobs=2', '--loglevel=error'];
  execFileSync(process.execPath, [gyp(), ...words], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      CC: `${compiler}gcc`,
      CXX: `${compiler}g++`,
      AR: `${compiler}ar`,
      LINK: `${compiler}g++`,
      CFLAGS: `${flags} -I${OWN_HEADERS}`,
      // Of libraries: theirs to heed.
      CXXFLAGS: `-w ${optimisation}`,
      npm_config_loglevel: 'error',
      // A person's own npm may have set another one, which wins over the word.
      npm_config_nodedir: nodeHeaders(),
    },
  });
  mkdirSync(dirname(kept), { recursive: true });
  execFileSync(`${compiler}strip`, ['--strip-unneeded', '-o', kept, join(copy, 'build/Release', addon)]);
  rmSync(work, { recursive: true });
  return kept;
}

const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** It comes with npm. Not by `npm root`: that asks the Node that runs it, which is ours. */
function gyp() {
  const npm = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
  return join(dirname(npm), '../node_modules/node-gyp/bin/node-gyp.js');
}
