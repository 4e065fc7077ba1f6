// The scenarios that differ in what hardware can do, one file a line: the fewest that have every two things together, and every two signs in a row, that any
// of them has.
//   node test/scenarios/for-hardware.mjs FILE…
// What only the engine decides is told in virtual time by all of them; a wire adds nothing to it.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Of one moment: a point's new level, a point that falls silent, a read plate, a payment, a stop of the box. */
function signsOf({ t: _, stale = [], fresh = [], plate, mode, restart, ...levels }) {
  return [
    ...Object.entries(levels).map(([key, value]) => (typeof value === 'object' ? key : `${key} ${value}`)),
    ...stale.map((role) => `${role} silent`),
    ...fresh.map((role) => `${role} heard`),
    ...(plate ? [plate.behind ? 'plate from behind' : 'plate'] : []),
    ...(mode ? [`mode ${mode.name}`] : []),
    ...(restart ? [restart.powerCut ? 'power cut' : 'restart'] : []),
  ];
}

/** What a story asks of a box, its wires and its camera. */
export function asked(text) {
  const { lane, timeline = [], sending = 'at-once' } = parse(text);
  const moments = timeline.map(signsOf);
  const things = [lane.direction, sending, ...lane.points.map((role) => `wired ${role}`), ...moments.flat()];
  const pairs = [...new Set(things)]
    .sort()
    .flatMap((one, index, all) => all.slice(index).map((two) => `${one} + ${two}`));
  const rows = moments.flatMap((signs, index) =>
    signs.flatMap((one) => (moments[index + 1] ?? []).map((two) => `${one} → ${two}`)),
  );
  return new Set([...pairs, ...rows]);
}

/** `stories`: pairs of name and text. The one that adds most comes first, the first of equals by name. */
export function differing(stories) {
  const left = stories
    .filter(([, text]) => parse(text).virtualOnly === undefined)
    .map(([name, text]) => ({ name, all: asked(text) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const seen = new Set();
  const chosen = [];
  for (;;) {
    const gains = left.map(({ all }) => [...all].filter((one) => !seen.has(one)).length);
    const best = gains.indexOf(Math.max(...gains));
    if (!(gains[best] > 0)) return chosen.sort();
    for (const one of left[best].all) seen.add(one);
    chosen.push(left[best].name);
  }
}

if (process.argv[1] === import.meta.filename) {
  const names = process.argv.slice(2);
  process.stdout.write(`${differing(names.map((name) => [name, readFileSync(name, 'utf8')])).join('\n')}\n`);
}
