// How late a 25 ms poll of the main thread is while the store writes to a disk whose flushes take FSYNC_MS.
//   node tick.mjs DIST FOLDER thread|main SECONDS       `main`: the control, the same statements on the main thread
// Prints, without the time for which the kernel let the thread wait for a processor, {ticks, lateMaxMs, late5: how many were more than 5 ms late, puts, slowestPutMs}
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitedMs } from '../waited.mjs';

const [dist, folder, where, seconds] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');
const clock = systemClock();
const store = await openStore({ path: folder, clock, wallTrusted: true, ballastBytes: 0, lowWaterBytes: 0 });
const Sqlite = createRequire(join(import.meta.dirname, '../../package.json'))('better-sqlite3');
const database = new Sqlite(join(folder, 'control.db'));
database.pragma('journal_mode = WAL');
database.exec('CREATE TABLE IF NOT EXISTS event (body TEXT)');
database.pragma('synchronous = FULL');
const insert = database.prepare('INSERT INTO event VALUES (?)');

const PERIOD_MS = 25;
const end = clock.nowMs() + 500 + Number(seconds) * 1000;
const measureFrom = clock.nowMs() + 500;
const result = { ticks: 0, lateMaxMs: 0, late5: 0, puts: 0, slowestPutMs: 0 };
const pending = new Set();

async function put(number) {
  const began = clock.nowMs();
  if (where === 'main') insert.run('x'.repeat(500));
  else {
    const release = {
      ...{ id: String(number), verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: 0 },
      ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
    };
    const record = await store.outbox.put({
      ...{
        laneId: '1001',
        gateId: '1001',
        gateName: '通道A',
        release,
        releaseWallMs: 0,
        reason: 'r',
        methodDesc: '按钮开闸',
      },
    });
    const picture = { bytes: new Uint8Array(60_000), mediaType: 'image/jpeg', atMs: 0 };
    await store.outbox.attach(record.id, result.puts % 3 === 0 ? picture : { none: 'noCamera' });
  }
  result.puts += 1;
  result.slowestPutMs = Math.max(result.slowestPutMs, clock.nowMs() - began);
}

let due = clock.nowMs() + PERIOD_MS;
for (let tick = 0; clock.nowMs() < end; tick += 1) {
  const before = waitedMs();
  await clock.sleep(due - clock.nowMs());
  const lateMs = clock.nowMs() - due - (waitedMs() - before);
  if (due >= measureFrom) {
    result.ticks += 1;
    result.lateMaxMs = Math.max(result.lateMaxMs, lateMs);
    if (lateMs > 5) result.late5 += 1;
  }
  due = Math.max(due + PERIOD_MS, clock.nowMs());
  store.journal.append('1001', { kind: 'tick', atMs: Math.round(clock.nowMs()) });
  if (tick % 30 === 0) {
    const work = put(tick).finally(() => pending.delete(work));
    pending.add(work);
  }
}
await Promise.all(pending);
await store.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
