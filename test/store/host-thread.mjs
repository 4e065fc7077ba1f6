// One thread for one store after the other: each comes with a port of its own.
import { parentPort, workerData } from 'node:worker_threads';

const { serveOn } = await import(workerData);
parentPort.on('message', serveOn);
