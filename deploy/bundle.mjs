// Puts the compiled program and its libraries into a folder as few files: main.js, worker.js (the store thread) and what is loaded only when needed.
// Packages with native code stay outside (addons.mjs); data files keep their place below the folder.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'vite';
import { packageFolders } from './shipped.mjs';

/** They find their addon by their own folder; or are optional and not part of the package. */
const OUTSIDE = ['better-sqlite3', 'epoll', '@serialport/bindings-cpp', 'unix-dgram'];
const ENTRIES = {
  main: 'dist/src/main.js',
  worker: 'dist/src/store/thread/worker.js',
  chores: 'dist/src/cli/chores.js',
  'parse-worker': 'dist/src/cli/parse-worker.js',
  'pull-worker': 'dist/src/management/pull/pull-worker.js',
  'walk-worker': 'dist/src/store/chain/walk-worker.js',
  'painter-thread': 'dist/src/sim/pictures/painter-thread.js',
};

/** Returns the folders of the packages that are in it. */
export async function bundle(folder) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [onlyUsed(), keepPlaces(), asciiOnly(), compiledFirst()],
    ssr: { noExternal: true, external: OUTSIDE, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: folder,
      emptyOutDir: true,
      // Without comments and long names: less to read at the start, less to keep in memory.
      minify: true,
      sourcemap: false,
      rollupOptions: {
        input: ENTRIES,
        external: OUTSIDE,
        output: {
          // Node loads it with less ado than modules, and code-cache.js can give it what is compiled already.
          format: 'cjs',
          dynamicImportInCjs: false,
          // As modules are. The minifier counts on it: in sloppy code a function in a block is hoisted, and with its new name it hid another one, so
          // that a library did not load.
          strict: true,
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  });
  for (const kind of readdirSync('dist/drivers')) copy(folder, `drivers/${kind}/profiles`);
  for (const room of ['delivery', 'management']) copy(folder, `src/${room}/profiles`);
  copy(folder, 'page');
  copy(folder, 'help');
  cpSync('deploy/code-cache.cjs', join(folder, 'code-cache.js'));
  return packageFolders(result);
}

function copy(folder, place) {
  if (existsSync(`dist/${place}`)) cpSync(`dist/${place}`, join(folder, place), { recursive: true });
}

/** Undici speaks no HTTP/2; modbus-serial is given a port of ours, and serves nothing. */
const UNUSED = /\/(undici\/lib\/dispatcher\/client-h2|modbus-serial\/(ports|servers)\/\w+)\.js$/;

/** Logins of Azure: tedious names them, and package.json puts an empty package in their place. */
const LEFT_OUT = /^@azure\/(identity|keyvault-keys)$/;
const NOTHING = '\0nothing';

/** Libraries without what the program never asks of them. */
function onlyUsed() {
  return {
    name: 'only-used',
    enforce: 'pre',
    resolveId: (source) =>
      source === 'undici' ? resolve('deploy/undici.cjs') : LEFT_OUT.test(source) ? NOTHING : undefined,
    load: (id) => (id === NOTHING ? 'export default {};' : UNUSED.test(id) ? 'module.exports = undefined;' : undefined),
  };
}

/** `new URL('./profiles/', import.meta.url)` of a source file means the same place below the bundle's folder; all bundled files stand at its top. */
function keepPlaces() {
  const dist = resolve('dist');
  const entries = new Set(Object.values(ENTRIES).map((file) => resolve(file)));
  return {
    name: 'keep-places',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0];
      if (!file.startsWith(`${dist}/`) || !code.includes('import.meta.url')) return undefined;
      return code.replaceAll(/new URL\('(\.[^']*)', import\.meta\.url\)/g, (_, place) => {
        const target = resolve(dirname(file), place);
        const name = entries.has(target)
          ? `${target.split('/').at(-1)}`
          : relative(dist, target) + (place.endsWith('/') ? '/' : '');
        return `new URL(${JSON.stringify(`./${name}`)}, import.meta.url)`;
      });
    },
  };
}

/** What the service starts with loads code-cache.cjs before anything else. */
function compiledFirst() {
  return {
    name: 'compiled-first',
    generateBundle(_options, files) {
      for (const name of ['main.js', 'worker.js'])
        files[name].code = files[name].code.replace(/^(#!.*\n)?("use strict";\n?)/, '$1$2require("./code-cache.js");');
    },
  };
}

/**
 * V8 keeps the source of what runs, and with one Chinese character in a file it keeps two bytes for each of its characters. An escape means the same in
 * a string, a template and a regular expression.
 */
function asciiOnly() {
  return {
    name: 'ascii-only',
    enforce: 'post',
    generateBundle(_options, files) {
      for (const file of Object.values(files)) {
        if (file.type === 'chunk')
          file.code = file.code.replaceAll(
            /[\u0080-\uffff]/g,
            (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
          );
      }
    },
  };
}
