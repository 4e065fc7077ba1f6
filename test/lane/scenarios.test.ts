/** Every scenario file of test/scenarios, in virtual time: those of the specification (spec/) and our own. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { compare, writeReport } from '../../src/simulate/scenario/scenario-report.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';

const folder = fileURLToPath(new URL('../scenarios', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();

describe('scenarios', () => {
  it.each(files)('%s', (name) => {
    const scenario = readScenario(`${folder}/${name}`);
    const outcome = runScenario(scenario);
    const verdict = compare(scenario, outcome);
    expect(verdict.ok, `\n${writeReport(scenario, outcome, verdict, 'en')}`).toBe(true);
  });
});
