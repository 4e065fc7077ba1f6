// The store on a disk that becomes full and has space again when it has said so (kept.so preloaded: its reserve cannot be given up).
//   node full.mjs DIST FOLDER FILLER
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, path, filler] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, 'src', file)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const open = () => openStore({ path, clock, ballastBytes: 2_000_000, lowWaterBytes: 0, attachWithinMs: 0 });
const store = await open();
const kinds = [];
store.onNotice(({ kind }) => kinds.push(kind));
store.failed.catch(({ message }) => {
  process.stderr.write(message);
  process.exit(1);
});

function fill() {
  const handle = openSync(filler, 'a');
  const block = Buffer.alloc(65_536, 1);
  for (let size = block.length; size >= 512; ) {
    try {
      writeSync(handle, block, 0, size);
    } catch {
      size /= 2;
    }
  }
  closeSync(handle);
}

function put(id) {
  const release = {
    ...{ id, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: 0 },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  const names = { laneId: '1001', gateId: '1001', gateName: '通道A', reason: 'r', methodDesc: '按钮开闸' };
  return store.outbox.put({ ...names, release, releaseWallMs: 0 });
}

fill();
const puts = [];
while (store.status().stalled === undefined) {
  puts.push(put(`full${puts.length}`));
  await Promise.race([puts.at(-1), clock.sleep(200)]);
}
rmSync(filler);
const serials = (await Promise.all(puts)).map(({ serial }) => serial);
await store.close();
const again = await open();
const due = (await again.outbox.due(100_000)).map(({ serial }) => serial);
await again.close();
process.stdout.write(`${JSON.stringify({ kinds, put: serials, due })}\n`);
process.exit(0);
