/**
 * The thread for what is long and of files: backup, restore, export, support file. It runs the very commands a person would run on the box, so
 * that the page has no second way to do them, and the lanes' thread never waits for a disk. Entry of a worker; it ends when its command has.
 */
import { Writable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { CAMERA_KINDS, DRIVER_KINDS } from '../drivers/index.ts';
import type { Chore, ChoreMessage } from './box/chore.ts';
import { backupCommand } from './cli/backup.ts';
import { diagnoseCommand } from './cli/diagnose.ts';
import { runProgram } from './cli/program.ts';
import { queueCommand } from './cli/queue/queue.ts';
import { restoreCommand } from './cli/restore.ts';

const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const TOLD_MAX = 4_000;

const { words, language, environment } = workerData as Chore;
let told = '';
const keep = new Writable({
  write: (chunk: Buffer | string, _encoding, done) => {
    told = (told + String(chunk)).slice(-TOLD_MAX);
    done();
  },
});
const commands = [backupCommand(KINDS), restoreCommand(KINDS), queueCommand(KINDS), diagnoseCommand(KINDS)];
const say = (message: ChoreMessage) => parentPort?.postMessage(message);
parentPort?.once('message', () => {
  void runProgram(commands, [...words, '--lang', language], {
    stdout: keep,
    stderr: keep,
    environment,
    signal: new AbortController().signal,
  }).then((exitCode) => say({ exitCode, told: told.trim() }));
});
say('loaded');
