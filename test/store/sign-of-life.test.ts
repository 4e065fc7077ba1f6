/** The last sign of life as whoever has the card can write it: no time of his is believed, nothing is deleted by it, and the store opens. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { LIMITS } from '../../src/store/store.ts';
import { type Life, readLife } from '../../src/store/thread/heartbeat.ts';
import { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from './open.ts';

const DAY = 86_400_000;
const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);

function write(path: string, text: string): void {
  const json = text.padEnd(500, ' ');
  const sum = createHash('sha256').update(json).digest('hex').slice(0, 8);
  writeFileSync(join(path, 'alive'), `${json} ${sum}\n`, 'latin1');
}

const forge = (path: string, change: (life: Life) => object): void =>
  write(path, JSON.stringify(change(JSON.parse(readFileSync(join(path, 'alive'), 'latin1').slice(0, 500)))));

/** Four delivered records and one that waits, of a box that knows its time. Returns a head that somebody outside keeps. */
async function lived(path: string) {
  const store = await open({ path, clock: handClock(100_000, WALL), bootId: 'one', wallTrusted: true });
  await store.watched();
  for (let each = 0; each < 5; each += 1) {
    const put = await store.outbox.put(record(`r${each}`, { release: release(`r${each}`) }));
    await store.outbox.attach(put.id, { none: 'noCamera' });
    if (each < 4) await store.outbox.delivered(put.id, { seqno: `${each}` });
  }
  const head = await store.chain.seal();
  await store.close();
  return head;
}

const START = { nowMs: 10_000, wallMs: WALL + 3_600_000 };

/** The next boot, with a whole round of housekeeping in it. */
function nextBoot(path: string, { wallTrusted = true, wallMs = START.wallMs, bootId = 'two', nowMs = 10_000 } = {}) {
  const moment = { nowMs, wallMs };
  const given = { path, version: 'test', bootId, moment, wallTrusted, tool: false, lending: newLendingMemory() };
  const limits = { ...LIMITS, ballastBytes: 0, lowWaterBytes: 0 };
  const ledger = Ledger.open({ ...given, limits }, moment, () => undefined);
  const round = ledger.space.retain(moment);
  for (let isDone = false; !isDone; ) {
    ledger.begin('retention');
    isDone = round.next().done === true;
    ledger.commit();
  }
  ledger.begin('put', moment);
  ledger.execute({
    id: 0,
    name: 'put',
    arguments: [record('later'), { first: 'l', second: 'l 2' }],
    moment,
    journal: [],
  } as never);
  ledger.commit();
  ledger.beat(moment);
  ledger.close();
  return ledger.timeline.boot;
}

function rowsOf(path: string, sql: string): unknown[] {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

const reportsOf = (path: string) => rowsOf(path, `SELECT gap FROM observation WHERE gap LIKE '%aheadMs%'`);

describe('a sign of life from ahead of time', () => {
  it.each([
    ['its lane time', true, (life: Life) => ({ ...life, laneMs: life.laneMs + 400 * DAY }), 1],
    ['the time since when it is off', true, (life: Life) => ({ ...life, wallMs: life.wallMs - 360 * DAY }), 1],
    ['where no clock is known yet', false, (life: Life) => ({ ...life, laneMs: life.laneMs + 400 * DAY }), 0],
  ])('%s: deletes nothing, and is reported where a clock shows it', async (_, wallTrusted, change, reports) => {
    const path = temporaryFolder();
    const head = await lived(path);
    forge(path, change);
    const boot = nextBoot(path, { wallTrusted });
    expect(10_000 + boot.laneOffsetMs).toBeLessThan(DAY);
    expect(rowsOf(path, 'SELECT id FROM release')).toHaveLength(6);
    expect(reportsOf(path)).toHaveLength(reports);
    const { faults, agreed } = await checkChain(path, { heads: head ? [head] : [] });
    expect(faults).toEqual([]);
    expect(agreed?.count).toBe(1);
  });

  it.each([
    ['that is torn', 'x'.repeat(510)],
    ['that is of nobody', JSON.stringify({ clean: true })],
  ])('or one %s does not shorten an hour without power: the newest row shows it', async (_, text) => {
    const path = temporaryFolder();
    await lived(path);
    if (text.startsWith('{')) write(path, text);
    else writeFileSync(join(path, 'alive'), text);
    expect(nextBoot(path).blindMs).toBe(3_600_000);
    expect((await checkChain(path)).faults).toEqual([]);
  });

  it('five months without power, and two quiet weeks before them, count and accuse nobody', async () => {
    const path = temporaryFolder();
    await lived(path);
    forge(path, (life) => ({ ...life, laneMs: life.laneMs + 14 * DAY, wallMs: life.wallMs + 14 * DAY }));
    const boot = nextBoot(path, { wallMs: WALL + 164 * DAY });
    expect(boot.blindMs).toBe(150 * DAY);
    expect(reportsOf(path)).toEqual([]);
    // They are older than their time by then.
    expect(rowsOf(path, 'SELECT id FROM release')).toHaveLength(2);
    expect((await checkChain(path)).faults).toEqual([]);
  });

  it.each([
    ['1970', 5_000],
    ['2037', Date.UTC(2037, 0, 1)],
  ])('a clock that starts in %s accuses nobody, nor does the right one after it', async (_, wallMs) => {
    const path = temporaryFolder();
    await lived(path);
    for (const wallTrusted of [false, true]) {
      nextBoot(path, { wallMs, wallTrusted, bootId: `wrong ${wallTrusted}` });
      nextBoot(path, { bootId: `right ${wallTrusted}` });
    }
    expect(reportsOf(path)).toEqual([]);
    expect((await checkChain(path)).faults).toEqual([]);
    expect(rowsOf(path, `SELECT id FROM release WHERE state = 'delivered'`)).toHaveLength(4);
  });
});

const BEATS = { bootId: 'one', nowMs: 1, wallMs: 1, laneMs: 1, wallTrusted: true, clean: true };

it.each<[string, (file: string, path: string) => void]>([
  ['no JSON', (_, path) => write(path, '{ nothing')],
  ['null', (_, path) => write(path, 'null')],
  ['a number', (_, path) => write(path, '5')],
  ['no lane time', (_, path) => write(path, '{"bootId":"one","clean":true}')],
  ['lane time of text', (_, path) => write(path, JSON.stringify({ ...BEATS, laneMs: 'x' }))],
  ['1e300', (_, path) => write(path, JSON.stringify({ ...BEATS, laneMs: 1e300 }))],
  ['a head of numbers', (_, path) => write(path, JSON.stringify({ ...BEATS, chain: 5 }))],
  ['a FIFO', (file) => execFileSync('mkfifo', [file])],
  ['a folder', (file) => mkdirSync(join(file, 'in it'), { recursive: true })],
  ['a link to itself', (file) => symlinkSync('alive', file)],
  ['a device', (file) => symlinkSync('/dev/zero', file)],
  [
    'a huge file',
    (file) => {
      writeFileSync(file, '');
      truncateSync(file, 3e9);
    },
  ],
])('%s in its place: the store opens, and writes the next one', async (_, put) => {
  const path = temporaryFolder();
  await lived(path);
  const file = join(path, 'alive');
  rmSync(file);
  put(file, path);
  const store = await open({ path, clock: handClock(10_000, WALL + DAY), bootId: 'two', wallTrusted: true });
  await store.outbox.put(record('later', { release: release('later') }));
  await store.close();
  expect(statSync(file).isFile()).toBe(true);
  expect(readLife(file).life).toMatchObject({ bootId: 'two', clean: true });
});
