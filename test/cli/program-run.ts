/** The program run in this process: its exit code, and all that it wrote. */
import { Writable } from 'node:stream';
import type { Command } from '../../src/cli/command.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Kinds } from '../../src/config/devices.ts';

export type Environment = Readonly<Record<string, string>>;

const theKinds = async (): Promise<Kinds> => {
  const { CAMERA_KINDS, DRIVER_KINDS } = await import('../../drivers/index.ts');
  return { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
};

/** One command alone, with options as they are read: lists as the option several times. */
export function commandRun(
  command: Command,
  options: Readonly<Record<string, unknown>>,
  words: readonly string[],
  environment: Environment,
  kinds?: () => Promise<Kinds>,
) {
  const written = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => (each === true ? [`--${name}`] : [`--${name}`, String(each)])),
  );
  return programRun([command], [command.name, ...written, ...words], environment, { kinds });
}

export async function programRun(
  commands: readonly Command[],
  words: readonly string[],
  environment: Environment,
  { run = runProgram, kinds = theKinds }: { run?: typeof runProgram; kinds?: (() => Promise<Kinds>) | undefined } = {},
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
  const code = await run(commands, words, { stdout: into('out'), stderr: into('err'), environment, signal, kinds });
  return { code, ...written };
}
