// Simulated power cuts (the method of the reliability specification, 4.1): ext4 on a loop device whose backing file lies on XFS; a reflink
// copy of that file is an atomic image of what the disk holds while the real store runs on it. What was acknowledged before the copy must
// be in the image. A control with one line of the store's code broken must lose something, or the method is blind.
//
//   node test/power/powercut.mjs [--cuts 20] [--dist dist] [--control normal|noframesync|both|none] [--json]
//
// Exit: 0 nothing lost · 1 lost, or blind · 77 cannot run here (the reason is printed)
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { Bench, broken, cannotRun, inside, run, say } from './disks.mjs';

const here = import.meta.dirname;
const Sqlite = createRequire(join(here, '../../package.json'))('better-sqlite3');
const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '20' },
    dist: { type: 'string', default: join(here, '../../dist') },
    control: { type: 'string', default: 'normal' },
    json: { type: 'boolean', default: false },
  },
});
const cuts = Number(values.cuts);
/** Processor time of a start; the clock's has a margin, for a machine with other work on it. */
const READY_USED_MS = 1_500;
const READY_MS = 15_000;

/** What the child has acknowledged so far. */
function listen(child) {
  const acknowledged = { puts: [], attached: 0, delivered: 0, events: 0 };
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const [kind, number, serial] = line.split(' ');
      if (kind === 'P') acknowledged.puts[Number(number)] = serial;
      if (kind === 'A') acknowledged.attached = Number(number);
      if (kind === 'D') acknowledged.delivered = Number(number);
      if (kind === 'J') acknowledged.events = Number(number);
    }
  });
  return acknowledged;
}

async function cutPower(bench, dist, kind) {
  const folder = join(bench.inner, 'state');
  const child = spawn(process.execPath, [join(here, 'load.mjs'), dist, folder, kind], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const acknowledged = listen(child);
  const images = [];
  await sleep(1_500);
  for (let number = 0; number < cuts; number += 1) {
    await sleep(150 + Math.random() * 700);
    const { puts, ...rest } = acknowledged;
    const before = { ...rest, puts: puts.slice() };
    // Synchronous: no line is read while the copy is made.
    images.push({ image: bench.cut(number), before });
  }
  if (child.exitCode !== null || complaint !== '') throw new Error(`the load ended or complained: ${complaint}`);
  child.kill('SIGKILL');
  await new Promise((done) => child.once('close', done));
  bench.unmount(bench.inner);
  return images;
}

/** Everything that is wrong with one image, in words. */
function lookAt(folder, before, kind) {
  const wrong = [];
  const database = new Sqlite(join(folder, 'lanewarden.db'));
  try {
    const check = database.pragma('integrity_check', { simple: true });
    if (check !== 'ok') wrong.push(`integrity: ${check}`);
    const rows = new Map(
      database
        .prepare('SELECT * FROM release')
        .all()
        .map((row) => [Number(row.release_id), row]),
    );
    let lost = 0;
    for (let number = 1; number < before.puts.length; number += 1) {
      const row = rows.get(number);
      if (row === undefined || row.serial !== before.puts[number]) lost += 1;
      else if (kind === 'frames' && number <= before.attached && row.frame_file === null && row.state !== 'delivered')
        wrong.push(`${number} has lost its picture`);
    }
    if (lost > 0) wrong.push(`${lost} acknowledged records lost`);
    const serials = new Set([...rows.values()].map(({ serial }) => serial));
    if (serials.size !== rows.size) wrong.push('a serial is there twice');
    const events = database.prepare("SELECT count(*) FROM journal WHERE lane_id <> ''").pluck().get();
    if (events < before.events) wrong.push(`${before.events - events} acknowledged events lost`);
    const beside = database.prepare('SELECT * FROM beside').all();
    for (const { frame_file, frame_crc32, release_id } of [...rows.values(), ...beside]) {
      if (frame_file === null) continue;
      const file = join(folder, 'frames', frame_file);
      if (!existsSync(file)) wrong.push(`${release_id}: its frame is missing`);
      else if (crc32(readFileSync(file)) !== frame_crc32)
        wrong.push(`${release_id}: its frame is torn (${statSync(file).size} bytes)`);
    }
  } finally {
    database.close();
  }
  return wrong;
}

function reopen(dist, folder) {
  const found = JSON.parse(run(process.execPath, join(here, 'reopen.mjs'), dist, folder));
  const wrong = [];
  if (found.readyMs > READY_MS || found.usedMs > READY_USED_MS)
    wrong.push(`ready only after ${Math.round(found.readyMs)} ms, ${Math.round(found.usedMs)} ms of processor`);
  if (found.files !== found.framed) wrong.push(`${found.files} files for ${found.framed} frames after the sweep`);
  if (!found.unclean) wrong.push('the cut was taken for a clean stop');
  if (found.notices.some(({ kind }) => kind === 'quarantined')) wrong.push('the database was quarantined');
  return { wrong, readyMs: found.readyMs };
}

async function campaign(name, dist, kind, withReopen) {
  const bench = new Bench();
  try {
    const images = await cutPower(bench, dist, kind);
    const result = { name, cuts, violated: 0, records: 0, slowestReadyMs: 0, examples: [] };
    for (const { image, before } of images) {
      const second = `${image}.again`;
      run('cp', '--reflink=always', image, second);
      const wrong = inside(bench, image, (folder) => lookAt(folder, before, kind));
      if (withReopen) {
        const again = inside(bench, second, (folder) => reopen(dist, folder));
        if (Array.isArray(again)) wrong.push(...again);
        else {
          wrong.push(...again.wrong);
          result.slowestReadyMs = Math.max(result.slowestReadyMs, again.readyMs);
        }
      }
      rmSync(second);
      result.records = Math.max(result.records, before.puts.length - 1);
      if (wrong.length === 0) continue;
      result.violated += 1;
      if (result.examples.length < 5) result.examples.push(wrong.slice(0, 3).join('; '));
    }
    return result;
  } finally {
    bench.close();
  }
}

const CONTROLS = {
  normal: [
    'rows',
    'src/store/thread/database.js',
    [
      ['synchronous = FULL', 'synchronous = NORMAL'],
      ['const FULL = 2', 'const FULL = 1'],
    ],
  ],
  // The name of a new file is durable with its content on ext4, so that leaving out only the folder would lose nothing here.
  noframesync: [
    'frames',
    'src/store/thread/frames.js',
    [
      ['sync(this.#folder);', ''],
      ['fdatasyncSync(handle);', ''],
    ],
  ],
};

const reason = cannotRun();
if (reason !== undefined) {
  say(`power cut: not run: ${reason}`);
  process.exit(77);
}
const dist = resolve(values.dist);
const results = [await campaign('store', dist, 'frames', true)];
let failed = results[0].violated > 0;
const names = values.control === 'both' ? ['normal', 'noframesync'] : values.control === 'none' ? [] : [values.control];
for (const name of names) {
  const [kind, file, changes] = CONTROLS[name];
  const copy = broken(dist, file, changes);
  try {
    const control = await campaign(`control: ${name}`, copy.dist, kind, false);
    results.push(control);
    if (control.violated === 0) {
      say(`power cut: the control '${name}' lost nothing in ${cuts} cuts: the method is blind here`);
      failed = true;
    }
  } finally {
    copy.remove();
  }
}
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
for (const { name, violated, records, slowestReadyMs, examples } of results) {
  const ready = slowestReadyMs > 0 ? `, ready again after at most ${Math.round(slowestReadyMs)} ms` : '';
  say(`power cut: ${name}: ${violated} of ${cuts} images violated; ${records} records acknowledged${ready}`);
  for (const example of examples) say(`    ${example}`);
}
process.exit(failed ? 1 : 0);
