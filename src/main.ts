#!/usr/bin/env node
/**
 * The entry: for `run` the store thread starts before the program is loaded, because both take long and two cores do them in parallel.
 */
import { startStoreThread } from './store/thread.ts';

const early = process.argv[2] === 'run' ? startStoreThread() : undefined;
void import('./process.ts').then(({ runProcess }) => runProcess(early));
