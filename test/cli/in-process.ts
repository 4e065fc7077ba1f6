/** A command of the compiled program, run in this process: as a program of its own each takes a third of a second of a processor to begin. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist } from '../store/open.ts';
import { programRun } from './program-run.ts';

/** What it ended with and said; `environment`: all that it knows of it. */
export async function lanewarden(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const compiled = (file: string) => import(pathToFileURL(join(dist, 'src', file)).href);
  const { commandsFor } = await compiled('process.js');
  const { runProgram } = await compiled('cli/program.js');
  const around = { LANG: 'en', ...environment };
  const { code, out, err } = await programRun(await commandsFor(words), words, around, runProgram);
  return { status: code, stdout: out, stderr: err, output: out + err };
}
