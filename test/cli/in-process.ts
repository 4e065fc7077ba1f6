/** A command of the program, run in this process: as a program of its own each takes a third of a second of a processor to begin. */
import { programFile } from '../store/open.ts';
import { programRun } from './program-run.ts';

/** What it ended with and said; `environment`: all that it knows of it. */
export async function lanewarden(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { commandsFor, kinds } = await import(programFile('src/process').href);
  const { runProgram } = await import(programFile('src/cli/program').href);
  const around = { LANG: 'en', ...environment };
  const { code, out, err } = await programRun(await commandsFor(words), words, around, { run: runProgram, kinds });
  return { status: code, stdout: out, stderr: err, output: out + err };
}
