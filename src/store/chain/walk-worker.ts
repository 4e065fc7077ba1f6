/** Entry of a thread that walks its share of the chain, for walk-threads.ts: opens, begins to read when asked to, walks, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { openReadOnly } from '../files/journal-reader.ts';
import { view, type WalkWork, walkShare } from './walk-threads.ts';

const database = openReadOnly(workerData as string);
parentPort?.on('message', (asked: 'view' | WalkWork) => {
  if (asked === 'view') {
    view(database);
    parentPort?.postMessage('viewing');
  } else parentPort?.postMessage(walkShare(database, asked));
});
parentPort?.postMessage('open');
