// Keeps a record and marks it; says so with a blocking write as soon as the mark is acknowledged, and waits to be killed.
//   node mark-child.mjs DIST FOLDER RECORD
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, record] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');
const store = await openStore({ path: folder, clock: systemClock(), ballastBytes: 0, lowWaterBytes: 0 });
const { id } = await store.outbox.put(JSON.parse(record));
await store.review.mark([id], { kind: 'owed', who: '李四', from: '192.168.1.20', amount: 1500 });
writeSync(1, `${id}\n`);
setInterval(() => undefined, 1_000);
