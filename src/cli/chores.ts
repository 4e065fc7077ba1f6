/**
 * The thread of long file operations: backup, restore, export, support file, evidence. It runs the same commands as a person on the box, so the
 * page has no second implementation, and the lanes' thread never waits for a disk. Entry of a worker, which ends with its command.
 */
import { constants, setPriority } from 'node:os';
import { Writable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import type { Chore, ChoreDone, ChoreMessage } from '../box/chore.ts';
import type { Text } from '../text/text.ts';
import { backupCommand } from './backup.ts';
import { diagnoseCommand } from './diagnose.ts';
import { evidenceCommand } from './evidence/evidence.ts';
import { personCommand } from './evidence/person.ts';
import { verifyCommand } from './evidence/verify.ts';
import { runProgram } from './program.ts';
import { queueCommand } from './queue/queue.ts';
import { reportCommand } from './report/report.ts';
import { restoreCommand } from './restore.ts';

const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const OUTPUT_MAX = 4_000;

const { args, language, environment, isLast } = workerData as Chore;
if (isLast) comeLast();
let output = '';
const found: Text[] = [];
const keep = new Writable({
  write: (chunk: Buffer | string, _encoding, done) => {
    output = (output + String(chunk)).slice(-OUTPUT_MAX);
    done();
  },
});
const commands = [
  ...[backupCommand(KINDS), restoreCommand(KINDS), queueCommand(KINDS), diagnoseCommand(KINDS)],
  ...[evidenceCommand, verifyCommand, personCommand].map((command) => command(async () => KINDS)),
  reportCommand(KINDS),
];
const post = (message: ChoreMessage) => parentPort?.postMessage(message);
let error: ChoreDone['error'];
parentPort?.once('message', () => {
  void runProgram(commands, [...args, '--lang', language], {
    stdout: keep,
    stderr: keep,
    environment,
    signal: new AbortController().signal,
    ofPage: true,
    caught: (thrown) => {
      const { code, text } = thrown as NonNullable<ChoreDone['error']>;
      if (text !== undefined) error = { code, text };
    },
    found: (line) => void found.push(line),
  }).then((exitCode) => post({ exitCode, output: output.trim(), error, found }));
});
post('loaded');

/** Of this thread alone. A sandbox may refuse it, and the command runs all the same. */
function comeLast(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // It takes its turn with the others.
  }
}
