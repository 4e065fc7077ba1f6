/** Starts the store thread. It loads its code and SQLite, then waits for its options: an early start saves that time. */
import { Worker } from 'node:worker_threads';

export function startStoreThread(): Worker {
  return new Worker(new URL('./thread/worker.js', import.meta.url));
}
