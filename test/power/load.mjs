// The store under load on a disk whose power will be cut: says with a blocking write what has been acknowledged, and nothing sooner.
//   node load.mjs DIST FOLDER frames|rows
// P n serial: put n resolved · A n: its picture is attached · D n: delivered · J n: n journal events are on the disk
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const pause = new Int32Array(new SharedArrayBuffer(4));

/** What has been told has been acknowledged, so nothing goes on before it is told; while a cut is made nobody reads, and the pipe may be full. */
function tell(line) {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const [dist, folder, kind] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, 'src', path)));
const { openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');

const DELIVERED_BEHIND = 200;
const clock = systemClock();
const store = await openStore({
  ...{
    path: folder,
    clock,
    wallTrusted: true,
    ballastBytes: 2_000_000,
    lowWaterBytes: 4_000_000,
    framesMaxBytes: 20_000_000,
  },
});
store.failed.catch((error) => {
  writeSync(2, `${error}\n`);
  process.exit(3);
});
store.onNotice((notice) => {
  if (notice.kind !== 'evicted' && notice.kind !== 'ballast') writeSync(2, `${JSON.stringify(notice)}\n`);
});

/** Bytes that nobody can guess, with a size that differs from frame to frame. */
function pictureOf(number) {
  const size = 20_000 + (number % 7) * 5_000;
  const seed = createHash('sha512').update(String(number)).digest();
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += seed.length) seed.copy(bytes, at);
  bytes.writeUInt32BE(number, 0);
  return bytes;
}

tell('R\n');
let events = 0;
for (let number = 1; ; number += 1) {
  for (let edge = 0; edge < 4; edge += 1) {
    events += 1;
    store.journal.append('1001', { kind: 'tick', atMs: Math.round(clock.nowMs()) });
  }
  const release = {
    ...{ id: String(number), verdict: 'manual', method: 1, desc: 'button', direction: 'exit' },
    ...{ releaseAtMs: Math.round(clock.nowMs()), passed: true, confidence: 'sure', degraded: false, reported: true },
    facts: [{ kind: 'padding', values: { text: 'x'.repeat(400) } }],
  };
  const record = await store.outbox.put({
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: clock.wallMs(), reason: 'r' },
    methodDesc: '按钮开闸',
  });
  tell(`P ${number} ${record.serial}\nJ ${events}\n`);
  const picture =
    kind === 'frames' ? { bytes: pictureOf(number), mediaType: 'image/jpeg', atMs: 0 } : { none: 'noCamera' };
  await store.outbox.attach(record.id, picture);
  tell(`A ${number}\n`);
  // Nobody waits for these; a row of theirs must all the same never be without its file.
  if (kind === 'frames' && number % 3 === 0) {
    const beside = { bytes: pictureOf(-number >>> 0), mediaType: 'image/jpeg', atMs: clock.nowMs() };
    store.outbox
      .beside(record.id, number % 2 === 0 ? 'before' : 'after', beside)
      .catch((error) => writeSync(2, `${error}\n`));
  }
  const old = number - DELIVERED_BEHIND;
  if (old < 1) continue;
  await store.outbox.delivered(old, { seqno: String(old) });
  tell(`D ${old}\n`);
}
