/** Starts the store thread. It loads its code and SQLite, then waits for its options: an early start saves that time. */
import { Worker } from 'node:worker_threads';

/** `url`: the compiled worker; tests run from sources and hand it in, because Node 20 cannot run TypeScript in a worker. */
export function startStoreThread(url: URL = new URL('./thread/worker.js', import.meta.url)): Worker {
  return new Worker(url);
}
