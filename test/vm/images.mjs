// What a power cut leaves, opened on the host: the file system replays its journal, the database its own, and nothing that was acknowledged may be missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { run } from './root.mjs';

const Sqlite = createRequire(import.meta.url)('better-sqlite3');

/**
 * Everything that is wrong with each of these, in words, in a thread of its own: boards and disk of the machine must go on answering. `before`: serials
 * that the platform had taken, payments that the box had acknowledged.
 */
export function lookIntoAll(images, folder) {
  const thread = new Worker(new URL(import.meta.url), { workerData: { images, folder } });
  return new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
}

function lookInto(image, folder, before) {
  mkdirSync(folder, { recursive: true });
  // As at the boot of a box, by the last number of its line in fstab. 4: it could not repair everything.
  const checked = spawnSync('e2fsck', ['-p', image], { encoding: 'utf8' });
  if (checked.status === null || checked.status >= 4) return [`e2fsck ${checked.status}: ${checked.stdout}`];
  try {
    run('mount', '-o', 'loop', image, folder);
  } catch (error) {
    return [`mount: ${error.message.split('\n')[1]}`];
  }
  try {
    return lookAt(join(folder, 'lanewarden'), before);
  } catch (error) {
    return [`open: ${error.message}`];
  } finally {
    run('umount', folder);
  }
}

function lookAt(state, before) {
  const wrong = [];
  const database = new Sqlite(join(state, 'lanewarden.db'));
  try {
    const check = database.pragma('integrity_check', { simple: true });
    if (check !== 'ok') wrong.push(`torn: ${check}`);
    const rows = database
      .prepare('SELECT serial, lane_id, at_ms, boot_seq, state, frame_file, frame_crc32 FROM release')
      .all();
    const serials = new Set(rows.map(({ serial }) => serial));
    if (serials.size !== rows.length) wrong.push('doubled: a serial is there twice');
    const openings = new Set(rows.map(({ lane_id, boot_seq, at_ms }) => `${lane_id} ${boot_seq} ${at_ms}`));
    if (openings.size !== rows.length) wrong.push('doubled: an opening is there twice');
    for (const serial of before.serials)
      if (!serials.has(serial)) wrong.push(`lost: ${serial}, which the platform has`);
    for (const { serial, state: now } of rows)
      if (now === 'delivered' && !before.serials.has(serial)) wrong.push(`${serial} is called delivered, and is not`);
    const events = database.prepare('SELECT event FROM journal').pluck().all();
    const paid = new Set(events.map((text) => JSON.parse(text)).map((event) => event.grant?.id ?? event.id));
    for (const id of before.paid) if (!paid.has(id)) wrong.push(`lost: payment ${id}, which was acknowledged`);
    for (const { serial, frame_file, frame_crc32 } of rows) {
      if (frame_file === null) continue;
      const file = join(state, 'frames', frame_file);
      if (!existsSync(file) || crc32(readFileSync(file)) !== frame_crc32) wrong.push(`torn: the picture of ${serial}`);
    }
  } finally {
    database.close();
  }
  return wrong;
}

if (!isMainThread) {
  const { images, folder } = workerData;
  parentPort.postMessage(images.map(({ image, before }) => lookInto(image, folder, before)));
}
