// The power goes: images put aside at moments of writing and opened on the host, and real cuts with a boot after each.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNPAID } from '../box/unpaid.mjs';
import { lookIntoAll } from './images.mjs';
import { LANES, pay, unpaidAtBoard } from './lanes.mjs';
import {
  arrived,
  isReported,
  judged,
  openedAt,
  READ_ONLY,
  recordsOf,
  STARVED_MS,
  serialsOf,
  watching,
} from './stories.mjs';

/** A control that loses less often than that is no control. */
const CONTROLS = 20;
const LOOKS_MS = 40 * 60_000;
/** What is still being judged has become a record by then. */
const JUDGED_MS = 20_000;

/** While the lanes work: an image at every so many writes, each with what had been acknowledged by then. */
export async function imagesOf(box, count) {
  const { disk, platform, work } = box;
  const taken = [];
  const paid = new Set();
  let writes = 0;
  disk.lieFromNow();
  disk.onWrite = () => {
    writes += 1;
    // Not at each: between two flushes there are many, and all of them are alike.
    if (taken.length >= count || writes % 3 !== 0) return;
    const before = {
      serials: new Set(platform.platform.records.map(({ fields }) => fields.parking_serial)),
      paid: new Set(paid),
    };
    const image = join(work, `cut${taken.length}`);
    const control = taken.length < CONTROLS ? `${image}-control` : undefined;
    taken.push({ image, control, before, unflushed: disk.unflushed });
    disk.putAside(image);
    if (control) disk.putLiarAside(control);
  };
  const began = Date.now();
  for (let payment = 0; taken.length < count; payment += 1) {
    assert.ok(Date.now() - began < LOOKS_MS, `only ${taken.length} images`);
    const id = `PAY-${payment}`;
    // Of a lane that opens no more: what is opened later is paid by none of these.
    if (await pay(box.intakePort, id, LANES.usb)) paid.add(id);
    if (payment % 10 === 0) await unpaidAtBoard(box.uart);
  }
  disk.onWrite = () => {};
  // How many of these openings an emulated box has seen well enough is no matter here: from now on count those that it reported.
  await settled(box);
  for (const lane of Object.values(LANES)) box.made[lane] = serialsOf(box, lane).size;
  const controls = taken.filter(({ control }) => control).map(({ control, before }) => ({ image: control, before }));
  const found = await lookIntoAll([...taken, ...controls], join(work, 'look'));
  const wrong = found.slice(0, count).flatMap((words, at) => words.map((one) => `${taken[at].image}: ${one}`));
  const lied = found.slice(count).filter((words) => words.length > 0).length;
  const unflushed = taken.filter((one) => one.unflushed > 0).length;
  assert.deepEqual(wrong, []);
  assert.ok(unflushed >= count / 2, `${unflushed} of ${count} images had sectors that were not flushed`);
  assert.ok(paid.size > 0, 'no payment was acknowledged');
  assert.ok(lied > 0, 'the disk that lies about its flushes lost nothing: this method is blind');
  const { serials, paid: payments } = taken.at(-1).before;
  box.say(
    `${count} images at moments of writing, ${unflushed} with sectors not flushed, up to ${serials.size} records and ${payments.size} payments acknowledged: 0 lost, doubled, torn; of the liar's ${Math.min(CONTROLS, count)} images ${lied} lost`,
  );
}

/** No more records come, and none waits. */
async function settled(box) {
  const look = () => box.machine.must(recordsOf(LANES.uart));
  for (let before = '?', now = await look(); now !== before || now.includes('waiting'); ) {
    await sleep(JUDGED_MS);
    [before, now] = [now, await look()];
  }
}

export async function cutsOf(box, count) {
  for (let cut = 1; cut <= count; cut += 1) {
    await watching(box);
    const told = await cutInTheMiddle(box);
    for (const wire of ['uart', 'gpio']) await openedAt(box, wire);
    for (const one of Object.values(LANES)) assert.equal(serialsOf(box, one).size, box.made[one]);
    box.say(`cut ${cut}: ${told}; nothing lost or doubled, and both lanes go on`);
  }
}

/** In the middle of an opening: what it becomes is dated before the cut. Resolves to what is to be said of it. */
async function cutInTheMiddle(box) {
  const lane = LANES.uart;
  const before = serialsOf(box, lane);
  const records = Number(await box.machine.must(`${recordsOf(lane)} | wc -l`));
  const middle = UNPAID.findIndex(([, ms]) => ms === 0) - 3;
  const waitedMs = box.machine.waitedMs();
  await unpaidAtBoard(box.uart, UNPAID.slice(0, middle));
  await sleep(3_000);
  const lateMs = box.machine.waitedMs() - waitedMs;
  const cutAt = Date.now();
  box.disk.cut();
  await box.machine.cut();
  box.uart.inputs = UNPAID.at(-1)[0];
  const ready = `ready after ${await box.boot()} s with a read-only root`;
  await watching(box);
  await box.machine.until(READ_ONLY);
  const state = await judged(box, lane, records);
  if (!isReported(state)) {
    assert.ok(lateMs > STARVED_MS, `the opening before the cut became "${state}"\n${await box.machine.journal()}`);
    return `${ready}; the host was busy, and the opening in progress not seen well (${state})`;
  }
  box.made[lane] += 1;
  await arrived(box, lane);
  const [record] = box.platform.of(lane).filter(({ fields }) => !before.has(fields.parking_serial));
  const dated = Date.parse(record.fields.release_time.replace(' ', 'T').replace(/Z?$/, 'Z'));
  assert.ok(
    dated <= cutAt,
    `the opening before the cut is dated ${record.fields.release_time}, the cut was at ${new Date(cutAt).toISOString()}`,
  );
  return `${ready}; the opening in progress is dated ${Math.round((cutAt - dated) / 1000)} s before the cut`;
}
