/** Programs of the operating system that a test needs beside Node. Where one is missing the test is left out with the reason; never in CI. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { postgresFolder } from '../management/databases.ts';

/** The Debian package of each. */
const PACKAGES = {
  socat: 'socat',
  gcc: 'gcc',
  'modbus.h': 'libmodbus-dev',
  mbpoll: 'mbpoll',
  mosquitto: 'mosquitto',
  mosquitto_pub: 'mosquitto-clients',
  jq: 'jq',
  mariadbd: 'mariadb-server',
  postgres: 'postgresql',
  pymodbus: 'python3-pymodbus',
  consumer: 'python3-paho-mqtt python3-psycopg2 python3-cryptography',
} as const;
export type Tool = keyof typeof PACKAGES;

/** True when something is missing; says what on standard error, and fails where everything must be there. */
export function missing(...tools: readonly Tool[]): boolean {
  const absent = tools.filter((tool) => !present(tool));
  if (absent.length === 0) return false;
  const what = `not run: install ${absent.map((tool) => PACKAGES[tool]).join(' ')}`;
  if (process.env.CI) throw new Error(what);
  process.stderr.write(`${what}\n`);
  return true;
}

function present(tool: Tool): boolean {
  if (tool === 'modbus.h') return existsSync('/usr/include/modbus/modbus.h');
  // Debian's own interpreter: another one does not see its packages.
  if (tool === 'pymodbus') return spawnSync('/usr/bin/python3', ['-c', 'import pymodbus, serial']).status === 0;
  // Debian has its programs beside the path.
  if (tool === 'postgres') return postgresFolder(existsSync) !== undefined;
  if (tool === 'consumer')
    return spawnSync('/usr/bin/python3', ['-c', 'import paho, psycopg2, cryptography']).status === 0;
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}
