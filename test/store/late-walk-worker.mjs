/** A thread of the walk that begins to read a little after the others: long enough for another program to write. */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (asked) => {
  if (asked === 'view') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
});
await import('../../dist/src/store/chain/walk-worker.js');
