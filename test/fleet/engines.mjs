// The engines of a centre, from Debian's packages, in a folder of their own and on free ports: each can be killed and started again.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

export const FLEET = resolve(import.meta.dirname, '../../deploy/fleet');
const POSTGRES = '/usr/lib/postgresql';
const isRoot = process.getuid() === 0;

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Asks again until it answers; a service that never comes is named. */
export async function until(what, look, withinMs = 60_000) {
  const endMs = Date.now() + withinMs;
  for (let last = ''; ; ) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error.message;
    }
    assert.ok(Date.now() < endMs, `not within ${withinMs / 1000} s: ${what} ${last}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A process that ends with this one. `as`: PostgreSQL refuses to run as root. */
class Engine {
  constructor(folder, name, command, words, { as, env = {} } = {}) {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const line =
      as && isRoot
        ? ['setpriv', [`--reuid=${as}`, `--regid=${as}`, '--init-groups', command, ...words]]
        : [command, words];
    this.child = spawn(line[0], line[1], { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    this.ended = new Promise((done) => this.child.once('exit', done));
  }
  async end(signal = 'SIGTERM') {
    this.child.kill(signal);
    await this.ended;
  }
}

export class Centre {
  #engines = new Map();
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }

  /** A file of deploy/fleet as this centre has it: each path or address of the instructions replaced. */
  configure(name, replaced) {
    let text = readFileSync(join(FLEET, name), 'utf8');
    for (const [from, to] of Object.entries(replaced)) {
      assert.ok(text.includes(from), `${name} names ${from}`);
      text = text.replaceAll(from, to);
    }
    const file = join(this.folder, name.replaceAll('/', '-'));
    writeFileSync(file, text);
    return file;
  }

  start(name, command, words, options) {
    this.#engines.set(name, new Engine(this.folder, name, command, words, options));
  }
  async end(name, signal) {
    await this.#engines.get(name).end(signal);
    this.#engines.delete(name);
  }
  async endAll() {
    for (const name of [...this.#engines.keys()].reverse())
      await this.end(name, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  }
  pid(name) {
    return this.#engines.get(name).child.pid;
  }

  // ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  async preparePostgres() {
    const bin = join(POSTGRES, readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a))[0], 'bin');
    this.postgresPort = await freePort();
    this.postgres = { bin, data: join(this.folder, 'postgres') };
    mkdirSync(this.postgres.data);
    if (isRoot) execFileSync('chown', ['postgres:', this.postgres.data]);
    const words = ['-D', this.postgres.data, '-A', 'trust', '-U', 'postgres', '--no-sync', '--locale=C.UTF-8'];
    const line = isRoot
      ? ['runuser', ['-u', 'postgres', '--', join(bin, 'initdb'), ...words]]
      : [join(bin, 'initdb'), words];
    execFileSync(line[0], line[1], { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' });
    this.database = `host=127.0.0.1 port=${this.postgresPort} user=postgres dbname=lanewarden`;
    await this.startPostgres('postgres');
    this.sql('create database lanewarden', 'postgres');
    this.psql('-f', join(FLEET, 'audit/schema.sql'));
  }
  async startPostgres(database = 'lanewarden') {
    const settings = {
      port: this.postgresPort,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_preload_libraries: 'timescaledb',
    };
    const words = Object.entries({ ...settings, 'timescaledb.telemetry_level': 'off' }).flatMap(([key, value]) => [
      '-c',
      `${key}=${value}`,
    ]);
    this.start('postgres', join(this.postgres.bin, 'postgres'), ['-D', this.postgres.data, ...words], {
      as: 'postgres',
    });
    await until('PostgreSQL', () => this.sql('select 1', database) === '1');
  }
  psql(...words) {
    const { status, stdout, stderr } = spawnSync(
      'psql',
      [this.database, '-v', 'ON_ERROR_STOP=1', '-qAt', '-F', '\t', ...words],
      { encoding: 'utf8', maxBuffer: 2e9 },
    );
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }
  sql(query, database) {
    if (database === undefined) return this.psql('-c', query);
    const address = this.database;
    this.database = address.replace('dbname=lanewarden', `dbname=${database}`);
    try {
      return this.psql('-c', query);
    } finally {
      this.database = address;
    }
  }

  // ── the broker, with TLS and an identity for each box ───────────────────────────────────────────────────────────────────────
  async prepareBroker(boxes) {
    this.brokerPort = await freePort();
    this.brokerFolder = join(this.folder, 'mosquitto');
    mkdirSync(this.brokerFolder);
    this.identity('centre', '127.0.0.1', 'localhost');
    this.ca = join(this.folder, 'authority/ca.pem');
    this.passwords = new Map();
    this.passwords.set('consumer', this.identity('box', 'consumer').trim());
    writeFileSync(join(this.folder, 'consumer.password'), this.passwords.get('consumer'), { mode: 0o600 });
    for (const box of boxes) this.passwords.set(box, /"([0-9a-f]{48})"/.exec(this.identity('box', box))[1]);
    writeFileSync(join(this.brokerFolder, 'boxes.acl'), readFileSync(join(FLEET, 'broker/boxes.acl')), { mode: 0o600 });
    this.brokerConfiguration = this.configure('broker/centre.conf', {
      '/etc/mosquitto': this.brokerFolder,
      8883: `${this.brokerPort} 127.0.0.1`,
    });
    // What Debian's mosquitto.conf says around it, but for the folders.
    const around = `user ${isRoot ? 'root' : process.env.USER}\npersistence true\npersistence_location ${this.brokerFolder}/\nlog_dest stderr\n`;
    writeFileSync(this.brokerConfiguration, around + readFileSync(this.brokerConfiguration, 'utf8'));
  }
  identity(...words) {
    const env = { ...process.env, MOSQUITTO: this.brokerFolder, AUTHORITY: join(this.folder, 'authority') };
    return execFileSync(join(FLEET, 'broker/identity.sh'), words, { env, encoding: 'utf8' });
  }
  async startBroker() {
    this.start('broker', '/usr/sbin/mosquitto', ['-c', this.brokerConfiguration]);
    await until('the broker', () => isOpen(this.brokerPort));
  }
  startConsumer() {
    this.start('consumer', '/usr/bin/python3', [
      ...[
        join(FLEET, 'audit/consumer.py'),
        '--broker',
        `mqtts://consumer@127.0.0.1:${this.brokerPort}`,
        '--ca',
        this.ca,
      ],
      ...[
        '--password-file',
        join(this.folder, 'consumer.password'),
        '--database',
        this.database,
        '--metrics',
        `127.0.0.1:${this.consumerPort}`,
      ],
    ]);
  }
}

export async function isOpen(port) {
  const { connect } = await import('node:net');
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true));
    socket.on('connect', () => socket.destroy());
    socket.on('error', () => done(false));
  });
}
