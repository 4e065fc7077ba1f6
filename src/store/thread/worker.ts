/** Entry of the store thread: loads SQLite while it waits for its options. */
import { parentPort } from 'node:worker_threads';
import { loadDatabase } from './database.ts';
import { serveOn } from './store-thread.ts';

if (parentPort !== null) {
  serveOn(parentPort);
  loadDatabase();
}
