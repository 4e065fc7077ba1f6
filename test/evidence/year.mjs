/**
 * A year of the journal is verified: ROWS rows (14 million), of which the older half is gone by rule and folded, written by the store as it writes
 * them, with what it keeps of the vehicles and days of the younger half, in a folder of its own that is removed. Fails where the walk takes longer than a minute of a processor or finds anything. usage: npm run proof -- year
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkChain } from '../../dist/src/store/chain/chain-check.js';
import { LIMITS } from '../../dist/src/store/store.js';
import { Ledger } from '../../dist/src/store/thread/ledger.js';
import { newLendingMemory } from '../../dist/src/store/thread/picture-buffers.js';

const ROWS = Number(process.env.ROWS ?? 14_000_000);
const MOST_S = 60;
const GROUP = 2_000;
/** While rows are to go: how many stay, and after how many rows the rule is applied. */
const STAY = 10_000;
const TRIMMED = 40_000;
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-year-'));
const began = Date.UTC(2025, 10, 24);
/** A year goes by, evenly. */
const momentOf = (row) => ({
  nowMs: 1e6 + (row * 366 * 86_400_000) / ROWS,
  wallMs: began + (row * 366 * 86_400_000) / ROWS,
});

let row = 0;
let requests = 0;
/** Writes rows up to `last` under this limit; in the younger half each group has a record. */
function write(last, journalMaxRows, hasRecords) {
  const keep = { keepRecordsMs: 366 * 86_400_000, keepJournalMs: 366 * 86_400_000, journalMaxBytes: 1e12 };
  const limits = { ...LIMITS, ...keep, ballastBytes: 0, journalMaxRows };
  const options = { path: folder, limits, version: 'year', bootId: 'year', wallTrusted: true, tool: false };
  const lending = newLendingMemory();
  const ledger = Ledger.open({ ...options, moment: momentOf(row), lending }, momentOf(row), () => undefined);
  while (row < last) {
    ledger.begin();
    const moment = momentOf(row);
    const journal = Array.from({ length: Math.min(GROUP, last - row) }, (_, at) => edgeAt(row + at));
    row += journal.length;
    requests += 1;
    const put = { name: 'put', arguments: [recordAt(moment), { first: `s${row}`, second: `t${row}` }] };
    const request = hasRecords ? put : { name: 'flush', arguments: [] };
    ledger.execute({ id: requests, ...request, moment, journal });
    if (hasRecords) told(ledger, moment);
    if (!hasRecords && row % TRIMMED === 0) for (const round = ledger.space.retain(moment); !round.next().done; );
    ledger.commit();
  }
  ledger.close();
}

/** Some 25 rows a vehicle: of each a read and a payment, and the day's account. */
function told(ledger, moment) {
  const changes = Array.from({ length: GROUP / 25 }, (_, at) => {
    const plate = `粤B${String(row / 25 + at).padStart(7, '0')}`;
    return {
      kind: 'car',
      key: plate,
      atMs: moment.nowMs,
      body: JSON.stringify({ plate, paidMs: moment.nowMs, passed: true }),
    };
  });
  const day = new Date(moment.wallMs).toISOString().slice(0, 10);
  const asked = [
    ['keepFact', [undefined, changes]],
    ['keepAccount', ['1001', day, `{"to":${row}}`, '{}']],
  ];
  for (const [name, given] of asked) {
    requests += 1;
    ledger.execute({ id: requests, name, arguments: given, moment, journal: [] });
  }
}

function edgeAt(number) {
  const { nowMs, wallMs } = momentOf(number);
  const atMs = Math.floor(nowMs);
  const event = JSON.stringify({ kind: 'edge', role: 'approach', on: number % 2 === 0, atMs, uncertaintyMs: 25 });
  return { kind: 'event', laneId: `100${number % 4}`, atMs, wallMs: Math.round(wallMs), event };
}

function recordAt({ nowMs, wallMs }) {
  return {
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', releaseWallMs: wallMs },
    ...{ reason: '按钮开闸后有车通过，无缴费记录', methodDesc: '按钮开闸' },
    release: {
      ...{ id: `release-${row}`, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', facts: [] },
      ...{ releaseAtMs: Math.floor(nowMs), plate: { text: '粤B12345', confidence: 0.97, color: 'blue' } },
      ...{ passed: true, confidence: 'sure', degraded: false, reported: true },
    },
  };
}

try {
  const half = Math.floor(ROWS / 2);
  write(half, STAY, false);
  write(ROWS, 2 * ROWS, true);
  const started = performance.now();
  const before = process.cpuUsage();
  const { rows, deleted, records, tables, faults } = await checkChain(folder);
  const took = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  // Other programs of the machine do not count.
  const seconds = (user + system) / 1e6;
  const bytes = statSync(join(folder, 'lanewarden.db')).size;
  const memory = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(
    `${rows} rows and ${deleted} folded, ${records} records, ${tables.compared} rows of other tables, ${(bytes / 1e9).toFixed(2)} GB: ${seconds.toFixed(1)} s of a processor, ${took.toFixed(1)} s by the clock, ${memory} MB, ${faults.length} faults`,
  );
  if (rows + deleted < ROWS || deleted < 0.9 * half || faults.length > 0)
    throw new Error(JSON.stringify(faults.slice(0, 5)));
  if (seconds > MOST_S) throw new Error(`longer than ${MOST_S} s`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
