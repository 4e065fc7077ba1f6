// One thread for one store after the other: each comes with a port of its own.
import { parentPort, workerData } from 'node:worker_threads';

const { listen } = await import(workerData);
parentPort.on('message', listen);
