/** Detection in virtual time: repeatable, within its goals, and a report that shows it when the box sees less. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NORMAL_TRAFFIC } from '../../src/sim/traffic.ts';
import { judge, reportOf, reportText } from '../../src/simulate/detection-report.ts';
import { type DetectionOptions, runDetection } from '../../src/simulate/detection-run.ts';
import { storyOf } from '../../src/simulate/detection-story.ts';
import { parseScenario } from '../../src/simulate/scenario-file.ts';
import { program, temporaryFolder } from '../stories/processes.ts';

const usual: DetectionOptions = {
  ...{ vehicles: 600, seed: 3, perHour: 200, shares: NORMAL_TRAFFIC, camera: true, feed: true },
  points: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
  ...{ pollMs: 25, baudRate: 38_400, boards: 1 },
};
const reported = (changes: Partial<DetectionOptions> = {}) => {
  const run = runDetection({ ...usual, ...changes });
  const judged = judge(run);
  return { run, judged, report: reportOf(run, judged) };
};

describe('detection', () => {
  const base = reported();

  it('reaches its goals in normal traffic', () => {
    expect(base.report.vehicles).toBeGreaterThanOrEqual(600);
    expect(base.report.goals.filter(({ met }) => !met)).toEqual([]);
    expect(base.report.classes.button?.count).toBeGreaterThan(5);
  });

  it('is the same again with the same seed, and another with another', () => {
    const few = { vehicles: 60 };
    expect(reported(few).report).toEqual(reported(few).report);
    expect(reported({ ...few, seed: 4 }).report).not.toEqual(reported(few).report);
  });

  it('shows what is not found without loop A, and what is falsely found without a word of payments', () => {
    const tailgating = { vehicles: 200, shares: { paid: 60, tailgater: 40 } };
    const share = (changes: Partial<DetectionOptions>): number =>
      reported({ ...tailgating, ...changes }).report.goals.find(({ name }) => name === 'tailgaters')?.share ?? 0;
    expect(share({})).toBe(1);
    expect(share({ points: ['down', 'up', 'barrier', 'auto'] })).toBeLessThan(0.9);
    const silent = reported({ vehicles: 60, feed: false, points: ['down', 'up', 'approach', 'barrier'] }).report;
    expect(silent.falseAlarms).toBeGreaterThan(40);
    expect(silent.goals.find(({ name }) => name === 'falseAlarms')?.met).toBe(false);
  });

  it('has every class and every finding in both languages, and a scenario of what was missed', () => {
    const { run, judged, report } = reported({ vehicles: 60, feed: false, camera: false, points: ['down', 'barrier'] });
    for (const language of ['zh', 'en'] as const) expect(reportText(report, language)).not.toContain('undefined');
    const wrong = judged.find(({ falseAlarm }) => falseAlarm);
    expect(wrong).toBeDefined();
    if (wrong === undefined) return;
    const scenario = parseScenario('kept.yaml', storyOf(wrong, run, { ...usual, points: ['down', 'barrier'] }));
    expect(scenario.timeline.length).toBeGreaterThan(3);
  });
});

describe('lanewarden simulate --vehicles', () => {
  it('prints the report, keeps what went wrong, and exits by its goals when asked to', async () => {
    const folder = temporaryFolder();
    const words = ['simulate', '--vehicles', '100', '--mix', 'paid=50,tailgater=50', '--without', 'approach'];
    const plain = program([...words, '--keep', folder, '--lang', 'en']);
    expect(await plain.ended, plain.output()).toBe(0);
    expect(plain.output()).toMatch(/tailgaters with their own loop order found: [\d.]+ % \(goal at least 99.5 %\)/);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    const strict = program([...words, '--goals', '--json']);
    expect(await strict.ended, strict.output()).toBe(1);
    expect(JSON.parse(strict.output())).toMatchObject({
      options: { camera: true },
      goals: [{ name: 'manual' }, {}, {}],
    });
  });

  it.each([
    [['--vehicles', '0'], '--vehicles is 1 to 1000000, not 0'],
    [['--vehicles', '10', '--mix', 'paid=x'], '--mix: paid=x makes no sense'],
    [['--vehicles', '10', '--without', 'loopA'], '--without: no loopA; there are down'],
  ])('%j is refused', async (words, said) => {
    const run = program(['simulate', ...words, '--lang', 'en']);
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain(said);
  });
});
