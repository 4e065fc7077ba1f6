// A store with room for two pictures, of which none can be removed (kept.so preloaded): what it says, what is in its journal.
//   node evict.mjs DIST FOLDER
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, path] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, 'src', file)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const limits = { ballastBytes: 0, lowWaterBytes: 0, framesMaxBytes: 10_000, attachWithinMs: 0 };
const store = await openStore({ path, clock, ...limits });
const kinds = [];
store.onNotice(({ kind }) => kinds.push(kind));
for (let at = 0; at < 5; at += 1) {
  const release = {
    ...{ id: String(at), verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: 0 },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  const names = { laneId: '1001', gateId: '1001', gateName: '通道A', reason: 'r', methodDesc: '按钮开闸' };
  const { id } = await store.outbox.put({ ...names, release, releaseWallMs: 0 });
  store.journal.append('1001', { kind: 'tick', atMs: at });
  await store.outbox.attach(id, { bytes: new Uint8Array(4_000), mediaType: 'image/jpeg', atMs: 0 });
  await store.outbox.delivered(id, {});
}
const journal = (await store.journal.load('1001')).rows.map(({ event }) => event.atMs);
await store.close();
process.stdout.write(`${JSON.stringify({ kinds, journal })}\n`);
