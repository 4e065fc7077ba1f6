/**
 * How long the kernel has let this process, and all that it started (the box, its far ends, the browser), wait for a processor though they had something
 * to do: their main threads, together, in ms. On an idle machine it is next to nothing; on a busy one it is what the work of others takes from a wait.
 */
import { readdirSync, readFileSync } from 'node:fs';

export function heldBackMs(): number {
  const processes = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const stat = read(`/proc/${name}/stat`);
    // The name of the program may hold spaces and brackets.
    if (stat !== undefined) processes.set(Number(name), Number(stat.replace(/^.*\) . /s, '').split(' ')[0]));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(processes.get(pid)));
  return [...processes.keys()]
    .filter(isOurs)
    .reduce((sum, pid) => sum + Number(read(`/proc/${pid}/schedstat`)?.split(' ')[1] ?? 0) / 1e6, 0);
}

/** undefined: it has ended meanwhile. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
