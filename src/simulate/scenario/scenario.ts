/**
 * `lanewarden scenario FILE…`: stories of a lane, run through the engine in virtual time or through the whole program.
 * Exits 0, 1 (a verdict differs), 2 (a file is not valid), 66 or 77 (it is not there, or may not be read).
 */

import { UsageError } from '../../cli/arguments.ts';
import { type Command, type CommandContext, EXIT } from '../../cli/command.ts';
import { failure } from '../../cli/failure.ts';
import { writeFaults } from '../../cli/faults.ts';
import { print, remark } from '../../cli/output.ts';
import { ConfigError } from '../../config/errors.ts';
import { scenarioText } from '../../text/commands/scenario.ts';
import type { Text } from '../../text/text.ts';
import { compareWithCloud } from './scenario-cloud.ts';
import { readScenario, type Scenario } from './scenario-file.ts';
import { notForHardware, runThroughHardware } from './scenario-hardware.ts';
import { compare, reportJson, type ScenarioVerdict, writeReport } from './scenario-report.ts';
import { runScenario, type ScenarioOutcome } from './scenario-run.ts';

/** Stories that run beside each other through hardware: so many that the machine is busy and polls still keep their beat. */
const AT_ONCE = 16;

interface Result {
  readonly scenario: Scenario;
  readonly outcome: ScenarioOutcome;
  readonly verdict: ScenarioVerdict;
}

export const scenarioCommand: Command = {
  name: 'scenario',
  summary: scenarioText.summary,
  positionals: 'FILE…',
  options: {
    json: { type: 'boolean', help: scenarioText.json },
    verbose: { type: 'boolean', short: 'v', help: scenarioText.timeline },
    'through-hardware': { type: 'boolean', help: scenarioText.throughHardware },
    speed: { type: 'string', value: 'N', help: scenarioText.speed },
  },
  async run(values, files, context) {
    if (files.length === 0) throw new UsageError('positional', scenarioText.noFiles);
    const speed = Number(values.speed ?? 1);
    if (!(speed >= 1 && speed <= 20)) throw new UsageError('option', scenarioText.badSpeed(String(values.speed)));
    const scenarios = readAll(files, values.json === true, context);
    if (typeof scenarios === 'number') return scenarios;
    if (values['through-hardware'] === true) return throughHardware(scenarios, speed, values, context);
    const results = scenarios.map((scenario) => {
      const outcome = runScenario(scenario);
      return { scenario, outcome, verdict: compare(scenario, outcome) };
    });
    return report(results, [], values, context);
  },
};

type Skipped = readonly { readonly scenario: Scenario; readonly why: Text }[];

/** Those that take longest begin first, so that they do not end last. */
async function throughHardware(
  scenarios: readonly Scenario[],
  speed: number,
  values: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<number> {
  const skipped = scenarios.flatMap((scenario) => {
    const why = notForHardware(scenario);
    return why === undefined ? [] : [{ scenario, why }];
  });
  const playable = scenarios.filter((scenario) => notForHardware(scenario) === undefined);
  const lengthOf = ({ timeline }: Scenario): number => timeline.at(-1)?.atMs ?? 0;
  const waiting = [...playable].sort((a, b) => lengthOf(b) - lengthOf(a));
  const results = new Map<Scenario, Result>();
  const work = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario && !context.signal.aborted; scenario = waiting.shift()) {
      const outcome = await runThroughHardware(scenario, { speed, ...context });
      results.set(scenario, { scenario, outcome, verdict: compareWithCloud(scenario, outcome) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (context.signal.aborted) return EXIT.failure;
  return report(
    playable.flatMap((scenario) => results.get(scenario) ?? []),
    skipped,
    values,
    context,
  );
}

async function report(
  results: readonly Result[],
  skipped: Skipped,
  values: Readonly<Record<string, unknown>>,
  { stdout, language }: CommandContext,
): Promise<number> {
  const passed = results.filter(({ verdict }) => verdict.ok).length;
  const ok = passed === results.length;
  if (values.json === true) {
    const reports = results.map(({ scenario, outcome, verdict }) => reportJson(scenario, outcome, verdict));
    const left = skipped.map(({ scenario: { file, name }, why }) => ({ file, name, why }));
    const all = { ok, scenarios: reports, ...(left.length > 0 && { skipped: left }) };
    stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    return ok ? EXIT.ok : EXIT.failure;
  }
  const reports = results.map(({ scenario, outcome, verdict }) => {
    const head = verdict.ok ? scenarioText.passed(scenario.name) : scenarioText.failed(scenario.name);
    const detail = !verdict.ok || values.verbose === true;
    return `${head[language]}\n${detail ? writeReport(scenario, outcome, verdict, language) : ''}`;
  });
  const left = skipped.map(({ scenario, why }) => `${scenarioText.skipped(scenario.name, why)[language]}\n`);
  const totals = [
    ...(skipped.length > 0 ? [scenarioText.skippedTotal(skipped.length)] : []),
    scenarioText.totals(passed, results.length - passed),
  ];
  const text = [...reports, ...left, ...totals.map((total) => `${total[language]}\n`)];
  stdout.write(text.join(''));
  return ok ? EXIT.ok : EXIT.failure;
}

/** All files, or the exit code when one is not there or not valid: then every fault of every file has been said. */
function readAll(files: readonly string[], asJson: boolean, context: CommandContext): readonly Scenario[] | number {
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
  remark(context, ...errors.map((error) => writeFaults(error, context.language)));
  if (asJson) {
    const invalid = errors.map(({ file, code, text, faults }) => ({ file, code, message: text, faults }));
    print(context, JSON.stringify({ ok: false, invalid }, undefined, 2));
  }
  const missing = errors.find(({ code }) => code !== 'invalid');
  return missing === undefined ? EXIT.usage : failure(missing, context.language).exitCode;
}
