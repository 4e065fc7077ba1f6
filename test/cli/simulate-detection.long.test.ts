/** The goals table in virtual time: repeatable, fed by worlds that know the truth, and honest about what a box sees less of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORLDS, type WorldName } from '../../src/sim/worlds/worlds.ts';
import { addOutcome, type Figures, goalsOf, noFigures } from '../../src/simulate/detection/detection-table.ts';
import { figuresText, goalsText } from '../../src/simulate/detection/detection-text.ts';
import { runWorld, type WiringOptions } from '../../src/simulate/detection/world-run.ts';
import { parseScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { program, temporaryFolder } from '../stories/processes.ts';

const WIRING: WiringOptions = {
  points: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
  ...{ cameras: 1, beam: false, feed: true, pollMs: 25, baudRate: 38_400, boards: 1 },
};
function figuresOf(name: WorldName, vehicles: number, seed = 3, wiring: Partial<WiringOptions> = {}): Figures {
  const sum = noFigures();
  for (const outcome of runWorld(name, WORLDS[name], vehicles, seed, { ...WIRING, ...wiring }))
    addOutcome(sum, outcome);
  return sum;
}

describe('the goals table', () => {
  it('is the same again with the same seed, and another with another', () => {
    expect(figuresOf('hostile', 60)).toEqual(figuresOf('hostile', 60));
    expect(figuresOf('hostile', 60, 4)).not.toEqual(figuresOf('hostile', 60));
  });

  it('finds manual openings in a clean world, and accuses next to nobody', () => {
    const { classes, phantoms } = figuresOf('clean', 600);
    expect(classes.manual.count).toBeGreaterThan(15);
    expect(classes.manual.reported / classes.manual.count).toBeGreaterThan(0.8);
    expect((classes.paid.reported + phantoms.reported) / classes.paid.count).toBeLessThan(0.01);
  });

  it('shows what is not seen without loop A, and what is falsely said without a word of payments', () => {
    const far = ({ classes: { followFar } }: Figures): number => followFar.reported / followFar.count;
    const blind = WIRING.points.filter((role) => role !== 'approach');
    expect(far(figuresOf('clean', 900, 3, { points: blind }))).toBeLessThan(far(figuresOf('clean', 900)));
    const silent = figuresOf('clean', 200, 3, { feed: false, points: ['down', 'up', 'approach', 'barrier'] });
    expect(silent.classes.paid.reported).toBeGreaterThan(100);
    const goal = goalsOf([silent]).find(({ name }) => name === 'paidReported');
    expect(goal).toMatchObject({ met: false, bound: 'most' });
  });

  it('has every class and every goal in both languages', () => {
    const figures = figuresOf('hostile', 200);
    for (const language of ['zh', 'en'] as const)
      expect(figuresText('x', figures, language) + goalsText(goalsOf([figures]), figures, language)).not.toMatch(
        /undefined|NaN/,
      );
  });
});

describe('lanewarden simulate --vehicles', () => {
  it('prints the table of the worlds asked for, keeps what went wrong as scenarios, and exits by its goals when asked to', async () => {
    const folder = temporaryFolder();
    const words = ['simulate', '--vehicles', '300', '--world', 'clean', '--without', 'payments,auto'];
    const plain = program([...words, '--keep', folder, '--lang', 'en']);
    expect(await plain.ended, plain.output()).toBe(0);
    expect(plain.output()).toMatch(/✗ paid passages reported: [\d.]+ % \(goal ≤ 0.15 %, of \d+\)/);
    const [kept = ''] = readdirSync(folder);
    const scenario = parseScenario(kept, readFileSync(join(folder, kept), 'utf8'));
    expect(scenario.timeline.length).toBeGreaterThan(3);
    const strict = program([...words, '--goals', '--json']);
    expect(await strict.ended, strict.output()).toBe(1);
    const { worlds, goals } = JSON.parse(strict.output());
    expect(Object.keys(worlds)).toEqual(['clean']);
    expect(goals[0]).toMatchObject({ name: 'paidReported', met: false });
  });

  it('prints each wrong verdict with its truth, its facts and its journal', async () => {
    const run = program([
      'simulate',
      '--vehicles',
      '60',
      '--world',
      'clean',
      '--without',
      'payments,auto',
      '--wrong',
      'paid',
      '--lang',
      'en',
    ]);
    expect(await run.ended, run.output()).toBe(0);
    expect(run.output()).toMatch(/# > \{"id":\d+.*"authorised":true.*\n/);
    expect(run.output()).toMatch(/# said at [\d.]+: manual 1 /);
    expect(run.output()).toMatch(/ {2}- \{t: [\d.]+, barrier: on\}/);
  });

  it.each([
    [['--vehicles', '0'], '--vehicles is 1 to 1000000, not 0'],
    [['--vehicles', '10', '--mix', 'paid=1'], '--mix is for the live park'],
    [['--vehicles', '10', '--world', 'nowhere'], '--world: no nowhere; there are clean'],
    [['--vehicles', '10', '--without', 'loopA'], '--without: no loopA; there are down'],
  ])('%j is refused', async (words, said) => {
    const run = program(['simulate', ...words, '--lang', 'en']);
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain(said);
  });
});
