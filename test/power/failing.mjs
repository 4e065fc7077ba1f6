// The store on a disk whose flushes fail for a while (eiofsync.so preloaded): what it acknowledges, and what is there at the next open.
//   node failing.mjs DIST FOLDER
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const open = () => openStore({ path: folder, clock, ballastBytes: 0, lowWaterBytes: 0, attachWithinMs: 0 });
const store = await open();
const notices = [];
store.onNotice(({ kind, why }) => notices.push([kind, why]));

async function put(number) {
  await clock.sleep(number * 20);
  store.journal.append('1001', { kind: 'tick', atMs: number });
  const release = {
    ...{ id: String(number), verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: 0 },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  const names = { laneId: '1001', gateId: '1001', gateName: '通道A', reason: 'r', methodDesc: '按钮开闸' };
  return store.outbox.put({ ...names, release, releaseWallMs: 0 });
}

const all = await Promise.all(Array.from({ length: 40 }, (_, number) => put(number)));
await store.close();
const again = await open();
const due = await again.outbox.due(100);
const journal = (await again.journal.load('1001')).rows.map(({ event }) => event.atMs);
await again.close();
const serials = (records) => records.map(({ serial }) => serial);
process.stdout.write(`${JSON.stringify({ notices, put: serials(all), due: serials(due), journal })}\n`);
