// A bridge's store and uploader under load, to be killed at any moment: puts releases as fast as the disk takes them, with pictures,
// and says on standard output what has been acknowledged, with a blocking write.
//   node crash-child.mjs DIST FOLDER PLATFORM RUN load|drain
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, url, run, task] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { createPlatformClient } = await load('delivery/platform-client.js');
const { parkPlatform } = await load('config/schema/platform-destination.js');
const { createUploader } = await load('delivery/upload/uploader.js');
const { systemClock } = await load('clock.js');

const clock = systemClock();
const store = await openStore({
  path: folder,
  clock,
  attachWithinMs: 300,
  wallTrusted: true,
  ballastBytes: 0,
  lowWaterBytes: 0,
});
store.failed.catch((error) => {
  writeSync(2, `${error}\n`);
  process.exit(3);
});
const settings = {
  url,
  profile: parkPlatform(),
  values: { parkUuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a', noPlate: '无牌车' },
  secrets: { appSecret: { reveal: () => '123' } },
  mode: 'production',
  picture: 'field',
  timeoutMs: 2000,
  maxPictureBytes: 500_000,
};
const uploader = createUploader({
  outbox: store.outbox,
  client: createPlatformClient(settings, { clock }),
  clock,
  settings: { backOffMs: 20, backOffMaxMs: 100 },
});
const stopping = new AbortController();
const running = uploader.run(stopping.signal);
writeSync(1, 'R\n');

if (task === 'drain') {
  while ((await store.outbox.counts()).waiting > 0) await clock.sleep(20);
  stopping.abort();
  await running;
  await store.close();
  process.exit(0);
}

/** The picture of a release is made from its id, so that the other end can tell whether it is the right one. */
function pictureOf(id) {
  const head = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0];
  const body = createHash('sha512').update(id).digest().toString('hex').repeat(60);
  return Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from([0xff, 0xd9])]);
}

async function put(id) {
  for (let edge = 0; edge < 5; edge += 1) {
    store.journal.append('1001', {
      kind: 'edge',
      role: 'down',
      on: true,
      atMs: Math.round(clock.nowMs()),
      uncertaintyMs: 25,
    });
  }
  const release = {
    ...{ id, verdict: 'manual', method: 1, desc: 'button', direction: 'exit', releaseAtMs: Math.round(clock.nowMs()) },
    ...{ passed: true, confidence: 'sure', degraded: false, reported: true, facts: [] },
  };
  const record = await store.outbox.put({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: clock.wallMs(), reason: id },
    methodDesc: '按钮开闸',
  });
  writeSync(1, `P ${id} ${record.serial}\n`);
  await store.outbox.attach(record.id, { bytes: pictureOf(id), mediaType: 'image/jpeg', atMs: clock.nowMs() });
  writeSync(1, `A ${id}\n`);
}

for (let number = 0; ; number += 2) await Promise.all([put(`${run}-${number}`), put(`${run}-${number + 1}`)]);
