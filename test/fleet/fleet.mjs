// The centre of deploy/fleet against many virtual boxes: the broker is killed three times, database and consumer are away, 30 % of the boxes are offline
// at any time; VictoriaMetrics is killed too. In the end the rows are the truth, none lost, none twice; forged ones are named; who fell silent was
// alerted; every query of the dashboards answers.
//   node test/fleet/fleet.mjs [--broker mosquitto|nats] [--boxes 50] [--records 200] [--seconds N] [--down 20] [--processes 1] [--keep]
import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Centre, parkOf } from './centre.mjs';
import { checkConfirmed } from './confirmed.mjs';
import { askAll } from './dashboards.mjs';
import { until, wait } from './engines.mjs';
import { forge } from './forger.mjs';
import { Meter } from './meter.mjs';

const { values } = parseArgs({
  options: {
    broker: { type: 'string', default: 'mosquitto' },
    boxes: { type: 'string', default: '50' },
    records: { type: 'string', default: '200' },
    /** Of making the records; a minute, and longer where so many a second would be too many for two cores. */
    seconds: { type: 'string' },
    /** How long database and consumer are away. */
    down: { type: 'string', default: '20' },
    processes: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const [boxes, records, down, processes] = ['boxes', 'records', 'down', 'processes'].map((key) => Number(values[key]));
/** What two cores carry beside the boxes themselves, which take most of them. */
const RECORDS_PER_S = 300;
const seconds = Number(values.seconds ?? Math.max(60, Math.ceil((boxes * records) / RECORDS_PER_S)));
/** The first two fall silent; the first three push their metrics by vmagent, the others are scraped. */
const [IDLE, AGENTS] = [2, 3];
const SILENT_WITHIN_MS = 120_000;
/** Ten boxes a second lose their uplink or are started again, which takes the processor 30 ms each: more of them are so less often. */
const CYCLE_MS = Math.max(20_000, 100 * boxes);
const METER_EVERY_S = 15;
const TOKEN = 'lw_test';
const names = Array.from({ length: boxes + IDLE }, (_, at) => `box-${String(at).padStart(4, '0')}`);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-fleet-'));
// PostgreSQL runs as another user.
chmodSync(folder, 0o755);
const begunMs = Date.now();
const told = (text) => process.stdout.write(`${((Date.now() - begunMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

/** Boxes in processes of their own. */
async function startBoxes(centre) {
  const share = Math.ceil(names.length / processes);
  const certs = join(centre.folder, 'mosquitto/certs');
  const children = [];
  for (let at = 0; at < processes; at += 1) {
    const mine = names.slice(at * share, (at + 1) * share);
    const child = fork(join(import.meta.dirname, 'boxes.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('exit', (code) => code && assert.fail(`boxes ended with ${code}`));
    const said = (key) =>
      new Promise((done) => {
        child.on('message', function heard(message) {
          if (message[key] === undefined) return;
          child.off('message', heard);
          done(message[key]);
        });
      });
    const truth = join(folder, `truth-${at}.tsv`);
    writeFileSync(truth, '');
    child.send({
      ...{ names: mine, folder: join(folder, 'boxes'), truth, records, idle: at === 0 ? IDLE : 0, cycleMs: CYCLE_MS },
      passwords: Object.fromEntries(mine.map((name) => [name, centre.passwords.get(name)])),
      broker: { port: centre.ports.broker, ca: centre.ca },
      metrics: {
        ...{ token: TOKEN, key: readFileSync(join(certs, 'server.key'), 'utf8') },
        cert: readFileSync(join(certs, 'server.pem'), 'utf8'),
      },
      // A part of the time they are not running.
      everyMs: (seconds * 800) / records,
    });
    children.push({ child, said, truth, ports: await said('ports'), made: said('made') });
  }
  return {
    ports: Object.assign({}, ...children.map(({ ports }) => ports)),
    begin: () => children.forEach(({ child }) => void child.send({})),
    made: Promise.all(children.map(({ made }) => made)),
    // After a failure they are gone.
    silence: (name) => children.forEach(({ child }) => void (child.connected && child.send({ silence: name }))),
    truth: () => children.flatMap(({ truth }) => readFileSync(truth, 'utf8').trim().split('\n')),
    pids: children.map(({ child }) => child.pid),
    counts: () => {
      for (const { child } of children) if (child.connected) child.send({ count: true });
      return Promise.all(children.map(({ said }) => said('counts')));
    },
    end: () => children.forEach(({ child }) => void child.removeAllListeners('exit').kill('SIGKILL')),
  };
}

/** What Alertmanager sends, and when it first came. */
async function webhook(port) {
  const alerts = new Map();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    for (const { status, labels } of JSON.parse(body).alerts) {
      const key = `${labels.alertname} ${labels.box ?? ''}`.trim();
      if (status === 'firing' && !alerts.has(key)) alerts.set(key, Date.now());
    }
    response.end();
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { alerts, close: () => server.close() };
}

async function killBroker(centre) {
  await centre.end('broker', 'SIGKILL');
  await wait(1_000);
  await centre.startBroker();
  told('the broker was killed and is back');
}

async function centreAway(centre) {
  await centre.end('consumer', 'SIGKILL');
  await centre.end('postgres', 'SIGQUIT');
  told('database and consumer are gone');
  await wait((down / 2) * 1_000);
  await killBroker(centre);
  await wait((down / 2) * 1_000);
  centre.startConsumer();
  await wait(1_000);
  await centre.startPostgres();
  told(`database and consumer are back after ${down} s`);
}

/** VictoriaMetrics is gone for ten seconds: what boxes push waits at them. */
async function metricsAway(centre) {
  await centre.end('victoria', 'SIGKILL');
  await wait(10_000);
  await centre.startVictoria();
  told('VictoriaMetrics was killed and is back after 10 s');
}

/** Every release of the truth is a row, every row is of the truth; one that was paid for after all has a second row. */
function compare(centre, truth) {
  const wanted = new Map(truth.map((line) => [line.split('\t').slice(0, 2).join(' '), line]));
  const counts = { truth: wanted.size, rows: 0, lost: 0, doubled: 0, other: 0 };
  const rows =
    centre.sql(`select box, id, lane, verdict, to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), plate, bool_or(withdrawn),
    count(*) filter (where not withdrawn), count(*) filter (where withdrawn) from release group by 1, 2, 3, 4, 5, 6`);
  for (const row of rows === '' ? [] : rows.split('\n')) {
    const [box, id, ...rest] = row.split('\t');
    const [first, second] = rest.splice(-2).map(Number);
    counts.rows += first + second;
    if (first > 1 || second > 1) counts.doubled += 1;
    const key = `${box} ${id}`;
    if (wanted.get(key) === [box, id, ...rest].join('\t')) wanted.delete(key);
    else if (!wanted.has(key)) counts.other += 1;
  }
  return { ...counts, lost: wanted.size };
}

async function playRecords(centre, fleet) {
  await wait(seconds * 150);
  await killBroker(centre);
  await wait(seconds * 100);
  await centreAway(centre);
  await killBroker(centre);
  await fleet.made;
  told(`${boxes * records} records are made`);
  const truth = fleet.truth();
  const rows = truth.length + truth.filter((line) => line.endsWith('\tt')).length;
  // Comparing a million rows takes the database longer than it should be kept from its work.
  const isWhole = () => Number(centre.sql('select count(*) from release')) >= rows && compare(centre, truth).lost === 0;
  await until('all rows', isWhole, 60_000 + boxes * records).catch((error) => told(error.message));
  const counts = compare(centre, truth);
  told(JSON.stringify(counts));
  assert.deepEqual(
    { lost: counts.lost, doubled: counts.doubled, other: counts.other, truth: counts.truth },
    { lost: 0, doubled: 0, other: 0, truth: boxes * records },
  );
  const open = 'select box, series, first, last, lost from missing';
  await until('no hole in the numbers', () => centre.sql(open) === '').catch(() => assert.equal(centre.sql(open), ''));
  assert.equal(centre.sql('select kind, box, what from alarm'), '', 'nothing was forged');
  const heads = centre.sql('select count(*) from head');
  assert.ok(Number(heads) > boxes, `heads of the chains: ${heads}`);
  told(`no hole in the numbers, no alarm, ${heads} heads of the chains, all signed and none rewritten`);
}

/** One still has its agent, whose scrapes fail; the other is gone with it. */
async function fallSilent(centre, fleet, alerts, at) {
  const name = names[at];
  await wait(30_000 + at * 7_000);
  fleet.silence(name);
  if (at === 1) await centre.end(`agent-${name}`, 'SIGKILL');
  const silentMs = Date.now();
  const key = `BoxSilent ${name}`;
  await until(`${key} is alerted`, () => alerts.has(key), SILENT_WITHIN_MS + 60_000);
  const tookMs = alerts.get(key) - silentMs;
  told(`${name} fell silent and was alerted ${(tookMs / 1000).toFixed(0)} s later`);
  assert.ok(tookMs <= SILENT_WITHIN_MS);
}

async function playSilence(centre, fleet, alerts) {
  await Promise.all(Array.from({ length: IDLE }, (_, at) => fallSilent(centre, fleet, alerts, at)));
  const others = [...alerts.keys()].filter(
    (key) => key.startsWith('BoxSilent') && !names.slice(0, IDLE).includes(key.split(' ')[1]),
  );
  assert.deepEqual(others, [], 'nobody else was called silent');
}

/** Who was pushed to by vmagent has no hole, though VictoriaMetrics was away; the label is that of its identity. */
async function checkPushed(centre, sinceMs) {
  const name = names[AGENTS - 1];
  const windowS = Math.floor((Date.now() - sinceMs) / 1000);
  const [found] = await centre.query(
    `count_over_time(lanewarden_running{box="${name}", park="${parkOf(name)}"}[${windowS}s])`,
  );
  const [due, got] = [Math.floor(windowS / 15), Number(found?.value[1] ?? 0)];
  told(`${name} pushed ${got} samples of ${due} due`);
  assert.ok(got >= due - 2, 'what could not be pushed waited on its disk');
}

/** The rules over a month, beside all that. */
const rules = new Promise((done) => {
  const files = ['rules.test.yaml', 'rules-month.test.yaml'].map((name) => join(import.meta.dirname, name));
  execFile('promtool', ['test', 'rules', ...files], (error, output) => done(error === null ? '' : output));
});

/** The figures so far, now and then, until the proof is over. */
async function meter(centre, fleet, isOver) {
  const measured = new Meter(centre, fleet);
  for (let looks = 1; !isOver(); looks += 1) {
    await wait(1_000);
    if (looks % METER_EVERY_S === 0) told(await measured.told());
    else await measured.look();
  }
}

/** To its end, whatever fails beside it: what became of the records is told also where alerts were late. */
async function allOf(parts) {
  const failed = (await Promise.allSettled(parts)).filter(({ status }) => status === 'rejected');
  for (const { reason } of failed) told(`failed: ${reason.message.split('\n')[0]}`);
  if (failed.length > 0) throw failed[0].reason;
}

const centre = new Centre(join(folder, 'centre'), values.broker);
let fleet;
let hook;
let isOver = false;
try {
  await centre.prepare(names);
  hook = await webhook(centre.ports.webhook);
  await centre.startBroker();
  centre.startConsumer();
  await until('the consumer', async () => (await centre.consumerMetrics()).includes('connected{to="broker"} 1'));
  // Its session is on the disk from the first save on.
  await centre.end('broker');
  await centre.startBroker();
  fleet = await startBoxes(centre);
  for (const name of names.slice(AGENTS)) centre.scrape(name, `127.0.0.1:${fleet.ports[name]}`, TOKEN);
  await centre.startMetrics();
  for (const name of names.slice(0, AGENTS)) await centre.startAgent(name, fleet.ports[name], TOKEN);
  told(`the centre runs, and ${names.length} boxes`);
  const sinceMs = Date.now();
  fleet.begin();
  const measuring = meter(centre, fleet, () => isOver);
  await allOf([
    playRecords(centre, fleet)
      .then(() => forge(centre, names.at(-1), told))
      .then(async () => told(`${await checkConfirmed(centre)} boxes are told what the centre has, by nobody else`)),
    playSilence(centre, fleet, hook.alerts),
    wait(5_000).then(() => metricsAway(centre)),
  ]);
  isOver = true;
  await measuring;
  await checkPushed(centre, sinceMs);
  await until('the forgery is alerted', () => [...hook.alerts.keys()].some((key) => key.startsWith('EvidenceAlarm')));
  told(`alerted: ${[...hook.alerts.keys()].map((key) => key.split(' ')[0]).join(', ')}`);
  const parks = [...new Set(names.map(parkOf))];
  const asked = await askAll(centre, parks);
  for (const { dashboard, title, rows, ms } of asked) told(`${dashboard} ${title}: ${rows} rows, ${ms} ms`);
  told(`${asked.length} queries of the dashboards answered`);
  const [messages, releases, kB] = centre
    .sql(`select (select count(*) from message), (select count(*) from release),
    pg_database_size('lanewarden') / 1000`)
    .split('\t');
  told(
    `${messages} messages, ${releases} rows of releases, database ${kB} kB, load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`,
  );
  assert.equal(await rules, '', 'promtool test rules');
  told('all of it holds');
} finally {
  fleet?.end();
  hook?.close();
  await centre.endAll();
  if (values.keep) told(folder);
  else rmSync(folder, { recursive: true, force: true });
}
