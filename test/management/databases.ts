/** Database servers in a temporary folder on a free port, as the user of the tests or, of root, as one that may not be root. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const isRoot = process.getuid?.() === 0;
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {};

function ownFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lanewarden-database-')), 'data');
  mkdirSync(folder);
  for (const path of [folder, join(folder, '..')]) chmodSync(path, 0o755);
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder]);
  return folder;
}

export interface DatabaseServer {
  readonly port: number;
  readonly folder: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): void;
}

function serverOf(command: string, args: readonly string[], port: number, folder: string): DatabaseServer {
  let child: ChildProcess | undefined;
  const start = (): void => {
    const started = spawn(command, [...args], { stdio: 'ignore', ...NOBODY, cwd: folder });
    child = started;
    // Processes that a killed one leaves behind keep the next from starting for a moment.
    started.once('exit', () => {
      if (child === started) start();
    });
  };
  return {
    port,
    folder,
    start,
    stop: async (signal = 'SIGTERM') => {
      const running = child;
      child = undefined;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await ended;
    },
  };
}

/** What a server shows to those who connect encrypted. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** Copies of its own: it reads no key that others can read. */
function ownFiles(folder: string, { key, certificate }: ServerCertificate): ServerCertificate {
  const own = { key: join(folder, 'server.key'), certificate: join(folder, 'server.pem') };
  copyFileSync(key, own.key);
  copyFileSync(certificate, own.certificate);
  chmodSync(own.key, 0o600);
  if (isRoot) execFileSync('chown', ['65534:65534', own.key, own.certificate]);
  return own;
}

/** With its general log in `general.log`, and how long each statement took in `slow.log`. Encrypted with a certificate alone. */
export async function mariadb(shown?: ServerCertificate): Promise<DatabaseServer> {
  const folder = ownFolder();
  const port = await freePort();
  execFileSync(
    'mariadb-install-db',
    [`--datadir=${folder}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'ignore', ...NOBODY },
  );
  const own = shown && ownFiles(folder, shown);
  const args = [
    '--no-defaults',
    ...(own ? [`--ssl-key=${own.key}`, `--ssl-cert=${own.certificate}`] : ['--skip-ssl']),
    `--datadir=${folder}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${folder}/s`,
    `--pid-file=${folder}/pid`,
    '--general-log=1',
    `--general-log-file=${folder}/general.log`,
    '--slow-query-log=1',
    '--long-query-time=0',
    `--slow-query-log-file=${folder}/slow.log`,
    '--innodb-buffer-pool-size=16M',
  ];
  const server = serverOf('mariadbd', args, port, folder);
  server.start();
  return server;
}

const POSTGRES = ['17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin`);

/** Where its programs are; undefined: nowhere. */
export const postgresFolder = (exists: (path: string) => boolean): string | undefined =>
  POSTGRES.find((folder) => exists(join(folder, 'initdb')));

/** With every statement, how long it took, and who waited for a lock for 1 s in `postgres.log`. Encrypted with a certificate alone. */
export async function postgres(bin: string, shown?: ServerCertificate): Promise<DatabaseServer> {
  const folder = ownFolder();
  const port = await freePort();
  execFileSync(join(bin, 'initdb'), ['-D', folder, '-U', 'root', '-A', 'trust', '--no-sync'], {
    stdio: 'ignore',
    ...NOBODY,
  });
  const own = shown && ownFiles(folder, shown);
  const settings = {
    ...(own && { ssl: 'on', ssl_key_file: own.key, ssl_cert_file: own.certificate }),
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_statement: 'all',
    logging_collector: 'on',
    log_directory: folder,
    log_filename: 'postgres.log',
    log_line_prefix: '%u|',
    shared_buffers: '16MB',
    log_duration: 'on',
    log_lock_waits: 'on',
    deadlock_timeout: '1s',
  };
  const args = ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const server = serverOf(join(bin, 'postgres'), args, port, folder);
  server.start();
  return server;
}
