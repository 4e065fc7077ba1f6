// A box without a lane: its store, without a thread of its own, its publisher and its figures, as the program has them; before it an uplink that can be
// cut. Many fit into one process.
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createEventPublisher } from '../../dist/src/app/mqtt-publishing.js';
import { RunCounters } from '../../dist/src/app/watch/run-counters.js';
import { systemClock } from '../../dist/src/clock.js';
import { openBoxKey } from '../../dist/src/evidence/box-key.js';
import { signHead } from '../../dist/src/evidence/signed-heads.js';
import { metricsOf } from '../../dist/src/page/metrics.js';
import { numbersOf } from '../../dist/src/store/number-calls.js';
import { LIMITS } from '../../dist/src/store/store.js';
import { Ledger } from '../../dist/src/store/thread/ledger.js';
import { newLendingMemory } from '../../dist/src/store/thread/picture-buffers.js';

const clock = systemClock();
const LANES = ['1', '2'].map((id) => ({ id, name: `通道${id}`, settings: {} }));
const KINDS = [
  ['manual', 1, '按钮开闸', 'button'],
  ['manual', 1, '遥控开闸', 'remote'],
  ['tailgating', 3, '跟车', 'tailgating'],
];

/** What stands between a box and the broker. */
class Uplink {
  #sockets = new Set();
  #isUp = true;
  begun = 0;
  async open({ host = '127.0.0.1', port }) {
    this.server = createServer((socket) => {
      if (!this.#isUp) return socket.destroy();
      this.begun += 1;
      const onward = connect(port, host);
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ]) {
        this.#sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    return this.server.address().port;
  }
  cut() {
    this.#isUp = false;
    for (const socket of this.#sockets) socket.destroy();
  }
  restore() {
    this.#isUp = true;
  }
}

export class Box {
  #counters = new RunCounters(clock);
  #uplink = new Uplink();
  #made = 0;
  #accepted = 0;
  #session;
  /** Of all that it says, that the broker accepted it is the only thing that is no fault. */
  #log = { debug() {}, info: () => (this.#accepted += 1), warn() {}, error() {} };
  constructor(name, { folder, passwords, broker, metrics }) {
    Object.assign(this, { name, folder: join(folder, name), password: passwords[name], broker, metrics });
  }

  /** Resolves to the port of its page: `page`, else a free one. */
  async open(page = 0) {
    mkdirSync(this.folder, { recursive: true });
    this.port = await this.#uplink.open(this.broker);
    this.start();
    const { key, cert, token } = this.metrics;
    this.page = createHttps({ key, cert }, (request, response) => {
      const isRight = request.url === '/metrics' && request.headers.authorization === `Bearer ${token}`;
      response.writeHead(isRight ? 200 : 401).end(isRight ? this.#figures() : '');
    });
    await new Promise((done) => this.page.listen(page, '127.0.0.1', done));
    return this.page.address().port;
  }

  /** As the program shows them. */
  #figures() {
    const queue = { waiting: 0, held: 0, parked: 0, review: 0, delivered: this.#made, uploader: 'idle' };
    const overview = {
      ...{ queue, clock: { quality: 'synced', wallMs: Date.now() } },
      lanes: LANES.map(({ id }) => ({ id, passages: 40 * this.#made, alarms: [], reporting: { missing: [] } })),
      devices: [{ id: 'rs485-1/io1', kind: 'device', state: 'ok', faults: 0, roundMs: 25 }],
      disk: { freeBytes: 2e10, framesBytes: 1e8, framesMaxBytes: 4e9, daysLeft: 300 },
    };
    const counted = this.#counters.rows(undefined, overview.devices, []);
    return metricsOf({ version: '0.1.0', counted, running: { overview, pushes: { cameras: [] } } }).bytes;
  }

  /** A run of the program. */
  start() {
    const over = new AbortController();
    const store = storeOf(this.folder);
    const publisher = createEventPublisher({
      config: {
        ...{ secure: true, host: '127.0.0.1', port: this.port, address: 'mqtts://centre', ca: this.broker.ca },
        ...{ user: this.name, password: { reveal: () => this.password }, clientId: `lanewarden-${this.name}` },
        ...{ box: this.name, homeAssistant: false },
      },
      ...{ lanes: LANES, store, bridges: new Map(), clock, log: this.#log, version: '0.0.0' },
    });
    this.#session = { over, store, publisher, run: publisher.run(over.signal) };
  }
  async stop() {
    const { over, run, store } = this.#session;
    over.abort();
    await run;
    store.close();
  }
  /** The program is gone between two instructions, and its connections with it. */
  kill() {
    this.#session.store.kill();
    this.#session.over.abort();
    this.#uplink.cut();
  }
  cut() {
    this.#uplink.cut();
  }
  restore() {
    this.#uplink.restore();
  }

  /** Kept, and told to whoever publishes: as app/release-record.ts does. Returns what the centre must come to know. */
  async release() {
    const { store, publisher } = this.#session;
    const [verdict, method, methodDesc, desc] = KINDS[this.#made % KINDS.length];
    this.#made += 1;
    const lane = LANES[this.#made % LANES.length];
    const release = {
      ...{
        id: `o${this.#made}`,
        verdict,
        method,
        desc,
        direction: 'exit',
        releaseAtMs: Math.round(clock.nowMs()),
        passed: true,
      },
      ...{ confidence: 'sure', degraded: false, reported: true, facts: [{ kind: 'button', atMs: 0 }] },
      plate: { text: `粤B${String(randomInt(1e5)).padStart(5, '0')}`, confidence: 0.98 },
    };
    const serial = `${this.name}-${this.#made}`;
    const releaseWallMs = Date.now();
    const kept = {
      laneId: lane.id,
      gateId: lane.id,
      gateName: lane.name,
      release,
      releaseWallMs,
      reason: '按钮开闸后有车通过',
      methodDesc,
    };
    const { id } = await store.call(
      'put',
      { ...kept, operator: `值班${this.#made % 3}` },
      { first: serial, second: `${serial}-2` },
    );
    const { record } = await store.call('get', id);
    publisher.on({ kind: 'record', id });
    this.#counters.on({ kind: 'effect', lane, effect: { kind: 'release', release } });
    this.#counters.on({ kind: 'effect', lane, effect: { kind: 'count', counted: { of: 'passage', how: verdict } } });
    this.#counters.on({ kind: 'receipt', record, receipt: { kind: 'accepted' } });
    const gap = { fromMs: 0, toMs: 500, why: 'points' };
    if (this.#made % 10 === 0) this.#counters.on({ kind: 'effect', lane, effect: { kind: 'gap', gap } });
    const isWithdrawn = this.#made % 40 === 0;
    if (isWithdrawn) {
      await store.call('withdraw', lane.id, release.id, 'late payment');
      publisher.on({ kind: 'effect', lane, effect: { kind: 'withdraw', releaseId: release.id } });
      publisher.on({ kind: 'record', id });
    }
    // As the store knows its time.
    const time = new Date(record.releaseWallMs).toISOString();
    return [this.name, serial, lane.id, verdict, time, release.plate.text, isWithdrawn ? 't' : 'f'];
  }
  report() {
    return this.#session.store.call('report', { why: 'pause', who: 'test', lasts: true });
  }
  async sign() {
    const { store, publisher } = this.#session;
    this.key ??= await openBoxKey(this.folder);
    const head = await signHead({ store, clock }, this.key);
    if (head !== undefined) publisher.head(head);
    publisher.heartbeat({
      wallMs: Date.now(),
      version: '0.1.0',
      config: '',
      upMs: 0,
      head,
      waiting: 0,
      oldestForMs: null,
    });
  }
  get made() {
    return this.#made;
  }
  /** Connections begun at the uplink, and accepted by the broker. */
  get counts() {
    return { made: this.#made, begun: this.#uplink.begun, accepted: this.#accepted };
  }
}

/** The store's operations in this thread, each in a transaction. */
function storeOf(path) {
  const moment = () => ({ nowMs: Math.round(clock.nowMs()), wallMs: clock.wallMs() });
  const limits = { ...LIMITS, ballastBytes: 0, lowWaterBytes: 0 };
  const given = {
    path,
    version: 'test',
    bootId: 'one boot',
    moment: moment(),
    wallTrusted: true,
    tool: false,
    limits,
    lending,
  };
  const ledger = Ledger.open(given, given.moment, () => undefined);
  ledger.beat(given.moment, 'started');
  let isDead = false;
  let requests = 0;
  const call = async (name, ...words) => {
    // Nobody is left to hear it.
    if (isDead) return new Promise(() => undefined);
    requests += 1;
    ledger.begin();
    const value = ledger.execute({ id: requests, name, arguments: words, moment: moment(), journal: [] });
    ledger.commit();
    return value;
  };
  const line = { call, changed() {} };
  return {
    call,
    status: () => ({}),
    time: { wallMsAt: (nowMs) => Math.round(Date.now() - (clock.nowMs() - nowMs)) },
    chain: {
      seal: () => call('seal'),
      signed: (head) => call('signed', head),
      left: (last, way) => call('left', last, way),
      compare: (head) => call('compare', head),
    },
    numbers: (destination) => numbersOf(line, destination),
    looks: { unpublished: (after) => call('unpublished', after), published: (id) => call('published', id) },
    close: () => {
      ledger.beat(moment(), 'clean');
      isDead = true;
      ledger.close();
    },
    kill: () => {
      isDead = true;
      ledger.close();
    },
  };
}
const lending = newLendingMemory();
