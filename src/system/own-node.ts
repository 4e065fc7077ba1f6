/**
 * The Node that comes with the program: beside it in the package, among the libraries in a copy of the sources. The program is tested with this one
 * alone, and its addons fit no other for certain; so under another one it starts this one and stands for it.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Node 20 does not refuse SQLite's addon, it crashes in it: what has not this much of the interface for addons is told before. */
const OLDEST_INTERFACE = 10;
const PLACES = [
  new URL('../../node', import.meta.url),
  new URL(`../../../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
].map((place) => fileURLToPath(place));

/** The path of ours where another Node runs this; undefined: this is ours, or there is none. */
export function otherNode(running = process.execPath, places = PLACES): string | undefined {
  const at = (path: string) => statSync(path, { throwIfNoEntry: false });
  const own = places.find((place) => at(place)?.isFile());
  const [one, another] = [at(running), at(own ?? running)];
  // Not by path: a copy of the tree by links has the same file.
  return one?.ino === another?.ino && one?.dev === another?.dev ? undefined : own;
}

/** Whether the addons can be loaded at all. `napi`: of `process.versions`. */
export const isTooOld = (napi = process.versions.napi): boolean => Number(napi) < OLDEST_INTERFACE;
