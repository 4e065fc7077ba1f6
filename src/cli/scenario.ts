/** `lanewarden scenario FILE…`: stories of a lane, run through the engine in virtual time. Exits 0, 1 (a verdict differs) or 2 (a file is not valid). */
import { ConfigError } from '../config/errors.ts';
import { scenarioText } from '../text/scenario.ts';
import { UsageError } from './arguments.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { writeFaults } from './faults.ts';
import { readScenario, type Scenario } from './scenario-file.ts';
import { compare, reportJson, writeReport } from './scenario-report.ts';
import { runScenario } from './scenario-run.ts';
import { written } from './written.ts';

export const scenarioCommand: Command = {
  name: 'scenario',
  summary: scenarioText.summary,
  positionals: 'FILE…',
  options: {
    json: { type: 'boolean', help: scenarioText.json },
    verbose: { type: 'boolean', short: 'v', help: scenarioText.timeline },
  },
  async run(values, files, context) {
    if (files.length === 0) throw new UsageError('positional', scenarioText.noFiles);
    const scenarios = readAll(files, values.json === true, context);
    if (scenarios === undefined) return EXIT.usage;
    const results = scenarios.map((scenario) => {
      const outcome = runScenario(scenario);
      return { scenario, outcome, verdict: compare(scenario, outcome) };
    });
    const passed = results.filter(({ verdict }) => verdict.ok).length;
    const { stdout, language } = context;
    if (values.json === true) {
      const reports = results.map(({ scenario, outcome, verdict }) => reportJson(scenario, outcome, verdict));
      await written(stdout, `${JSON.stringify({ ok: passed === results.length, scenarios: reports }, undefined, 2)}\n`);
    } else {
      const reports = results.map(({ scenario, outcome, verdict }) => {
        const head = verdict.ok ? scenarioText.passed(scenario.name) : scenarioText.failed(scenario.name);
        const detail = !verdict.ok || values.verbose === true;
        return `${head[language]}\n${detail ? writeReport(scenario, outcome, verdict, language) : ''}`;
      });
      await written(stdout, `${reports.join('')}${scenarioText.totals(passed, results.length - passed)[language]}\n`);
    }
    return passed === results.length ? EXIT.ok : EXIT.failure;
  },
};

/** All files, or undefined when one is not valid: then every fault of every file has been said. */
function readAll(
  files: readonly string[],
  asJson: boolean,
  { stdout, stderr, language }: CommandContext,
): readonly Scenario[] | undefined {
  const scenarios: Scenario[] = [];
  const errors: ConfigError[] = [];
  for (const file of files) {
    try {
      scenarios.push(readScenario(file));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) return scenarios;
  for (const error of errors) stderr.write(`${writeFaults(error, language)}\n`);
  if (asJson) {
    const invalid = errors.map(({ file, code, text, faults }) => ({ file, code, message: text, faults }));
    stdout.write(`${JSON.stringify({ ok: false, invalid }, undefined, 2)}\n`);
  }
  return undefined;
}
