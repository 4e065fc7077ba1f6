#!/usr/bin/env node
/** The entry: for `run` the store thread starts before the program is loaded, because both take long and a box with two cores does them at once. */
import { startStoreThread } from './store/thread.ts';

const early = process.argv[2] === 'run' ? startStoreThread() : undefined;
void import('./process.ts').then(({ runProcess }) => runProcess(early));
