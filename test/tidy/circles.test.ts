/** No circle of files, nor of rooms: what imports each other in a circle can only be read, tested and replaced as one piece. */
import { it } from 'vitest';
import { expectOnly, sources, target } from './sources.ts';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const paths = new Set(sources.map(({ path }) => path));

function graphOf(nameOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const source of sources) {
    const from = nameOf(source.path);
    const targets = graph.get(from) ?? new Set<string>();
    graph.set(from, targets);
    for (const { from: place, typeOnly } of source.imports) {
      const path = target(source, place);
      if (path === undefined || !paths.has(path) || nameOf(path) === from) continue;
      // A text is a function of what others decide, and everybody renders texts: its types are erased, and it starts without any of them.
      if (from === 'src/text' && typeOnly) continue;
      targets.add(nameOf(path));
    }
  }
  return graph;
}

function reachable(graph: Graph, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...(graph.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(graph.get(next) ?? []));
  }
  return seen;
}

/** The members of each circle, sorted, in one line. */
function circlesOf(graph: Graph): string[] {
  const reach = new Map([...graph.keys()].map((name) => [name, reachable(graph, name)]));
  const circles = [...reach]
    .filter(([name, reached]) => reached.has(name))
    .map(([name, reached]) => [...reached].filter((other) => reach.get(other)?.has(name)).toSorted());
  return [...new Set(circles.map((members) => members.join(' ')))];
}

/** `drivers` is one room: who may import whom inside it is a table of its own. A file at the top of `src` is one as well. */
function roomOf(path: string): string {
  const [top, room, file] = path.split('/');
  return top === 'drivers' ? 'drivers' : file === undefined ? path : `${top}/${room}`;
}

const FILES: readonly string[] = [];

const ROOMS: readonly string[] = [];

it('no circle of files, types included', () => {
  expectOnly(FILES, circlesOf(graphOf((path) => path)), 'files in a circle are one file in pieces');
});

it('no circle of rooms, types included', () => {
  expectOnly(ROOMS, circlesOf(graphOf(roomOf)), 'a change in one of these rooms may be felt in all of them');
});
