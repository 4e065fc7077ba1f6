// The centre of deploy/fleet against many virtual boxes: the broker is killed three times, the database and its consumer are away, 30 % of the boxes are
// offline at any time. In the end the rows are the truth: none lost, none twice.
//   node test/fleet/fleet.mjs [--boxes 50] [--records 200] [--seconds 60] [--down 20] [--processes 1] [--keep]
import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Centre, freePort, until } from './engines.mjs';

const { values } = parseArgs({
  options: {
    boxes: { type: 'string', default: '50' },
    records: { type: 'string', default: '200' },
    /** Of making the records. */
    seconds: { type: 'string', default: '60' },
    /** How long database and consumer are away. */
    down: { type: 'string', default: '20' },
    processes: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const [boxes, records, seconds, down, processes] = ['boxes', 'records', 'seconds', 'down', 'processes'].map((key) =>
  Number(values[key]),
);
const names = Array.from({ length: boxes }, (_, at) => `box-${String(at + 1).padStart(4, '0')}`);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-fleet-'));
// PostgreSQL runs as another user.
chmodSync(folder, 0o755);
const centre = new Centre(join(folder, 'centre'));
const begunMs = Date.now();
const told = (text) => process.stdout.write(`${((Date.now() - begunMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** The boxes, in processes; `made`: resolves when all records are. */
function startBoxes() {
  const share = Math.ceil(names.length / processes);
  const children = Array.from({ length: processes }, (_, at) => {
    const mine = names.slice(at * share, (at + 1) * share);
    const child = fork(join(import.meta.dirname, 'boxes.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const truth = join(folder, `truth-${at}.tsv`);
    writeFileSync(truth, '');
    child.send({
      ...{ names: mine, folder: join(folder, 'boxes'), truth, records },
      passwords: Object.fromEntries(mine.map((name) => [name, centre.passwords.get(name)])),
      broker: { port: centre.brokerPort, ca: centre.ca },
      // Some 60 % of the time is left to make them in: the rest they are away, half of that not running.
      ...{ everyMs: (seconds * 800) / records, cycleMs: 20_000 },
    });
    const ended = new Promise((_, fail) => child.once('exit', (code) => fail(new Error(`boxes ended with ${code}`))));
    ended.catch(() => undefined);
    const message = () => Promise.race([new Promise((done) => child.once('message', done)), ended]);
    return { child, truth, made: message(), message };
  });
  return {
    made: Promise.all(children.map(({ made }) => made)),
    truth: () => children.flatMap(({ truth }) => readFileSync(truth, 'utf8').trim().split('\n')),
    stop: async () => {
      for (const { child, message } of children) {
        const stopped = message();
        child.send('stop');
        await stopped;
      }
    },
  };
}

async function killBroker() {
  await centre.end('broker', 'SIGKILL');
  await wait(1_000);
  await centre.startBroker();
  told('the broker was killed and is back');
}

async function centreAway() {
  await centre.end('consumer', 'SIGKILL');
  await centre.end('postgres', 'SIGQUIT');
  told('database and consumer are gone');
  await wait((down / 2) * 1_000);
  await killBroker();
  await wait((down / 2) * 1_000);
  centre.startConsumer();
  await wait(1_000);
  await centre.startPostgres();
  told(`database and consumer are back after ${down} s`);
}

/** Every release of the truth is a row, and every row is of the truth; a withdrawn one has a second row. */
function compare(truth) {
  const wanted = new Map(truth.map((line) => [line.split('\t').slice(0, 2).join(' '), line]));
  const rows = centre
    .sql(`select box, id, lane, verdict, to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), plate, count(*)
    from release where not withdrawn group by 1, 2, 3, 4, 5, 6`)
    .split('\n');
  const counts = { truth: wanted.size, rows: rows.length, lost: 0, doubled: 0, other: 0 };
  for (const row of rows) {
    const [box, id, ...rest] = row.split('\t');
    const count = Number(rest.pop());
    if (count > 1) counts.doubled += 1;
    if (wanted.get(`${box} ${id}`) !== [box, id, ...rest].join('\t')) counts.other += 1;
    wanted.delete(`${box} ${id}`);
  }
  counts.lost = wanted.size;
  return { counts, lost: [...wanted.keys()] };
}

try {
  centre.consumerPort = await freePort();
  await centre.preparePostgres();
  await centre.prepareBroker(names);
  await centre.startBroker();
  centre.startConsumer();
  await until('the consumer', async () => (await metrics()).includes('connected{to="broker"} 1'));
  // The session of the consumer is on the disk from the first end in peace on.
  await centre.end('broker');
  await centre.startBroker();
  told('the centre runs');
  const fleet = startBoxes();
  await wait(seconds * 150);
  await killBroker();
  await wait(seconds * 100);
  await centreAway();
  await killBroker();
  await fleet.made;
  told(`${boxes * records} records are made`);
  const expected = fleet.truth();
  let { counts, lost } = compare(expected);
  await until(
    'all rows',
    () => {
      const before = counts.lost;
      ({ counts, lost } = compare(expected));
      if (counts.lost !== before) told(`${counts.lost} to come`);
      return counts.lost === 0;
    },
    60_000,
  ).catch(() => undefined);
  told(JSON.stringify(counts));
  told(`${lost.slice(0, 10).join(', ')}`);
  told(centre.sql(`select count(*), sum(last - first + 1), bool_and(lost) from missing`));
  told(centre.sql(`select kind, count(*), min(what) from alarm group by kind`));
  told(
    centre.sql(
      `select (select count(*) from message), (select count(*) from release where withdrawn), (select count(*) from report), (select count(*) from head), (select count(distinct (box, chain)) from head)`,
    ),
  );
  await fleet.stop();
  console.log(await metrics());
} finally {
  await centre.endAll();
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
  else told(folder);
}

async function metrics() {
  return (await fetch(`http://127.0.0.1:${centre.consumerPort}/metrics`)).text();
}
