/**
 * A record on its last day: a box of four lanes with VEHICLES (1,500) vehicles a day under the profile of DAYS (62) days for records, pictures half as
 * long. The store fills itself in virtual time, through the engines of the lanes and its own code, housekeeping included, until the first records have
 * gone. Then the oldest record and the oldest with pictures, of each lane that has some, are bundled, verified by all three verifiers and replayed in
 * three columns; and nothing is left that no record needs. In a folder of its own that is removed. usage: npm run proof -- retention
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import Sqlite from 'better-sqlite3';
import { strFromU8, unzipSync } from 'fflate';
import { releaseRecord } from '../../dist/src/app/release-record.js';
import { replayLane } from '../../dist/src/cli/replay/replay-run.js';
import { openReplaySource } from '../../dist/src/cli/replay/replay-source.js';
import { openBoxKey } from '../../dist/src/evidence/box-key.js';
import { deadlineMs, initialState, STATE_VERSION, step } from '../../dist/src/lane/lane.js';
import { laneSettings } from '../../dist/src/lane/settings.js';
import { headText } from '../../dist/src/store/chain/chain.js';
import { checkChain } from '../../dist/src/store/chain/chain-check.js';
import { Rested } from '../../dist/src/store/chain/rested.js';
import { LIMITS } from '../../dist/src/store/store.js';
import { Ledger } from '../../dist/src/store/thread/ledger.js';
import { newLendingMemory } from '../../dist/src/store/thread/picture-buffers.js';
import { DAY_MS, LANES, moved, playDay } from './retention-days.mjs';

const VEHICLES = Number(process.env.VEHICLES ?? 1_500);
const DAYS = Number(process.env.DAYS ?? 62);
const FRAME_DAYS = DAYS / 2;
/** More days than records stay, so that housekeeping has some to remove. */
const ALL_DAYS = DAYS + 3;
/** How long rows stay without a reason. */
const JOURNAL_DAYS = DAYS / 4;
const HOUR_MS = 3_600_000;
/** As in app/bridge.ts. */
const SNAPSHOT_EVERY = 5_000;
const SNAPSHOT_EVERY_MS = HOUR_MS;
const SENT_AFTER_MS = 400;
const COMMIT_EACH = 40;
const PLACES = ['before', 'after'];
const SETTINGS = laneSettings(
  { direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'], tells: ['paid'] },
  {},
);
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-retention-'));
const state = join(folder, 'state');
const root = join(import.meta.dirname, '../..');
const beganMs = Date.now() - ALL_DAYS * DAY_MS;
const key = await openBoxKey(join(state, 'page'));

/** The store, as its thread has it. */
class Box {
  #ledger;
  #pending = [];
  #requests = 0;
  counts = { records: 0, frames: 0, rows: 0, housekeeping: 0, parts: 0, cpuMs: 0, longestMs: 0 };
  nowMs = 0;

  constructor() {
    const keep = {
      ...{ keepRecordsMs: DAYS * DAY_MS, keepFramesMs: FRAME_DAYS * DAY_MS, keepJournalMs: JOURNAL_DAYS * DAY_MS },
    };
    const limits = { ...LIMITS, ballastBytes: 0, ...keep };
    const options = { path: state, limits, version: 'retention', bootId: 'retention', wallTrusted: true, tool: false };
    const moment = this.#moment();
    this.#ledger = Ledger.open({ ...options, moment, lending: newLendingMemory() }, moment, () => undefined);
    this.#ledger.begin();
  }

  #moment() {
    const { nowMs } = this;
    return { nowMs, wallMs: beganMs + nowMs };
  }

  write(entry) {
    this.#pending.push(entry);
    this.counts.rows += 1;
    if (this.#pending.length >= 500) this.ask('flush');
  }

  ask(name, ...given) {
    this.#requests += 1;
    const journal = this.#pending;
    this.#pending = [];
    const request = { id: this.#requests, name, arguments: given, moment: this.#moment(), journal };
    const answer = this.#ledger.execute(request);
    if (this.#requests % COMMIT_EACH === 0) this.#commit();
    return answer;
  }

  #commit() {
    this.#ledger.commit();
    this.#ledger.begin();
  }

  /** What the thread does every ten minutes, in parts. */
  keepHouse() {
    this.#commit();
    const before = process.cpuUsage();
    const round = this.#ledger.space.retain(this.#moment());
    for (let isDone = false; !isDone; ) {
      const began = performance.now();
      // As the thread does it: the chain names who removed a row.
      this.#ledger.begin('retention', this.#moment());
      isDone = round.next().done;
      this.#commit();
      this.counts.parts += 1;
      this.counts.longestMs = Math.max(this.counts.longestMs, performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before);
    this.counts.cpuMs += (user + system) / 1000;
    this.counts.housekeeping += 1;
  }

  /** A head leaves the box. */
  sign() {
    const head = this.ask('seal');
    const { wallMs } = this.#moment();
    const signature = key.sign(headText(head, wallMs));
    this.ask('signed', { ...head, wallMs, key: key.publicKey, signature, ways: [] });
    this.ask('left', head.last, 'mqtt');
  }

  close() {
    this.ask('flush');
    this.#ledger.commit();
    this.#ledger.space.shrink();
    this.#ledger.beat(this.#moment(), 'clean');
    this.#ledger.close();
  }
}

/** A lane as app/bridge.ts runs it. */
class Lane {
  #id;
  #box;
  #state = initialState(SETTINGS);
  #events = 0;
  #keptMs = 0;
  #leaving = [];

  constructor(id, box) {
    this.#id = id;
    this.#box = box;
    box.write({ kind: 'epoch', laneId: id, settings: JSON.stringify(SETTINGS) });
  }

  /** Everything that falls due before. */
  until(atMs) {
    for (;;) {
      const due = deadlineMs(this.#state, SETTINGS) ?? Number.POSITIVE_INFINITY;
      const leaves = this.#leaving[0]?.atMs ?? Number.POSITIVE_INFINITY;
      if (Math.min(due, leaves) > atMs) return;
      this.#take(due <= leaves ? { kind: 'tick', atMs: due } : this.#leaving.shift());
    }
  }

  feed(event) {
    this.until(event.atMs);
    this.#take(event);
  }

  #take(event) {
    const { atMs } = event;
    this.#box.nowMs = Math.max(this.#box.nowMs, atMs);
    const row = { kind: 'event', laneId: this.#id, atMs, wallMs: beganMs + atMs, event: JSON.stringify(event) };
    this.#box.write(row);
    const [next, effects] = step(this.#state, event, SETTINGS);
    this.#state = next;
    for (const effect of effects) {
      if (effect.kind === 'release') this.#record(effect);
      else if (effect.kind === 'withdraw') this.#box.ask('withdraw', this.#id, effect.releaseId, 'paid');
    }
    this.#events += 1;
    if (this.#events % SNAPSHOT_EVERY !== 0 && atMs - this.#keptMs < SNAPSHOT_EVERY_MS) return;
    this.#keptMs = atMs;
    const kept = { version: STATE_VERSION, generation: '', state: this.#state };
    this.#box.write({ kind: 'snapshot', laneId: this.#id, state: JSON.stringify(kept) });
  }

  #record({ release, atMs }) {
    const lane = { id: this.#id, name: this.#id };
    const record = releaseRecord(lane, release, beganMs + release.releaseAtMs, 'generated');
    const serials = { first: `s${this.#id}${release.id}`, second: `t${this.#id}${release.id}` };
    const put = this.#box.ask('put', record, serials);
    // Told again with more facts.
    if (put.picture === 'attached') return;
    const frame = (seed) => ({ bytes: picture(put.id, seed), mediaType: 'image/jpeg', atMs: 0 });
    this.#box.ask('attach', put.id, frame(0));
    for (const [seed, place] of PLACES.entries()) this.#box.ask('beside', put.id, place, frame(seed + 1));
    this.#box.counts.records += 1;
    this.#box.counts.frames += 3;
    if (!release.reported) return;
    this.#box.ask('sending', put.id, 'none');
    this.#box.ask('delivered', put.id, { seqno: String(put.id) });
    this.#leaving.push({ kind: 'sent', releaseId: release.id, atMs: atMs + SENT_AFTER_MS });
  }
}

/** Whole by its markers, and no two alike. */
function picture(id, seed) {
  const head = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0];
  const body = Array.from({ length: 400 }, (_, at) => (at * 31 + id * 17 + seed * 5) & 0x7f);
  return Uint8Array.from([...head, ...body, 0xff, 0xd9]);
}

function fill() {
  const day = playDay(VEHICLES, SETTINGS);
  const events = [...day].flatMap(([lane, all]) => all.map((event) => ({ lane, event })));
  events.sort((a, b) => a.event.atMs - b.event.atMs);
  const box = new Box();
  const lanes = new Map(LANES.map((lane) => [lane, new Lane(lane, box)]));
  let hour = 0;
  for (let at = 0; at < ALL_DAYS; at += 1) {
    for (const { lane, event } of events) {
      const told = moved(event, at * DAY_MS + 1, ` ${at}`);
      for (; hour * HOUR_MS <= told.atMs; hour += 1) {
        for (const each of lanes.values()) each.until(hour * HOUR_MS);
        box.sign();
        box.keepHouse();
      }
      lanes.get(lane).feed(told);
    }
    if (at % 10 === 9) console.log(`day ${at + 1}: ${box.counts.rows} rows, ${box.counts.records} records`);
  }
  box.nowMs = ALL_DAYS * DAY_MS;
  for (const lane of lanes.values()) lane.until(box.nowMs);
  box.sign();
  box.keepHouse();
  box.close();
  return box.counts;
}

function expect(what, isRight, ...more) {
  if (!isRight) throw new Error(`${what}: ${JSON.stringify(more)}`);
}

/** The page's own code. */
function pageCheck() {
  const html = readFileSync(join(root, 'docs/evidence-verifier.html'), 'utf8');
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(html);
  const document = { getElementById: () => ({ addEventListener: () => undefined }) };
  return runInNewContext(`${script};check`, { document, TextEncoder, TextDecoder });
}

const command = (...words) =>
  execFileSync(process.execPath, [join(root, 'dist/src/main.js'), ...words, '--lang', 'en'], { encoding: 'utf8' });

/** Throws where a record cannot be proven and replayed. Returns its age in days. */
function prove({ id, lane_id: laneId, wall_ms: wallMs, settled_ms: settledMs }, pictures) {
  command('evidence', String(id), '--store', state, '--folder', folder);
  const file = join(folder, `evidence-${id}.zip`);
  const zip = readFileSync(file);
  command('verify', file);
  const python = JSON.parse(
    execFileSync('python3', [join(import.meta.dirname, 'verify.py'), file], { encoding: 'utf8' }),
  );
  expect('python', python.faults.length === 0, id, python);
  const inPage = pageCheck()(new Uint8Array(zip));
  expect('the page', inPage.faults.length === 0, id, inPage.faults);
  const files = unzipSync(new Uint8Array(zip));
  const frames = Object.keys(files).filter((name) => name.startsWith('frames/'));
  expect('pictures', frames.length === pictures, id, frames);
  const edges = strFromU8(files['rows.jsonl']).split('\\"kind\\":\\"edge\\"').length - 1;
  const curves = strFromU8(files['waveform.svg']).split('<p').length - 1;
  expect('a waveform', edges >= 5 && curves >= 5, id, { edges, curves });
  const source = openReplaySource(state);
  const range = { fromWallMs: wallMs - 1_000, toWallMs: wallMs + 1_000 };
  const { pairs, fromNothing } = replayLane(source, laneId, range, (then) => then);
  source.close();
  const columns = pairs.map(({ change, given, before, after }) => ({
    ...{ change, unlike: given?.unlike, columns: [given, before, after].filter((each) => each !== undefined).length },
  }));
  const isSame = columns.every((one) => one.change === 'same' && one.columns === 3 && one.unlike.length === 0);
  expect('three columns', columns.length > 0 && isSame && !fromNothing, id, fromNothing, columns, pairs);
  return (ALL_DAYS * DAY_MS - settledMs) / DAY_MS;
}

async function check({ rows, records, frames, housekeeping, parts, cpuMs, longestMs }) {
  const database = new Sqlite(join(state, 'lanewarden.db'), { readonly: true });
  const oldest = (which) =>
    database
      .prepare(`SELECT id, lane_id, wall_ms, settled_ms FROM release WHERE id IN
        (SELECT min(id) FROM release WHERE state = 'delivered' AND ${which} GROUP BY lane_id) ORDER BY id`)
      .all();
  const one = (sql, ...given) =>
    database
      .prepare(sql)
      .pluck()
      .get(...given);
  const last = oldest('frame_file IS NULL').map((record) => prove(record, 0));
  const framed = oldest('frame_file IS NOT NULL').map((record) => prove(record, 1 + PLACES.length));
  expect('the oldest is on its last day', Math.max(...last) > DAYS - 1, last);
  expect('the oldest pictures are', Math.max(...framed) > FRAME_DAYS - 1, framed);
  const settled = ALL_DAYS * DAY_MS - DAYS * DAY_MS;
  expect(
    'none is older',
    one(`SELECT count(*) FROM release WHERE state = 'delivered' AND settled_ms < ?`, settled) === 0,
  );
  // What is beyond the limit and nobody needs has gone.
  const rested = new Rested(database);
  while (rested.read());
  const beyondMs = (ALL_DAYS - JOURNAL_DAYS) * DAY_MS;
  const old = database
    .prepare(`SELECT seq, lane_id, at_ms FROM journal WHERE lane_id <> '' AND at_ms < ?`)
    .all(beyondMs);
  const needless = old.filter((row) => !rested.has(row.lane_id, row.seq, row.at_ms)).length;
  expect('nothing is left that no record needs', needless === 0, needless);
  expect('there is something that records need', old.length > 1_000, old.length);
  const began = performance.now();
  const report = await checkChain(state, { frames: true });
  const walkedMs = Math.round(performance.now() - began);
  expect('the chain fits', report.faults.length === 0, report.faults.slice(0, 3));
  expect('rows have gone', report.deleted > 1_000, report.deleted);
  const kept = one('SELECT count(*) FROM journal');
  const db = statSync(join(state, 'lanewarden.db')).size;
  console.log(
    `${LANES.length} lanes, ${VEHICLES} vehicles a day, ${ALL_DAYS} days: ${rows} rows, ${records} records, ${frames} pictures`,
  );
  console.log(
    `kept: ${kept} rows (${old.length} past their time, all needed), ${one('SELECT count(*) FROM release')} records, ${readdirSync(join(state, 'frames')).length} pictures, database ${(db / 1e6).toFixed(0)} MB; ${report.deleted} rows deleted by rule`,
  );
  console.log(
    `proven and replayed: records of ${last.map((age) => age.toFixed(1)).join(', ')} days, with pictures of ${framed.map((age) => age.toFixed(1)).join(', ')} days`,
  );
  console.log(
    `housekeeping ${housekeeping} times, ${(cpuMs / housekeeping).toFixed(0)} ms of a processor each in ${(parts / housekeeping).toFixed(1)} parts, a part at most ${longestMs.toFixed(0)} by the clock; verified in ${walkedMs} ms`,
  );
  database.close();
}

const started = performance.now();
try {
  await check(fill());
  console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  else console.log(folder);
}
