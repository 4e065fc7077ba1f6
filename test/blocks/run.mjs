// Runs the pages: each in a place of its own, its blocks one after the other; those at boxes beside those in the repository.
import { spawnSync } from 'node:child_process';
import { until } from '../box/machine.mjs';
import { ADDRESSES, installed, startPlace } from './box.mjs';
import { meet } from './needs.mjs';
import { readerFills } from './places.mjs';
import { startRepository } from './repository.mjs';
import { commandsToRun, faultsOf, scriptOf } from './script.mjs';

/** It only ends what hangs. */
const BLOCK_MOST_MS = 420_000;
const SHOWN_MOST = 4_000;

/** Resolves to a result for each block that is to be run: the block, seconds, and what failed. */
export async function runPages(pairs, { root, deb }) {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  for (const address of ADDRESSES) spawnSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
  const layers = installed(root, deb);
  const results = [];
  const pages = pairs.map(({ zh }) => zh).filter(({ blocks }) => blocks.some(isRun));
  const isOfRepository = ({ blocks }) => blocks.find(isRun).mark.environment === 'repository';
  const runAll = async (some) => {
    for (const page of some) results.push(...(await runPage(page, { layers, deb })));
  };
  try {
    await Promise.all([runAll(pages.filter((page) => !isOfRepository(page))), runAll(pages.filter(isOfRepository))]);
  } finally {
    layers.remove();
  }
  return results;
}

const isRun = ({ mark }) => mark?.kind === 'run' && mark.environment !== '.ci/run';

/** Its place is made anew where a block names another environment than the one before. */
async function runPage({ page, blocks }, context) {
  const results = [];
  let place;
  let environment;
  try {
    for (const block of blocks.filter(isRun)) {
      const begunMs = Date.now();
      let fault;
      try {
        if (environment !== block.mark.environment) {
          await place?.end();
          place = undefined;
          place = await startEnvironment(block.mark.environment, context);
          environment = block.mark.environment;
          for (const { mark, lines } of blocks.filter(({ mark }) => mark?.kind === 'file'))
            place.write(`${place.folder}/${mark.name}`, `${lines.join('\n')}\n`);
        }
        for (const need of block.mark.needs) await meet(need, place, { page, blocks, ...context });
        await runBlock(block, place);
      } catch (error) {
        fault = error.message.replaceAll(/^yes[\r\n]+/gm, '').slice(0, SHOWN_MOST);
      }
      const result = { block, seconds: (Date.now() - begunMs) / 1000, fault };
      results.push(result);
      const state = fault === undefined ? 'ok ' : 'RED';
      process.stdout.write(
        `${state} ${result.seconds.toFixed(0).padStart(4)} s  ${page}:${block.line}${fault ? `\n${block.lines.join('\n')}\n---\n${fault}` : ''}\n`,
      );
      // What comes after it rests on it.
      if (fault !== undefined) break;
    }
  } finally {
    await place?.end().catch((error) => results.push({ block: blocks[0], seconds: 0, fault: error.message }));
  }
  return results;
}

async function startEnvironment(environment, { layers, deb }) {
  if (environment === 'repository') return { ...startRepository(), ending: [], met: new Map(), deb, environment };
  const base = environment === 'bare' ? layers.bare : layers.box;
  const place = { ...(await startPlace(base, 'box')), met: new Map(), deb, environment };
  if (environment === 'box') await meet('service', place, {});
  return place;
}

async function runBlock(block, place) {
  const { until: texts, exit, answers } = block.mark;
  const commands = commandsToRun(block);
  const goesOn = texts.length === 0 ? [] : commands.splice(-texts.length);
  const { script, shown } = scriptOf(commands);
  if (commands.length > 0) {
    const { text, env } = await readerFills(script, place);
    const running = place.shell(text, env, answers);
    const done = await within(running, BLOCK_MOST_MS);
    if (done.code !== exit) throw new Error(`exit code ${done.code}, not ${exit}\n${done.output}`);
    const faults = faultsOf(done.output, shown);
    if (faults.length > 0) throw new Error(`${faults.join('\n')}\n---\n${done.output}`);
  }
  for (const [index, { text }] of goesOn.entries()) {
    const filled = await readerFills(text, place);
    const running = place.shell(`exec 2>&1\n${filled.text}\n`, filled.env);
    let ended;
    running.ended.then(({ code }) => {
      ended = code;
    });
    await until(
      `its output has ${texts[index]}`,
      () => {
        if (running.output().includes(texts[index])) return true;
        if (ended !== undefined) throw new Error(`ended with ${ended}\n${running.output()}`);
        return false;
      },
      running.output,
    );
  }
}

function within(running, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`goes on after ${ms / 1000} s\n${running.output()}`)), ms);
  });
  return Promise.race([running.ended, late]).finally(() => clearTimeout(timer));
}
