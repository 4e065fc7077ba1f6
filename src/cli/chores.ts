/**
 * The thread of long file operations: backup, restore, export, support file, evidence. It runs the same commands as a person on the box, so the
 * page has no second implementation, and the lanes' thread never waits for a disk. Entry of a worker, which ends with its command.
 */
import { constants, setPriority } from 'node:os';
import { Writable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import type { Chore, ChoreDone, ChoreMessage } from '../box/chore.ts';
import type { Text } from '../text/text.ts';
import type { Command } from './command.ts';
import { runProgram } from './program.ts';

const kinds = async () => {
  const { CAMERA_KINDS, DRIVER_KINDS } = await import('../../drivers/index.ts');
  return { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
};
/** Each loaded on demand: one verifies every hour, and with all of them its thread took 10 MB more, of which malloc kept most. */
const LOAD: Readonly<Record<string, () => Promise<Command>>> = {
  backup: async () => (await import('./backup.ts')).backupCommand(await kinds()),
  restore: async () => (await import('./restore.ts')).restoreCommand(await kinds()),
  queue: async () => (await import('./queue/queue.ts')).queueCommand(await kinds()),
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand(await kinds()),
  evidence: async () => (await import('./evidence/evidence.ts')).evidenceCommand(kinds),
  verify: async () => (await import('./evidence/verify.ts')).verifyCommand(kinds),
  person: async () => (await import('./evidence/person.ts')).personCommand(kinds),
  report: async () => (await import('./report/report.ts')).reportCommand(await kinds()),
};
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
const post = (message: ChoreMessage) => parentPort?.postMessage(message);
let error: ChoreDone['error'];
void LOAD[args[0] ?? '']?.().then((command) => {
  parentPort?.once('message', () => {
    void runProgram([command], [...args, '--lang', language], {
      ...{ stdout: keep, stderr: keep, environment, ofPage: true },
      signal: new AbortController().signal,
      caught: (thrown) => {
        const { code, text } = thrown as NonNullable<ChoreDone['error']>;
        if (text !== undefined) error = { code, text };
      },
      found: (line) => void found.push(line),
    }).then((exitCode) => post({ exitCode, output: output.trim(), error, found }));
  });
  post('loaded');
});

/** Of this thread alone. A sandbox may refuse it, and the command runs all the same. */
function comeLast(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // It takes its turn with the others.
  }
}
