// Power cuts of a box with three destinations, one of which answers, one refuses three requests in ten and one is dead: the box goes on from the image of
// each cut, with receivers that know what they had got by then. No record that was acknowledged may be missing at the end, none may come under two
// numbers, and no number may be given twice; what the dead one has to get waits. The control, a database that does not flush, must fail.
//
//   node test/power/destinations.mjs [--cuts 20] [--control normal|none]
//
// Exit: 0 all whole · 1 not, or blind · 77 cannot run here (the reason is printed)
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Bench, broken, cannotRun, say } from './disks.mjs';

const here = import.meta.dirname;
const Sqlite = createRequire(join(here, '../../package.json'))('better-sqlite3');
const { values } = parseArgs({
  options: { cuts: { type: 'string', default: '20' }, control: { type: 'string', default: 'normal' } },
});
const cuts = Number(values.cuts);
const CHILD = 'test/delivery/destination/sending-child.mjs';
const EVERY_MS = 100;
const AFTERWARDS = 10;
const DRAINED_WITHIN_MS = 30_000;
const SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const SHARES = { healthy: 0, faulty: 0.3 };

/** `got`: what it took, in order. */
async function receiver(share) {
  const got = [];
  const server = createServer((request, answer) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      if (Math.random() < share) return answer.writeHead(503).end();
      const { data } = JSON.parse(Buffer.concat(parts));
      got.push({ number: request.headers['webhook-id'], n: data.number?.n, serial: data.id });
      answer.writeHead(204).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { got, port: server.address().port, close };
}

/** A box that decides on a release each `everyMs`. */
function box(root, folder, { first, count, everyMs }, ports) {
  const ways = Object.entries(ports).map(([name, port]) => `${name}=${port}`);
  const child = spawn(process.execPath, [join(root, CHILD), folder, `${first}`, `${count}`, `${everyMs}`, ...ways], {
    env: { ...process.env, WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = [];
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line.includes(' ')) acknowledged.push(line.split(' ')[0]);
  });
  const closed = new Promise((done) => child.once('close', done));
  return { child, acknowledged, closed };
}

/** `once`: one violated image is enough. */
async function campaign(name, root, once = false) {
  const bench = new Bench();
  const far = { healthy: await receiver(SHARES.healthy), faulty: await receiver(SHARES.faulty) };
  try {
    const ports = { healthy: far.healthy.port, faulty: far.faulty.port, dead: 9 };
    const running = box(root, join(bench.inner, 'state'), { first: 1, count: 100_000, everyMs: EVERY_MS }, ports);
    const images = [];
    await sleep(1_500);
    for (let number = 0; number < cuts; number += 1) {
      await sleep(150 + Math.random() * 700);
      const before = {
        acknowledged: running.acknowledged.slice(),
        got: { healthy: far.healthy.got.slice(), faulty: far.faulty.got.slice() },
      };
      // Synchronous: nothing is taken while the copy is made.
      images.push({ image: bench.cut(number), before });
    }
    if (running.child.exitCode !== null) throw new Error('the box ended');
    running.child.kill('SIGKILL');
    await running.closed;
    bench.unmount(bench.inner);
    const result = { name, violated: 0, records: running.acknowledged.length, examples: [] };
    for (const { image, before } of images) {
      bench.mount(image, bench.look);
      const wrong = await goesOn(root, join(bench.look, 'state'), before).catch((error) => [error.message]);
      bench.unmount(bench.look);
      if (wrong.length === 0) continue;
      result.violated += 1;
      result.examples.push(wrong.slice(0, 3).join('; '));
      if (once) break;
    }
    return result;
  } finally {
    far.healthy.close();
    far.faulty.close();
    bench.close();
  }
}

/** Everything that is wrong once the box has gone on from an image, in words. */
async function goesOn(root, folder, before) {
  const far = { healthy: await receiver(SHARES.healthy), faulty: await receiver(SHARES.faulty) };
  const ports = { healthy: far.healthy.port, faulty: far.faulty.port, dead: 9 };
  const running = box(root, folder, { first: 1_000_000, count: AFTERWARDS, everyMs: 0 }, ports);
  const wanted = () => [...before.acknowledged, ...running.acknowledged];
  const serialsOf = (name) => new Set([...before.got[name], ...far[name].got].map(({ serial }) => serial));
  const isThere = (name) => {
    const there = serialsOf(name);
    return running.acknowledged.length === AFTERWARDS && wanted().every((serial) => there.has(serial));
  };
  for (let waitedMs = 0; waitedMs < DRAINED_WITHIN_MS && running.child.exitCode === null; waitedMs += 50) {
    if (isThere('healthy') && isThere('faulty')) break;
    await sleep(50);
  }
  running.child.kill('SIGTERM');
  await running.closed;
  const wrong = [];
  for (const name of Object.keys(far)) {
    far[name].close();
    const there = serialsOf(name);
    const missing = wanted().filter((serial) => !there.has(serial));
    if (missing.length > 0) wrong.push(`${name}: ${missing.length} of ${wanted().length} never came`);
    wrong.push(...numbersOf(name, [...before.got[name], ...far[name].got]));
    const order = far[name].got.map(({ n }) => n);
    if (order.some((n, at) => at > 0 && n < order[at - 1])) wrong.push(`${name}: out of order`);
  }
  wrong.push(...waitingFor(folder));
  return wrong;
}

/** A number is of one message, and a message has one number. */
function numbersOf(name, got) {
  const wrong = [];
  const byNumber = new Map();
  const bySerial = new Map();
  for (const { number, serial } of got) {
    if ((byNumber.get(number) ?? serial) !== serial) wrong.push(`${name}: ${number} was given twice`);
    if ((bySerial.get(serial) ?? number) !== number) wrong.push(`${name}: ${serial} has two numbers`);
    byNumber.set(number, serial);
    bySerial.set(serial, number);
  }
  return wrong;
}

/** For the dead one every record waits. */
function waitingFor(folder) {
  const database = new Sqlite(join(folder, 'lanewarden.db'), { readonly: true });
  try {
    const waiting = database
      .prepare(
        `SELECT (SELECT count(*) FROM outgoing WHERE destination = 'dead' AND record > 0)
              + (SELECT count(*) FROM outbound WHERE kind = 'release' AND id > (SELECT place FROM numbering WHERE destination = 'dead'))`,
      )
      .pluck()
      .get();
    const records = database.prepare('SELECT count(*) FROM release').pluck().get();
    return waiting === records ? [] : [`dead: ${waiting} wait of ${records}`];
  } finally {
    database.close();
  }
}

const reason = cannotRun();
if (reason !== undefined) {
  say(`power cuts of destinations: not run: ${reason}`);
  process.exit(77);
}
const results = [await campaign('three destinations', resolve(here, '../..'))];
let failed = results[0].violated > 0;
if (values.control !== 'none') {
  const copy = broken(resolve(here, '../../dist'), 'src/store/thread/database.js', [
    ['synchronous = FULL', 'synchronous = NORMAL'],
    ['const FULL = 2', 'const FULL = 1'],
  ]);
  const root = resolve(copy.dist, '..');
  mkdirSync(join(root, 'test/delivery/destination'), { recursive: true });
  cpSync(resolve(here, '../..', CHILD), join(root, CHILD));
  try {
    const control = await campaign('control: a database that does not flush', root, true);
    results.push(control);
    if (control.violated === 0) {
      say(`the control lost nothing in ${cuts} cuts: the method is blind here`);
      failed = true;
    }
  } finally {
    copy.remove();
  }
}
for (const { name, violated, records, examples } of results) {
  say(`${name}: ${violated} of ${cuts} images violated; ${records} records acknowledged`);
  for (const example of examples.slice(0, 5)) say(`    ${example}`);
}
process.exit(failed ? 1 : 0);
