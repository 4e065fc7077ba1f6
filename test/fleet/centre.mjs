// The centre of deploy/fleet from Debian's packages, on free ports: its files and the command lines of its units as they stand there, but for folders and addresses.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Engines, freePort, isOpen, isRoot, until } from './engines.mjs';

export const FLEET = resolve(import.meta.dirname, '../../deploy/fleet');
const POSTGRES = '/usr/lib/postgresql';

export class Centre extends Engines {
  /** `broker`: mosquitto or nats. */
  constructor(folder, broker = 'mosquitto') {
    super(folder);
    assert.ok(broker === 'mosquitto' || broker === 'nats', `broker: mosquitto or nats, not ${broker}`);
    this.broker = broker;
    this.etc = join(folder, 'etc');
    mkdirSync(this.etc);
  }

  async prepare(boxes) {
    this.ports = {};
    for (const name of [
      'postgres',
      'broker',
      'nats',
      'consumer',
      'victoria',
      'vmauth',
      'vmalert',
      'alertmanager',
      'webhook',
    ])
      this.ports[name] = await freePort();
    this.ca = join(this.etc, 'ca.pem');
    this.passwords = new Map();
    mkdirSync(this.#mosquitto);
    this.identity('centre', '127.0.0.1', 'localhost');
    this.identity('consumer');
    for (const box of boxes)
      this.passwords.set(box, /"([0-9a-f]{48})"/.exec(this.identity('box', box, parkOf(box)))[1]);
    await this.#preparePostgres(boxes);
  }

  get #mosquitto() {
    return join(this.folder, 'mosquitto');
  }

  identity(...words) {
    const env = { ...process.env, MOSQUITTO: this.#mosquitto, CENTRE: this.etc };
    return execFileSync(join(FLEET, 'identity.sh'), words, { env, encoding: 'utf8' });
  }
  scrape(box, address, token) {
    const env = { ...process.env, MOSQUITTO: this.#mosquitto, CENTRE: this.etc };
    execFileSync(join(FLEET, 'identity.sh'), ['scrape', box, address, parkOf(box)], { env, input: token });
  }

  #here(text) {
    const folders = {
      '/etc/lanewarden-centre': this.etc,
      '/etc/mosquitto': this.#mosquitto,
      '/opt/lanewarden-centre': FLEET,
      '/var/lib/lanewarden-nats': join(this.folder, 'nats'),
    };
    const { broker, nats, consumer, victoria, vmauth, vmalert, alertmanager, webhook } = this.ports;
    const addresses = {
      ':8428': victoria,
      ':8427': vmauth,
      ':8880': vmalert,
      ':9093': alertmanager,
      ':9095': webhook,
      ':9109': consumer,
      ':8883': broker,
      ':4222': nats,
    };
    let here = text;
    for (const [from, to] of Object.entries(folders)) here = here.replaceAll(from, to);
    for (const [from, to] of Object.entries(addresses)) here = here.replaceAll(from, `:${to}`);
    return here;
  }

  /** A file of deploy/fleet as this centre has it. */
  configure(name, around = (text) => text) {
    const file = join(this.etc, name.split('/').at(-1));
    writeFileSync(file, around(this.#here(readFileSync(join(FLEET, name), 'utf8'))));
    return file;
  }

  /** The command line of a unit, as systemd would run it. */
  unit(name, more = {}) {
    const text = readFileSync(join(FLEET, `units/lanewarden-${name}.service`), 'utf8');
    let line = this.#here(/^ExecStart=(.*)$/m.exec(text)[1]);
    for (const [from, to] of Object.entries(more)) line = line.replaceAll(from, to);
    assert.ok(!line.includes('${'), line);
    return line.split(' ');
  }

  // ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
  async #preparePostgres(boxes) {
    const [newest] = readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a));
    this.postgres = { bin: join(POSTGRES, newest, 'bin'), data: join(this.folder, 'postgres') };
    mkdirSync(this.postgres.data);
    if (isRoot) execFileSync('chown', ['postgres:', this.postgres.data]);
    const initdb = [
      join(this.postgres.bin, 'initdb'),
      '-D',
      this.postgres.data,
      '-A',
      'trust',
      '-U',
      'postgres',
      '--no-sync',
    ];
    const [command, ...words] = [...(isRoot ? ['runuser', '-u', 'postgres', '--'] : []), ...initdb, '--locale=C.UTF-8'];
    execFileSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' });
    this.database = 'dbname=postgres';
    await this.startPostgres();
    this.sql('create database lanewarden');
    this.database = 'dbname=lanewarden';
    this.psql('-f', join(FLEET, 'audit/schema.sql'));
    const rows = boxes.map((box) => `('${box}', '${parkOf(box)}', '运营商${parkOf(box).at(-1) % 2}')`);
    this.sql(`insert into box (box, park, operator) values ${rows.join()}`);
  }

  get address() {
    return `host=127.0.0.1 port=${this.ports.postgres} user=postgres ${this.database}`;
  }

  async startPostgres() {
    const settings = {
      ...{ port: this.ports.postgres, listen_addresses: '127.0.0.1', unix_socket_directories: '' },
      ...{ shared_preload_libraries: 'timescaledb', 'timescaledb.telemetry_level': 'off' },
    };
    const words = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    this.start('postgres', join(this.postgres.bin, 'postgres'), ['-D', this.postgres.data, ...words], {
      as: 'postgres',
    });
    await until('PostgreSQL', () => this.sql('select 1') === '1');
  }
  psql(...words) {
    const line = [this.address, '-v', 'ON_ERROR_STOP=1', '-qAt', '-F', '\t', ...words];
    const { status, stdout, stderr } = spawnSync('psql', line, { encoding: 'utf8', maxBuffer: 2e9 });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }
  sql(query) {
    return this.psql('-c', query);
  }

  // ── broker and consumer ─────────────────────────────────────────────────────────────────────────────────────────────────────
  async startBroker() {
    if (this.broker === 'nats') this.#startNats();
    else this.#startMosquitto();
    await until('the broker', () => isOpen(this.ports.broker));
  }
  #startNats() {
    // Beside the list of its users, which it includes.
    const file = this.configure('broker/nats.conf');
    const conf = join(this.etc, 'nats/nats.conf');
    copyFileSync(file, conf);
    this.start('broker', '/usr/sbin/nats-server', ['-c', conf]);
  }
  #startMosquitto() {
    copyFileSync(join(FLEET, 'broker/boxes.acl'), join(this.#mosquitto, 'boxes.acl'));
    const user = isRoot ? 'root' : process.env.USER;
    // What Debian's mosquitto.conf says around it, but for the folders.
    const debian = `user ${user}\npersistence true\npersistence_location ${this.#mosquitto}/\nlog_dest stderr\n`;
    const own = (text) => debian + text.replace('listener 8883', `listener ${this.ports.broker}`);
    this.start('broker', '/usr/sbin/mosquitto', ['-c', this.configure('broker/centre.conf', own)]);
  }
  startConsumer() {
    const [command, ...words] = this.unit('consumer', { 'dbname=lanewarden': '@' });
    this.start(
      'consumer',
      command,
      words.map((word) => (word === '@' ? this.address : word)),
    );
  }
  async consumerMetrics() {
    return (await fetch(`http://127.0.0.1:${this.ports.consumer}/metrics`)).text();
  }

  // ── metrics ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  async startVictoria() {
    const scrape = this.configure('metrics/scrape.yaml');
    const words = [
      `-storageDataPath=${join(this.folder, 'victoria')}`,
      `-promscrape.config=${scrape}`,
      '-search.latencyOffset=5s',
    ];
    this.start('victoria', '/usr/bin/victoria-metrics', [...words, `-httpListenAddr=127.0.0.1:${this.ports.victoria}`]);
    await until('VictoriaMetrics', () => isOpen(this.ports.victoria));
  }
  async startMetrics() {
    await this.startVictoria();
    const users = join(this.etc, 'metrics-users.yaml');
    writeFileSync(users, this.#here(readFileSync(users, 'utf8')));
    this.configure('metrics/rules.yaml');
    for (const name of ['vmauth', 'vmalert']) {
      const [command, ...words] = this.unit(name);
      this.start(name, command, words);
    }
    const words = [
      `--config.file=${this.configure('metrics/alertmanager.yaml')}`,
      `--storage.path=${join(this.folder, 'alertmanager')}`,
    ];
    const port = `--web.listen-address=127.0.0.1:${this.ports.alertmanager}`;
    this.start('alertmanager', '/usr/bin/prometheus-alertmanager', [...words, port, '--cluster.listen-address=']);
    for (const name of ['vmauth', 'vmalert', 'alertmanager']) await until(name, () => isOpen(this.ports[name]));
  }
  /** What runs on a box behind 4G. */
  async startAgent(box, port, token) {
    const folder = join(this.folder, `agent-${box}`);
    mkdirSync(folder);
    for (const [name, text] of [
      ['token', token],
      ['password', this.passwords.get(box)],
    ])
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    copyFileSync(this.ca, join(folder, 'centre.pem'));
    const scrape = readFileSync(join(FLEET, 'metrics/vmagent.yaml'), 'utf8');
    writeFileSync(
      join(folder, 'scrape.yaml'),
      scrape.replaceAll('/etc/lanewarden-vmagent', folder).replace(':8080', `:${port}`),
    );
    const more = {
      '/etc/lanewarden-vmagent': folder,
      '/var/lib/lanewarden-vmagent': join(folder, 'buffer'),
      ':8429': `:${await freePort()}`,
    };
    const [command, ...words] = this.unit('vmagent', { ...more, '${CENTRE}': '127.0.0.1', '${BOX}': box });
    this.start(`agent-${box}`, command, words);
  }
  /** Of VictoriaMetrics, as Grafana asks it. */
  async query(expression, at = Date.now() / 1000) {
    const words = new URLSearchParams({ query: expression, time: String(at), nocache: '1' });
    const answer = await fetch(`http://127.0.0.1:${this.ports.victoria}/api/v1/query?${words}`);
    const body = await answer.json();
    assert.equal(body.status, 'success', `${expression}: ${JSON.stringify(body)}`);
    return body.data.result;
  }
}

/** Five parks, of two operators. */
export const parkOf = (box) => `车场${Number(box.replaceAll(/\D/g, '')) % 5}`;
