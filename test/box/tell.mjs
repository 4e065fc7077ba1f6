// Tells the stories: those of each box one after the other, both boxes beside each other, each also when one before it failed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBoard } from './board.mjs';
import { withStep } from './carry-over.mjs';
import { startBox, WATCHDOG_S } from './lanewarden-box.mjs';
import { atRun, variant } from './packages.mjs';
import { bringKeys, PREPARED_STORIES } from './prepared-stories.mjs';
import { LAST_STORIES, STORIES } from './stories.mjs';
import { brokenPackages } from './turned-back.mjs';

/** It runs, feeds the watchdog, shows its page, and no connection of its ever gets through. */
const BLIND = "require('node:net').Socket.prototype.connect = function () { return this; };";
/** It changes the database so that the former version cannot read it, and ends before it is ready. */
const GREEDY = `const Greedy = require('better-sqlite3');
  const d = new Greedy('/var/lib/lanewarden/lanewarden.db'); d.pragma('user_version = 99'); d.close(); process.exit(1);`;

/** The real package under many numbers, and some that are broken in different ways. */
function packages() {
  const debs = mkdtempSync(join(tmpdir(), 'lanewarden-debs-'));
  for (const version of ['1.0.0', '1.1.0', '1.1.1', '1.3.0']) variant(debs, version);
  variant(debs, '1.2.0', atRun('throw 1;'));
  variant(debs, '1.2.1', atRun(BLIND));
  variant(debs, '1.4.0', atRun(GREEDY));
  variant(debs, '1.6.0', withStep);
  brokenPackages(debs);
  variant(debs, '1.5.0', (app) => bringKeys(app, debs));
  return debs;
}

/** `words`: those that are told; none: all. Resolves to the exit code. */
export async function tellStories(base, words, starvedSeconds = 4 * WATCHDOG_S) {
  const debs = packages();
  const board = await startBoard();
  const start = (name, port, kind) => startBox(base, { name, port, debs, kind });
  const [box, other] = await Promise.all([start('lanewarden-a', 18_080), start('lanewarden-b', 18_081, 'own')]);
  const failed = [];
  // What waits for minutes is told at night, or by its name.
  const isWanted = ([name, , isLong], index) =>
    index < 2 || (words.length === 0 ? isLong !== true : words.some((word) => name.includes(word)));
  const tell = async (stories) => {
    for (const [name, story] of stories) {
      const beganMs = Date.now();
      const fault = await story({ box, other, board, debs, starvedSeconds }).then(
        () => undefined,
        (error) => error,
      );
      const took = `${((Date.now() - beganMs) / 1000).toFixed(0)} s`;
      process.stdout.write(`${fault === undefined ? 'ok ' : 'RED'} ${took.padStart(5)}  ${name}\n`);
      if (fault === undefined) continue;
      process.stdout.write(`${fault.message}\n`);
      failed.push(name);
    }
  };
  try {
    await Promise.all([STORIES, PREPARED_STORIES].map((stories) => tell(stories.filter(isWanted))));
    await tell(LAST_STORIES.filter(([name]) => isWanted([name], 2)));
  } finally {
    board.close();
    await Promise.all([box.end(), other.end()]);
    rmSync(debs, { recursive: true, force: true });
  }
  process.stdout.write(failed.length === 0 ? 'a box does as it should\n' : `${failed.length} stories failed\n`);
  return failed.length === 0 ? 0 : 1;
}
