/**
 * Node-RED in front of boards, for a bench: node-red-contrib-modbus polls each board, a function finds what changed, node-red-node-sqlite writes
 * each change as a row, with our settings of SQLite. Nothing of it is a part of the product: it is installed in a folder of its own.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';

/** 5.23.3 is the newest of the Modbus nodes whose own packages are all in the registry. */
const PACKAGES = { 'node-red': '4.1.8', 'node-red-contrib-modbus': '5.23.3', 'node-red-node-sqlite': '1.1.1' };
const UP_WITHIN_MS = 60_000;
const clock = systemClock();

/** Where Node-RED is; installed at the first call, which compiles its SQLite: a minute or two. */
export function installPeer(): string {
  const folder = join(tmpdir(), 'lanewarden-node-red');
  if (existsSync(join(folder, 'whole'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  writeFileSync(join(folder, 'whole'), '');
  return folder;
}

export interface PeerSetup {
  readonly peer: string;
  /** For its flows and its database. */
  readonly folder: string;
  /** `modbus-tcp://host:port` or a path. */
  readonly ports: readonly string[];
  readonly pollMs: number;
}

export const peerDatabaseOf = (folder: string): string => join(folder, 'peer.db');

/** Resolves when its flows are started. */
export async function startPeer({ peer, folder, ports, pollMs }: PeerSetup): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  // Its own nodes are looked for in the folder of its user.
  symlinkSync(join(peer, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'peer', dependencies: PACKAGES }));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows(folder, ports, pollMs)));
  const settings = join(folder, 'settings.js');
  writeFileSync(
    settings,
    `module.exports = { flowFile: 'flows.json', credentialSecret: false, uiHost: '127.0.0.1', uiPort: 0, telemetry: { enabled: false },
      logging: { console: { level: 'info', metrics: false, audit: false } } };`,
  );
  const child = spawn(
    process.execPath,
    [join(peer, 'node_modules/node-red/red.js'), '--userDir', folder, '--settings', settings],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (said.length < 100_000) said += String(bytes);
      if (said.includes('Started flows')) resolve();
    });
    child.once('exit', (code) => reject(new RangeError(`Node-RED ended with ${code}: ${said}`)));
    void clock.sleep(UP_WITHIN_MS).then(() => reject(new RangeError(`Node-RED does not come up: ${said}`)));
  });
  return child;
}

const ROW = 'INSERT INTO edge (at_ms, lane_id, point, is_on) VALUES ($at, $lane, $point, $on)';
const BEGINNING =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE edge (seq INTEGER PRIMARY KEY, at_ms INTEGER, lane_id TEXT, point TEXT, is_on INTEGER);';
/** Runs in Node-RED: a message for each input that is not as it was. */
const changesOf = (lane: number): string => `
  const last = context.get('last') || [];
  context.set('last', msg.payload);
  const changes = [];
  for (let i = 0; i < 8; i += 1)
    if (last.length > 0 && last[i] !== msg.payload[i])
      changes.push({ params: { $at: Date.now(), $lane: '${lane}', $point: 'di' + (i + 1), $on: msg.payload[i] ? 1 : 0 } });
  return [changes];`;

function flows(folder: string, ports: readonly string[], pollMs: number): object[] {
  const z = 'tab';
  return [
    { id: z, type: 'tab', label: 'lanes' },
    { id: 'db', type: 'sqlitedb', db: peerDatabaseOf(folder), mode: 'RWC' },
    {
      id: 'once',
      type: 'inject',
      z,
      once: true,
      onceDelay: 0.1,
      props: [{ p: 'topic', vt: 'str' }],
      topic: BEGINNING,
      wires: [['begin']],
    },
    { id: 'begin', type: 'sqlite', z, mydb: 'db', sqlquery: 'batch', wires: [[]] },
    { id: 'row', type: 'sqlite', z, mydb: 'db', sqlquery: 'prepared', sql: ROW, wires: [[]] },
    ...ports.flatMap((port, n) => [
      clientOf(`client${n}`, port),
      {
        id: `read${n}`,
        type: 'modbus-read',
        z,
        server: `client${n}`,
        unitid: 1,
        dataType: 'Input',
        adr: 0,
        quantity: 8,
        rate: pollMs,
        rateUnit: 'ms',
        wires: [[`changes${n}`], []],
      },
      { id: `changes${n}`, type: 'function', z, func: changesOf(1001 + n), outputs: 1, wires: [['row']] },
    ]),
  ];
}

function clientOf(id: string, port: string): object {
  const common = {
    id,
    type: 'modbus-client',
    bufferCommands: true,
    stateLogEnabled: false,
    queueLogEnabled: false,
    failureLogEnabled: false,
    unit_id: 1,
    commandDelay: 1,
    clientTimeout: 1000,
    reconnectOnTimeout: true,
    reconnectTimeout: 2000,
    parallelUnitIdsAllowed: true,
  };
  if (!port.includes('://'))
    return {
      ...common,
      clienttype: 'serial',
      serialPort: port,
      serialType: 'RTU-BUFFERD',
      serialBaudrate: 115_200,
      serialDatabits: 8,
      serialStopbits: 1,
      serialParity: 'none',
      serialConnectionDelay: 100,
    };
  const { hostname, port: number } = new URL(port);
  return { ...common, clienttype: 'tcp', tcpHost: hostname, tcpPort: Number(number), tcpType: 'DEFAULT' };
}
