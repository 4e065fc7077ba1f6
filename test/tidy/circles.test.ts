/** No circle of files, nor of rooms: what imports each other in a circle can only be read, tested and replaced as one piece. */
import { it } from 'vitest';
import { type Graph, graphOf, roomOf } from './graph.ts';
import { expectOnly } from './sources.ts';

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

const FILES: readonly string[] = [];

const ROOMS: readonly string[] = [];

it('no circle of files, types included', () => {
  expectOnly(FILES, circlesOf(graphOf((path) => path)), 'files in a circle are one file in pieces');
});

it('no circle of rooms, types included', () => {
  expectOnly(ROOMS, circlesOf(graphOf(roomOf)), 'a change in one of these rooms may be felt in all of them');
});
