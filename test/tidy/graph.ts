/** Who imports whom: the graph of files, or of rooms. */
import { sources, target } from './sources.ts';

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const paths = new Set(sources.map(({ path }) => path));

/** Types count as values do. */
export function graphOf(nameOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const source of sources) {
    const from = nameOf(source.path);
    const targets = graph.get(from) ?? new Set<string>();
    graph.set(from, targets);
    for (const { from: place } of source.imports) {
      const path = target(source, place);
      if (path === undefined || !paths.has(path) || nameOf(path) === from) continue;
      targets.add(nameOf(path));
    }
  }
  return graph;
}

/** `drivers` is one room: who may import whom inside it is a table of its own. A file at the top of `src` is one as well. */
export function roomOf(path: string): string {
  const [top, room, file] = path.split('/');
  return top === 'drivers' ? 'drivers' : file === undefined ? path : `${top}/${room}`;
}
