// Faults of a package, as somebody might sign it: each changes the unpacked package at `root`. `draw(n)`: a whole number below n.
import { appendFileSync, closeSync, openSync, readdirSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atRun, edit } from './packages.mjs';

const appOf = (root) => join(root, 'usr/lib/lanewarden/app');
const unitOf = (root) => join(appOf(root), 'system/units/lanewarden.service');
const oneOf = (draw, list) => list[draw(list.length)];

/** Of the service, whose section is the last: what stands at the end counts. Each keeps it from starting, or from staying. */
const UNIT_LINES = [
  'User=nobody-has-this-name',
  'ExecStartPre=/bin/false',
  'RootDirectory=/nothing',
  'LimitNOFILE=3',
  'ExecStart=/bin/true',
  '[Unit]\nRequires=no-such-unit.service',
  'Type=oneshot\nExecStart=\nExecStart=/bin/false',
];
const FLAGS = ['--no-such-flag', '--require=/nothing.js', '--import=file:///nothing.mjs', '--experimental-nothing'];

const unit = (root, draw) => appendFileSync(unitOf(root), `\n${oneOf(draw, UNIT_LINES)}\n`);

const flag = (root, draw) => edit(unitOf(root), 'current/node --v8', `current/node ${oneOf(draw, FLAGS)} --v8`);

const SUPERVISE = ['DEBIAN/preinst', "<<'SUPERVISE'\n#!/bin/sh\n"];

/** An undefined command where it begins to act: in what starts a version, and in what an installation calls. */
function script(root, draw) {
  const places = [
    ['DEBIAN/postinst', 'set -e\n'],
    ['usr/lib/lanewarden/app/system/own-network', 'set -euf\n'],
    ['usr/lib/lanewarden/keep-revocations', 'set -eu\n'],
  ];
  for (const [file, after] of [SUPERVISE, oneOf(draw, places)])
    edit(join(root, file), after, `${after}no-such-command\n`);
}

function addon(root, draw) {
  const folder = join(appOf(root), 'node_modules/better-sqlite3/build/Release');
  const file = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.node')),
  );
  if (draw(2) === 0) truncateSync(file, 4096 * (1 + draw(20)));
  else writeFileSync(file, 'not an addon');
}

/** Of another architecture, cut off, or none. */
function node(root, draw) {
  const file = join(appOf(root), 'node');
  const kind = draw(3);
  if (kind === 0) return truncateSync(file, 1_000_000);
  if (kind === 1) return writeFileSync(file, '#!/bin/no-such-shell\n');
  const handle = openSync(file, 'r+');
  // The machine of an ELF file: AArch64.
  writeSync(handle, Buffer.from([0xb7, 0]), 0, 2, 18);
  closeSync(handle);
}

/** The port is taken and nothing answers; it says that it listens and does not; or it answers with faults. */
const deafOn = (port, draw) =>
  oneOf(draw, [
    `const { Server } = require('node:net'); const listen = Server.prototype.listen;
     Server.prototype.listen = function (...words) { if (!JSON.stringify(words[0] ?? '').includes('${port}') && words[0] !== ${port}) return listen.apply(this, words);
       const { emit } = this; this.emit = function (name, ...rest) { return name === 'connection' || emit.call(this, name, ...rest); };
       return listen.apply(this, words); };`,
    `const { Server } = require('node:net'); const listen = Server.prototype.listen;
     Server.prototype.listen = function (...words) { if (!JSON.stringify(words[0] ?? '').includes('${port}') && words[0] !== ${port}) return listen.apply(this, words); return this; };`,
    `const { Server } = require('node:net'); const listen = Server.prototype.listen;
     Server.prototype.listen = function (...words) { if (!JSON.stringify(words[0] ?? '').includes('${port}') && words[0] !== ${port}) return listen.apply(this, words);
       setImmediate(() => this.emit('error', Object.assign(new Error('no port'), { code: 'EACCES' }))); return this; };`,
  ]);

/** After it has shown that it works: `act` some seconds after the probation has begun. */
const later = (seconds, act) =>
  `const begun = setInterval(() => { if (!require('node:fs').existsSync('/opt/lanewarden/probation')) return;
     clearInterval(begun); setTimeout(() => { ${act} }, ${seconds * 1000}); }, 200);`;

export function faultsFor({ pagePort, intakePort, platformPort }) {
  return {
    unit,
    flag,
    script,
    addon,
    node,
    page: (root, draw) => atRun(deafOn(pagePort, draw))(appOf(root)),
    intake: (root, draw) => atRun(deafOn(intakePort, draw))(appOf(root)),
    uploader: (root) =>
      atRun(`const { Socket } = require('node:net'); const { connect } = Socket.prototype;
        Socket.prototype.connect = function (...words) { return JSON.stringify(words).includes('${platformPort}') ? this : connect.apply(this, words); };`)(
        appOf(root),
      ),
    late: (root, draw) =>
      atRun(
        later(
          draw(5),
          oneOf(draw, ['process.exit(1);', 'process.abort();', 'throw 1;', "process.kill(process.pid, 'SIGSTOP');"]),
        ),
      )(appOf(root)),
    leak: (root, draw) =>
      atRun(
        later(
          0,
          `const kept = []; setInterval(() => { kept.push(new Array(${200_000 + draw(200_000)}).fill(0.5)); }, 100);`,
        ),
      )(appOf(root)),
  };
}

/** The same numbers for the same seed. */
export function drawFrom(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Always this one of a list. */
export const always = (which) => () => which;

export const MARK = '# of a refused version';
/** In all that a version brings beside its program. */
export function mark(root) {
  for (const file of ['units/lanewarden.service', 'units/lanewarden-clock.service', '71-lanewarden.rules', 'set-clock'])
    appendFileSync(join(appOf(root), 'system', file), `\n${MARK}\n`);
}
