/** The program run in this process: its exit code, and all that it wrote. */
import { Writable } from 'node:stream';
import type { Command } from '../../src/cli/command.ts';
import { runProgram } from '../../src/cli/program.ts';

export type Environment = Readonly<Record<string, string>>;

export async function programRun(
  commands: readonly Command[],
  words: readonly string[],
  environment: Environment,
  run = runProgram,
) {
  const written = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const { signal } = new AbortController();
  const code = await run(commands, words, { stdout: into('out'), stderr: into('err'), environment, signal });
  return { code, ...written };
}
