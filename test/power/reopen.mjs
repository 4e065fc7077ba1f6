// The real store on what a power cut left: opens it, says how long that took and what it found, sweeps, closes.
//   node reopen.mjs DIST FOLDER
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const began = clock.nowMs();
const usedBefore = process.cpuUsage();
const notices = [];
const store = await openStore({ path: folder, clock, wallTrusted: true, ballastBytes: 0, lowWaterBytes: 0 });
const readyMs = clock.nowMs() - began;
// What else the machine does takes none of it.
const { user, system } = process.cpuUsage(usedBefore);
store.onNotice((notice) => notices.push(notice));
const counts = await store.outbox.counts();
const records = await store.review.list({ limit: 1_000_000 });
const framed = records.reduce((sum, { picture, beside = [] }) => sum + (picture === 'attached') + beside.length, 0);
const files = readdirSync(join(folder, 'frames')).length;
const { boot } = store;
await store.close();
process.stdout.write(
  `${JSON.stringify({ readyMs, usedMs: (user + system) / 1_000, counts, framed, files, unclean: boot.unclean, notices })}\n`,
);
