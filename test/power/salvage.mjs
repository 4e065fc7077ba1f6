// Brings over what is readable of a damaged database on a disk of which parts cannot be read (eioread.so preloaded).
//   node salvage.mjs DIST FOLDER [FLAG]   FLAG: a file; while it is there the disk is away, which is so at the first try of each step
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [dist, path, flag] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, 'src', file)));
const { LIMITS, openStore } = await load('store/store.js');
const { systemClock } = await load('clock.js');
const { openHealing, pendingRecovery } = await load('store/repair/quarantine.js');
const { newLendingMemory } = await load('store/thread/picture-buffers.js');

const clock = systemClock();
const open = () => openStore({ path, clock, ballastBytes: 0, lowWaterBytes: 0, attachWithinMs: 0 });

/** As the store does it. */
async function salvagedByItself() {
  const store = await open();
  const salvaged = await new Promise((resolve) => {
    store.onNotice((notice) => notice.kind === 'salvaged' && resolve(notice));
  });
  await store.close();
  return { salvaged };
}

async function salvagedWithGaps() {
  const moment = { nowMs: clock.nowMs(), wallMs: Date.now() };
  const options = { ...{ path, moment, limits: LIMITS, lending: newLendingMemory() }, bootId: 'test', tool: false };
  const ledger = openHealing(options, moment, () => undefined);
  let salvaged;
  const recovery = pendingRecovery(path, (notice) => (salvaged = notice), moment);
  const refused = new Set();
  for (let more = true; more; ) {
    writeFileSync(flag, '');
    try {
      more = recovery.step(ledger);
    } catch (error) {
      refused.add(error.code);
      rmSync(flag);
      more = recovery.step(ledger);
    }
    if (more === 'later') await sleep(20);
  }
  ledger.close();
  return { salvaged, refused: [...refused] };
}

const outcome = flag === undefined ? await salvagedByItself() : await salvagedWithGaps();
const again = await open();
const ids = (await again.review.list({ limit: 1_000 })).map(({ release }) => release.id);
await again.close();
process.stdout.write(`${JSON.stringify({ ...outcome, ids })}\n`);
