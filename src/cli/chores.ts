/**
 * The process of long file operations: backup, restore, export, support file, evidence. It runs the same commands as a person on the box, so the
 * page has no second implementation, and the lanes' thread never waits for a disk. It is ended with its command.
 */
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import type { Chore, ChoreDone } from '../box/chore.ts';
import type { Text } from '../text/text.ts';
import { comeLast, endWithProgram } from './beside-lanes.ts';
import type { Command } from './command.ts';
import { runProgram } from './program.ts';

const kinds = async () => {
  const { CAMERA_KINDS, DRIVER_KINDS } = await import('../../drivers/index.ts');
  return { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
};
/** Each loaded on demand: one verifies every hour. */
const LOAD: Readonly<Record<string, () => Promise<Command>>> = {
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  queue: async () => (await import('./queue/queue.ts')).queueCommand,
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  evidence: async () => (await import('./evidence/evidence.ts')).evidenceCommand,
  verify: async () => (await import('./evidence/verify.ts')).verifyCommand,
  person: async () => (await import('./evidence/person.ts')).personCommand,
  report: async () => (await import('./report/report.ts')).reportCommand,
};
const OUTPUT_MAX = 4_000;

let output = '';
const found: Text[] = [];
const keep = new Writable({
  write: (chunk: Buffer | string, _encoding, done) => {
    output = (output + String(chunk)).slice(-OUTPUT_MAX);
    done();
  },
});
let error: ChoreDone['error'];

endWithProgram();
process.once('message', async ({ args, language, environment, isLast }: Chore) => {
  comeLast(isLast ? constants.priority.PRIORITY_LOW : undefined);
  const command = await LOAD[args[0] ?? '']?.();
  const exitCode = await runProgram(command === undefined ? [] : [command], [...args, '--lang', language], {
    ...{ stdout: keep, stderr: keep, environment, kinds, ofPage: true },
    signal: new AbortController().signal,
    caught: (thrown) => {
      const { code, text } = thrown as NonNullable<ChoreDone['error']>;
      if (text !== undefined) error = { code, text };
    },
    found: (line) => void found.push(line),
  });
  process.send?.({ exitCode, output: output.trim(), error, found } satisfies ChoreDone);
});
