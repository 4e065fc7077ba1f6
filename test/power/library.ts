/** C helpers beside this file, compiled to be preloaded: disks that are slow or fail. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The library of `name`.c, in `folder`; it is compiled once. */
export function library(folder: string, name: string): string {
  const file = join(folder, `${name}.so`);
  const source = join(import.meta.dirname, `${name}.c`);
  if (!existsSync(file))
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', file, source, '-ldl'], { stdio: 'pipe' });
  return file;
}
