// One mix in one wiring of the second world, as JSON: by truth what became of it, and by printed number how many verdicts were right.
// usage: node second-run.mjs MIX WIRING SESSIONS VEHICLES SEED; LW_DIST names the built program
const WORLD = new URL('../../../shared/worlds/second/', import.meta.url);
const { rng, session } = await import(new URL('gen.mjs', WORLD).href);
const { evaluate } = await import(new URL('eval.mjs', WORLD).href);
const { MIXES, WIRINGS } = await import(new URL('mixes.mjs', WORLD).href);

const [mixName, wiring, ...numbers] = process.argv.slice(2);
const [sessions, vehicles, first] = numbers.map(Number);
/** Vehicles until a feed has shown whether it is complete. */
const LEARNT = 150;
const mix = MIXES[mixName];
const run = { mix: mixName, wiring, vehicles: 0, classes: {}, numbers: {}, sure: { count: 0, wrong: 0 } };
for (let index = 0; index < sessions; index += 1) {
  const seed = first * 100_000 + index;
  const random = rng(seed ^ 0x5bd1e995);
  const kinds = Array.from({ length: vehicles }, (_, at) =>
    typeof mix.kinds === 'function' ? mix.kinds(at, random) : random.w(mix.kinds),
  );
  const played = session(seed, kinds, { ...WIRINGS[wiring], ...mix.site }, mix.opt ?? {});
  for (const outcome of evaluate(played)) add(outcome);
}
process.stdout.write(JSON.stringify(run));

/** A record of a vehicle that has done something is right; each other record, also a second one of somebody, is wrong. */
function add({ c: name, res: result, hit, e: expected, v: vehicle, i: phantom }) {
  run.vehicles += 1;
  const of = vehicle?.id < LEARNT && name.includes('software') ? `${name} (while learning)` : name;
  run.classes[of] ??= { n: 0 };
  run.classes[of].n += 1;
  run.classes[of][result] = (run.classes[of][result] ?? 0) + 1;
  const record = (hit ?? phantom)?.r;
  if (record === undefined || /veryLate|otherLane/.test(vehicle?.eff ?? '')) return;
  const isRight = expected && result !== 'FALSE' && result !== 'false-review';
  run.numbers[record.score] ??= { count: 0, wrong: 0 };
  for (const row of [run.numbers[record.score], ...(record.confidence === 'sure' ? [run.sure] : [])]) {
    row.count += 1;
    row.wrong += isRight ? 0 : 1;
  }
}
