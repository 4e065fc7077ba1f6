#!/usr/bin/env node
/**
 * The entry: for `run` the store thread starts before the program is loaded, because both take long and two cores do them in parallel. Nothing of either
 * is loaded under another Node than the program's own.
 */
import { startStoreThread } from './store/thread.ts';
import { isTooOld, otherNode } from './system/own-node.ts';

const other = otherNode();
if (other !== undefined || isTooOld()) void import('./cli/other-node.ts').then(({ startOwn }) => startOwn(other));
else {
  const early = process.argv[2] === 'run' ? startStoreThread() : undefined;
  void import('./process.ts').then(({ runProcess }) => runProcess(early));
}
