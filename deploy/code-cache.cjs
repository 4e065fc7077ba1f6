// Gives V8 the program's files as it compiled them once on this box, so that a start does not compile them again: `main.js` and `worker.js` load
// this first. Run by itself (`node FLAGS code-cache.js`, by the package's scripts as root) it makes those files: it starts the program on a
// configuration without devices in a folder of its own, and keeps what was compiled by then. Without them, or with those of another Node, of
// other flags or of another source, everything is compiled as ever. Node's own way (module.enableCompileCache) checks
// the source alone: a byte that the card lost would run.
'use strict';
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const FOLDER = `${__dirname}/`;
const MAKE = 'LANEWARDEN_MAKE_CODE_CACHE';
const DIGEST_BYTES = 32;
const UP_MS = 3_000;
/** Below those the system hands out. Where it is taken, what answers the page's requests is not compiled ahead. */
const PAGE_PORT = 28_444;
const ENDS_WITHIN_MS = 60_000;
const digest = (source, compiled) => createHash('sha256').update(source).update(compiled).digest();

/** V8 itself compares only the length of a source, and runs damaged bytes until they crash: a digest of both stands in front. */
function read(file, source) {
  try {
    const bytes = fs.readFileSync(`${file}.cache`);
    const compiled = bytes.subarray(DIGEST_BYTES);
    return digest(source, compiled).equals(bytes.subarray(0, DIGEST_BYTES)) ? compiled : undefined;
  } catch {
    return undefined;
  }
}

function keep(file, source, script) {
  const compiled = script.createCachedData();
  fs.writeFileSync(`${file}.cache.new`, Buffer.concat([digest(source, compiled), compiled]));
  fs.renameSync(`${file}.cache.new`, `${file}.cache`);
}

function install(compiled) {
  const { _compile: compile } = Module.prototype;
  Module.prototype._compile = function (source, file, ...rest) {
    const cachedData = file.startsWith(FOLDER) ? read(file, source) : undefined;
    if (!file.startsWith(FOLDER) || (cachedData === undefined && compiled === undefined))
      return compile.call(this, source, file, ...rest);
    const script = new Script(Module.wrap(source.replace(/^#!.*/, '')), { filename: file, ...(cachedData && { cachedData }) });
    compiled?.push(() => keep(file, source, script));
    return script.runInThisContext().call(this.exports, this.exports, requireOf(this), this, file, dirname(file));
  };
}

/** A function of its own: made above, it would keep the source that lies there, beside the one that V8 keeps. */
function requireOf(module) {
  const require_ = (id) => module.require(id);
  require_.resolve = (id, options) => Module._resolveFilename(id, module, false, options);
  require_.main = process.mainModule;
  require_.cache = Module._cache;
  require_.extensions = Module._extensions;
  return require_;
}

function make() {
  // Only here: a start does not wait for them.
  const { spawnSync } = require('node:child_process');
  const { tmpdir } = require('node:os');
  const folder = fs.mkdtempSync(join(tmpdir(), 'lanewarden-compile-'));
  try {
    for (const entry of fs.readdirSync(FOLDER, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && entry.name.endsWith('.cache')) fs.rmSync(join(entry.parentPath, entry.name));
    fs.writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: "x"\n', { mode: 0o600 });
    fs.writeFileSync(
      join(folder, 'lanewarden.yaml'),
      [
        'version: 1',
        'park: { uuid: "00000000-0000-4000-8000-000000000000" }',
        'cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }',
        `page: { listen: "127.0.0.1:${PAGE_PORT}" }`,
        'lines:',
        '  - { id: b, port: "tcp://127.0.0.1:9", devices: [{ id: d, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }',
        'lanes:',
        '  - { id: "1", name: "1", direction: exit, points: { down: d.di1, barrier: d.di4 } }',
        `store: { path: "${folder}/state" }`,
        '',
      ].join('\n'),
    );
    const words = [...process.execArgv, join(FOLDER, 'main.js'), 'run', '--config', join(folder, 'lanewarden.yaml')];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      env: { PATH: process.env.PATH, [MAKE]: '1' },
      timeout: ENDS_WITHIN_MS,
      encoding: 'utf8',
    });
    // A configuration that it refuses leaves it up, with its page and without a lane: then what watches a lane is not compiled.
    if (status === 0 && !stdout.includes(' ERROR ')) return;
    process.stderr.write(`lanewarden: not everything could be compiled ahead, so each start takes a little longer: ${stderr || stdout}\n`);
    process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function lookAtPage() {
  const address = { host: '127.0.0.1', port: PAGE_PORT, path: '/api/v1/session', rejectUnauthorized: false };
  const request = require('node:https').get(address, (response) => response.resume());
  request.on('error', () => undefined);
}

if (require.main === module) make();
else if (process.env[MAKE] === undefined) install();
else {
  const { isMainThread } = require('node:worker_threads');
  const compiled = [];
  install(compiled);
  if (isMainThread) setTimeout(lookAtPage, UP_MS);
  // What runs only when something happens stays out: it is compiled when it does.
  setTimeout(
    () => {
      for (const each of compiled) each();
      if (isMainThread) process.kill(process.pid, 'SIGTERM');
    },
    isMainThread ? UP_MS + UP_MS / 2 : UP_MS,
  );
}
