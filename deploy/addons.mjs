// The packages with native code, for one architecture: their JavaScript as it is, and the one addon that fits. For this machine's architecture the
// addon is that of node_modules; for arm64 elsewhere it is cross-compiled against the headers of the Node that runs this, and SQLite is compiled with
// flags of ours for both. N-API prebuilds come along.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Built by node-gyp for one version of Node's binary interface. */
const COMPILED = { 'better-sqlite3': 'better_sqlite3.node', epoll: 'epoll.node', 'unix-dgram': 'unix_dgram.node' };
/** With fdatasync a commit costs a flush less: as the library compiles SQLite it calls fsync, which also writes the time of the file. */
const FLAGS = { 'better-sqlite3': '-DHAVE_FDATASYNC=1' };
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

/** Pairs of source file and place below node_modules. */
export function addonFiles(arch) {
  const isOwn = arch === { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const names = addonPackages();
  return [
    ...names.flatMap((name) => plain(`node_modules/${name}`, name)),
    ...Object.entries(COMPILED).map(([name, addon]) => {
      const place = `build/Release/${addon}`;
      return [
        isOwn && FLAGS[name] === undefined
          ? stripped(`node_modules/${name}/${place}`, name, addon)
          : compiled(name, addon, arch, isOwn ? '' : 'aarch64-linux-gnu-'),
        `${name}/${place}`,
      ];
    }),
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

function stripped(file, name, addon) {
  const kept = `dist-deb/build/own/${name}/${addon}`;
  mkdirSync(dirname(kept), { recursive: true });
  execFileSync('strip', ['--strip-unneeded', '-o', kept, file]);
  return kept;
}

/** Kept below dist-deb/addons by version and flags, because better-sqlite3 takes a minute. */
function compiled(name, addon, arch, compiler) {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  const flags = FLAGS[name] ?? '';
  const kept = `dist-deb/addons/${arch}-${process.versions.modules}/${name}-${version}${flags}/${addon}`;
  if (existsSync(kept)) return kept;
  const work = resolve('dist-deb/build/addons');
  const copy = join(work, 'node_modules', name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(`node_modules/${name}`, copy, { recursive: true });
  rmSync(join(copy, 'build'), { recursive: true, force: true });
  for (const header of ['nan', 'node-addon-api'])
    if (existsSync(`node_modules/${header}`))
      symlinkSync(resolve('node_modules', header), join(work, 'node_modules', header));
  process.stdout.write(`compiling ${name} ${version} for ${arch}\n`);
  const gyp = join(
    execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(),
    'npm/node_modules/node-gyp/bin/node-gyp.js',
  );
  const headers = resolve(dirname(process.execPath), '..');
  execFileSync(
    process.execPath,
    [
      gyp,
      'rebuild',
      '--release',
      `--arch=${arch === 'amd64' ? 'x64' : arch}`,
      `--nodedir=${headers}`,
      '--jobs=2',
      '--loglevel=error',
    ],
    {
      cwd: copy,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        CC: `${compiler}gcc`,
        CXX: `${compiler}g++`,
        AR: `${compiler}ar`,
        LINK: `${compiler}g++`,
        CFLAGS: flags,
        npm_config_loglevel: 'error',
      },
    },
  );
  mkdirSync(dirname(kept), { recursive: true });
  execFileSync(`${compiler}strip`, ['--strip-unneeded', '-o', kept, join(copy, 'build/Release', addon)]);
  return kept;
}
