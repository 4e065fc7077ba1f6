// Many boxes in one process, a child of fleet.mjs, which says what to do by messages.
import { appendFileSync } from 'node:fs';
import { wait } from './engines.mjs';
import { Box } from './virtual-box.mjs';

/** 30 % of a cycle without the centre, each box at its own time: the uplink is gone, the program is killed or restarted. */
async function outages(box, index, count, { cycleMs, isOver }) {
  await wait((index / count) * cycleMs);
  for (let cycle = 0; !isOver(); cycle += 1) {
    const how = (index + cycle) % 5;
    box.isAway = how < 2;
    // The truth must know what was kept: it dies between two records, in the middle of whatever its publisher does.
    await box.busy;
    if (how === 0) box.kill();
    else if (how === 1) await box.stop();
    else box.cut();
    await wait(0.3 * cycleMs);
    box.restore();
    if (how < 2) box.start();
    box.isAway = false;
    await wait(0.7 * cycleMs);
  }
}

/** Also of few records each box reports and signs something. */
async function make(box, records, truth) {
  appendFileSync(truth, `${(await box.release()).join('\t')}\n`);
  if (box.made % Math.min(50, Math.ceil(records / 2)) === 0) await box.report();
  if (box.made % Math.min(25, Math.ceil(records / 4)) === 0) await box.sign();
}

/** Its records at an even pace; none while it is not running. */
async function work(box, records, everyMs, truth) {
  while (box.made < records) {
    await wait(everyMs * (0.5 + Math.random()));
    if (box.isAway) continue;
    box.busy = make(box, records, truth);
    await box.busy;
  }
}

const sumOf = (counts) =>
  counts.reduce(
    (sum, each) => Object.fromEntries(Object.entries(each).map(([key, value]) => [key, value + (sum[key] ?? 0)])),
    {},
  );

process.once('message', async (plan) => {
  const { names, records, everyMs, cycleMs, truth } = plan;
  const boxes = names.map((name) => new Box(name, plan));
  const ports = {};
  for (const box of boxes) ports[box.name] = await box.open();
  process.send({ ports });
  // A proof ends some of them for good.
  process.on('message', ({ silence, count }) => {
    if (count) process.send({ counts: sumOf(boxes.map((box) => box.counts)) });
    const box = boxes.find(({ name }) => name === silence);
    box?.cut();
    box?.page.close();
    box?.page.closeAllConnections();
  });
  await new Promise((begin) => process.once('message', begin));
  const working = boxes.slice(plan.idle);
  let isOver = false;
  const out = working.map((box, index) => outages(box, index, working.length, { cycleMs, isOver: () => isOver }));
  await Promise.all(working.map((box) => work(box, records, everyMs, truth)));
  isOver = true;
  await Promise.all(out);
  process.send({ made: true });
  // They stay connected until everything they have has left.
});
