// A box's store and uploader: releases one after the other, whatever the disk does, each said on standard output when it has its serial.
//   node dead-disk-child.mjs DIST FOLDER PLATFORM EVERY_MS AGAIN FROM TO
// AGAIN: JSON of [key, lane time] that are judged once more, as the durable part of a journal lets a lane do it after a kill.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [dist, folder, url, everyMs, again, from, to] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { createPlatformClient } = await load('delivery/platform-client.js');
const { parkPlatform } = await load('config/schema/platform-destination.js');
const { createUploader } = await load('delivery/upload/uploader.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const store = await openStore({ path: folder, clock, wallTrusted: true, ballastBytes: 0, lowWaterBytes: 0 });
store.failed.catch((error) => {
  writeSync(2, `${error}\n`);
  process.exit(3);
});
const settings = {
  ...{ url, profile: parkPlatform(), secrets: { appSecret: { reveal: () => '123' } } },
  values: { parkUuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a', noPlate: '无牌车' },
  ...{ mode: 'production', picture: 'field', timeoutMs: 20_000, maxPictureBytes: 500_000 },
};
const uploader = createUploader({
  ...{ outbox: store.outbox, client: createPlatformClient(settings, { clock }), clock },
  settings: { backOffMs: 20, backOffMaxMs: 100 },
});
void uploader.run(new AbortController().signal);

async function put(key, releaseAtMs, id) {
  const release = {
    ...{ id, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  store.journal.append('1001', { kind: 'tick', atMs: releaseAtMs });
  const record = await store.outbox.submit({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: clock.wallMs(), reason: key },
    methodDesc: '按钮开闸',
  });
  writeSync(1, `P ${key} ${releaseAtMs} ${record.serial}\n`);
  await store.outbox.attach(record.id, { none: 'noCamera' });
}

writeSync(1, 'R\n');
// The parent does to the disk what it wants to, and says so.
for await (const line of createInterface({ input: process.stdin })) if (line === 'go') break;
for (const [key, atMs] of JSON.parse(again)) await put(key, atMs, `again-${key}`);
for (let at = Number(from); at <= Number(to); at += 1) {
  await put(`k${at}`, Math.round(clock.nowMs() + store.boot.laneOffsetMs), `first-k${at}`);
  await clock.sleep(Number(everyMs));
}
for (;;) {
  const { stalled, unkept } = store.status();
  const counts = stalled === undefined ? await store.outbox.counts() : { waiting: -1 };
  writeSync(1, `S ${stalled ?? 'well'} ${unkept?.records ?? 0} ${unkept?.delivered ?? 0} ${counts.waiting}\n`);
  await clock.sleep(200);
}
